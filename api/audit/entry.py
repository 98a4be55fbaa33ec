"""Entries of the audit log: that something was done, never what it said."""

import hashlib
import secrets
from typing import Any
from uuid import UUID

from schemas.audit import AuditEntry
from schemas.columns import new_id, now

LOG = """
INSERT INTO audit_entry (mission_id, id, sequence, at, actor_id, act, subject, salt, digest, note)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
"""The entry of :func:`log_values`, where no session is at hand."""


def audit_entry(
    mission_id: UUID,
    sequence: int,
    act: str,
    subject: str,
    content: bytes,
    *,
    actor: UUID | None = None,
    note: str = "",
) -> AuditEntry:
    """An entry to be added in the same transaction as the act it speaks of.

    ``content`` is what the digest covers, together with a salt of 16 bytes.
    """
    salt = secrets.token_bytes(16)
    return AuditEntry(
        mission_id=mission_id,
        sequence=sequence,
        at=now(),
        actor_id=actor,
        act=act,
        subject=subject,
        salt=salt,
        digest=hashlib.sha256(salt + content).digest(),
        note=note,
    )


def log_values(
    mission_id: UUID,
    sequence: int,
    act: str,
    subject: str,
    content: bytes = b"",
    *,
    actor: UUID | None = None,
    note: str = "",
) -> tuple[Any, ...]:
    """The same entry as the values of :data:`LOG`."""
    entry = audit_entry(mission_id, sequence, act, subject, content, actor=actor, note=note)
    return (
        entry.mission_id,
        new_id(),
        entry.sequence,
        entry.at,
        entry.actor_id,
        entry.act,
        entry.subject,
        entry.salt,
        entry.digest,
        entry.note,
    )
