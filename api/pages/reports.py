"""The page Reports: a list with filters."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, get_args
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import Select

from analytics.observation.irregularity_rates import Part
from analytics.observation.supporting_reports import SupportingReports
from api.database.sessions import mission_session
from api.figures import report_search
from api.figures.report_search import (
    Found,
    areas_within,
    came_within,
    in_areas,
    of_kind,
    search,
    text_questions,
)
from api.figures.reports import matching, newest_first, of_these, read_reports
from api.figures.reports_behind import newest_behind, windows
from api.pages.page import PageRequest, serve_page
from api.pages.report import names_of, place_of
from api.pages.report_words import flag_words
from api.pages.rows import phrase_of
from api.problems import INVALID, Problem
from api.review.held_reasons import act_for
from api.server.cursors import cursor, plain, read_cursor
from schemas.mission import Kind
from schemas.report import Report, ReportStatus
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
PER_PAGE = 50
PARTS: tuple[Part, ...] = get_args(Part)

FILTERS = ("q", "station", "checklist", "contest", "status", "within")
LINK_FILTERS = ("indicator", "kind", "part", "area", "review", "since", "until")
MAX_AREAS = 400
"""So many areas are offered as a filter; of more there is none."""
MAX_TYPED = 100
MAX_NOTABLE = 2
"""So many notable things stand in a row; how many more there are is said."""
"""What is asked by a link and stays while the other filters change."""


@serve_page(router, "/reports", right=Right.SEE_REPORTS)
async def reports(page: PageRequest) -> Response:
    """What came in, newest first, by any filter; also the supporting reports of a number."""
    asked = {name: value for name, value in page.request.query_params.items() if value.strip()}
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
    if "within" in asked:
        chosen = in_areas(page.who, chosen, areas_within(page.facts.areas, asked["within"]))
    came = _while(page, asked)
    if came is not None:
        demonstration = page.facts.mission.demonstration
        chosen = came_within(chosen, *came, is_demonstration=demonstration)
        if asked.get("kind") and "indicator" not in asked:
            chosen = of_kind(page.who, chosen, asked["kind"])
    query = newest_first(chosen, before)
    queries = [query]
    if "indicator" in asked:
        wanted = _wanted(asked)
        behind = await page.ask(newest_behind, wanted, asked.get("checklist"), before)
        queries = [of_these(query, ids) for ids in windows(behind)]
    looked = await _searched(page, query, asked) if "q" in asked else None
    found = await _first(page, [looked.query] if looked else queries)
    places = await names_of(page, [report for report, _ in found[:PER_PAGE]])
    rows = [
        _row(page, report, shown) | {"place": place_of(report, places)}
        for report, shown in found[:PER_PAGE]
    ]
    following = {name: value for name, value in asked.items() if name != "after"}
    behind_page = found[PER_PAGE - 1][0].sequence if len(found) > PER_PAGE else None
    reached = looked.reached if looked and behind_page is None else None
    return page.show(
        "reports.html",
        "reports",
        reports=rows,
        heading=_heading(page, asked),
        checklists=page.facts.checklists,
        zone=page.facts.polling.zone,
        statuses=[(each.value, page.say(each.value)) for each in ReportStatus],
        contests=[(each.code, each.says(page.language)) for each in page.facts.polling.contests],
        areas=_areas(page),
        chosen={name: asked.get(name, "") for name in FILTERS},
        kept={name: asked[name] for name in LINK_FILTERS if name in asked},
        next=_after(following, behind_page),
        earlier=_after(following, reached),
        words=urlencode(following | {"in": "words"}) if looked and not looked.by_words else "",
        by_words=bool(looked and looked.by_words),
        window=report_search.WINDOW,
    )


def _after(asked: dict[str, str], reading: int | None) -> str:
    """The same question behind a reading of the clock; nothing where nothing is there."""
    return "" if reading is None else urlencode(asked | {"after": cursor(reading)})


def _while(page: PageRequest, asked: Mapping[str, str]) -> tuple[datetime, datetime] | None:
    """The while in which reports came that are asked for. Problem 422 where it is none."""
    if "since" not in asked and "until" not in asked:
        return None
    found = []
    for name, usual in (("since", page.as_of - timedelta(hours=1)), ("until", page.as_of)):
        try:
            moment = datetime.fromisoformat(asked[name]) if name in asked else usual
        except ValueError:
            raise Problem(INVALID, "This is no moment.", name) from None
        if moment.tzinfo is None:
            raise Problem(INVALID, "This moment has no zone.", name)
        found.append(moment)
    return found[0], found[1]


def _areas(page: PageRequest) -> list[tuple[str, str]]:
    areas = page.facts.areas
    named = sorted((each.name, each.code) for each in areas) if len(areas) <= MAX_AREAS else []
    return [(code, name) for name, code in named]


async def _searched(page: PageRequest, query: Select[Any], asked: dict[str, str]) -> Found:
    """What is found by what was typed."""
    typed, state = asked["q"].strip(), page.request.app.state
    if len(typed) > MAX_TYPED:
        raise Problem(INVALID, f"At most {MAX_TYPED} letters can be looked for.", "q")
    texts = text_questions(each.definition for each in page.facts.rules.values())
    only = asked.get("in") == "words"
    async with mission_session(state.engine, page.who.mission_id) as session:
        return await search(session, page.who, query, typed, texts, PER_PAGE + 1, words_only=only)


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
    came = _while(page, asked)
    if came is not None:
        words = page.say(N_("Reports that came from {since} to {until}"))
        return words.format(since=page.when(came[0]), until=page.when(came[1]))
    code = asked.get("indicator")
    for name in page.facts.checklists if code else ():
        for indicator in page.facts.indicators_of(name):
            if indicator.code == code:
                words = page.title(indicator.phrase)
                return page.say("Reports in which {phrase}").format(phrase=words)
    return page.say("Reports")


def _row(page: PageRequest, report: Report, shown: dict[str, Any]) -> dict[str, Any]:
    notable = _notable(page, report, shown)
    return {
        "id": report.id,
        "received_at": page.when(_came(page, report)),
        "checklist": report.checklist,
        "station": shown.get("station") or "–",
        "contest": shown.get("contest"),
        "observer": shown.get("observer") or "–",
        "status": report.status,
        "word": page.say(report.status),
        "review": bool(shown["review"]),
        "notable": notable[:MAX_NOTABLE],
        "more": len(notable[MAX_NOTABLE:]),
    }


def _came(page: PageRequest, report: Report) -> datetime:
    """When it came, as :func:`api.figures.report_search.came_at` says."""
    finished = report.finalised_at if page.facts.mission.demonstration else None
    return finished or report.received_at


def _notable(page: PageRequest, report: Report, shown: dict[str, Any]) -> list[tuple[int, str]]:
    """What a reader of the list should know of a report, each with its severity, 0 for none: why
    it is held, which checks did not hold, what is irregular, the gravest first."""
    held = [(0, page.say(act_for(each).words)) for each in report.reasons]
    rules = page.facts.rules.get(report.rules_id) if report.rules_id else None
    definition = rules.definition if rules else None
    phrases = {each.code: each for each in definition.indicators} if definition else {}
    flags = [(0, each) for each in flag_words(page, shown["flags"], definition)]
    irregular = sorted(
        (
            (each["severity"], phrase_of(phrases[each["indicator"]], page.language))
            for each in shown["codes"]
            if each["status"].startswith("irregular") and each["indicator"] in phrases
        ),
        key=lambda each: -each[0],
    )
    return list(dict.fromkeys([*held, *flags, *irregular]))
