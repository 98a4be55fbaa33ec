"""Coverage: who is missing?"""

from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response

from analytics.figures import arrival_curve as draw_arrivals
from analytics.figures import coverage_bar
from api.pages.control_room import area_rows, draw_map
from api.pages.page import Visit, page
from api.reading.export import as_csv
from api.reading.figures import (
    arrival_curve,
    coverage_by_area,
    coverage_by_checklist,
    coverage_by_hour,
    coverage_of_all,
)
from api.reading.watch import Watch

router = APIRouter()
COLUMNS = ("area", "expected", "received", "missing", "late", "held", "flagged", "unplanned")


@page(router, "/coverage")
async def coverage(visit: Visit) -> Response:
    """Areas least first, checklists, hours."""
    if not visit.watch.frame.expected:
        return visit.show("no_plan.html", "coverage")
    return visit.show("coverage.html", "coverage", **await visit.compute(
        lambda watch: _values(visit, watch)
    ))  # fmt: skip


def _values(visit: Visit, watch: Watch) -> dict[str, Any]:
    zone = ZoneInfo(watch.frame.polling.zone)
    titles = {
        name: rules.definition.title
        for name in watch.frame.checklists
        if (rules := watch.frame.newest(name))
    }
    return {
        "nation": coverage_of_all(watch),
        "areas": area_rows(coverage_by_area(watch)),
        "checklists": [
            (titles.get(str(row.group), {}).get(visit.language) or
             titles.get(str(row.group), {}).get("en", str(row.group)), row,
             coverage_bar(row, label=str(row.group)))
            for row in coverage_by_checklist(watch)
        ],
        "hours": [
            (f"{row.group.astimezone(zone):%H:%M}", row, coverage_bar(row, label=f"{row.group}"))  # type: ignore[attr-defined]
            for row in sorted(coverage_by_hour(watch), key=lambda row: str(row.group))
        ],
        "arrivals": draw_arrivals(
            arrival_curve(watch), title=visit.say("Reports received"), zone=zone,
            plan_label=visit.say("plan"),
        ),
        "map": draw_map(watch, visit.say("Reports received, by region")),
    }  # fmt: skip


@page(router, "/coverage.csv")
async def coverage_csv(visit: Visit) -> Response:
    """The same by area, as a file."""
    rows = [
        (each.area.name if each.area else "", *(getattr(each.row, name) for name in COLUMNS[1:]))
        for each in coverage_by_area(visit.watch)
    ]
    headers = {"Content-Disposition": 'attachment; filename="coverage.csv"'}
    return Response(as_csv(COLUMNS, rows), media_type="text/csv; charset=utf-8", headers=headers)
