"""The reports of a share: those that changed since the last, each as partners may read it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, or_, select

from api.audit.signing import Signer
from api.auth.principal import Principal
from api.figures.reports import read_reports
from schemas.credential import Role
from schemas.report import Report, ReportStatus
from schemas.share import Share, Shared, SharedReport

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
    return (
        (col(Report.mission_id) == who.mission_id)
        & (col(Report.changed) > after)
        & (col(Report.changed) <= upto)
        & or_(col(Report.status) != ReportStatus.HELD, told.exists())
    )


async def changed_reports(
    session: AsyncSession, who: Principal, signer: Signer, upto: int
) -> list[ReportForPartner]:
    """The reports that changed since they were last shared, up to a reading of the clock.

    One that changes while this is read is left as it was shared: the next share has it.
    """
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
        found += [_changed(report, content) for report, content in rows if report.changed <= upto]
        if len(rows) < REPORTS_PER_INSERT:
            return found
        last = rows[-1][0]
        session.expunge_all()
        same = (col(Report.changed) == last.changed) & (col(Report.id) > last.id)
        behind = (col(Report.changed) > last.changed) | same


def _changed(report: Report, content: dict[str, Any]) -> ReportForPartner:
    readable = report.status != ReportStatus.HELD
    return ReportForPartner(
        report.id, report.status, json.dumps(content, default=str) if readable else None
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
