"""Reading a share: what a partner's key may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from api.auth.principal import Principal
from api.auth.visible import visible_statements
from api.figures.changes import REPORT, STATEMENT, Change, Position
from api.figures.irregularities import IrregularityFilter, row_order
from api.problems import NOT_FOUND, Problem
from api.sharing.freezing import PAGE, Row
from schemas.audit import AuditEntry
from schemas.report import COUNTED
from schemas.statement import Share, Shared, SharedReport


@dataclass(frozen=True)
class SharedFigure:
    """A figure as it was last shared: in which share, as of when, and what partners read."""

    number: int
    as_of: datetime
    content: Any

    @property
    def tag(self) -> str:
        """What the tag of an answer from it begins with: it changes with a share alone."""
        return f"share-{self.number}"


async def shared_figure(session: AsyncSession, who: Principal, kind: Shared) -> SharedFigure:
    """The newest share of a kind of figure. Problem: 404 before the first."""
    found = await newest_figure(session, who, kind)
    if found is None:
        raise Problem(NOT_FOUND, "Nothing of this has been shared yet.")
    return found


async def newest_figure(session: AsyncSession, who: Principal, kind: Shared) -> SharedFigure | None:
    """The newest share of a kind of figure; None before the first."""
    query = (
        select(Share.number, Share.as_of, col(getattr(Share, kind)))
        .where(Share.mission_id == who.mission_id, col(Share.what).contains([kind.value]))
        .order_by(col(Share.number).desc())
        .limit(1)
    )
    row = (await session.execute(query)).one_or_none()
    return None if row is None else SharedFigure(*row)


def of_round(frozen: SharedFigure, code: str | None) -> Any:
    """A figure in the round asked for. Problem: 404 where none of that round was shared."""
    wanted = frozen.content["round"] if code is None else code
    if wanted not in frozen.content["rounds"]:
        raise Problem(NOT_FOUND, "Nothing of this round has been shared.", "round")
    return frozen.content["rounds"][wanted]


def shared_rates(
    frozen: SharedFigure, who: Principal, wanted: IrregularityFilter, code: str | None
) -> list[Row]:
    """The rates asked for, of those that were shared, with what our page needs of them.

    Problem: 404 naming what was not shared.
    """
    figure = of_round(frozen, code)
    if wanted.checklist is not None and wanted.checklist not in figure["checklists"]:
        raise Problem(NOT_FOUND, "Nothing of this checklist has been shared.", "checklist")
    rows = [
        each
        for each in figure["areas" if wanted.by == "area" else "nation"]
        if wanted.checklist in (None, each["checklist"])
        and wanted.kind in (None, each["kind"])
        and (not who.sections or each["stage"] in who.sections)
    ]
    if wanted.area is not None:
        if wanted.area not in _areas(figure["areas"]):
            raise Problem(NOT_FOUND, "Nothing of this area has been shared.", "area")
        rows = [each for each in rows if each["area"] and each["area"]["code"] == wanted.area]
    return sorted(rows, key=row_order(wanted.by))


def _areas(rows: list[Row]) -> set[str]:
    return {each["area"]["code"] for each in rows if each["area"]}


def told(rows: list[Row]) -> list[Row]:
    """Rows as JSON."""
    return [{name: value for name, value in each.items() if name != PAGE} for each in rows]


def is_newest() -> ColumnElement[bool]:
    """Holds for a shared report that no later share changed."""
    later = aliased(SharedReport)
    again = select(later.report_id).where(
        later.mission_id == SharedReport.mission_id,
        later.report_id == SharedReport.report_id,
        later.share_number > SharedReport.share_number,
    )
    return ~again.exists()


def shared_reports(who: Principal) -> Select[Any]:
    """Every report that a partner may read, as it was last shared."""
    return select(SharedReport).where(
        SharedReport.mission_id == who.mission_id,
        is_newest(),
        col(SharedReport.content).is_not(None),
    )


@dataclass(frozen=True)
class SharedReportFilter:
    """Which shared reports are asked for; None is any."""

    status: str | None = None
    checklist: str | None = None
    indicator: str | None = None


async def shared_page(
    session: AsyncSession,
    who: Principal,
    chosen: SharedReportFilter,
    behind: UUID | None,
    limit: int,
) -> list[SharedReport]:
    """Shared reports by their ids: their order says nothing of when they came."""
    query = shared_reports(who).where(*_conditions(chosen))
    if behind is not None:
        query = query.where(col(SharedReport.report_id) > behind)
    page = query.order_by(col(SharedReport.report_id)).limit(limit)
    return list((await session.execute(page)).scalars())


def _conditions(chosen: SharedReportFilter) -> list[ColumnElement[bool]]:
    status, content = col(SharedReport.status), col(SharedReport.content)
    found: list[ColumnElement[bool]] = []
    if chosen.status is not None:
        found.append(status == chosen.status)
    if chosen.checklist is not None:
        found.append(content.contains({"checklist": chosen.checklist}))
    if chosen.indicator is not None:
        seen = {"indicator": chosen.indicator, "status": "irregular"}
        found += [status.in_(COUNTED), content.contains({"codes": [seen]})]
    return found


async def shared_report(session: AsyncSession, who: Principal, report_id: UUID) -> Any:
    """One report as it was shared. Problem: 404."""
    query = shared_reports(who).where(col(SharedReport.report_id) == report_id)
    row = (await session.execute(query)).scalar_one_or_none()
    if row is None:
        raise Problem(NOT_FOUND)
    return row.content


async def shared_findings(session: AsyncSession, who: Principal) -> list[Row]:
    """The findings that were last shared; none before."""
    found = await newest_figure(session, who, Shared.FINDINGS)
    rows: list[Row] = [] if found is None else found.content
    return [each for each in rows if not who.sections or each["stage"] in who.sections]


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
