"""Seals an outbox as the app does."""

import json
from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_128_GCM)


def sealed(
    me: Mapping[str, Any],
    token: str,
    reports: object,
    files: Sequence[tuple[str, bytes]] = (),
    **other: Any,
) -> bytes:
    """The file that the phone of ``me`` saves; ``other`` replaces what the content says."""
    key = me["keys"]["outbox"]
    header = {"mission": me["mission"], "key": key["id"]}
    info = f"indelible outbox 1\n{json.dumps(header)}\n".encode()
    named = [{"name": name, "size": len(content)} for name, content in files]
    said = {"token": token, "saved_at": "2026-11-08T12:00:00Z", "reports": reports}
    content = json.dumps(said | {"photos": named} | other).encode()
    plain = len(content).to_bytes(4) + content + b"".join(each for _, each in files)
    curve = ec.SECP256R1()
    public = ec.EllipticCurvePublicKey.from_encoded_point(curve, b64decode(key["public_key"]))
    return info + SUITE.encrypt(plain, public, info)
