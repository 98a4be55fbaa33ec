"""Tallies that stand: kept up with the readings, so that a figure costs what changed.

Everything that rates rest on adds up over reports, or over stations by how many of their reports
answered and saw. What a changed report said before is taken out and what it says now put in; a
rebuild gives the same (tests/analytics/observation/test_standing.py).
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.observation.code_matrix import KIND_INDEX, KINDS, Readings
from analytics.observation.drawn_sample import AreaGroups, DrawnSample, StationGroups, drawn_for
from analytics.observation.held_rows import NO_PART, HeldRows
from analytics.observation.hour_sums import HourOf, HourSums
from analytics.observation.standing_agreement import Said, StandingAgreement
from analytics.observation.standing_alike import SaidAt
from analytics.observation.standing_part import StandingPart
from analytics.observation.standing_shares import StandingShares
from analytics.observation.tallies import Tallies, answered
from analytics.survey.design import Ints, Truths
from analytics.survey.proportions import Layout
from schemas.codes import STATUS_MASK, Status
from schemas.mission import Kind

VISITS = len(KINDS)
"""The first parts are the visits of each kind of observer, in the order of the kinds; after
them come the assigned visits of each kind's sample."""
CHUNK = 20_000
MOST = 2_000
"""Where more places are touched at once, agreement and hours are counted anew when asked."""
LAYOUTS = 6
"""So many layouts of samples in groups are kept."""


def sample_part(kind: Kind) -> int:
    """The part of the assigned visits of a kind's sample."""
    return VISITS + KIND_INDEX[kind]


