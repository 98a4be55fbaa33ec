"""Receipts and the key that signs them."""

import base64
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from api.audit.signing import Signer, statement

SIGNER = Signer.from_secret("a secret of the installation")


def test_a_receipt_verifies_with_the_served_key_and_nothing_else() -> None:
    report, digest, at = uuid4(), bytes(range(32)), datetime(2026, 11, 8, 7, 0, 0, 5, UTC)
    receipt = SIGNER.receipt("vastria-2026", report, digest, at, 41)
    (served,) = SIGNER.keys()["items"]
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(served["public_key"]))
    signature = base64.b64decode(receipt["signature"])
    key.verify(
        signature, statement("vastria-2026", report, digest.hex(), receipt["received_at"], 41)
    )
    with pytest.raises(InvalidSignature):
        key.verify(signature, statement("other", report, digest.hex(), receipt["received_at"], 41))


def test_the_same_report_gets_an_equal_receipt_from_every_process() -> None:
    report, digest, at = uuid4(), bytes(32), datetime(2026, 11, 8, tzinfo=UTC)
    again = Signer.from_secret("a secret of the installation")
    assert SIGNER.receipt("m", report, digest, at, 1) == again.receipt("m", report, digest, at, 1)
    assert SIGNER.public_key != Signer.from_secret("another").public_key
