"""Coverage: who is missing?"""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from analytics.coverage import Coverage
from analytics.figures import arrival_curve as draw_arrivals
from analytics.figures import coverage_bar
from api.pages.areas import area_rows, draw_map
from api.pages.page import Visit, page
from api.reading.export import as_csv
from api.reading.figures import (
    arrival_curve,
    coverage_by_area,
    coverage_by_checklist,
    coverage_by_hour,
    coverage_of_all,
)
from api.reading.tables import coverage_table
from api.reading.watch import Watch
from schemas.rights import Right

router = APIRouter()
COLUMNS = ("area", "expected", "received", "missing", "late", "held", "flagged", "unplanned")
OUTSIDE = ("area", "expected", "received")


@page(router, "/coverage", right=Right.SEE_AGGREGATES, partners=True)
async def coverage(visit: Visit) -> Response:
    """Areas least first, checklists, hours; to a partner the nation and the areas."""
    if not visit.watch.frame.expected:
        return visit.show("no_plan.html", "coverage")
    if not visit.everything:
        told = await visit.compute(lambda watch: coverage_table(watch, everything=False))
        areas = [
            {**each, "name": each["area"]["name"] if each["area"] else "–", "bar": _bar(each)}
            for each in told["areas"]
        ]
        return visit.show("coverage_outside.html", "coverage", told=told, areas=areas)
    return visit.show(
        "coverage.html", "coverage", **await visit.compute(lambda watch: _values(visit, watch))
    )


def _bar(row: Mapping[str, Any]) -> str:
    expected, received = row["expected"], row["received"]
    drawn = Coverage(
        group=row["area"] and row["area"]["code"], expected=expected, received=received,
        missing=expected - received, held=0, flagged=0, late=0, unplanned=0, set_aside=0,
    )  # fmt: skip
    return coverage_bar(drawn, label=row["area"]["name"] if row["area"] else "–", desc="")


def _values(visit: Visit, watch: Watch) -> dict[str, Any]:
    hours = sorted(coverage_by_hour(watch), key=lambda row: str(row.group))
    checklists = [
        (_title(visit, watch, str(row.group)), row, coverage_bar(row, label=str(row.group)))
        for row in coverage_by_checklist(watch)
    ]
    return {
        "nation": coverage_of_all(watch),
        "areas": area_rows(watch),
        "checklists": checklists,
        "hours": [
            (visit.clock(row.group), row, coverage_bar(row, label=visit.clock(row.group)))  # type: ignore[arg-type]
            for row in hours if row.expected or row.unplanned
        ],
        "arrivals": draw_arrivals(
            arrival_curve(watch), title=visit.say("Reports received against plan"),
            zone=visit.zone, plan_label=visit.say("plan"),
            received_label=visit.say("{count} received"),
        ),
        "map": draw_map(watch, visit.say("Reports received, by region")),
    }  # fmt: skip


def _title(visit: Visit, watch: Watch, checklist: str) -> str:
    rules = watch.frame.newest(checklist)
    return visit.title(rules.definition.title) if rules else checklist


@page(router, "/coverage.csv", right=Right.SEE_AGGREGATES, partners=True)
async def coverage_csv(visit: Visit) -> Response:
    """The same by area, as a file."""
    columns = COLUMNS if visit.everything else OUTSIDE
    rows = await visit.compute(lambda watch: _csv(visit, watch, columns))
    headers = {
        "Content-Disposition": 'attachment; filename="coverage.csv"',
        "Cache-Control": "private, no-store",
    }
    return Response(as_csv(columns, rows), media_type="text/csv; charset=utf-8", headers=headers)


def _csv(visit: Visit, watch: Watch, columns: tuple[str, ...]) -> list[list[object]]:
    if not visit.everything:
        told = coverage_table(watch, everything=False)["areas"]
        return [
            [each["area"]["name"] if each["area"] else "", each["expected"], each["received"]]
            for each in told
        ]
    return [
        [each.area.name if each.area else "", *(getattr(each.row, name) for name in columns[1:])]
        for each in coverage_by_area(watch)
    ]