class Standing:
    """The tallies of one checklist's readings. ``place_area`` gives each place's area (−1 none),
    ``samples`` at most one of each kind of observers."""

    def __init__(
        self, readings: Readings, place_area: Ints, areas: int, samples: Sequence[DrawnSample] = ()
    ) -> None:
        self._readings, self._areas, self.samples = readings, areas, tuple(samples)
        self._area_of = np.where(place_area >= 0, place_area, areas)
        self._drawn = [drawn_for(samples, kind) for kind in KINDS]
        self._shares: dict[tuple[int, int, bytes], StandingShares] = {}
        self._position = np.full((len(KINDS), len(place_area)), NO_PART, dtype=np.int64)
        for position, sample in zip(self._position, self._drawn, strict=True):
            if sample is not None:
                position[sample.place] = np.arange(len(sample))
        self._begin()

    def _begin(self) -> None:
        self.indicators = self._readings.indicators
        width = len(self.indicators)
        places = [len(self._area_of)] * VISITS + [len(each or ()) for each in self._drawn]
        self._folds = 0
        self._shares.clear()
        self._agreement: StandingAgreement | None = None
        self._hours: HourSums | None = None
        self._parts = [StandingPart.empty(self._areas, each, width) for each in places]
        self._held = HeldRows(len(self._area_of), width)

    def update(self) -> "Standing":
        """Take in what changed; a new indicator makes everything anew."""
        if self.indicators != self._readings.indicators:
            self._begin()
        changed = self._readings.changed_after(self._folds)
        self._folds = self._readings.folds
        self._held.reserve(len(self._readings))
        for start in range(0, len(changed), CHUNK):
            self._take_in(changed[start : start + CHUNK])
        return self

    def _take_in(self, rows: Ints) -> None:
        readings, held = self._readings, self._held
        place, arrived = readings.take("place", rows), readings.take("arrived", rows)
        touched = np.union1d(held.place[rows], place)
        touched = touched[touched >= 0]
        if len(touched) > MOST:
            self._agreement = self._hours = None
        agreement, hours = self._agreement, self._hours
        beside = rows if hours is None else hours.beside(held, rows, place, arrived)
        if agreement is not None:
            self._put(agreement, touched, -1)
        if hours is not None:
            hours.count(held, beside, -1)
            hours.arrive(rows, arrived)
        self._count(rows, -1)
        held.put(rows, readings.codes[rows], place, self._parts_of(rows, place))
        self._count(rows, 1)
        if agreement is not None:
            self._put(agreement, touched, 1)
        if hours is not None:
            hours.count(held, beside, 1)

    def _put(self, agreement: StandingAgreement, places: Ints, sign: int) -> None:
        domestic, international = (self._said_at(kind, places) for kind in KINDS)
        agreement.count(domestic, international, sign)

    def _parts_of(self, rows: Ints, place: Ints) -> Ints:
        kind = self._readings.take("kind", rows)
        part = kind.copy()
        if self.samples:
            own = (place >= 0) & (self._readings.take("assigned", rows) > 0)
            own &= self._position[kind, np.where(place >= 0, place, 0)] >= 0
            part[own] = VISITS + kind[own]
        part[self._readings.take("counted", rows) == 0] = NO_PART
        return part

    def _count(self, rows: Ints, sign: int) -> None:
        for number, part in enumerate(self._parts):
            own = rows[self._held.part[rows] == number]
            if len(own):
                self._add(number, part, own, sign)

    def _add(self, number: int, part: StandingPart, rows: Ints, sign: int) -> None:
        status = self._held.codes[rows] & np.uint8(STATUS_MASK)
        place = self._held.place[rows].astype(np.int64)
        part.sums.add(np.where(place >= 0, self._area_of[place], self._areas), status, sign)
        given, seen = answered(status), status == Status.IRREGULAR
        nowhere = place < 0
        part.sums.stations[-1] += sign * given[nowhere].sum(axis=0)
        part.sums.seen_stations[-1] += sign * seen[nowhere].sum(axis=0)
        self._add_at(number, part, place[~nowhere], given[~nowhere], seen[~nowhere], sign)

    def _add_at(
        self,
        number: int,
        part: StandingPart,
        place: Ints,
        given: NDArray[np.bool_],
        seen: NDArray[np.bool_],
        sign: int,
    ) -> None:
        """Count reports at their places, and places that begin or cease to have any."""
        if not len(place):
            return
        order = np.argsort(place, kind="stable")
        places, first = np.unique(place[order], return_index=True)
        area = self._area_of[places]
        if number >= VISITS:
            places = self._position[number - VISITS, places]
        part.reports_at[places] += sign * np.diff(np.append(first, len(place))).astype(np.int32)
        kept = [shares for (of, _, _), shares in self._shares.items() if of == number]
        was = part.said_at(places) if kept else None
        for at, stations, truths in (
            (part.answered_at, part.sums.stations, given),
            (part.seen_at, part.sums.seen_stations, seen),
        ):
            before = at[places].astype(np.int64)
            after = before + sign * np.add.reduceat(truths[order].astype(np.int64), first, axis=0)
            at[places] = after
            np.add.at(stations, area, (after > 0).astype(np.int64) - (before > 0))
        if was is not None:
            now = part.said_at(places)
            for shares in kept:
                shares.move(places, was, now)

    def columns(self, codes: list[str]) -> list[int]:
        """Where these indicators stand."""
        return [self.indicators.index(each) for each in codes]

    def reports(self, part: int, areas: AreaGroups | None) -> Ints:
        """Reports of a part by group."""
        return self._rolled(self._parts[part].sums.reports[:, None], areas)[:, 0]

    def tallies(self, part: int, areas: AreaGroups | None, columns: list[int]) -> Tallies:
        """What was said in a part, and at how many stations, by group."""
        sums = self._parts[part].sums
        return Tallies(
            self._rolled(sums.said[:, columns], areas),
            self._rolled(sums.stations[:, columns], areas),
        )

    def seen_stations(self, part: int, areas: AreaGroups | None, columns: list[int]) -> Ints:
        """Stations of a part where it was seen, by group and indicator."""
        return self._rolled(self._parts[part].sums.seen_stations[:, columns], areas)

    def part_of(self, rows: Ints) -> NDArray[np.int8]:
        """The part that each of these rows counts in: a kind's number, its sample's, or −1."""
        return self._held.part[rows]

    def rows_of(self, parts: Sequence[int]) -> Ints:
        """The rows that count in one of these parts."""
        wanted = np.zeros(len(self._parts) + 1, dtype=np.bool_)
        wanted[list(parts)] = True
        return np.flatnonzero(wanted[self._held.part[: len(self._readings)]])

    def drawn_for(self, kind: Kind) -> DrawnSample | None:
        """The sample of one kind of observers, if one was drawn."""
        return self._drawn[KIND_INDEX[kind]]

    def position(self, kind: Kind, places: Ints) -> Ints:
        """Where these places stand in a kind's sample; −1 where they were not drawn."""
        return np.asarray(self._position[KIND_INDEX[kind], places], dtype=np.int64)

    def shares(self, sample: DrawnSample, groups: StationGroups) -> StandingShares:
        """The stations of a sample in groups; the last few are kept, as pages ask them again."""
        key = sample_part(sample.kind), *groups.key
        found = self._shares.pop(key, None)
        self._shares[key] = found or StandingShares(
            Layout.of(sample.whole, groups.of, groups.count)
        )
        if len(self._shares) > LAYOUTS:
            del self._shares[next(iter(self._shares))]
        return self._shares[key]

    def reports_at_stations(self, kind: Kind) -> Ints:
        """Of each station of a kind's sample: its assigned reports."""
        return self._parts[sample_part(kind)].reports_at.astype(np.int64)

    def at_stations(self, kind: Kind) -> SaidAt:
        """What is said at each station of a kind's sample, of every indicator."""
        part = self._parts[sample_part(kind)]
        return SaidAt(part.answered_at, part.seen_at)

    def reported(self) -> Truths:
        """Of each place whether any report from it counts."""
        found: Truths = np.zeros(len(self._area_of), dtype=np.bool_)
        for kind, sample in zip(KINDS, self._drawn, strict=True):
            found |= self._parts[KIND_INDEX[kind]].reports_at > 0
            if sample is not None:
                found[sample.place] |= self._parts[sample_part(kind)].reports_at > 0
        return found

    def agreement(self) -> StandingAgreement:
        """What two kinds of observers say at the places from which both reported."""
        if self._agreement is None:
            found = self._agreement = StandingAgreement(len(self.indicators))
            every = np.arange(len(self._area_of))
            came = [self._counts(kind, lambda part: part.reports_at, every) > 0 for kind in KINDS]
            places = np.flatnonzero(np.logical_and.reduce(came))
            for start in range(0, len(places), CHUNK):
                self._put(found, places[start : start + CHUNK], 1)
        return self._agreement

    def hours(self, hour_of: HourOf) -> HourSums:
        """What is said in each hour of arrival, as of the last update."""
        if self._hours is None:
            layouts = [
                None
                if each is None
                else (Layout.of(each.whole, np.zeros(len(each), dtype=np.int64), 1), position)
                for each, position in zip(self._drawn, self._position, strict=True)
            ]
            self._hours = HourSums([None] * VISITS + layouts, len(self.indicators), hour_of)
            self._hours.fill(self._held, self._readings["arrived"])
        return self._hours

    def _said_at(self, kind: Kind, places: Ints) -> Said:
        """What a kind of observer says at places: seen where any of its visits saw it."""
        visits, sampled = self._parts[KIND_INDEX[kind]], self._parts[sample_part(kind)]
        at = self.position(kind, places)
        drawn = at >= 0
        seen, said = (each[places] > 0 for each in (visits.seen_at, visits.answered_at))
        seen[drawn] |= sampled.seen_at[at[drawn]] > 0
        said[drawn] |= sampled.answered_at[at[drawn]] > 0
        return np.where(seen, np.int8(1), said.astype(np.int8) - np.int8(1))

    def _counts(self, kind: Kind, of: Callable[[StandingPart], NDArray[Any]], places: Ints) -> Ints:
        """What is counted by place, of a kind's visits and of those of its sample."""
        found = of(self._parts[KIND_INDEX[kind]])[places].astype(np.int64)
        at = self.position(kind, places)
        found[at >= 0] += of(self._parts[sample_part(kind)])[at[at >= 0]]
        return found

    def _rolled(self, by_area: NDArray[np.int64], areas: AreaGroups | None) -> Ints:
        """Areas summed to groups; without groups everything, also what is nowhere."""
        if areas is None:
            return np.asarray(by_area.sum(axis=0, keepdims=True), dtype=np.int64)
        found = np.zeros((areas.count, *by_area.shape[1:]), dtype=np.int64)
        group = areas.group(np.arange(self._areas))
        np.add.at(found, group[group >= 0], by_area[:-1][group >= 0])
        return found
