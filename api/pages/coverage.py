"""The page Coverage: reports received of those expected, and the call list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from analytics.charts import MapArea, area_map, coverage_bar, shapes_of
from analytics.charts import arrival_curve as draw_arrivals
from analytics.observation.coverage import Coverage
from analytics.observation.dispositions import Disposition
from api.deployments.calls import CallState
from api.figures.ask import question
from api.figures.call_list import ToCall, calls_that_wait, calls_to_make, count_to_call
from api.figures.coverage import (
    AreaCoverage,
    CoverageNow,
    CoverageWithin,
    coverage_now,
    coverage_within,
)
from api.figures.export import as_csv
from api.figures.rates import has_parts
from api.pages.deployment import CALL_NOW, OUTCOME
from api.pages.page import PageRequest, serve_page
from api.pages.rows import STAGES
from api.pages.shares import PARTNER_COLUMNS, shared_coverage, shared_coverage_rows
from api.pages.statements import session_of
from api.people.listing import pseudonyms_of
from api.problems import NOT_FOUND, Problem
from schemas.deployment import Whom
from schemas.place import Area
from schemas.rights import Right
from schemas.words import N_


@dataclass(frozen=True)
class AreaRow:
    """An area's coverage with its picture; ``parted`` where other areas lie in it."""

    code: str
    name: str
    row: Coverage
    bar: str
    parted: bool


def area_rows(
    found: Iterable[AreaCoverage], areas: Sequence[Area], within: Area | None = None
) -> list[AreaRow]:
    """The areas found, of one level, in their order, each with its bar; ``areas`` are all of the
    mission."""
    parted = has_parts(areas)
    return [
        AreaRow(
            each.area.code,
            each.area.name,
            each.row,
            coverage_bar(each.row, label=each.area.name),
            each.area.id in parted and (within is None or each.area.id != within.id),
        )
        for each in found
        if each.area is not None
    ]


def draw_map(found: Iterable[AreaCoverage], areas: Iterable[Area], title: str, **looks: Any) -> str:
    """The map of coverage, where the areas have shapes; else nothing."""
    by_area = {each.area.id: each.row for each in found if each.area}
    shapes = [
        MapArea(area.name, shapes_of(area.shape), by_area[area.id])
        for area in areas
        if area.shape and area.id in by_area
    ]
    return area_map(shapes, title=title, **looks) if shapes else ""


router = APIRouter()
CALLED = 12
"""So many of those to be called are on the page at first."""
ALL_CALLED = 2_000
"""So many at most where all are asked for."""
DISPOSITION_WORDS = (
    (Disposition.COMPLETE, N_("complete")),
    (Disposition.PARTIAL, N_("partial")),
    (Disposition.AWAITED, N_("to come")),
    (Disposition.MISSING, N_("late")),
    (Disposition.CONFLICT, N_("in conflict")),
    (Disposition.UNREACHABLE, N_("unreachable")),
    (Disposition.WITHDRAWN, N_("withdrawn for security")),
    (Disposition.REFUSED, N_("entry refused")),
    (Disposition.CLOSED, N_("station closed")),
    (Disposition.UNSAFE, N_("station unsafe")),
)
UNOBSERVED_WORDS = {
    "refused": N_("entry refused"),
    "closed": N_("station closed"),
    "unsafe": N_("station unsafe"),
}
COLUMNS = (
    "area",
    "expected",
    "received",
    "missing",
    "late",
    "held",
    "flagged",
    "unplanned",
    "ahead",
    "refused",
    "closed",
    "unsafe",
    "withdrawn",
)


@serve_page(router, "/coverage", right=Right.SEE_AGGREGATES, partners=True)
async def coverage(page: PageRequest) -> Response:
    """Areas least first, checklists, hours; to a partner the nation and the areas, as shared."""
    if page.is_partner:
        return await shared_coverage(page)
    if not page.facts.planned:
        return page.show("no_plan.html", "coverage")
    code = page.request.query_params.get("area", "")
    within = page.facts.area(code) if code else None
    if code and within is None:
        raise Problem(NOT_FOUND)
    wanted = [question(coverage_now), question(coverage_within, code)]
    whole = page.request.query_params.get("calls") == "all"
    if page.who.may(Right.SEE_PEOPLE):
        wanted += [
            question(calls_to_make, ALL_CALLED if whole else CALLED, code),
            question(calls_that_wait, CALLED, code),
            question(count_to_call, code),
        ]
    now, inside, *calls = (await page.ask_together(*wanted)).values
    return page.show(
        "coverage.html",
        "coverage",
        calls=await _calls(page, calls[0]) if calls else [],
        to_call=calls[2] if calls else 0,
        waiting=await _calls(page, calls[1]) if calls else [],
        within=within,
        **_nation(page, now),
        **_inside(page, inside, within),
    )


