"""The change feed of a partner: it changes only when a lead shares.

Its clock counts shares, not writes: what came in between cannot be inferred from it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.auth.principal import Principal
from api.auth.visible import visible_statements
from api.figures.changes import REPORT, STATEMENT, Change, Position
from api.sharing.reading import is_newest
from schemas.audit import AuditEntry
from schemas.share import Share, SharedReport


async def shared_changes(
    session: AsyncSession, who: Principal, behind: Position | None, limit: int
) -> list[Change]:
    """The next changes, at most ``limit``: reports, and statements released before a share. One
    that partners may not read any more has the status ``held``."""
    found = [*await _reports(session, who, behind, limit), *await _statements(session, who, behind)]
    return sorted(found, key=lambda each: each.position)[:limit]


async def _reports(
    session: AsyncSession, who: Principal, behind: Position | None, limit: int
) -> list[Change]:
    query: Any = select(
        SharedReport.share_number, SharedReport.report_id, SharedReport.status
    ).where(SharedReport.mission_id == who.mission_id, is_newest())
    if behind is not None:
        number, key = col(SharedReport.share_number), col(SharedReport.report_id)
        query = query.where(
            tuple_(number, key) > (behind.sequence, behind.id)
            if behind.what == REPORT
            else number > behind.sequence
        )
    page = query.order_by(col(SharedReport.share_number), col(SharedReport.report_id)).limit(limit)
    rows = (await session.execute(page)).all()
    return [Change(Position(row[0], REPORT, row[1]), row[2]) for row in rows]


async def _statements(
    session: AsyncSession, who: Principal, behind: Position | None
) -> list[Change]:
    """Released statements, each at the first share after its release and its embargo."""
    visible = visible_statements(who).subquery()
    released = select(AuditEntry.sequence, visible.c.id, visible.c.state, visible.c.embargo_until)
    released = released.join(visible, cast(visible.c.id, String) == col(AuditEntry.subject)).where(
        AuditEntry.mission_id == who.mission_id, AuditEntry.act == "statement.release"
    )
    moments = select(Share.number, Share.sequence, Share.as_of).where(
        Share.mission_id == who.mission_id
    )
    shares = sorted((row[0], row[1], row[2]) for row in (await session.execute(moments)).all())
    found = []
    for sequence, key, state, embargo in (await session.execute(released)).all():
        number = _first_after(shares, sequence, embargo)
        if number is not None:
            found.append(Change(Position(number, STATEMENT, key), state, "release"))
    return [each for each in found if behind is None or each.position > behind]


def _first_after(
    shares: Iterable[tuple[int, int, datetime]], sequence: int, embargo: datetime | None
) -> int | None:
    return next(
        (
            number
            for number, clock, as_of in shares
            if clock > sequence and (embargo is None or embargo <= as_of)
        ),
        None,
    )
