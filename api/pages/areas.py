"""Areas on a page: rows with a bar each, least covered first, and the map."""

from dataclasses import dataclass

from analytics.charts import MapArea, area_map, coverage_bar, shapes_of
from analytics.observation.coverage import Coverage
from api.figures.areas import has_parts
from api.figures.figures import coverage_by_area
from api.figures.watch import Watch
from schemas.place import Area


@dataclass(frozen=True)
class AreaRow:
    """An area's coverage with its picture; ``parted`` where other areas lie in it."""

    code: str
    name: str
    row: Coverage
    bar: str
    parted: bool


def area_rows(watch: Watch, within: Area | None = None) -> list[AreaRow]:
    """Areas of one level, least covered first, each with its bar."""
    parted = has_parts(watch.frame.areas)
    return [
        AreaRow(
            each.area.code,
            each.area.name,
            each.row,
            coverage_bar(each.row, label=each.area.name),
            each.area.id in parted and each.area is not within,
        )
        for each in coverage_by_area(watch, within)
        if each.area is not None
    ]


def draw_map(watch: Watch, title: str) -> str:
    """The map of coverage, where the areas have shapes; else nothing."""
    by_area = {each.area.id: each.row for each in coverage_by_area(watch) if each.area}
    shapes = [
        MapArea(area.name, shapes_of(area.shape), by_area[area.id])
        for area in watch.frame.areas
        if area.shape and area.id in by_area
    ]
    return area_map(shapes, title=title) if shapes else ""
