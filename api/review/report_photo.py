"""Photographs of a report, for whoever may see the report: whole, or small for a page."""

import io
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from PIL import Image, ImageOps
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.auth.principal import Principal
from api.figures.reports import one_report
from api.intake.file_kinds import BEGINNING, kind_of
from api.intake.photo_store import FORMATS, PhotoStore, in_photo_thread
from api.problems import NOT_FOUND, Problem
from schemas.report import Attachment, Report

SMALL_PIXELS = 480
"""The longer side of a small photograph."""
QUALITY = 80
MEDIA_TYPES = {name: f"image/{name.lower()}" for name in FORMATS.values()}


@dataclass(frozen=True)
class StoredPhoto:
    """A photograph that has wholly arrived; or another file, which no page shows."""

    path: Path
    media_type: str

    @property
    def is_picture(self) -> bool:
        """Whether pages may show it."""
        return self.media_type in MEDIA_TYPES.values()


async def photo_of(
    session: AsyncSession, who: Principal, photos: PhotoStore, report: UUID, sha256: str
) -> StoredPhoto:
    """A photograph that a report names. Problem: 404 where ``who`` does not see the report, it
    names no such photograph, or that has not arrived."""
    try:
        digest = bytes.fromhex(sha256)
    except ValueError:
        raise Problem(NOT_FOUND) from None
    named = select(Attachment.report_id).where(
        Attachment.mission_id == who.mission_id, Attachment.sha256 == digest
    )
    seen = one_report(who, report).where(col(Report.id).in_(named))
    if (await session.execute(seen)).first() is None:
        raise Problem(NOT_FOUND)
    path = photos.path(who.mission_id, digest)
    media_type = await in_photo_thread(_type_of, path)
    if media_type is None:
        raise Problem(NOT_FOUND, "This photograph has not arrived yet.")
    return StoredPhoto(path, media_type)


def _type_of(path: Path) -> str | None:
    """The media type of a stored file; None where there is none."""
    try:
        with path.open("rb") as file:
            begins = file.read(BEGINNING)
    except OSError:
        return None
    form = next((name for magic, name in FORMATS.items() if begins.startswith(magic)), None)
    return MEDIA_TYPES[form] if form else kind_of(begins) or "application/octet-stream"


async def small(photo: StoredPhoto) -> bytes:
    """The photograph as a small JPEG, upright, without what the camera noted beside it."""
    content: bytes = await in_photo_thread(_small, photo.path)
    return content


def _small(path: Path) -> bytes:
    with Image.open(path, formats=tuple(FORMATS.values())) as image:
        image.draft("RGB", (SMALL_PIXELS, SMALL_PIXELS))
        upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((SMALL_PIXELS, SMALL_PIXELS))
    written = io.BytesIO()
    upright.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()
