"""Seals and their signed heads: what is handed out so that nobody can write the past anew."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from api.audit.signing import Signer, instant

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
