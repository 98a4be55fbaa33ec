"""TOTP codes (RFC 6238), and the sealed secret."""

import base64
import hashlib
import hmac
import secrets
import time
from uuid import UUID

import pyotp
import segno
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.audit.signing import derive

SECONDS = 30
ISSUER = "Indelible"
_SEALING = b"indelible totp sealing key 1"
_MAKING = b"indelible totp secret 1"
_NONCE = 12


def secret_of_invitation(secret: str, token_hash: bytes) -> bytes:
    """The code's secret that an invitation gives: the same each time its page is opened."""
    return hmac.new(derive(secret, _MAKING), token_hash, hashlib.sha256).digest()[:20]


def sealed(secret: str, totp: bytes, member: UUID) -> bytes:
    """A code's secret as it is stored: readable with the installation's secret alone."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(derive(secret, _SEALING)).encrypt(nonce, totp, member.bytes)


def unsealed(secret: str, stored: bytes, member: UUID) -> bytes:
    """The code's secret. Raises ``cryptography.exceptions.InvalidTag`` where it is another's."""
    key = AESGCM(derive(secret, _SEALING))
    return key.decrypt(stored[:_NONCE], stored[_NONCE:], member.bytes)


def spelled(totp: bytes) -> str:
    """A code's secret as apps take it: base 32."""
    return base64.b32encode(totp).decode()


def step_of(totp: bytes, code: str, at: float | None = None) -> int | None:
    """The time step that a code is of, at most one before or after now; None for none."""
    now = int(time.time() if at is None else at) // SECONDS
    digits = code.replace(" ", "")
    generator = pyotp.TOTP(spelled(totp))
    for step in (now, now - 1, now + 1):
        if hmac.compare_digest(generator.at(step * SECONDS).encode(), digits.encode()):
            return step
    return None


def address(totp: bytes, handle: str, mission: str) -> str:
    """What an app's camera reads."""
    generator = pyotp.TOTP(spelled(totp))
    return generator.provisioning_uri(name=f"{handle} ({mission})", issuer_name=ISSUER)


def picture(totp: bytes, handle: str, mission: str) -> str:
    """The address as a QR code: a data address of an SVG, dark on light in every theme."""
    code = segno.make_qr(address(totp, handle, mission), error="m")
    return code.svg_data_uri(scale=4, border=4, dark="#000", light="#fff")
