"""The audit log as it is listed: entries with who acted, seals, open alarms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from schemas.audit import Alarm, AuditEntry, Seal
from schemas.mission import Member
from schemas.observer import Observer


@dataclass(frozen=True)
class Listed:
    """Entries newest first, the names of who acted, the newest seals, and alarms that are open."""

    entries: Sequence[AuditEntry]
    names: Mapping[UUID, str]
    seals: Sequence[Seal]
    alarms: Sequence[Alarm]


async def list_log(
    session: AsyncSession,
    mission_id: UUID,
    behind: tuple[int, UUID] | None,
    most: int,
    most_seals: int,
) -> Listed:
    """At most so many entries behind one: a reading of the clock, and an entry's id."""
    entries = (
        select(AuditEntry)
        .where(AuditEntry.mission_id == mission_id)
        .order_by(col(AuditEntry.sequence).desc(), col(AuditEntry.id).desc())
        .limit(most)
    )
    if behind is not None:
        same = (col(AuditEntry.sequence) == behind[0]) & (col(AuditEntry.id) < behind[1])
        entries = entries.where((col(AuditEntry.sequence) < behind[0]) | same)
    found = list((await session.execute(entries)).scalars())
    raised = select(Alarm).where(Alarm.mission_id == mission_id, col(Alarm.settled_at).is_(None))
    return Listed(
        found,
        await _names(session, mission_id, found),
        await seals_of(session, mission_id, most_seals),
        list((await session.execute(raised)).scalars()),
    )


async def seals_of(
    session: AsyncSession, mission_id: UUID, most: int, before: int | None = None
) -> list[Seal]:
    """At most so many seals, newest first: those ``before`` a number, where one is given."""
    query = select(Seal).where(Seal.mission_id == mission_id)
    if before is not None:
        query = query.where(col(Seal.number) < before)
    page = query.order_by(col(Seal.number).desc()).limit(most)
    return list((await session.execute(page)).scalars())


async def _names(
    session: AsyncSession, mission_id: UUID, entries: Sequence[AuditEntry]
) -> dict[UUID, str]:
    """Handles and pseudonyms of who acted."""
    ids = {each.actor_id for each in entries if each.actor_id}
    members = select(Member.id, Member.handle).where(
        Member.mission_id == mission_id, col(Member.id).in_(ids)
    )
    observers = select(Observer.id, Observer.pseudonym).where(
        Observer.mission_id == mission_id, col(Observer.id).in_(ids)
    )
    found = [*(await session.execute(members)).all(), *(await session.execute(observers)).all()]
    return {row[0]: row[1] for row in found}
