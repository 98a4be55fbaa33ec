"""Coverage: who is missing?"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from analytics.charts import arrival_curve as draw_arrivals
from analytics.charts import coverage_bar
from analytics.observation.dispositions import Disposition
from api.figures.ask import question
from api.figures.coverage import (
    CoverageNow,
    CoverageWithin,
    ToCall,
    calls_to_make,
    coverage_now,
    coverage_within,
)
from api.figures.export import as_csv
from api.figures.reference_data import LastCall
from api.pages.areas import area_rows, draw_map
from api.pages.deployment import OUTCOME
from api.pages.page import Visit, page
from api.pages.rows import STAGES
from api.pages.shared import PARTNER_COLUMNS, shared_coverage, shared_coverage_rows
from api.pages.statements import session_of
from api.people.finding import pseudonyms_of
from api.problems import NOT_FOUND, Problem
from schemas.place import Area
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
CALLED = 12
"""So many of those to be called stand on the page."""
DISPOSITION_WORDS = (
    (Disposition.COMPLETE, N_("complete")),
    (Disposition.PARTIAL, N_("partial")),
    (Disposition.AWAITED, N_("awaited")),
    (Disposition.MISSING, N_("missing")),
    (Disposition.CONFLICT, N_("in conflict")),
    (Disposition.UNREACHABLE, N_("unreachable")),
    (Disposition.WITHDRAWN, N_("withdrawn for security")),
)
COLUMNS = ("area", "expected", "received", "missing", "late", "held", "flagged", "unplanned")


@page(router, "/coverage", right=Right.SEE_AGGREGATES, partners=True)
async def coverage(visit: Visit) -> Response:
    """Areas least first, checklists, hours; to a partner the nation and the areas, as shared."""
    if visit.is_partner:
        return await shared_coverage(visit)
    if not visit.facts.planned:
        return visit.show("no_plan.html", "coverage")
    code = visit.request.query_params.get("area", "")
    within = visit.facts.area(code) if code else None
    if code and within is None:
        raise Problem(NOT_FOUND)
    wanted = [question(coverage_now), question(coverage_within, code)]
    if visit.who.may(Right.SEE_PEOPLE):
        wanted.append(question(calls_to_make, CALLED, code))
    now, inside, *calls = (await visit.ask_together(*wanted)).values
    return visit.show(
        "coverage.html",
        "coverage",
        calls=await _calls(visit, calls[0]) if calls else [],
        within=within,
        **_nation(visit, now),
        **_inside(visit, inside, within),
    )


def _nation(visit: Visit, now: CoverageNow) -> dict[str, Any]:
    return {
        "nation": now.nation,
        "checklists": [
            (visit.checklist(str(row.group)), row, coverage_bar(row, label=str(row.group)))
            for row in now.checklists
        ],
        "arrivals": arrivals_drawn(visit, now),
        "map": map_drawn(visit, now),
    }


def arrivals_drawn(visit: Visit, now: CoverageNow) -> str:
    """The picture of reports as they came in against the plan."""
    return draw_arrivals(
        now.arrivals,
        title=visit.say("Reports received against plan"),
        zone=visit.zone,
        plan_label=visit.say("plan"),
        received_label=visit.say("{count} received"),
    )


def map_drawn(visit: Visit, now: CoverageNow) -> str:
    """The map of coverage; nothing where the areas have no shapes."""
    return draw_map(now.areas, visit.facts.areas, visit.say("Reports received, by region"))


def _inside(visit: Visit, found: CoverageWithin, within: Area | None) -> dict[str, Any]:
    hours = sorted(found.hours, key=lambda row: str(row.group))
    return {
        "dispositions": [visit.say(words) for _, words in DISPOSITION_WORDS],
        "areas": area_rows(found.parts, visit.facts.areas, within),
        "standing": _standing(visit, found),
        "denied": found.denied,
        "hours": [
            (visit.clock(row.group), row, coverage_bar(row, label=visit.clock(row.group)))  # type: ignore[arg-type]
            for row in hours
            if row.expected or row.unplanned
        ],
    }


def _standing(visit: Visit, found: CoverageWithin) -> list[dict[str, Any]]:
    """How the teams' plans stand, in all and by stage."""
    rows = [(visit.say(N_("All stages")), each) for each in found.plans]
    by_stage = {each.group: each for each in found.plans_by_stage}
    if len(by_stage) > 1:
        rows += [
            (visit.say(stage.replace("_", " ").capitalize()), by_stage[stage])
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


async def _calls(visit: Visit, due: Sequence[ToCall]) -> list[dict[str, Any]]:
    """Whom to call next, of the observers that the visitor may see."""
    async with session_of(visit) as session:
        ids = [UUID(each.plan.observer) for each in due]
        names = await pseudonyms_of(session, visit.who, ids)
    return [
        {
            "team": names[UUID(each.plan.observer)],
            "deployment": each.plan.deployment,
            "place": each.place,
            "area": each.area,
            "checklist": visit.checklist(each.plan.checklist),
            "since": visit.clock(each.plan.overdue),
            "sampled": each.sampled,
            "last": _last_call(visit, each.last),
        }
        for each in due
        if UUID(each.plan.observer) in names
    ]


def _last_call(visit: Visit, call: LastCall | None) -> str:
    if call is None:
        return visit.say(N_("never called"))
    return f"{visit.say(OUTCOME.get(call.outcome, call.outcome))}, {visit.clock(call.at)}"


@page(router, "/coverage.csv", right=Right.SEE_AGGREGATES, partners=True)
async def coverage_csv(visit: Visit) -> Response:
    """The same by area, as a file."""
    if visit.is_partner:
        file = as_csv(PARTNER_COLUMNS, await shared_coverage_rows(visit))
    else:
        file = as_csv(COLUMNS, _csv(await visit.ask(coverage_now)))
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
