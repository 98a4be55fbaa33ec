"""The control room: what is happening, and how sure?"""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response

from analytics.figures import MapArea, area_map, coverage_bar, shapes_of
from analytics.figures import arrival_curve as draw_arrivals
from analytics.wording import ENGLISH, FORMATS
from api.pages.page import Visit, page
from api.pages.quick_count import contest_views
from api.pages.rows import stages
from api.reading.figures import (
    AreaCoverage,
    arrival_curve,
    coverage_by_area,
    coverage_by_checklist,
    coverage_of_all,
)
from api.reading.watch import Watch
from schemas.report import ReportStatus

router = APIRouter()
LEAST = 6
MOST_ROWS = 6
"""Rows of each stage on the first page; the rest is one click away."""


@dataclass(frozen=True)
class AreaRow:
    """An area's coverage with its picture."""

    name: str
    received: int
    expected: int
    late: int
    bar: str


@page(router, "/")
async def control_room(visit: Visit) -> Response:
    """The first page."""
    if visit.is_empty:
        opens = visit.watch.frame.polling.opens
        return visit.show("empty.html", "", expected=f"{opens:%H:%M}")
    values = await visit.compute(lambda watch: _values(visit, watch))
    return visit.show("control_room.html", "", **values)


def _values(visit: Visit, watch: Watch) -> dict[str, Any]:
    style = FORMATS.get(visit.language, ENGLISH)
    nation, areas = coverage_of_all(watch), coverage_by_area(watch)
    statuses = [each.status for each in watch.received.values()]
    rows, axis = stages(watch, visit.language)
    curve = arrival_curve(watch)
    zone = ZoneInfo(watch.frame.polling.zone)
    return {
        "summary": _summary(visit, watch, areas),
        "figures": [
            (style.whole(nation.received), visit.say("of {n} reports received").format(
                n=style.whole(nation.expected))),
            (style.whole(nation.late), visit.say("late over 60 min")),
            (style.whole(statuses.count(ReportStatus.HELD)), visit.say("in the holding pen")),
            (style.whole(statuses.count(ReportStatus.FLAGGED)), visit.say("flagged by a check")),
        ],
        "arrivals": draw_arrivals(curve, title=visit.say("Reports received"), zone=zone,
                                  plan_label=visit.say("plan")),
        "map": draw_map(watch, visit.say("Reports received, by region")),
        "areas": area_rows(areas)[:LEAST],
        "area_count": len(watch.frame.areas),
        "stages": [(stage.name, stage.rows[:MOST_ROWS]) for stage in rows],
        "axis_end": round(100 * axis.end),
        "row_count": sum(len(stage.rows) for stage in rows),
        "contests": contest_views(visit, watch),
    }  # fmt: skip


def _summary(visit: Visit, watch: Watch, areas: tuple[AreaCoverage, ...]) -> str:
    """One sentence: how many of the expected reports of each checklist have come, who is behind."""
    style = FORMATS.get(visit.language, ENGLISH)
    parts = []
    for row in coverage_by_checklist(watch):
        rules = watch.frame.newest(str(row.group))
        if rules is None or not row.expected:
            continue
        title = rules.definition.title
        parts.append(visit.say("{received} of {expected} reports on {checklist}").format(
            received=style.whole(row.received), expected=style.whole(row.expected),
            checklist=(title.get(visit.language) or title.get("en", "")).lower(),
        ))  # fmt: skip
    said = visit.say("Received: {parts}.").format(parts=", ".join(parts))
    behind = [each.area.name for each in areas if each.area and each.row.under_half]
    if behind:
        named = ", ".join(behind[:3])
        return f"{said} {visit.say('Below half: {areas}.').format(areas=named)}"
    return f"{said} {visit.say('No region is below half.')}"


def area_rows(areas: tuple[AreaCoverage, ...]) -> list[AreaRow]:
    """Areas, least covered first, each with its bar."""
    return [
        AreaRow(
            each.area.name, each.row.received, each.row.expected, each.row.late,
            coverage_bar(each.row, label=each.area.name),
        )
        for each in areas
        if each.area is not None
    ]  # fmt: skip


def draw_map(watch: Watch, title: str) -> str:
    """The map of coverage, where the areas have shapes; else nothing."""
    by_area = {each.area.id: each.row for each in coverage_by_area(watch) if each.area}
    shapes = [
        MapArea(area.name, shapes_of(area.shape), by_area[area.id])
        for area in watch.frame.areas
        if area.shape and area.id in by_area
    ]
    return area_map(shapes, title=title) if shapes else ""
