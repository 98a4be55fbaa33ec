"""Reports of one visit beside each other: which one counts, and what differs in the others."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.auth.principal import Principal
from api.auth.visible import visible_reports
from schemas.report import COUNTED, Edit, Report, ReportStatus, ReportVersion

MAX_BESIDE = 50
"""So many reports of one visit are shown beside one."""


class _Told(NamedTuple):
    report: Report
    contest: UUID | None
    answers: dict[str, Any]


async def report_named(session: AsyncSession, who: Principal, identity: UUID) -> UUID:
    """The report that an id leads to: the id of a correction leads to the report it corrected."""
    query = select(Edit.report_id).where(
        Edit.mission_id == who.mission_id, Edit.instance_id == identity
    )
    return (await session.execute(query)).scalar_one_or_none() or identity


async def beside(session: AsyncSession, who: Principal, report: Report) -> dict[str, Any]:
    """What ``who`` sees of the same visit and checklist: ``superseded_by`` is the report that
    counts instead of a superseded one, ``supersedes`` those that this one counts for. Each has
    ``id``, ``status`` and ``differs``, by question what is said here and there."""
    told = await _same_visit(session, who, report)
    own = next((each for each in told if each.report.id == report.id), None)
    if own is None:
        return {"superseded_by": None, "supersedes": []}
    told = [
        each for each in told if each.contest == own.contest or None in (each.contest, own.contest)
    ]
    counted = [each for each in told if each.report.status in COUNTED]
    superseded = [each for each in told if each.report.status == ReportStatus.SUPERSEDED]
    by = _instead(own, counted) if own in superseded else None
    return {
        "superseded_by": None if by is None else _beside(own, by),
        "supersedes": [_beside(own, each) for each in superseded if _instead(each, counted) is own],
    }


async def _same_visit(session: AsyncSession, who: Principal, report: Report) -> list[_Told]:
    if report.visit_id is None:
        return []
    query = visible_reports(who).where(
        col(Report.visit_id) == report.visit_id, col(Report.checklist) == report.checklist
    )
    newest = query.order_by(col(Report.sequence).desc()).limit(MAX_BESIDE)
    reports = {each.id: each for each in (await session.execute(newest)).scalars()}
    versions = select(ReportVersion).where(
        ReportVersion.mission_id == who.mission_id,
        col(ReportVersion.report_id).in_({*reports, report.id}),
    )
    return [
        _Told(reports[each.report_id], reports[each.report_id].contest_id, each.answers)
        for each in (await session.execute(versions)).scalars()
        if each.report_id in reports and each.number == reports[each.report_id].version
    ]


def _instead(one: _Told, counted: Sequence[_Told]) -> _Told | None:
    """The report that counts instead: of several observations the one that was finished at the
    same time, else the one with the same answers."""
    if len(counted) == 1:
        return counted[0]
    finished = one.report.finalised_at
    same = [each for each in counted if finished and each.report.finalised_at == finished]
    same = same or [each for each in counted if each.answers == one.answers]
    return same[0] if same else None


def _beside(own: _Told, other: _Told) -> dict[str, Any]:
    return {
        "id": other.report.id,
        "status": other.report.status,
        "differs": _differences(own.answers, other.answers),
    }


def _differences(here: Mapping[str, Any], there: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"question": name, "here": here.get(name), "there": there.get(name)}
        for name in dict.fromkeys([*here, *there])
        if here.get(name) != there.get(name)
    ]
