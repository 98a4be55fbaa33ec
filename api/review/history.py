"""The decisions on a report, from the audit log, oldest first: who, when and why."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.auth.principal import Principal
from schemas.audit import AuditEntry
from schemas.mission import Member

ACTS = {
    "report.verified": "verified",
    "report.quarantined": "quarantined",
    "report.received": "received",
    "report.release": "released",
}
"""Acts on one report, by what became of it."""


async def decisions_on(session: AsyncSession, who: Principal, report: UUID) -> list[dict[str, Any]]:
    """The decisions on a report that ``who`` sees. Nobody's name where a gate was simply passed."""
    actor = (col(Member.mission_id) == col(AuditEntry.mission_id)) & (
        col(Member.id) == col(AuditEntry.actor_id)
    )
    query = (
        select(AuditEntry.act, AuditEntry.at, AuditEntry.note, Member.handle)
        .outerjoin(Member, actor)
        .where(
            AuditEntry.mission_id == who.mission_id,
            AuditEntry.subject == str(report),
            col(AuditEntry.act).in_(ACTS),
        )
        .order_by(col(AuditEntry.sequence), col(AuditEntry.id))
    )
    return [
        {"decision": ACTS[act], "at": at, "by": handle, "reason": note}
        for act, at, note, handle in (await session.execute(query)).all()
    ]
