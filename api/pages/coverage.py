"""Coverage: who is missing?"""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlmodel import col

from analytics.charts import arrival_curve as draw_arrivals
from analytics.charts import coverage_bar
from analytics.observation.dispositions import Disposition
from api.auth.visible import visible_observers
from api.figures.export import as_csv
from api.figures.figures import (
    arrival_curve,
    coverage_by_area,
    coverage_by_checklist,
    coverage_by_hour,
    coverage_of_all,
    dispositions,
    to_call,
)
from api.figures.role_tables import access_denied
from api.figures.watch import Watch
from api.pages.areas import area_rows, draw_map
from api.pages.deployment import OUTCOME
from api.pages.page import Visit, page
from api.pages.rows import STAGES
from api.pages.shared import OUTSIDE, shared_coverage, shared_coverage_rows
from api.pages.statements import session_of
from api.problems import NOT_FOUND, Problem
from schemas.observer import Observer
from schemas.place import Area
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
CALLED = 12
"""So many of those to be called stand on the page."""
STANDING = (
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
    if not visit.watch.frame.expected:
        return visit.show("no_plan.html", "coverage")
    code = visit.request.query_params.get("area", "")
    within = next((each for each in visit.watch.frame.areas if each.code == code), None)
    if code and within is None:
        raise Problem(NOT_FOUND)
    values = await visit.compute(lambda watch: _values(visit, watch, within))
    calls = await _calls(visit, within) if visit.who.may(Right.SEE_PEOPLE) else []
    return visit.show("coverage.html", "coverage", calls=calls, **values)


def _values(visit: Visit, watch: Watch, within: Area | None) -> dict[str, Any]:
    hours = sorted(coverage_by_hour(watch, within), key=lambda row: str(row.group))
    checklists = [
        (visit.checklist(str(row.group)), row, coverage_bar(row, label=str(row.group)))
        for row in coverage_by_checklist(watch)
    ]
    return {
        "nation": coverage_of_all(watch),
        "dispositions": [visit.say(words) for _, words in STANDING],
        "areas": area_rows(watch, within),
        "within": within,
        "standing": _standing(visit, watch),
        "denied": access_denied(watch),
        "checklists": checklists,
        "hours": [
            (visit.clock(row.group), row, coverage_bar(row, label=visit.clock(row.group)))  # type: ignore[arg-type]
            for row in hours
            if row.expected or row.unplanned
        ],
        "arrivals": draw_arrivals(
            arrival_curve(watch),
            title=visit.say("Reports received against plan"),
            zone=visit.zone,
            plan_label=visit.say("plan"),
            received_label=visit.say("{count} received"),
        ),
        "map": draw_map(watch, visit.say("Reports received, by region")),
    }


def _standing(visit: Visit, watch: Watch) -> list[dict[str, Any]]:
    """How the teams' plans stand, in all and by stage."""
    rows = [(visit.say(N_("All stages")), each) for each in dispositions(watch)]
    by_stage = {each.group: each for each in dispositions(watch, "stage")}
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
            "counts": [each.plans[one] for one, _ in STANDING],
        }
        for name, each in rows
    ]


async def _calls(visit: Visit, within: Area | None) -> list[dict[str, Any]]:
    """Whom to call next: sampled stations first, then who is overdue the longest."""
    frame = visit.watch.frame
    due = await visit.compute(lambda watch: to_call(watch, CALLED, within))
    async with session_of(visit) as session:
        query = visible_observers(visit.who).where(
            col(Observer.id).in_([UUID(each.observer) for each in due])
        )
        names = {each.id: each.pseudonym for each in (await session.execute(query)).scalars()}
    return [
        {
            "team": names[UUID(each.observer)],
            "deployment": each.deployment,
            "place": frame.places[each.place] if each.place is not None else None,
            "area": frame.areas[each.area].name if each.area >= 0 else "",
            "checklist": visit.checklist(each.checklist),
            "since": visit.clock(each.overdue),
            "sampled": each.place in frame.sampled,
            "last": _last_call(visit, each.deployment),
        }
        for each in due
        if UUID(each.observer) in names
    ]


def _last_call(visit: Visit, deployment: str) -> str:
    call = visit.watch.calls.get(deployment)
    if call is None:
        return visit.say(N_("never called"))
    return f"{visit.say(OUTCOME.get(call.outcome, call.outcome))}, {visit.clock(call.at)}"


@page(router, "/coverage.csv", right=Right.SEE_AGGREGATES, partners=True)
async def coverage_csv(visit: Visit) -> Response:
    """The same by area, as a file."""
    if visit.is_partner:
        file = as_csv(OUTSIDE, await shared_coverage_rows(visit))
    else:
        file = as_csv(COLUMNS, await visit.compute(_csv))
    headers = {
        "Content-Disposition": 'attachment; filename="coverage.csv"',
        "Cache-Control": "private, no-store",
    }
    return Response(file, media_type="text/csv; charset=utf-8", headers=headers)


def _csv(watch: Watch) -> list[list[object]]:
    return [
        [each.area.name if each.area else "", *(getattr(each.row, name) for name in COLUMNS[1:])]
        for each in coverage_by_area(watch)
    ]
