"""Signing: receipts of reports, and the heads of the audit chain."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ALGORITHM = "Ed25519"
_PURPOSE = b"indelible receipt key 1"


def instant(at: datetime) -> str:
    """An instant as receipts write it: UTC, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def statement(slug: str, report: UUID, sha256: str, received_at: str, sequence: int) -> bytes:
    """What is signed: the six lines of a receipt, in this order, without a last newline."""
    lines = ("indelible receipt 1", slug, str(report), sha256, received_at, str(sequence))
    return "\n".join(lines).encode()


def derive(secret: str, purpose: bytes) -> bytes:
    """32 bytes for one purpose, from the secret of the installation (HKDF-SHA-256)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())


@dataclass(frozen=True)
class Signer:
    """Signs receipts. ``public_key`` is the raw key, ``key_id`` the first 8 bytes in hex."""

    private: Ed25519PrivateKey

    @classmethod
    def from_secret(cls, secret: str) -> "Signer":
        """The signer of an installation."""
        return cls(Ed25519PrivateKey.from_private_bytes(derive(secret, _PURPOSE)))

    @property
    def public_key(self) -> bytes:
        return self.private.public_key().public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw
        )

    def keys(self) -> dict[str, Any]:
        """The document served at ``/api/v1/keys``."""
        public = self.public_key
        key = {
            "id": public[:8].hex(),
            "algorithm": ALGORITHM,
            "public_key": base64.b64encode(public).decode(),
            "signs": "indelible receipt 1\\nmission\\nid\\nsha256\\nreceived_at\\nsequence",
        }
        return {"items": [key], "next": None}

    def receipt(
        self, slug: str, report: UUID, sha256: bytes, received_at: datetime, sequence: int
    ) -> dict[str, Any]:
        """The receipt of one report, as it goes over the wire."""
        digest, at = sha256.hex(), instant(received_at)
        signature = self.private.sign(statement(slug, report, digest, at, sequence))
        return {
            "id": str(report),
            "sha256": digest,
            "received_at": at,
            "sequence": sequence,
            "signature": base64.b64encode(signature).decode(),
        }


GENESIS = bytes(32)
"""What the first seal follows."""
SEALS = """
SELECT number, upto, rows, previous, head, signature, sealed_at FROM seal
WHERE mission_id = %s ORDER BY number"""


@dataclass(frozen=True)
class Head:
    """One seal as it is handed out; ``upto`` is the mission's clock, ``rows`` how many it holds."""

    mission: str
    number: int
    upto: int
    rows: int
    previous: bytes
    head: bytes
    signature: str
    sealed_at: datetime

    @property
    def said(self) -> bytes:
        """What is signed: eight lines, without a last newline."""
        lines = (
            "indelible seal 1",
            self.mission,
            str(self.number),
            str(self.upto),
            str(self.rows),
            self.previous.hex(),
            self.head.hex(),
            instant(self.sealed_at),
        )
        return "\n".join(lines).encode()

    def signed_by(self, public_key: bytes) -> bool:
        """Whether the signature is this key's."""
        try:
            signature = base64.b64decode(self.signature, validate=True)
            Ed25519PublicKey.from_public_bytes(public_key).verify(signature, self.said)
        except (InvalidSignature, ValueError):
            return False
        return True

    def as_sent(self) -> dict[str, Any]:
        """For the wire and for keeping elsewhere."""
        return {
            "mission": self.mission,
            "number": self.number,
            "upto": self.upto,
            "rows": self.rows,
            "previous": self.previous.hex(),
            "head": self.head.hex(),
            "sealed_at": instant(self.sealed_at),
            "signature": self.signature,
        }

    @classmethod
    def read(cls, sent: dict[str, Any]) -> "Head":
        """A head as it was handed out. Raises KeyError, TypeError or ValueError if it is none."""
        return cls(
            str(sent["mission"]),
            int(sent["number"]),
            int(sent["upto"]),
            int(sent["rows"]),
            bytes.fromhex(sent["previous"]),
            bytes.fromhex(sent["head"]),
            str(sent["signature"]),
            datetime.fromisoformat(sent["sealed_at"]),
        )


def chained(previous: bytes, digests: Iterable[bytes]) -> bytes:
    """The head of a seal: SHA-256 over the head before it and the digests of its rows."""
    head = hashlib.sha256(previous)
    for each in digests:
        head.update(each)
    return head.digest()


def signed(signer: Signer, unsigned: Head) -> str:
    """The signature of a head."""
    return base64.b64encode(signer.private.sign(unsigned.said)).decode()
