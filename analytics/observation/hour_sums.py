"""What the visits of each hour say, kept up with the readings.

A station may have visits in several hours, and is a station in each of them. Rows are counted
together with all others of their station and hour.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from analytics.observation.held_rows import NO_PART, HeldRows
from analytics.observation.standing_alike import SaidAt, StandingAlike
from analytics.observation.standing_part import Sums
from analytics.observation.tallies import answered
from analytics.survey.design import Ints
from analytics.survey.proportions import Layout, Proportions
from schemas.codes import STATUS_MASK, Status

HOURS = 24
UNKNOWN = -1
CHUNK = 20_000
HourOf = Callable[[Ints], Ints]
"""Turns arrivals into hours; −1 unknown."""


class HourSums:
    """Sums by hour, of each part of a checklist's visits, and of a sample's part its stations.

    ``layouts`` has an entry a part: the stations of its sample, all in one group, and where each
    place stands among them (−1 not drawn); None where it is of no sample.
    """

    def __init__(
        self, layouts: Sequence[tuple[Layout, Ints] | None], width: int, hour_of: HourOf
    ) -> None:
        self._layouts, self._width, self._hour_of = layouts, width, hour_of
        self.parts = [Sums.empty(HOURS, width) for _ in layouts]
        self._alike: dict[tuple[int, int], StandingAlike | None] = {}
        self._hour = np.zeros(0, dtype=np.int8)
        self._touched: set[int] = set()

    def fill(self, held: HeldRows, arrived: Ints) -> None:
        """Count all rows. ``arrived`` is of each."""
        rows = np.arange(len(arrived))
        self.arrive(rows, arrived)
        key = np.where(held.place[rows] < 0, UNKNOWN - rows, _key(held.place[rows], self._hour))
        order = np.argsort(key, kind="stable")
        cuts = np.searchsorted(key[order], key[order][CHUNK::CHUNK])
        for some in np.split(rows[order], cuts):
            self.count(held, some, 1)

    def beside(self, held: HeldRows, rows: Ints, place: Ints, arrived: Ints) -> Ints:
        """These rows, and those of the stations and hours that they were of, and will be."""
        self._reserve(rows)
        before = _key(held.place[rows], self._hour[rows])
        after = _key(place, self._hour_of(arrived))
        places = np.union1d(held.place[rows], place)
        near = held.at(places[places >= 0])
        same = np.isin(_key(held.place[near], self._hour[near]), np.append(before, after))
        return np.union1d(rows, near[same])

    def arrive(self, rows: Ints, arrived: Ints) -> None:
        """When these rows arrived, from now on: none of them is counted now."""
        self._reserve(rows)
        self._hour[rows] = self._hour_of(arrived)

    def _reserve(self, rows: Ints) -> None:
        more = int(rows.max(initial=-1)) + 1 - len(self._hour)
        if more > 0:
            room = max(more, len(self._hour))
            self._hour = np.pad(self._hour, (0, room), constant_values=UNKNOWN)

    def count(self, held: HeldRows, rows: Ints, sign: int) -> None:
        """Put rows in, or take them out: of a station in an hour all, or none."""
        part = np.where(self._hour[rows] == UNKNOWN, NO_PART, held.part[rows])
        for number, layout in enumerate(self._layouts):
            own = rows[part == number]
            if len(own):
                place = held.place[own].astype(np.int64)
                station = place if layout is None else layout[1][place]
                self._count(
                    number,
                    self._hour[own].astype(np.int64),
                    station,
                    held.codes[own] & np.uint8(STATUS_MASK),
                    sign,
                )

    def _count(
        self, part: int, hour: Ints, station: Ints, status: NDArray[np.uint8], sign: int
    ) -> None:
        self.parts[part].add(hour, status, sign)
        apart = np.where(station < 0, UNKNOWN - np.arange(len(station)), station)
        order = np.lexsort((apart, hour))
        status, hour, apart = status[order], hour[order], apart[order]
        first = np.flatnonzero(np.r_[True, (np.diff(hour) != 0) | (np.diff(apart) != 0)])
        given, seen = (
            np.add.reduceat(each, first, axis=0, dtype=np.uint16)
            for each in (answered(status), status == Status.IRREGULAR)
        )
        stations = station[order][first]
        hours, starts = np.unique(hour[first], return_index=True)
        ends = np.append(starts[1:], len(first))
        for at, *ends_at in zip(hours.tolist(), starts.tolist(), ends.tolist(), strict=True):
            here = slice(*ends_at)
            said = SaidAt(given[here], seen[here])
            self._count_stations(part, at, stations[here], said, sign)

    def _count_stations(
        self, part: int, hour: int, stations: Ints, said: SaidAt, sign: int
    ) -> None:
        sums = self.parts[part]
        sums.stations[hour] += sign * (said.answered > 0).sum(axis=0)
        sums.seen_stations[hour] += sign * (said.seen > 0).sum(axis=0)
        self._touched.add(hour)
        layout = self._layouts[part]
        if layout is not None:
            self._move((part, hour), layout[0], stations, said, sign)

    def _move(
        self, key: tuple[int, int], layout: Layout, stations: Ints, said: SaidAt, sign: int
    ) -> None:
        """Stations of a sample in an hour: from those where nothing is said, or back to them."""
        if key not in self._alike:
            can = layout.single and len(layout.kept) and layout.few(1)
            self._alike[key] = StandingAlike.of_silent(layout, self._width) if can else None
        alike = self._alike[key]
        if alike is not None and alike.holds(said):
            alike.count(stations, said, sign)
            alike.count(stations, SaidAt(*map(np.zeros_like, said)), -sign)
        else:
            self._alike[key] = None

    def moved(self) -> list[int]:
        """The hours in which something changed since this was last asked."""
        hours = sorted(self._touched)
        self._touched.clear()
        return hours

    def rows(self, hour: int) -> Ints:
        """The rows that arrived in an hour, counted or not."""
        return np.flatnonzero(self._hour == hour)

    def shares(self, part: int, hour: int, columns: list[int], level: float) -> Proportions | None:
        """The shares of a sample's stations in an hour; None where these are not alike, and have
        to be summed."""
        alike = self._alike.get((part, hour))
        return None if alike is None else alike.estimate(columns, level)


def _key(place: NDArray[np.int32] | Ints, hour: NDArray[np.int8] | Ints) -> Ints:
    """A number for each place in each hour, also the unknown."""
    return place.astype(np.int64) * (HOURS + 1) + hour + 1
