"""The map's figures: stations and whether what was due has come, incidents, areas that differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any
from uuid import UUID

import numpy as np

from analytics.numbers import Estimate
from analytics.observation.breakdowns import LEAST_N
from analytics.observation.code_matrix import KIND_INDEX
from analytics.observation.coverage import GRACE
from analytics.observation.ids import micro, moment_of
from analytics.survey.design import Floats, Ints
from api.auth.principal import Principal
from api.figures.ask import figure
from api.figures.coverage import area_named, inside_area, matched
from api.figures.edition import Edition
from api.figures.incidents import incidents
from api.figures.irregularities import Irregularity, irregularities
from api.figures.rates import level, rates_by_area
from schemas.mission import Kind
from schemas.place import Area
from schemas.rights import Right

MOST_MARKS = 3_000
"""Of more stations the map of all areas shows none: those of the area that is chosen."""
LISTED, ALL_LISTED = 20, 2_000
"""So many stations are listed at first; so many at most where all are asked for."""
POSITIONS = """
SELECT id, latitude, longitude FROM place
WHERE mission_id = %(m)s AND latitude IS NOT NULL AND longitude IS NOT NULL"""


class StationState(IntEnum):
    """How a station's planned reports stand: something is late; what was due has come; nothing was
    due yet; it refused, was closed or unsafe, or its team was withdrawn."""

    LATE = 0
    TO_COME = 1
    RECEIVED = 2
    UNOBSERVED = 3


@dataclass(frozen=True)
class StationOnMap:
    """A station that reports were planned for. ``at`` is since when something is late, when the
    next is due, or when the last came."""

    code: str
    name: str
    state: StationState
    at: datetime | None
    is_on_map: bool


@dataclass(frozen=True)
class OpenIncident:
    """An open incident that somebody may see; without ``at`` it is not on the map."""

    report: UUID
    nature: str
    severity: int
    danger: bool
    state: str
    owner: str
    received_at: datetime
    station: str
    area: str
    at: tuple[float, float] | None


@dataclass(frozen=True)
class StationsOnMap:
    """The stations that reports were planned for, of one area or of all: ``listed`` the first in
    the order of their state, and ``count`` how many there are. ``points`` are to be drawn, by
    state, as (longitude, latitude); those of one area where all are ``too_many``."""

    points: dict[StationState, list[tuple[float, float]]]
    counts: dict[StationState, int]
    listed: tuple[StationOnMap, ...]
    without_position: int
    too_many: bool

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(self.counts.values())


@dataclass(frozen=True, eq=False)
class _Stations:
    """A row a station, in the order of places."""

    place: Ints
    state: Ints
    moment: Ints


@figure
def stations_on_map(
    edition: Edition, kind: Kind | None, code: str, most: int = LISTED
) -> StationsOnMap:
    """The stations in the area of this code, however deep, at most so many listed; all, where it
    is empty. Drawn are those of all areas, where they are not too many."""
    found, at = _stations(edition, kind), _positions(edition)
    areas = inside_area(edition, area_named(edition, code))
    here = np.ones(len(found.place), dtype=np.bool_)
    if areas is not None:
        here = np.isin(edition.reference.places.area[found.place], np.array([*areas]))
    known = ~np.isnan(at[found.place, 0])
    too_many = int(known.sum()) > MOST_MARKS
    drawn = known & here if too_many else known
    if int(drawn.sum()) > MOST_MARKS:
        drawn &= False
    place, state, moment = found.place[here], found.state[here], found.moment[here]
    order = np.lexsort((np.where(state == StationState.RECEIVED, -moment, moment), state))[:most]
    return StationsOnMap(
        {
            each: [(x, y) for x, y in at[found.place[drawn & (found.state == each)]].tolist()]
            for each in StationState
        },
        {each: int((state == each).sum()) for each in StationState},
        tuple(
            _listed(edition, int(place[n]), int(state[n]), int(moment[n]), bool(known[here][n]))
            for n in order.tolist()
        ),
        int((~known[here]).sum()),
        too_many,
    )


def _listed(edition: Edition, place: int, state: int, moment: int, known: bool) -> StationOnMap:
    station = edition.reference.places[place]
    at = moment_of(moment) if moment >= 0 else None
    return StationOnMap(station.code, station.name, StationState(state), at, known)


def _stations(edition: Edition, kind: Kind | None) -> _Stations:
    def make() -> _Stations:
        plan = matched(edition)
        expected, came = plan.expected, plan.record["came"]
        own = expected.place >= 0
        if kind is not None:
            own &= expected.kind == KIND_INDEX[kind]
        rows = np.flatnonzero(own)
        place, group = np.unique(expected.place[rows], return_inverse=True)
        met, open_ = plan.met[rows] >= 0, (plan.met[rows] < 0) & (plan.ended[rows] == 0)
        late = open_ & (expected.due[rows] < micro(edition.as_of - GRACE))
        any_met, any_open, any_late = (
            np.bincount(group[each], minlength=len(place)) > 0 for each in (met, open_, late)
        )
        state = np.full(len(place), int(StationState.UNOBSERVED))
        state[any_open] = StationState.TO_COME
        state[any_met] = StationState.RECEIVED
        state[any_late] = StationState.LATE
        moment = np.full(len(place), -1, dtype=np.int64)
        if met.any():
            np.maximum.at(moment, group[met], came[plan.met[rows[met]]])
        for which, of in ((StationState.TO_COME, open_), (StationState.LATE, late)):
            first = np.full(len(place), np.iinfo(np.int64).max)
            np.minimum.at(first, group[of], expected.due[rows[of]])
            moment = np.where(state == which, first, moment)
        return _Stations(place.astype(np.int64), state, moment)

    return edition.cached(("stations on map", kind), make)


def _positions(edition: Edition) -> Floats:
    """Longitude and latitude of every place; nothing (NaN) where it has none."""

    def make() -> Floats:
        places = edition.reference.places
        found = np.full((len(places), 2), np.nan)
        for each, latitude, longitude in edition.rows_of(POSITIONS):
            at = places.find(each)
            if at >= 0:
                found[at] = longitude, latitude
        return found

    return edition.once("positions", make)


@figure
def open_incidents(edition: Edition, who: Principal) -> tuple[OpenIncident, ...]:
    """The open incidents that somebody may see, danger first; none for whoever sees no reports."""
    if not who.may(Right.SEE_INCIDENTS):
        return ()
    reference, positions = edition.reference, _positions(edition)
    group = level(reference.areas)
    found = []
    for each in incidents(edition, who).shown:
        if not each.open:
            continue
        at = reference.place_at(each.place) if each.place else -1
        place = reference.places[at] if at >= 0 else None
        known = at >= 0 and not np.isnan(positions[at, 0])
        region = group[place.area] if place and place.area >= 0 else -1
        found.append(
            OpenIncident(
                each.report,
                each.nature,
                each.severity,
                each.in_danger,
                str(each.state),
                each.handling.owner or "",
                each.received_at,
                place.code if place else "",
                reference.areas[region].code if region >= 0 else "",
                (float(positions[at, 0]), float(positions[at, 1])) if known else None,
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class Differing:
    """An irregularity whose rate differs from the country's in some areas: those whose interval
    lies wholly outside the country's. ``tested`` areas have an estimate of their own."""

    irregularity: Irregularity
    nation: Estimate
    areas: tuple[tuple[Area, Estimate], ...]
    tested: int


