"""Making a share: figures and reports frozen for partners, with who did it and why."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import orjson
from fastapi import Request
from sqlalchemy import ColumnElement, Select, text
from sqlalchemy import select as select_columns
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlmodel import col, func, or_, select

from api.audit.signing import Signer
from api.audit.unit_of_work import AsyncWork, unit_of_work
from api.auth.principal import Principal
from api.auth.visible import restrictions
from api.database.sessions import mission_session
from api.figures.ask import Figures, ask, question
from api.figures.changes import clock_of
from api.figures.mission_facts import mission_facts
from api.figures.reports import read_reports
from api.problems import CONFLICT, INVALID, Problem
from api.sharing.freezing import FrozenFigures, freeze, freeze_round
from schemas.columns import now
from schemas.credential import Role
from schemas.mission import Member
from schemas.report import Report, ReportStatus
from schemas.rights import Right
from schemas.statement import Share, Shared, SharedReport
from schemas.words import N_

REPORTS_PER_INSERT = 1000
INSERT = text("""
INSERT INTO shared_report (mission_id, report_id, share_number, sequence, status, content)
SELECT :mission, r.id, :number, :first + r.place - 1, r.status, r.content::jsonb
FROM unnest(CAST(:ids AS uuid[]), CAST(:statuses AS text[]), CAST(:contents AS text[]))
  WITH ORDINALITY AS r (id, status, content, place)""")


@dataclass(frozen=True)
class ReportForPartner:
    """A report as partners may read it from now on; without content, no more."""

    id: UUID
    status: str
    content: str | None


async def upto_last_share(session: AsyncSession, who: Principal) -> int:
    """The clock up to which reports were shared; 0 before any were."""
    query = select(func.max(Share.upto)).where(
        Share.mission_id == who.mission_id, col(Share.what).contains([Shared.REPORTS.value])
    )
    return (await session.execute(query)).scalar() or 0


def changed_between(who: Principal, after: int, upto: int) -> ColumnElement[bool]:
    """Holds for reports that changed in this part of the clock and that partners may read, or
    could read until now."""
    told = select(SharedReport.report_id).where(
        SharedReport.mission_id == who.mission_id, SharedReport.report_id == Report.id
    )
    readable = (col(Report.status) != ReportStatus.HELD) & ~_is_restricted(who)
    return (
        (col(Report.mission_id) == who.mission_id)
        & (col(Report.changed) > after)
        & (col(Report.changed) <= upto)
        & or_(readable, told.exists())
    )


def _is_restricted(who: Principal) -> ColumnElement[bool]:
    """Holds for incidents that are restricted to some roles: no partner is among them."""
    return col(Report.id).in_(select(restrictions(who.mission_id).c.report_id))


async def changed_reports(
    session: AsyncSession, who: Principal, signer: Signer, upto: int
) -> list[ReportForPartner]:
    """The reports that changed since they were last shared, up to a reading of the clock.

    One that changes while this is read is left as it was shared: the next share has it.
    """
    kept = set((await session.execute(select(restrictions(who.mission_id).c.report_id))).scalars())
    outside = replace(who, role=Role.PARTNER, area_id=None, sections=())
    after = await upto_last_share(session, who)
    found: list[ReportForPartner] = []
    behind: ColumnElement[bool] | None = None
    while True:
        query: Select[Any] = select(Report).where(changed_between(who, after, upto))
        if behind is not None:
            query = query.where(behind)
        page = query.order_by(col(Report.changed), col(Report.id)).limit(REPORTS_PER_INSERT)
        rows = await read_reports(session, outside, signer, page)
        found += [
            _changed(report, content, readable=report.id not in kept)
            for report, content in rows
            if report.changed <= upto
        ]
        if len(rows) < REPORTS_PER_INSERT:
            return found
        last = rows[-1][0]
        session.expunge_all()
        same = (col(Report.changed) == last.changed) & (col(Report.id) > last.id)
        behind = (col(Report.changed) > last.changed) | same


def _changed(report: Report, content: dict[str, Any], *, readable: bool) -> ReportForPartner:
    readable = readable and report.status != ReportStatus.HELD
    return ReportForPartner(
        report.id,
        report.status if readable else ReportStatus.HELD,
        json.dumps(content, default=str) if readable else None,
    )


async def insert_reports(
    session: AsyncSession,
    who: Principal,
    number: int,
    first: int,
    reports: Sequence[ReportForPartner],
) -> None:
    """Add the reports of a share, each under a reading of the clock of its own from ``first``."""
    for start in range(0, len(reports), REPORTS_PER_INSERT):
        part = reports[start : start + REPORTS_PER_INSERT]
        await session.execute(
            INSERT,
            {
                "mission": who.mission_id,
                "number": number,
                "first": first + start,
                "ids": [each.id for each in part],
                "statuses": [each.status for each in part],
                "contents": [each.content for each in part],
            },
        )


MAX_REASON = 2000
ACT = "share.make"
TABLE = Share.__table__  # type: ignore[attr-defined]
LARGE = frozenset({Shared.COVERAGE, Shared.IRREGULARITIES, Shared.FINDINGS})
"""The columns that are large."""


@dataclass(frozen=True)
class Sharing:
    """What shares are made with: the database, the figures, and who signs receipts."""

    engine: AsyncEngine
    figures: Figures
    signer: Signer

    @classmethod
    def of(cls, request: Request) -> "Sharing":
        """What a request finds in this process."""
        state = request.app.state
        return cls(state.engine, state.figures, state.intake.signer)


@dataclass(frozen=True)
class _Frozen:
    number: int
    as_of: datetime
    figures: FrozenFigures
    reports: list[ReportForPartner]


async def make_share(at: Sharing, who: Principal, what: list[Shared], reason: str) -> Share:
    """Freeze what is asked for as it is now; partners read it until it is shared again.

    Problems: 404 without the right; 422 naming ``what`` or ``reason``; 409 where somebody else
    shared meanwhile, and in a closed mission.
    """
    who.must(Right.SHARE)
    kinds, reason = _asked(what, reason)
    as_of = now()
    async with mission_session(at.engine, who.mission_id) as session:
        clock = await clock_of(session, who)
    figures = await figures_now(at.figures, who, clock)
    async with mission_session(at.engine, who.mission_id) as session:
        last = await last_number(session, who)
        reports = (
            await changed_reports(session, who, at.signer, figures.upto)
            if Shared.REPORTS in kinds
            else []
        )
    frozen = _Frozen(last + 1, as_of, figures, reports)
    async with unit_of_work(at.engine, who, steps=1 + len(reports)) as work:
        return await _write(work, who, kinds, reason, frozen)


async def figures_now(figures: Figures, who: Principal, clock: int = 0) -> FrozenFigures:
    """The figures of every round as partners would read them, had they been shared just now: none
    of before a ``clock``, so that what was just excluded is not shared."""
    asked = [question(mission_facts), question(freeze_round)]
    facts, nearest = (await figures.answer(who.mission_id, asked, at_least=clock)).values
    found = [nearest]
    for each in facts.rounds:
        if each.code != nearest.code:
            of = partial(ask, figures, who.mission_id, freeze_round, round_code=each.code)
            found.append(await of(at_least=clock))
    return freeze(found)


async def last_number(session: AsyncSession, who: Principal) -> int:
    """The number of the last share; 0 before the first."""
    query = select(func.max(Share.number)).where(Share.mission_id == who.mission_id)
    return (await session.execute(query)).scalar() or 0


def _asked(what: list[Shared], reason: str) -> tuple[list[Shared], str]:
    if not what:
        raise Problem(INVALID, N_("Choose at least one thing to share."), "what")
    reason = reason.strip()
    if not reason:
        raise Problem(INVALID, N_("Say why this is shared."), "reason")
    if len(reason) > MAX_REASON or "\0" in reason:
        raise Problem(INVALID, f"A text of at most {MAX_REASON} characters.", "reason")
    return [each for each in Shared if each in what], reason


async def _write(
    work: AsyncWork, who: Principal, what: list[Shared], reason: str, frozen: _Frozen
) -> Share:
    """The share with its reports, under clock readings of their own, and its audit entry."""
    session = work.session
    if await last_number(session, who) != frozen.number - 1:
        raise Problem(CONFLICT, "Somebody else has just shared. Look at it, then share again.")
    work = replace(work, clock=work.clock - len(frozen.reports))
    first, figures = work.clock, frozen.figures
    made = Share(
        mission_id=who.mission_id,
        number=frozen.number,
        sequence=first,
        upto=figures.upto,
        as_of=frozen.as_of,
        shared_by=who.holder_id,
        reason=reason,
        what=list(what),
        reports=len(frozen.reports),
        coverage=figures.coverage if Shared.COVERAGE in what else None,
        irregularities=figures.irregularities if Shared.IRREGULARITIES in what else None,
        findings=figures.findings if Shared.FINDINGS in what else None,
    )
    session.add(made)
    await session.flush()
    await insert_reports(session, who, frozen.number, first + 1, frozen.reports)
    work.log(ACT, frozen.number, _content(made), note=", ".join(what))
    return made


def _content(made: Share) -> bytes:
    content: dict[str, Any] = made.model_dump(exclude={"mission_id"})
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS, default=str)


async def shares_of(session: AsyncSession, who: Principal) -> list[Share]:
    """Every share, newest first, without its figures."""
    columns = [each for each in TABLE.columns if each.name not in LARGE]
    query = select_columns(*columns).where(TABLE.c.mission_id == who.mission_id)
    rows = await session.execute(query.order_by(TABLE.c.number.desc()))
    return [Share(**row) for row in rows.mappings()]


async def names_of(session: AsyncSession, who: Principal, rows: Iterable[Share]) -> dict[UUID, str]:
    """The handles of those who shared."""
    query = select(Member.id, Member.handle).where(
        Member.mission_id == who.mission_id, col(Member.id).in_({each.shared_by for each in rows})
    )
    return {row[0]: row[1] for row in (await session.execute(query)).all()}