def _nation(page: PageRequest, now: CoverageNow) -> dict[str, Any]:
    return {
        "nation": now.nation,
        "unobserved": unobserved_words(page, now),
        "checklists": [
            (page.checklist(str(row.group)), row, coverage_bar(row, label=str(row.group)))
            for row in now.checklists
            if row.expected
        ],
        "arrivals": arrivals_drawn(page, now),
        "map": map_drawn(page, now),
    }


def unobserved_words(page: PageRequest, now: CoverageNow) -> list[tuple[str, int]]:
    """Why stations could not be observed, and how many each; only what there is."""
    return [
        (page.say(words), now.unobserved[name])
        for name, words in UNOBSERVED_WORDS.items()
        if now.unobserved[name]
    ]


def arrivals_drawn(page: PageRequest, now: CoverageNow) -> str:
    """The picture of reports as they came in against the plan."""
    return draw_arrivals(
        now.arrivals,
        title=page.say("Reports received against plan"),
        zone=page.zone,
        plan_label=page.say("plan"),
        received_label=page.say("{count} received"),
    )


def map_drawn(page: PageRequest, now: CoverageNow, **looks: Any) -> str:
    """The map of coverage; nothing where the areas have no shapes."""
    return draw_map(now.areas, page.facts.areas, page.say("Reports received, by region"), **looks)


def _inside(page: PageRequest, found: CoverageWithin, within: Area | None) -> dict[str, Any]:
    hours = sorted(found.hours, key=lambda row: str(row.group))
    return {
        "dispositions": [page.say(words) for _, words in DISPOSITION_WORDS],
        "areas": area_rows(found.parts, page.facts.areas, within),
        "standing": _standing(page, found),
        "denied": found.denied,
        "hours": [
            (page.clock(row.group), row, coverage_bar(row, label=page.clock(row.group)))  # type: ignore[arg-type]
            for row in hours
            if row.expected or row.unplanned
        ],
    }


def _standing(page: PageRequest, found: CoverageWithin) -> list[dict[str, Any]]:
    """The dispositions of the teams' plans, in all and by stage."""
    rows = [(page.say(N_("All stages")), each) for each in found.plans]
    by_stage = {each.group: each for each in found.plans_by_stage}
    if len(by_stage) > 1:
        rows += [
            (page.say(stage.replace("_", " ").capitalize()), by_stage[stage])
            for stage in STAGES
            if stage in by_stage
        ]
    return [
        {
            "stage": name,
            "plans": sum(each.plans.values()),
            "counts": [each.plans[one] for one, _ in DISPOSITION_WORDS],
        }
        for name, each in rows
    ]


async def _calls(page: PageRequest, due: Sequence[ToCall]) -> list[dict[str, Any]]:
    """Whom to call next, of the observers that the visitor may see."""
    async with session_of(page) as session:
        ids = [UUID(each.plan.observer) for each in due]
        names = await pseudonyms_of(session, page.who, ids)
    return [
        {
            "team": names[UUID(each.plan.observer)],
            "deployment": each.plan.deployment,
            "place": each.place,
            "area": each.area,
            "checklist": page.checklist(each.plan.checklist),
            "since": page.moment(each.plan.overdue),
            "sampled": each.sampled,
            "last": _last_call(page, each.last),
        }
        for each in due
        if UUID(each.plan.observer) in names
    ]


def _last_call(page: PageRequest, call: CallState | None) -> dict[str, str]:
    """How calling a team stands, in words: the last call, how many there were, whom to call."""
    if call is None:
        return {"last": page.say(N_("never called")), "attempts": "", "whom": "", "next": ""}
    attempts = page.say(N_("attempts: {count}")).format(count=call.attempts)
    return {
        "last": f"{page.say(OUTCOME.get(call.outcome, call.outcome))}, {page.when(call.at)}",
        "attempts": attempts,
        "whom": "" if call.whom == Whom.OBSERVER else page.say(CALL_NOW[call.whom]),
        "next": page.when(call.next_at) if call.next_at else "",
    }


@serve_page(router, "/coverage.csv", right=Right.SEE_AGGREGATES, partners=True)
async def coverage_csv(page: PageRequest) -> Response:
    """The same by area, as a file."""
    if page.is_partner:
        file = as_csv(PARTNER_COLUMNS, await shared_coverage_rows(page))
    else:
        file = as_csv(COLUMNS, _csv(await page.ask(coverage_now)))
    headers = {
        "Content-Disposition": 'attachment; filename="coverage.csv"',
        "Cache-Control": "private, no-store",
    }
    return Response(file, media_type="text/csv; charset=utf-8", headers=headers)


def _csv(now: CoverageNow) -> list[list[object]]:
    return [
        [each.area.name if each.area else "", *(getattr(each.row, name) for name in COLUMNS[1:])]
        for each in now.areas
    ]
