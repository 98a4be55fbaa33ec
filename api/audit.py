"""Entries of the audit log: that something was done, never what it said."""

import hashlib
import secrets
from uuid import UUID

from schemas.audit import AuditEntry
from schemas.columns import now


def audit_entry(
    mission_id: UUID, sequence: int, act: str, subject: str, content: bytes, *,
    actor: UUID | None = None, note: str = "",
) -> AuditEntry:  # fmt: skip
    """An entry to be added in the same transaction as the act it speaks of.

    ``content`` is what the digest covers, together with a salt of 16 bytes.
    """
    salt = secrets.token_bytes(16)
    return AuditEntry(
        mission_id=mission_id, sequence=sequence, at=now(), actor_id=actor, act=act,
        subject=subject, salt=salt, digest=hashlib.sha256(salt + content).digest(), note=note,
    )  # fmt: skip
