"""Rates by the hour of each visit, kept up with the readings: only the hours of which something
changed are reckoned again.

Hours are the visits' own, so that a station may have visits in several; the sample's are domains
of the whole design. It is what :func:`analytics.irregularities.irregularities_in` gives of all
visits (tests/analytics/test_hours.py).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.design import Ints
from analytics.estimates import estimate_proportions
from analytics.irregularities import Found, Rate, rate_of
from analytics.readings import KINDS, Readings
from analytics.standing import Standing, sample_part
from analytics.tallies import Tallies, answered, tally
from schemas.checklist import Indicator
from schemas.codes import STATUS_MASK, Status
from schemas.mission import Kind

UNKNOWN = -1


@dataclass(frozen=True)
class _Hour:
    """What was said in one hour: the rates of each kind's visits, and what its sample's say (None:
    nothing), of which the response is that of the whole sample, and may move."""

    visits: tuple[tuple[Rate, ...], ...]
    samples: tuple[Found | None, ...]


class StandingHours:
    """The rates of one checklist by hour. ``hour_of`` turns arrivals into hours (−1 unknown)."""

    def __init__(
        self, readings: Readings, standing: Standing, hour_of: Callable[[Ints], Ints]
    ) -> None:
        self._readings, self._standing, self._hour_of = readings, standing, hour_of
        self._folds = 0
        self._hour = np.zeros(0, dtype=np.int8)
        self._codes: tuple[str, ...] = ()
        self._kept: dict[int, _Hour] = {}

    def rates(
        self, indicators: Sequence[Indicator], *, threshold: float = 0.8, level: float = 0.95
    ) -> tuple[Rate, ...]:
        """The rates as of the last update of the tallies; ``Rate.area`` is the hour."""
        held = [each for each in indicators if each.code in self._standing.indicators]
        columns = self._standing.columns([each.code for each in held])
        for hour in self._touched(tuple(each.code for each in held)):
            self._kept[hour] = self._reckon(hour, held, columns, level)
        found, whole = list[Rate](), {kind: self._whole(kind) for kind in KINDS}
        for hour, said in sorted(self._kept.items()):
            found += self._of_hour(hour, said, held, threshold, whole)
        return tuple(found)

    def _touched(self, codes: tuple[str, ...]) -> list[int]:
        """The hours in which something changed; all of them where other indicators are asked."""
        readings = self._readings
        changed = readings.changed_after(self._folds)
        self._folds = readings.folds
        more = len(readings) - len(self._hour)
        self._hour = np.pad(self._hour, (0, more), constant_values=UNKNOWN)
        before = self._hour[changed]
        self._hour[changed] = self._hour_of(readings.take("arrived", changed))
        touched = np.append(before, self._hour[changed])
        if codes != self._codes:
            self._codes, touched = codes, self._hour
        hours: list[int] = np.unique(touched[touched >= 0]).tolist()
        return hours

    def _reckon(
        self, hour: int, held: Sequence[Indicator], columns: list[int], level: float
    ) -> _Hour:
        rows = np.flatnonzero(self._hour == hour)
        part = self._standing.part_of(rows)
        counted = (self._visits(rows[part == index], columns) for index in range(len(KINDS)))
        visits = (
            () if here is None else tuple(
                rate_of(each, kind, "visits", hour, here, (0, column), "not_a_sample")
                for column, each in enumerate(held)
            )
            for kind, here in zip(KINDS, counted, strict=True)
        )  # fmt: skip
        samples = (
            self._sample(kind, rows[part == sample_part(kind)], columns, level) for kind in KINDS
        )
        return _Hour(tuple(visits), tuple(samples))

    def _status(self, rows: Ints, columns: list[int]) -> NDArray[np.uint8]:
        codes = self._readings.codes[rows]
        if columns != list(range(codes.shape[1])):
            codes = codes[:, columns]
        return codes & np.uint8(STATUS_MASK)

    def _visits(self, rows: Ints, columns: list[int]) -> Tallies | None:
        if not len(rows):
            return None
        nothing, place = np.zeros(len(rows), dtype=np.int64), self._readings.take("place", rows)
        return tally(self._status(rows, columns), nothing, place, 1)

    def _sample(self, kind: Kind, rows: Ints, columns: list[int], level: float) -> Found | None:
        """The hour as a domain of the whole design: stations without a visit are outside it."""
        sample = self._standing.drawn_for(kind)
        if sample is None or not len(rows):
            return None
        status = self._status(rows, columns)
        station = self._standing.position(kind, self._readings.take("place", rows))
        stations, at = np.unique(station, return_inverse=True)
        given, seen = (_summed(at, len(stations), each)
                       for each in (answered(status), status == Status.IRREGULAR))  # fmt: skip
        group = np.full(len(sample), -1, dtype=np.int64)
        group[stations] = 0
        shares = estimate_proportions(
            _spread(stations, seen, len(sample)), _spread(stations, given, len(sample)),
            sample.whole, group, 1, level,
        )  # fmt: skip
        said = tally(status, np.zeros(len(rows), dtype=np.int64), station, 1)
        one = np.ones(1, dtype=np.int64)
        return Found(said, shares, (seen > 0).sum(axis=0)[None, :], drawn=one, reported=one,
                     population=None, design="", of_visits=True)  # fmt: skip

    def _of_hour(
        self, hour: int, said: _Hour, held: Sequence[Indicator], threshold: float,
        whole: Mapping[Kind, dict[str, Any]],
    ) -> list[Rate]:  # fmt: skip
        found: list[Rate] = []
        for kind, visits, sample in zip(KINDS, said.visits, said.samples, strict=True):
            if sample is not None:
                of_now = replace(sample, **whole[kind])
                found += [of_now.rate(each, kind, hour, (0, column), threshold)
                          for column, each in enumerate(held)]  # fmt: skip
            found += visits
        return found

    def _whole(self, kind: Kind) -> dict[str, Any]:
        """The response of the whole sample as it is now, and the design in words."""
        sample = self._standing.drawn_for(kind)
        if sample is None:
            return {}
        reports = self._standing.reports_at_stations(kind)
        return {
            "drawn": np.array([len(sample)]), "reported": np.array([int((reports > 0).sum())]),
            "design": sample.whole.describe(int(np.maximum(reports, 1).sum())),
        }  # fmt: skip


def _summed(at: Ints, many: int, truths: NDArray[np.bool_]) -> NDArray[np.uint16]:
    """How many of each station's rows it is true of."""
    columns = [np.bincount(at[truths[:, j]], minlength=many) for j in range(truths.shape[1])]
    return np.array(columns, dtype=np.uint16).reshape(truths.shape[1], many).T


def _spread(stations: Ints, counts: NDArray[np.uint16], many: int) -> NDArray[np.uint16]:
    """A row for each station drawn."""
    found = np.zeros((many, counts.shape[1]), dtype=np.uint16, order="F")
    found[stations] = counts
    return found
