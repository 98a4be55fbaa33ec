"""The pictures of the page Map: a layer over the areas, wide and for a phone, and small ones."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from analytics.charts import (
    AreaLayer,
    DrawnArea,
    IncidentMark,
    StationMarks,
    layered_map,
    shapes_of,
    small_map,
)
from analytics.observation.coverage import Coverage
from analytics.wording import say
from api.figures.coverage import AreaCoverage, CoverageNow
from api.figures.map import Differing, OpenIncident, StationsOnMap, StationState
from api.pages.page import PageRequest
from schemas.mission import Kind
from schemas.place import Area
from schemas.words import N_

WIDE, PHONE = 720.0, 328.0
MOST = 0.75
"""From this share of its plan on an area has the second step of the ramp."""


@dataclass(frozen=True)
class MapShown:
    """What the page shows, as it was asked for together: ``chosen`` is the irregularity of its
    layer."""

    now: CoverageNow
    stations: StationsOnMap
    incidents: tuple[OpenIncident, ...]
    differing: tuple[Differing, ...]
    chosen: Differing | None
    layer: str
    area: Area | None
    kind: Kind | None


def small_picture(found: MapShown, layer: str, said: tuple[str, str]) -> str:
    """A layer as its button shows it; nothing where no area has a shape."""
    areas = _drawn(found, layer, lambda _: "", lambda _: "")
    marks = _marks(found) if layer == "incidents" else ()
    return small_map(areas, marks, title=said[0], desc=said[1]) if areas else ""


def _drawn(found: MapShown, layer: str, figures: Any, address: Any) -> list[DrawnArea]:
    """The areas that have a shape, as a layer shows them."""
    chosen = found.area.code if found.area else None
    differ = {area.id for area, _ in found.chosen.areas} if found.chosen else set()
    return [
        DrawnArea(
            each.area.name,
            figures(each),
            shapes_of(each.area.shape),
            _ground(layer, each.row, differs=each.area.id in differ),
            address(each.area),
            each.area.code == chosen,
        )
        for each in sorted(
            found.now.areas, key=lambda one: bool(one.area and one.area.code == chosen)
        )
        if each.area and each.area.shape
    ]


def _ground(layer: str, row: Coverage, *, differs: bool) -> AreaLayer:
    if layer == "irregularity":
        return "differs" if differs else "plain"
    if layer == "incidents" or row.share is None:
        return "plain"
    if row.under_half:
        return "under_half"
    return "some" if row.share < MOST else "most"


def pictures(
    page: PageRequest, found: MapShown, title: str, address: Callable[[Area], str]
) -> dict[str, str]:
    """The map, and the one of a phone: without stations until an area is chosen, which fills it."""

    def figures(each: AreaCoverage) -> str:
        if found.layer == "irregularity" and each.area is not None:
            return estimate_in(page, found, each.area) or page.say(N_("not different"))
        if found.layer == "incidents" and each.area is not None:
            here = sum(one.area == each.area.code for one in found.incidents)
            return page.style.whole(here) if here else ""
        return f"{each.row.received}/{each.row.expected}" if each.row.expected else "–"

    areas = _drawn(found, found.layer, figures, address)
    if not areas:
        return {}
    desc = page.say(N_("The list beside the map says the same."))
    points = found.stations.points
    marks = StationMarks(
        points[StationState.RECEIVED],
        points[StationState.TO_COME],
        points[StationState.LATE],
        points[StationState.UNOBSERVED],
    )
    if found.layer != "coverage":
        marks = StationMarks()
    chosen = found.area and next((each for each in areas if each.chosen), None)
    return {
        "wide": layered_map(areas, marks, _marks(found), title=title, desc=desc, width=WIDE),
        "phone": layered_map(
            areas,
            marks if chosen else StationMarks(),
            _marks(found, named=bool(chosen)),
            width=PHONE,
            frame=chosen.rings if chosen else (),
            title=title,
            desc=desc,
        ),
    }


def _marks(found: MapShown, *, named: bool = True) -> list[IncidentMark]:
    return [
        IncidentMark(each.at, each.severity, each.station if named else "")
        for each in reversed(found.incidents)
        if each.at is not None
    ]


def estimate_in(page: PageRequest, found: MapShown, area: Area) -> str:
    """What the irregularity of the layer is in an area that differs; nothing in others."""
    if found.layer != "irregularity" or found.chosen is None:
        return ""
    own = [number for each, number in found.chosen.areas if each.id == area.id]
    return say(own[0], style=page.style).text if own else ""
