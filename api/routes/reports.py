"""``reports``: what came in, as it was sent, and what became of it."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api.auth.principal import Principal, principal
from api.auth.visible import scope
from api.database.sessions import mission_session
from api.figures.changes import clock_of
from api.figures.reports import matching, oldest_first, one_report, raw_of, read_reports
from api.figures.reports_behind import was_seen
from api.problems import FORBIDDEN, NOT_FOUND, Problem
from api.review.decide import decisions_on
from api.review.quality_flags import flag_out, flagged_out, flags_of, screen_newest
from api.review.superseding import beside, report_named
from api.review.verified_answers import verified_answers
from api.routes.asking import (
    After,
    Limit,
    answer,
    asked,
    digest,
    unchanged,
)
from api.server.cursors import cursor, plain, read_cursor
from api.sharing.reading import SharedReportFilter, shared_page, shared_report
from schemas.credential import Role
from schemas.place import PlaceKind
from schemas.report import ReportStatus
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["reports"])
Who = Annotated[Principal, Depends(principal)]
Text = Annotated[str | None, Query(max_length=200)]


@dataclass(frozen=True)
class ReportFilter:
    """Which reports are asked for; None is any."""

    status: ReportStatus | None
    checklist: str | None
    station: str | None
    contest: str | None
    indicator: str | None


def wanted(
    status: ReportStatus | None = None,
    checklist: Text = None,
    station: Text = None,
    contest: Text = None,
    indicator: Annotated[
        str | None, Query(max_length=200, description="Counted reports in which it was seen.")
    ] = None,
) -> ReportFilter:
    """Dependency: which reports are asked for."""
    return ReportFilter(
        status,
        plain(checklist, "checklist"),
        plain(station, "station"),
        plain(contest, "contest"),
        plain(indicator, "indicator"),
    )


@router.get("/reports")
async def reports(
    request: Request,
    who: Who,
    wanted: Annotated[ReportFilter, Depends(wanted)],
    after: After = None,
    limit: Limit = 100,
) -> Response:
    """Reports in the order in which they were received, oldest first; to a partner those that
    were shared, by id."""
    if who.role == Role.PARTNER:
        return await _shared(request, who, wanted, after, limit)
    (behind,) = read_cursor(after, int) or (None,)
    chosen = matching(
        who,
        status=wanted.status,
        checklist=wanted.checklist,
        place=wanted.station,
        kind=PlaceKind.STATION,
        contest=wanted.contest,
    )
    query = oldest_first(chosen, behind)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        tag = f"reports-{await clock_of(session, who)}-{scope(who)}"
        known = unchanged(request, tag)
        if known is not None:
            return known
        if wanted.indicator is not None:
            query = query.where(await was_seen(session, who, wanted.indicator))
        page = query.limit(limit + 1)
        found = await read_reports(session, who, request.app.state.intake.signer, page)
    more = cursor(found[limit - 1][0].sequence) if len(found) > limit else None
    return answer(request, {"items": [each for _, each in found[:limit]], "next": more}, tag)


async def _shared(
    request: Request, who: Principal, wanted: ReportFilter, after: str | None, limit: int
) -> Response:
    """Reports as they were shared. A partner may not ask by station or contest: it would name the
    one, or the constituency of the other."""
    for name in ("station", "contest"):
        if getattr(wanted, name) is not None:
            raise Problem(FORBIDDEN, f"Reports are not told apart by {name}.", name)
    (behind,) = read_cursor(after, UUID) or (None,)
    chosen = SharedReportFilter(wanted.status, wanted.checklist, wanted.indicator)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        found = await shared_page(session, who, chosen, behind, limit + 1)
    items = [each.content for each in found[:limit]]
    more = cursor(found[limit - 1].report_id) if len(found) > limit else None
    return answer(request, {"items": items, "next": more}, f"reports-{digest([items, more])}")


@router.get("/reports/{report_id}")
async def report(request: Request, who: Who, report_id: UUID) -> Response:
    """One report; to a partner as it was shared."""
    if who.role == Role.PARTNER:
        async with mission_session(request.app.state.engine, who.mission_id) as session:
            shared = await shared_report(session, who, report_id)
        return answer(request, shared, f"report-{digest(shared)}")
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        report_id = await report_named(session, who, report_id)
        query = one_report(who, report_id)
        found = await read_reports(session, who, request.app.state.intake.signer, query)
        if not found:
            raise Problem(NOT_FOUND)
        content = found[0][1]
        if who.may(Right.SEE_REPORTS):
            content["decisions"] = await decisions_on(session, who, report_id)
            content["verified_answers"] = await verified_answers(session, who, report_id)
            content |= await beside(session, who, found[0][0])
    return answer(request, content, f"report-{digest(content)}")


@router.get("/reports/{report_id}/raw")
async def raw(request: Request, who: Who, report_id: UUID) -> Response:
    """The bytes that the receipt names, as a file: nobody's browser should open them."""
    who.must(Right.SEE_REPORTS)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        found = await raw_of(session, who, report_id)
    if found is None:
        raise Problem(NOT_FOUND)
    headers = {
        "Content-Disposition": f'attachment; filename="{report_id}.bin"',
        "Cache-Control": "private, no-store",
    }
    return Response(found, media_type="application/octet-stream", headers=headers)


@router.get("/flags")
async def flags(request: Request, who: Who) -> Response:
    """Those of the newest reports that have flags, each once with its reasons and the figures that
    raised them: for a call-back only."""
    who.must(Right.DECIDE_REPORTS)
    found = await asked(request, who, None, screen_newest)
    rows = flagged_out(found)
    content = {"items": rows, "next": None, "reports": found.reports, "as_of": found.at}
    return answer(request, content, digest(content))


@router.get("/flags/{report}")
async def of_report(request: Request, who: Who, report: UUID) -> dict[str, Any]:
    """One report's flags."""
    who.must(Right.DECIDE_REPORTS)
    found = await asked(request, who, None, flags_of, report)
    if found is None:
        raise Problem(NOT_FOUND)
    return {"items": [flag_out(each) for each in found], "next": None}
