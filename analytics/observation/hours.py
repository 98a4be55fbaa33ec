"""Rates by the hour of each visit, kept up with the readings: only the hours of which something
changed are reckoned again.

Hours are the visits' own, so that a station may have visits in several; the sample's are domains
of the whole design. It is what :func:`analytics.observation.irregularity_rates.irregularities_in`
gives of all visits (tests/analytics/observation/test_hours.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.observation.code_matrix import KINDS, Readings
from analytics.observation.drawn_sample import DrawnSample
from analytics.observation.hour_sums import HOURS, HourOf, HourSums
from analytics.observation.irregularity_rates import Found, Rate, rate_of
from analytics.observation.standing import Standing, sample_part
from analytics.observation.standing_part import Sums
from analytics.observation.tallies import Tallies, answered
from analytics.survey.design import Ints
from analytics.survey.proportions import Proportions, estimate_proportions
from schemas.checklist import Indicator
from schemas.codes import STATUS_MASK, Status
from schemas.mission import Kind


@dataclass(frozen=True)
class _Hour:
    """What was said in one hour: the rates of each kind's visits, and what its sample's say (None:
    nothing), of which the response is that of the whole sample, and may move."""

    visits: tuple[tuple[Rate, ...], ...]
    samples: tuple[Found | None, ...]


class StandingHours:
    """The rates of one checklist by hour. ``hour_of`` turns arrivals into hours (−1 unknown)."""

    def __init__(self, readings: Readings, standing: Standing, hour_of: HourOf) -> None:
        self._readings, self._standing, self._hour_of = readings, standing, hour_of
        self._sums: HourSums | None = None
        self._codes: tuple[str, ...] = ()
        self._kept: dict[int, _Hour] = {}

    def rates(
        self, indicators: Sequence[Indicator], *, threshold: float = 0.8, level: float = 0.95
    ) -> tuple[Rate, ...]:
        """The rates as of the last update of the tallies; ``Rate.area`` is the hour."""
        held = [each for each in indicators if each.code in self._standing.indicators]
        columns = self._standing.columns([each.code for each in held])
        sums = self._standing.hours(self._hour_of)
        for hour in self._touched(sums, tuple(each.code for each in held)):
            self._kept[hour] = self._reckon(sums, hour, held, columns, level)
        found, whole = list[Rate](), {kind: self._whole(kind) for kind in KINDS}
        for hour, said in sorted(self._kept.items()):
            found += self._of_hour(hour, said, held, threshold, whole)
        return tuple(found)

    def _touched(self, sums: HourSums, codes: tuple[str, ...]) -> Iterable[int]:
        """The hours in which something changed; all of them where all was counted anew, or other
        indicators are asked."""
        touched = sums.moved()
        if sums is self._sums and codes == self._codes:
            return touched
        self._sums, self._codes = sums, codes
        return range(HOURS)

    def _reckon(
        self, sums: HourSums, hour: int, held: Sequence[Indicator], columns: list[int], level: float
    ) -> _Hour:
        visits = (
            self._visits(sums.parts[at], kind, hour, held, columns) for at, kind in enumerate(KINDS)
        )
        samples = (self._sample(sums, kind, hour, columns, level) for kind in KINDS)
        return _Hour(tuple(visits), tuple(samples))

    def _visits(
        self, sums: Sums, kind: Kind, hour: int, held: Sequence[Indicator], columns: list[int]
    ) -> tuple[Rate, ...]:
        if not sums.reports[hour]:
            return ()
        said = _tallies(sums, hour, columns)
        return tuple(
            rate_of(each, kind, "visits", hour, said, (0, column), "not_a_sample")
            for column, each in enumerate(held)
        )

    def _sample(
        self, sums: HourSums, kind: Kind, hour: int, columns: list[int], level: float
    ) -> Found | None:
        """The hour as a domain of the whole design: stations without a visit are outside it."""
        part, sample = sample_part(kind), self._standing.drawn_for(kind)
        own = sums.parts[part]
        if sample is None or not own.reports[hour]:
            return None
        shares = sums.shares(part, hour, columns, level)
        if shares is None:
            shares = self._summed(sums.rows(hour), sample, columns, level)
        one = np.ones(1, dtype=np.int64)
        return Found(
            _tallies(own, hour, columns),
            shares,
            own.seen_stations[hour, columns][None],
            drawn=one,
            reported=one,
            population=None,
            design="",
            of_visits=True,
        )

    def _summed(
        self, rows: Ints, sample: DrawnSample, columns: list[int], level: float
    ) -> Proportions:
        """The shares of the sample's visits among these rows, station by station."""
        rows = rows[self._standing.part_of(rows) == sample_part(sample.kind)]
        status = self._readings.codes[rows][:, columns] & np.uint8(STATUS_MASK)
        station = self._standing.position(sample.kind, self._readings.take("place", rows))
        stations, at = np.unique(station, return_inverse=True)
        given, seen = (
            _count(at, len(stations), each)
            for each in (answered(status), status == Status.IRREGULAR)
        )
        group = np.full(len(sample), -1, dtype=np.int64)
        group[stations] = 0
        return estimate_proportions(
            _spread(stations, seen, len(sample)),
            _spread(stations, given, len(sample)),
            sample.whole,
            group,
            1,
            level,
        )

    def _of_hour(
        self,
        hour: int,
        said: _Hour,
        held: Sequence[Indicator],
        threshold: float,
        whole: Mapping[Kind, dict[str, Any]],
    ) -> list[Rate]:
        found: list[Rate] = []
        for kind, visits, sample in zip(KINDS, said.visits, said.samples, strict=True):
            if sample is not None:
                of_now = replace(sample, **whole[kind])
                found += [
                    of_now.rate(each, kind, hour, (0, column), threshold)
                    for column, each in enumerate(held)
                ]
            found += visits
        return found

    def _whole(self, kind: Kind) -> dict[str, Any]:
        """The response of the whole sample as it is now, and the design in words."""
        sample = self._standing.drawn_for(kind)
        if sample is None:
            return {}
        reports = self._standing.reports_at_stations(kind)
        return {
            "drawn": np.array([len(sample)]),
            "reported": np.array([int((reports > 0).sum())]),
            "design": sample.whole.describe(int(np.maximum(reports, 1).sum())),
        }


def _tallies(sums: Sums, hour: int, columns: list[int]) -> Tallies:
    return Tallies(sums.said[hour, columns][None], sums.stations[hour, columns][None])


def _count(at: Ints, many: int, truths: NDArray[np.bool_]) -> NDArray[np.uint16]:
    """How many of each station's rows it is true of."""
    columns = [np.bincount(at[truths[:, j]], minlength=many) for j in range(truths.shape[1])]
    return np.array(columns, dtype=np.uint16).reshape(truths.shape[1], many).T


def _spread(stations: Ints, counts: NDArray[np.uint16], many: int) -> NDArray[np.uint16]:
    """A row for each station drawn."""
    found = np.zeros((many, counts.shape[1]), dtype=np.uint16, order="F")
    found[stations] = counts
    return found
