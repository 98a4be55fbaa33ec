"""What changed, in the order of the mission's clock: a feed that can be taken up at any point."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.auth.principal import Principal
from api.auth.visible import sees_reports, visible_reports, visible_statements
from api.database.sessions import Pool, mission_connection
from schemas.audit import AuditEntry
from schemas.columns import id_at, now
from schemas.report import Report
from schemas.rights import Right

CLOCK = text("SELECT seq FROM mission_clock WHERE mission_id = :mission")
REPORT, STATEMENT = "report", "statement"
OWN_ACT = timedelta(seconds=10)
OWN = """
SELECT coalesce(max(sequence), 0) FROM desk_act
WHERE mission_id = %s AND id >= %s AND member_id = %s"""
"""The ids of acts are in the order of their time: these are the last rows of the table's key."""


@dataclass(frozen=True, order=True)
class Position:
    """A place in the feed: the clock, then reports before statements, then the id."""

    sequence: int
    what: str
    id: UUID


@dataclass(frozen=True)
class Change:
    """One thing as it is since ``position.sequence``."""

    position: Position
    status: str
    act: str | None = None


async def clock_of(session: AsyncSession, who: Principal) -> int:
    """The mission's clock: everything up to it has been committed."""
    return int((await session.execute(CLOCK, {"mission": who.mission_id})).scalar_one())


async def clock_now(pool: Pool, mission_id: UUID) -> int:
    """The same, read by a connection of its own."""
    async with mission_connection(pool, mission_id) as connection:
        row = await (await connection.execute("SELECT seq FROM mission_clock")).fetchone()
    return int(row[0]) if row else 0


async def own_act_clock(pool: Pool, who: Principal) -> int:
    """The clock of the last act of the desk that this person did within the last
    :data:`OWN_ACT`; 0 where there was none. Figures that they ask for then are not of before."""
    since = id_at(now() - OWN_ACT)
    async with mission_connection(pool, who.mission_id) as connection:
        found = await connection.execute(OWN, (who.mission_id, since, who.holder_id))
        row = await found.fetchone()
    return int(row[0]) if row else 0


async def changes_after(
    session: AsyncSession, who: Principal, behind: Position | None, limit: int
) -> list[Change]:
    """The next changes, at most ``limit``.

    A report is listed once, where it last changed; one that changes while the feed is read comes
    again further on. What is committed later has a later clock, so nothing is passed over.
    """
    until = await clock_of(session, who)
    found = [
        *await _reports(session, who, behind, until, limit),
        *await _statements(session, who, behind, until, limit),
    ]
    return sorted(found, key=lambda each: each.position)[:limit]


async def _reports(
    session: AsyncSession, who: Principal, behind: Position | None, until: int, limit: int
) -> list[Change]:
    if not sees_reports(who):
        return []
    query = visible_reports(who).where(col(Report.changed) <= until)
    if behind is not None:
        later = col(Report.changed) > behind.sequence
        same = (col(Report.changed) == behind.sequence) & (col(Report.id) > behind.id)
        # Said first, so that the index is entered here and not read from its beginning.
        query = query.where(col(Report.changed) >= behind.sequence)
        query = query.where(later | same if behind.what == REPORT else later)
    page = query.order_by(col(Report.changed), col(Report.id)).limit(limit)
    rows = (await session.execute(page)).scalars()
    return [Change(Position(row.changed, REPORT, row.id), row.status) for row in rows]


async def _statements(
    session: AsyncSession, who: Principal, behind: Position | None, until: int, limit: int
) -> list[Change]:
    """Acts on statements, from the audit log; releases alone for those who may not see drafts."""
    visible = visible_statements(who).subquery()
    state, subject = visible.c.state, cast(visible.c.id, String)
    query: Any = (
        select(AuditEntry.sequence, AuditEntry.act, visible.c.id, state)
        .join(visible, subject == col(AuditEntry.subject))
        .where(
            AuditEntry.mission_id == who.mission_id,
            col(AuditEntry.act).startswith("statement.", autoescape=True),
            col(AuditEntry.sequence) <= until,
        )
    )
    if not who.may(Right.SEE_DRAFTS):
        query = query.where(AuditEntry.act == "statement.release")
    if behind is not None:
        later = col(AuditEntry.sequence) > behind.sequence
        same = (col(AuditEntry.sequence) == behind.sequence) & (visible.c.id > behind.id)
        query = query.where(
            later | same
            if behind.what == STATEMENT
            else col(AuditEntry.sequence) >= behind.sequence
        )
    page = query.order_by(col(AuditEntry.sequence), visible.c.id).limit(limit)
    return [
        Change(Position(sequence, STATEMENT, key), status, act.removeprefix("statement."))
        for sequence, act, key, status in (await session.execute(page)).all()
    ]
