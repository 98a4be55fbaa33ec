"""Receipts: the server's signed word that it holds these bytes.

The signature is Ed25519 over the text that :func:`statement` makes, with a key derived from
``INDELIBLE_SECRET``. Both are deterministic: a replay gets an equal receipt.
"""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
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
