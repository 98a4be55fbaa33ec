"""Photos over HTTP: sent in pieces that can be resumed, noted on the reports that name them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from psycopg import AsyncConnection

from api.audit.unit_of_work import LOG, log_values
from api.auth.principal import Principal, sender
from api.database.clock import CHANNEL, NOTIFY
from api.database.write_queue import ClockedWrites
from api.intake.photo_store import PhotoStore, in_photo_thread
from api.problems import (
    FORBIDDEN,
    INVALID,
    TOO_LARGE,
    Problem,
)
from schemas.columns import now
from schemas.credential import Role
from schemas.rights import Right

PHOTO_BYTES = 20 * 1024 * 1024
PIECE_BYTES = 1024 * 1024

ARRIVED = """
WITH arrived AS (
  UPDATE attachment SET size = %(size)s, arrived_at = %(at)s
  WHERE mission_id = %(m)s AND sha256 = %(sha)s AND arrived_at IS NULL RETURNING report_id)
UPDATE report SET changed = %(seq)s
WHERE mission_id = %(m)s AND id IN (SELECT report_id FROM arrived)"""
NAMED = """
INSERT INTO attachment (mission_id, report_id, name, sha256)
VALUES (%(m)s, %(report)s, %(name)s, %(sha)s)
ON CONFLICT (mission_id, report_id, name) DO UPDATE SET sha256 = excluded.sha256
WHERE attachment.arrived_at IS NULL"""

router = APIRouter(prefix="/api/v1/missions/{slug}/media", tags=["media"])


async def complete(writes: ClockedWrites, mission_id: UUID, sha256: bytes, size: int) -> None:
    """Note in the database that a photo has arrived, for every report that names it."""
    async with writes.under_clock(mission_id) as (connection, reading):
        await _arrived(connection, mission_id, sha256, size, reading)


async def name(
    writes: ClockedWrites, mission_id: UUID, report_id: UUID, names: dict[str, tuple[bytes, int]]
) -> None:
    """Note that files came with a report under these names, each with its hash and size."""
    async with writes.under_clock(mission_id) as (connection, reading):
        for file_name, (sha256, size) in names.items():
            of = {"m": mission_id, "report": report_id, "name": file_name, "sha": sha256}
            await connection.execute(NAMED, of)
            await _arrived(connection, mission_id, sha256, size, reading)


async def refused(
    writes: ClockedWrites, mission_id: UUID, report_id: UUID, reasons: list[str]
) -> None:
    """Log that files came with a report and were not kept, and why: its photos stay outstanding,
    and whoever looks for them finds this."""
    async with writes.under_clock(mission_id) as (connection, reading):
        note = " ".join(sorted(set(reasons)))[:500]
        values = log_values(mission_id, reading, "photo.refused", str(report_id), note=note)
        await connection.execute(LOG, values)


async def _arrived(
    connection: AsyncConnection[Any], mission_id: UUID, sha256: bytes, size: int, sequence: int
) -> None:
    of = {"m": mission_id, "sha": sha256, "size": size, "at": now(), "seq": sequence}
    await connection.execute(ARRIVED, of)
    await connection.execute(NOTIFY, (CHANNEL, str(mission_id)))


def _digest(text: str) -> bytes:
    if len(text) != 64 or set(text) - set("0123456789abcdef"):
        raise Problem(INVALID, "64 lower-case hexadecimal digits are needed.", "sha256")
    return bytes.fromhex(text)


def _number(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise Problem(INVALID, "A whole number of bytes is needed.", header)
    return int(text)


def counted(who: Principal) -> UUID | None:
    """Whose quota of photos this sender's count in: phones have one; members and keys do not."""
    return who.holder_id if who.role == Role.OBSERVER else None


def _may_send(who: Principal) -> None:
    if not who.may(Right.POST_REPORTS):
        raise Problem(FORBIDDEN, "This credential may not send photos.")


@router.head("/{sha256}", status_code=204)
async def stands_at(
    request: Request, sha256: str, who: Annotated[Principal, Depends(sender)]
) -> Response:
    """How many bytes of a photo are kept, in ``Upload-Offset``."""
    _may_send(who)
    store: PhotoStore = request.app.state.photos
    offset = await in_photo_thread(store.offset, who.mission_id, _digest(sha256))
    return Response(status_code=204, headers={"Upload-Offset": str(offset)})


@router.patch("/{sha256}", status_code=204)
async def add_piece(
    request: Request, sha256: str, who: Annotated[Principal, Depends(sender)]
) -> Response:
    """Add a piece (at most 1 MiB) at ``Upload-Offset`` of ``Upload-Length`` bytes."""
    _may_send(who)
    digest = _digest(sha256)
    offset, length = _number(request, "Upload-Offset"), _number(request, "Upload-Length")
    if length > PHOTO_BYTES:
        raise Problem(TOO_LARGE, f"A photo has at most {PHOTO_BYTES} bytes.", "Upload-Length")
    piece = await _piece(request)
    if offset + len(piece) > length:
        raise Problem(INVALID, "The piece reaches beyond the photo's length.", "Upload-Length")
    store: PhotoStore = request.app.state.photos
    offset = await in_photo_thread(
        store.append, who.mission_id, digest, offset, length, piece, counted(who)
    )
    if store.size(who.mission_id, digest) is not None:
        await complete(request.app.state.writes, who.mission_id, digest, length)
    return Response(status_code=204, headers={"Upload-Offset": str(offset)})


async def _piece(request: Request) -> bytes:
    pieces = bytearray()
    async for part in request.stream():
        pieces += part
        if len(pieces) > PIECE_BYTES:
            detail = f"A piece has at most {PIECE_BYTES} bytes."
            raise Problem(TOO_LARGE, detail, "body")
    return bytes(pieces)
