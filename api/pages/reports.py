"""The page Reports: a list with filters."""

from collections.abc import Sequence
from typing import Any, get_args
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import Select

from analytics.observation.irregularity_rates import Part, SupportingReports
from api.database.sessions import mission_session
from api.figures.reports import matching, newest_first, of_these, read_reports
from api.figures.reports_behind import newest_behind, windows
from api.pages.page import PageRequest, serve_page
from api.pages.report import names_of, place_of
from api.problems import INVALID, Problem
from api.server.cursors import cursor, plain, read_cursor
from schemas.mission import Kind
from schemas.report import Report, ReportStatus
from schemas.rights import Right

router = APIRouter()
PER_PAGE = 50
PARTS: tuple[Part, ...] = get_args(Part)

FILTERS = ("station", "checklist", "contest", "status")
LINK_FILTERS = ("indicator", "kind", "part", "area", "review")
"""What is asked by a link and stays while the other filters change."""


@serve_page(router, "/reports", right=Right.SEE_REPORTS)
async def reports(page: PageRequest) -> Response:
    """What came in, newest first, by any filter; also the supporting reports of a number."""
    asked = {name: value for name, value in page.request.query_params.items() if value}
    for name, value in asked.items():
        plain(value, name)
    (before,) = read_cursor(asked.get("after"), int) or (None,)
    chosen = matching(
        page.who,
        status=asked.get("status"),
        checklist=asked.get("checklist"),
        place=asked.get("station"),
        contest=asked.get("contest"),
        of_suspended=asked.get("review") == "suspended",
    )
    query = newest_first(chosen, before)
    queries = [query]
    if "indicator" in asked:
        wanted = _wanted(asked)
        behind = await page.ask(newest_behind, wanted, asked.get("checklist"), before)
        queries = [of_these(query, ids) for ids in windows(behind)]
    found = await _first(page, queries)
    places = await names_of(page, [report for report, _ in found[:PER_PAGE]])
    rows = [
        _row(page, report, shown) | {"place": place_of(report, places)}
        for report, shown in found[:PER_PAGE]
    ]
    following = {name: value for name, value in asked.items() if name != "after"}
    more = len(found) > PER_PAGE
    if more:
        following["after"] = cursor(found[PER_PAGE - 1][0].sequence)
    return page.show(
        "reports.html",
        "reports",
        reports=rows,
        heading=_heading(page, asked),
        checklists=page.facts.checklists,
        zone=page.facts.polling.zone,
        statuses=[(each.value, page.say(each.value)) for each in ReportStatus],
        contests=[(each.code, each.name) for each in page.facts.polling.contests],
        chosen={name: asked.get(name, "") for name in FILTERS},
        kept={name: asked[name] for name in LINK_FILTERS if name in asked},
        next=urlencode(following) if more else "",
    )


async def _first(
    page: PageRequest, queries: Sequence[Select[Any]]
) -> list[tuple[Report, dict[str, Any]]]:
    """A page of reports and one, of these queries in their order: later ones are asked only for
    what is still wanting."""
    state = page.request.app.state
    found: list[tuple[Report, dict[str, Any]]] = []
    async with mission_session(state.engine, page.who.mission_id) as session:
        for query in queries:
            wanting = query.limit(PER_PAGE + 1 - len(found))
            found += await read_reports(session, page.who, state.intake.signer, wanting)
            if len(found) > PER_PAGE:
                break
    return found


def _wanted(asked: dict[str, str]) -> SupportingReports | None:
    """What is asked for; None where there is no such kind or part."""
    area = asked.get("area")
    if area is not None and not area.isdigit():
        raise Problem(INVALID, "An area is named by its number.", "area")
    kind = next((each for each in Kind if each == asked.get("kind")), None)
    part = next((each for each in PARTS if each == asked.get("part")), None)
    if (asked.get("kind"), asked.get("part")) != (kind, part):
        return None
    return SupportingReports(asked["indicator"], kind, part, None if area is None else int(area))


def _heading(page: PageRequest, asked: dict[str, str]) -> str:
    code = asked.get("indicator")
    for name in page.facts.checklists if code else ():
        for indicator in page.facts.indicators_of(name):
            if indicator.code == code:
                words = page.title(indicator.phrase)
                return page.say("Reports in which {phrase}").format(phrase=words)
    return page.say("Reports")


def _row(page: PageRequest, report: Report, shown: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": report.id,
        "received_at": page.clock(report.received_at, "%d.%m. %H:%M:%S"),
        "checklist": report.checklist,
        "station": shown.get("station") or "–",
        "contest": shown.get("contest"),
        "observer": shown.get("observer") or "–",
        "status": report.status,
        "word": page.say(report.status),
        "review": bool(shown["review"]),
        "irregular": [
            each["indicator"] for each in shown["codes"] if each["status"].startswith("irregular")
        ],
    }
