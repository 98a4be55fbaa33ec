"""Sealed outboxes: a phone's unsent reports as a file that only this installation can open.

The file is the line :data:`MAGIC`, a line of JSON that says for which mission and to which key it
was sealed, and what HPKE (RFC 9180, base mode; DHKEM P-256, HKDF-SHA256, AES-128-GCM) makes of its
content, with these two lines as ``info``. The content is the length of a JSON object in four bytes,
that object, and the photos one after the other.
"""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import BaseModel, Field, ValidationError

from api.audit.signing import derive
from api.problems import INVALID, TOO_LARGE, UNPARSABLE, Problem
from schemas.words import N_

MAGIC = b"indelible outbox 1"
ALGORITHM = "HPKE P-256 HKDF-SHA256 AES-128-GCM"
SEALED_BYTES = 64 * 1024 * 1024
"""Of a file: a hundred photos beside all reports that an outbox may hold."""
MAX_REPORTS = 1000
MAX_PHOTOS = 1000
MAX_HEADER = 1000
_SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_128_GCM)
_PURPOSE = b"indelible outbox key 1 "
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the group of P-256."""


def outbox_key(secret: str, mission_id: UUID) -> ec.EllipticCurvePrivateKey:
    """The private key by which a mission's sealed outboxes are opened."""
    wide = b"".join(derive(secret, _PURPOSE + half + mission_id.bytes) for half in (b"1", b"2"))
    return ec.derive_private_key(int.from_bytes(wide) % (_ORDER - 1) + 1, ec.SECP256R1())


def public_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half, as HPKE writes it."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def public_key(secret: str, mission_id: UUID) -> dict[str, str]:
    """What a phone seals to, as it is told."""
    public = public_bytes(outbox_key(secret, mission_id))
    return {
        "id": _key_id(public),
        "algorithm": ALGORITHM,
        "public_key": b64encode(public).decode(),
    }


def _key_id(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()[:16]


class _Header(BaseModel):
    """Which mission a file is for; whoever holds it may read that much."""

    mission: str = Field(max_length=200)
    key: str = Field(max_length=100)


class _Photo(BaseModel):
    name: str = Field(max_length=200)
    size: int = Field(ge=0)


class _Content(BaseModel):
    """What a phone puts into the file: its credential, the reports' bytes, the photos' names."""

    token: str = Field(max_length=200)
    saved_at: str = Field(max_length=40)
    reports: list[str] = Field(max_length=MAX_REPORTS)
    photos: list[_Photo] = Field(default=[], max_length=MAX_PHOTOS)


@dataclass(frozen=True)
class SealedOutbox:
    """What was in the file. ``token`` is the credential of the phone that sealed it."""

    token: str
    saved_at: str
    reports: list[bytes]
    photos: list[tuple[str, bytes]]


def is_sealed(raw: bytes) -> bool:
    """Whether these bytes begin as a sealed outbox."""
    return raw.startswith(MAGIC + b"\n")


def open_outbox(raw: bytes, secret: str, mission_id: UUID, slug: str) -> SealedOutbox:
    """Open a file. Raises :class:`Problem` that says what it is not."""
    if len(raw) > SEALED_BYTES:
        raise Problem(TOO_LARGE, f"A sealed outbox has at most {SEALED_BYTES} bytes.", "file")
    if not is_sealed(raw):
        raise _unfit(N_("This is no file that a phone saved from its outbox."))
    end = raw.find(b"\n", len(MAGIC) + 1, MAX_HEADER)
    header = _header(raw[len(MAGIC) + 1 : end] if end > 0 else b"")
    if header.mission != slug:
        raise _unfit(N_("This file was sealed for another mission."))
    key = outbox_key(secret, mission_id)
    if header.key != _key_id(public_bytes(key)):
        raise _unfit(N_("This file was sealed to a key that this installation does not have."))
    try:
        plain = _SUITE.decrypt(raw[end + 1 :], key, raw[: end + 1])
    except (InvalidTag, ValueError):
        raise _unfit(N_("The file is damaged or was cut off. Have it copied again.")) from None
    return _content(plain)


def _unfit(detail: str) -> Problem:
    return Problem(INVALID, detail, "file")


def _header(line: bytes) -> _Header:
    try:
        return _Header.model_validate_json(line)
    except ValidationError:
        raise _unfit(N_("The beginning of the file is damaged.")) from None


def _content(plain: bytes) -> SealedOutbox:
    length = int.from_bytes(plain[:4])
    try:
        said = _Content.model_validate_json(plain[4 : 4 + length])
    except ValidationError as error:
        raise _unreadable(error) from None
    photos, at = [], 4 + length
    for each in said.photos:
        photos.append((each.name, plain[at : at + each.size]))
        at += each.size
    if at != len(plain):
        raise Problem(UNPARSABLE, "The photos have not the sizes that the file says.", "file")
    reports = [each.encode("utf-8", "surrogatepass") for each in said.reports]
    return SealedOutbox(said.token, said.saved_at, reports, photos)


def _unreadable(error: ValidationError) -> Problem:
    first: Any = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return Problem(UNPARSABLE, f"The content of the file: {where} {first['msg']}.", "file")