@figure
def areas_that_differ(
    edition: Edition, kind: Kind | None, sections: Sequence[str]
) -> tuple[Differing, ...]:
    """The irregularities that differ from area to area: those in most areas first, then the
    gravest. Of the sample alone: from counts nothing follows for areas."""
    found = []
    for each in irregularities(edition, kind, sections):
        for rate in each.rates:
            if rate.part == "sample" and isinstance(rate.number, Estimate):
                made = _differing(edition, each, rate.kind, rate.number)
                if made.areas:
                    found.append(made)
    return tuple(
        sorted(found, key=lambda one: (-len(one.areas), -one.irregularity.indicator.severity))
    )


def _differing(edition: Edition, each: Irregularity, kind: Kind, nation: Estimate) -> Differing:
    areas: tuple[Any, ...] = edition.reference.areas
    own = [
        (areas[rate.area], rate.number)
        for rate in rates_by_area(edition, each.checklist)
        if rate.indicator == each.indicator.code
        and rate.kind == kind
        and rate.part == "sample"
        and rate.area is not None
        and rate.area >= 0
        and isinstance(rate.number, Estimate)
        and rate.number.n >= LEAST_N
    ]
    apart = tuple(
        (area, number)
        for area, number in own
        if number.low > nation.high or number.high < nation.low
    )
    return Differing(each, nation, apart, len(own))
