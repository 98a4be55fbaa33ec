"""Areas on a page: rows with a bar each, least covered first, and the map."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analytics.charts import MapArea, area_map, coverage_bar, shapes_of
from analytics.observation.coverage import Coverage
from api.figures.coverage import AreaCoverage
from api.figures.rates import has_parts
from schemas.place import Area


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


def draw_map(found: Iterable[AreaCoverage], areas: Iterable[Area], title: str) -> str:
    """The map of coverage, where the areas have shapes; else nothing."""
    by_area = {each.area.id: each.row for each in found if each.area}
    shapes = [
        MapArea(area.name, shapes_of(area.shape), by_area[area.id])
        for area in areas
        if area.shape and area.id in by_area
    ]
    return area_map(shapes, title=title) if shapes else ""
