"""The page Map: where reports are late, where what differs from the rest, where incidents are."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from analytics.observation.coverage import Coverage
from analytics.wording import say
from api.figures.ask import question
from api.figures.coverage import coverage_now
from api.figures.incidents import CHECKLIST, options
from api.figures.map import (
    ALL_LISTED,
    LISTED,
    Differing,
    OpenIncident,
    StationOnMap,
    StationState,
    areas_that_differ,
    open_incidents,
    stations_on_map,
)
from api.pages.incident_shown import STATES
from api.pages.map_drawn import MapShown, estimate_in, pictures, small_picture
from api.pages.page import PageRequest, serve_page
from api.pages.rows import phrase_of
from api.problems import NOT_FOUND, Problem
from schemas.desk import IncidentState
from schemas.mission import Kind
from schemas.place import Area
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
DIFFERING = 10
"""So many irregularities are offered."""
LAYERS = ("coverage", "irregularity", "incidents")
KINDS = (("", N_("All")), ("domestic", N_("Domestic")), ("international", N_("International")))
SAID = {
    StationState.LATE: N_("late since {at}"),
    StationState.TO_COME: N_("due {at}"),
    StationState.RECEIVED: N_("received {at}"),
    StationState.UNOBSERVED: N_("could not be observed"),
}


@serve_page(router, "/map", right=Right.SEE_AGGREGATES)
async def shown_map(page: PageRequest) -> Response:
    """One layer over the areas, the stations and open incidents on it; beside it the same as a
    list, of the area that is chosen or of all."""
    found = await _read(page)
    return page.show(
        "map.html",
        "map",
        kind=found.kind,
        whose=_whose(page, found),
        heading=_heading(page, found),
        layers=_layers(page, found),
        layer=found.layer,
        again=_address(page, found, stations=page.request.query_params.get("stations", "")),
        whole=_address(page, found, area=None),
        area=found.area,
        row=_row(found),
        areas=[
            {
                "name": each.area.name,
                "row": each.row,
                "differs": estimate_in(page, found, each.area),
                "incidents": sum(one.area == each.area.code for one in found.incidents),
                "address": _address(page, found, area=each.area),
            }
            for each in found.now.areas
            if each.area
        ],
        stations=[_station(page, each) for each in found.stations.listed] if found.area else [],
        count=found.stations.count,
        every=_address(page, found, stations="all"),
        counts={state.name.lower(): n for state, n in found.stations.counts.items()},
        unplaced=found.stations.without_position,
        too_many=found.stations.too_many,
        incidents=[_incident(page, each) for each in _incidents_here(found)],
        differing=_choices(page, found),
        maps=pictures(
            page,
            found,
            _heading(page, found),
            lambda area: _address(page, found, area=area),
        ),
        shapes=any(each.area and each.area.shape for each in found.now.areas),
        may_call=page.who.may(Right.SEE_PEOPLE),
        may_send=page.who.may(Right.CLOSE_AREAS),
        may_read=page.who.may(Right.SEE_REPORTS),
    )


async def _read(page: PageRequest) -> MapShown:
    asked = page.request.query_params
    kind = Kind(asked["kind"]) if asked.get("kind") in set(Kind) else None
    code = asked.get("area", "")
    area = page.facts.area(code) if code else None
    if code and area is None:
        raise Problem(NOT_FOUND)
    whole = asked.get("stations") == "all"
    now, stations, incidents, differing = (
        await page.ask_together(
            question(coverage_now, kind),
            question(stations_on_map, kind, code, ALL_LISTED if whole else LISTED),
            question(open_incidents, page.who),
            question(areas_that_differ, kind, page.who.sections),
        )
    ).values
    named = [each for each in differing if _key(each) == asked.get("indicator")]
    layer = asked.get("layer", "")
    return MapShown(
        now,
        stations,
        incidents,
        differing,
        (named or [*differing] or [None])[0],
        layer if layer in LAYERS else LAYERS[0],
        area,
        kind,
    )


def _key(each: Differing) -> str:
    return f"{each.irregularity.checklist}~{each.irregularity.indicator.code}"


def _address(page: PageRequest, found: MapShown, **other: Any) -> str:
    """This page with something else asked for."""
    given: dict[str, Any] = {
        "layer": found.layer,
        "area": found.area,
        "kind": found.kind,
        "indicator": page.request.query_params.get("indicator", ""),
        "stations": "",
    } | other
    given["area"] = given["area"].code if given["area"] else ""
    if given["layer"] == LAYERS[0]:
        given["layer"] = ""
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{page.base}/map{'?' + query if query else ''}"


def _whose(page: PageRequest, found: MapShown) -> list[dict[str, Any]]:
    return [
        {
            "word": page.say(words),
            "address": _address(page, found, kind=name),
            "chosen": (found.kind or "") == name,
        }
        for name, words in KINDS
    ]


def _heading(page: PageRequest, found: MapShown) -> str:
    """The finding of the layer, in a sentence."""
    if found.layer == "irregularity":
        if found.chosen is None:
            return page.say(N_("No irregularity differs from region to region"))
        words = page.say(N_("{words}: different from the whole in {areas}"))
        return words.format(
            words=phrase_of(found.chosen.irregularity.indicator, page.language),
            areas=_named(page, [area for area, _ in found.chosen.areas]),
        )
    if found.layer == "incidents":
        return _incidents_said(page, found)
    behind = [each.area for each in found.now.areas if each.area and each.row.under_half]
    if behind:
        words = page.say(N_("Below half of the plan: {areas}"))
        return words.format(areas=_named(page, behind))
    return page.say(N_("No region is below half"))


def _named(page: PageRequest, areas: Sequence[Area]) -> str:
    """The first three by name, and how many more there are."""
    first = page.listed([each.name for each in areas[:3]])
    if len(areas) <= 3:
        return first
    words = page.say(N_("{words}, and {n} more"))
    return words.format(words=first, n=page.style.whole(len(areas) - 3))


def _incidents_said(page: PageRequest, found: MapShown) -> str:
    count, danger = len(found.incidents), sum(each.danger for each in found.incidents)
    if not count:
        return page.say(N_("No open incident"))
    said = page.say(N_("Open incidents: {n}")).format(n=page.style.whole(count))
    if not danger:
        return said
    more = page.say(N_("with somebody in danger: {n}")).format(n=page.style.whole(danger))
    return page.listed([said, more])


def _layers(page: PageRequest, found: MapShown) -> list[dict[str, Any]]:
    """The layer switch: a small map and a sentence each."""
    nation = found.now.nation
    of = page.say(N_("{received} of {expected} reports")).format(
        received=page.style.whole(nation.received), expected=page.style.whole(nation.expected)
    )
    differ = page.say(N_("no region differs from the whole"))
    if found.chosen is not None:
        words = page.say(N_("{words}: {n} regions differ from the whole"))
        differ = words.format(
            words=phrase_of(found.chosen.irregularity.indicator, page.language),
            n=page.style.whole(len(found.chosen.areas)),
        )
    said = {
        "coverage": (page.say(N_("Coverage")), of),
        "irregularity": (page.say(N_("Irregularity")), differ),
        "incidents": (page.say(N_("Incidents")), _incidents_said(page, found)),
    }
    return [
        {
            "title": said[name][0],
            "says": said[name][1],
            "key": number,
            "chosen": name == found.layer,
            "address": _address(page, found, layer=name),
            "picture": small_picture(found, name, said[name]),
        }
        for number, name in enumerate(LAYERS, 1)
    ]


def _choices(page: PageRequest, found: MapShown) -> list[dict[str, Any]]:
    """The irregularities that differ somewhere, to choose from."""
    if found.layer != "irregularity":
        return []
    return [
        {
            "words": phrase_of(each.irregularity.indicator, page.language),
            "checklist": page.checklist(each.irregularity.checklist),
            "severity": each.irregularity.indicator.severity,
            "regions": len(each.areas),
            "tested": each.tested,
            "nation": say(each.nation, style=page.style).text,
            "chosen": each is found.chosen,
            "address": _address(page, found, indicator=_key(each)),
            "all": f"irregularities/{each.irregularity.indicator.code}",
        }
        for each in found.differing[:DIFFERING]
    ]


def _row(found: MapShown) -> Coverage | None:
    """Coverage of the area that is chosen."""
    chosen = found.area
    return next(
        (
            each.row
            for each in found.now.areas
            if chosen and each.area and each.area.id == chosen.id
        ),
        None,
    )


def _station(page: PageRequest, each: StationOnMap) -> dict[str, Any]:
    return {
        "code": each.code,
        "name": each.name,
        "state": each.state.name.lower(),
        "says": page.say(SAID[each.state]).format(at=page.when(each.at)),
    }


def _incidents_here(found: MapShown) -> Iterable[OpenIncident]:
    own = found.area.code if found.area else None
    return [each for each in found.incidents if own in (None, each.area)]


def _incident(page: PageRequest, each: OpenIncident) -> dict[str, Any]:
    natures: Mapping[str, Any] = options(page.facts.newest(CHECKLIST), "nature")
    label = natures.get(each.nature)
    report: UUID = each.report
    return {
        "link": f"incidents/{report}",
        "severity": each.severity,
        "danger": each.danger,
        "words": page.title(label) if label else each.nature or page.say("Incident"),
        "station": each.station,
        "state": page.say(STATES[IncidentState(each.state)]),
        "owner": each.owner or page.say(N_("no owner yet")),
        "when": page.ago(each.received_at),
        "on_map": each.at is not None,
    }
