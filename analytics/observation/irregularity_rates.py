"""Irregularities: how often each was seen, nationally or by area, by kind of observer.

A rate is irregular ÷ (fine + irregular), both seen by the observer. What was told, not
observed, left unanswered or not applicable is counted beside it. Only the assigned visits to
the stations of a drawn sample, with enough of them reporting, become estimates; everything else
stays a count of what was observed, and domestic and international figures are never pooled.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from analytics.numbers import Estimate, Number, ObservedCount
from analytics.observation.code_matrix import KINDS, Readings
from analytics.observation.drawn_sample import AreaGroups, DrawnSample, drawn_for, sent_by
from analytics.observation.standing import Standing, sample_part
from analytics.observation.tallies import Tallies, answered, tally
from analytics.survey.design import Ints
from analytics.survey.estimates import Proportions, Truths, estimate_proportions
from schemas.checklist import Indicator
from schemas.codes import STATUS_MASK, Status
from schemas.mission import Kind

Part = Literal["sample", "visits"]
WhyCount = Literal["not_a_sample", "response", "nobody_answered"]


@dataclass(frozen=True)
class Beside:
    """What is counted beside a rate, in observations."""

    told: int
    not_observed: int
    unanswered: int
    not_applicable: int


@dataclass(frozen=True)
class Rate:
    """How often one irregularity was seen, in one area (None: the nation), by one kind.

    ``part`` tells the sample's assigned visits from all others. ``seen`` of ``observations``
    at ``stations`` is what the number rests on; ``missing`` are sampled stations without an
    answer. ``response`` is the share of sampled stations that reported at all (None outside a
    sample); ``why_count`` is why the number is a count.
    """

    indicator: str
    stage: str
    severity: int
    kind: Kind
    part: Part
    area: int | None
    number: Number
    seen: int
    observations: int
    stations: int
    missing: int
    beside: Beside
    response: float | None
    why_count: WhyCount | None


@dataclass(frozen=True)
class Grouping:
    """Groups of reports from 0 (−1 none): areas, hours, settings.

    ``of_rows`` gives each report's, ``of_drawn`` that of each station of a sample, in its order;
    None where the group is the visit's own, such as its hour.
    """

    of_rows: Ints
    of_drawn: Callable[[DrawnSample], Ints] | None
    count: int


def irregularities(
    readings: Readings,
    indicators: Sequence[Indicator],
    *,
    samples: Sequence[DrawnSample] = (),
    threshold: float = 0.8,
    areas: AreaGroups | None = None,
    level: float = 0.95,
) -> tuple[Rate, ...]:
    """The rates of ``indicators`` in the nation, or in each group of ``areas``.

    ``samples`` holds at most one of each kind of observers, each estimated from its own assigned
    visits. Rows come by area, kind, part and indicator; a kind without reports has none. Indicators
    that the readings do not hold are left out. An estimate's standard error comes from the full
    design, also in an area; ``threshold`` is the mission's least response, asked of every area.
    """
    grouping = None
    if areas is not None:
        grouping = Grouping(
            areas.group(readings["area"]), lambda sample: areas.group(sample.area), areas.count
        )
    return irregularities_in(
        readings, indicators, grouping, samples=samples, threshold=threshold, level=level
    )


def irregularities_in(
    readings: Readings,
    indicators: Sequence[Indicator],
    grouping: Grouping | None,
    *,
    samples: Sequence[DrawnSample] = (),
    threshold: float = 0.8,
    level: float = 0.95,
) -> tuple[Rate, ...]:
    """The same in any groups; ``Rate.area`` is then the group.

    Where the group is the visit's own, ``response`` is that of the whole sample, and no station
    is missing from a group.
    """
    held = tuple(each for each in indicators if each.code in readings.indicators)
    columns = [readings.indicators.index(each.code) for each in held]
    whole = grouping or Grouping(np.zeros(len(readings), dtype=np.int64), None, 1)
    rows = _Rows(readings.codes[:, columns], whole.of_rows, readings["place"], whole.count)
    found: list[Rate] = []
    for index, kind in enumerate(KINDS):
        sample = drawn_for(samples, kind)
        of_kind, drawn = readings.counted & (readings["kind"] == index), sent_by(sample, readings)
        if sample is not None:
            found += _of_sample(rows, of_kind & drawn, sample, held, grouping, threshold, level)
        found += _of_visits(rows, of_kind & ~drawn, kind, held, grouping)
    return tuple(sorted(found, key=lambda each: -1 if each.area is None else each.area))


@dataclass(frozen=True)
class _Rows:
    codes: NDArray[np.uint8]
    group: Ints
    place: Ints
    groups: int

    def tally(self, kept: Truths) -> Tallies:
        return tally(self.codes[kept], self.group[kept], self.place[kept], self.groups)


def _groups(area: Ints, areas: AreaGroups | None) -> Ints:
    return np.zeros(len(area), dtype=np.int64) if areas is None else areas.group(area)


def _of_visits(
    rows: _Rows,
    kept: Truths,
    kind: Kind,
    indicators: Sequence[Indicator],
    grouping: Grouping | None,
) -> list[Rate]:
    if not kept.any():
        return []
    counted = rows.tally(kept)
    present = np.bincount(rows.group[kept & (rows.group >= 0)], minlength=rows.groups) > 0
    return [
        rate_of(each, kind, "visits", _area(g, grouping), counted, (g, column), "not_a_sample")
        for g in np.flatnonzero(present).tolist()
        for column, each in enumerate(indicators)
    ]


def _of_sample(
    rows: _Rows,
    kept: Truths,
    sample: DrawnSample,
    indicators: Sequence[Indicator],
    grouping: Grouping | None,
    threshold: float,
    level: float,
) -> list[Rate]:
    """Rates of the sample's own visits: sampled stations that sent nothing stay in the design."""
    station = sample.position(rows.place[kept])
    of_drawn = _of_drawn(sample, grouping)
    group = rows.group[kept] if of_drawn is None else of_drawn[station]
    sent = _Rows(rows.codes[kept], group, rows.place[kept], rows.groups)
    silent = np.setdiff1d(np.arange(len(sample)), station)
    of_silent = np.full(len(silent), -1) if of_drawn is None else of_drawn[silent]
    shares, design = _proportions(
        sent, station, silent, sample, np.concatenate([group, of_silent]), level
    )
    drawn, reported = _response(sent, station, sample, of_drawn)
    found = Found(
        sent.tally(np.ones(len(station), dtype=np.bool_)),
        shares,
        _seen_at(sent),
        drawn=drawn,
        reported=reported,
        population=sample.frame_size if grouping is None else None,
        design=design,
        of_visits=of_drawn is None,
    )
    return [
        found.rate(each, sample.kind, _area(g, grouping), (g, column), threshold)
        for g in np.flatnonzero(found.drawn).tolist()
        for column, each in enumerate(indicators)
    ]


def _of_drawn(sample: DrawnSample, grouping: Grouping | None) -> Ints | None:
    if grouping is None:
        return np.zeros(len(sample), dtype=np.int64)
    return grouping.of_drawn(sample) if grouping.of_drawn else None


def _response(
    sent: _Rows, station: Ints, sample: DrawnSample, of_drawn: Ints | None
) -> tuple[Ints, Ints]:
    """Stations drawn, and those that reported, by group; of the whole sample in each group that
    has visits, where groups are the visits' own."""
    came = np.unique(station)
    if of_drawn is not None:
        return by_group(of_drawn, sent.groups), by_group(of_drawn[came], sent.groups)
    present = by_group(sent.group, sent.groups) > 0
    return present * len(sample), present * len(came)


@dataclass(frozen=True)
class Found:
    """What the sample's visits say, by group and indicator, before any of it is called a rate."""

    counted: Tallies
    shares: Proportions
    seen_at: Ints
    drawn: Ints
    reported: Ints
    population: int | None
    design: str
    of_visits: bool = False

    def rate(
        self,
        indicator: Indicator,
        kind: Kind,
        area: int | None,
        at: tuple[int, int],
        threshold: float,
    ) -> Rate:
        response = float(self.reported[at[0]] / self.drawn[at[0]])
        n = int(self.shares.n[at])
        why: WhyCount | None = "response" if response < threshold else None
        why = why if n else "nobody_answered"
        missing = 0 if self.of_visits else int(self.drawn[at[0]]) - n
        estimate = None if why else self.estimate(at, n, missing)
        return rate_of(
            indicator, kind, "sample", area, self.counted, at, why, estimate, missing, response
        )

    def estimate(self, at: tuple[int, int], n: int, missing: int) -> Estimate:
        shares = self.shares
        return Estimate(
            value=float(shares.value[at]),
            se=float(shares.se[at]),
            low=float(shares.low[at]),
            high=float(shares.high[at]),
            level=shares.level,
            n=n,
            df=float(shares.df[at]),
            deff=None,
            method="beta",
            missing=missing,
            seen=int(self.seen_at[at]),
            population=self.population,
            design=self.design,
        )


def by_group(group: Ints, groups: int) -> Ints:
    """How many there are of each group; −1 is none."""
    return np.bincount(group[group >= 0], minlength=groups)


def _proportions(
    sent: _Rows, station: Ints, silent: Ints, sample: DrawnSample, group: Ints, level: float
) -> tuple[Proportions, str]:
    """Shares in every group, and the design in words: silent stations come last, unanswered."""
    design = sample.design(np.concatenate([station, silent]))
    status = sent.codes & np.uint8(STATUS_MASK)
    nothing = np.zeros((len(silent), status.shape[1]), dtype=np.bool_)
    has_answer = np.concatenate([answered(status), nothing])
    irregular = np.concatenate([status == Status.IRREGULAR, nothing])
    shares = estimate_proportions(irregular, has_answer, design, group, sent.groups, level)
    return shares, design.describes


def _seen_at(rows: _Rows) -> Ints:
    """At how many distinct stations each was seen: shape (groups, indicators)."""
    seen = (rows.codes & np.uint8(STATUS_MASK)) == Status.IRREGULAR
    only = np.where(seen, np.uint8(Status.IRREGULAR), np.uint8(Status.NOT_RELEVANT))
    return tally(only, rows.group, rows.place, rows.groups).stations


def rate_of(
    indicator: Indicator,
    kind: Kind,
    part: Part,
    area: int | None,
    counted: Tallies,
    at: tuple[int, int],
    why: WhyCount | None,
    estimate: Estimate | None = None,
    missing: int = 0,
    response: float | None = None,
) -> Rate:
    """A rate of what was counted at a group and indicator: an estimate, or else a count."""
    said = counted.said[at]
    seen, of = int(said[Status.IRREGULAR]), int(said[Status.IRREGULAR] + said[Status.FINE])
    stations = int(counted.stations[at])
    return Rate(
        indicator=indicator.code,
        stage=indicator.stage,
        severity=indicator.severity,
        kind=kind,
        part=part,
        area=area,
        number=estimate or ObservedCount(seen, of, stations, missing),
        seen=seen,
        observations=of,
        stations=stations,
        missing=missing,
        response=response,
        why_count=why,
        beside=Beside(
            told=int(said[Status.IRREGULAR_TOLD]),
            not_observed=int(said[Status.NOT_OBSERVED]),
            unanswered=int(said[Status.UNANSWERED]),
            not_applicable=int(said[Status.NOT_APPLICABLE]),
        ),
    )


def _area(group: int, grouping: Grouping | None) -> int | None:
    return None if grouping is None else group


@dataclass(frozen=True)
class Beneath:
    """Which reports are meant: those in which an irregularity was seen, by one kind of observers
    or any, in one part of their visits or all; in one area, or all."""

    indicator: str
    kind: Kind | None = None
    part: Part | None = None
    area: int | None = None


def reports_behind(
    readings: Readings, rate: Rate | Beneath, *, standing: Standing, areas: AreaGroups | None = None
) -> tuple[UUID, ...]:
    """The reports in which the irregularity of a rate was seen: what its number links to."""
    rows = rows_behind(readings, rate, standing=standing, areas=areas)
    return tuple(map(readings.reports.__getitem__, rows.tolist()))


def rows_behind(
    readings: Readings, rate: Rate | Beneath, *, standing: Standing, areas: AreaGroups | None = None
) -> Ints:
    """The same by the rows of the readings. ``standing`` are their tallies, as of now."""
    kinds = KINDS if rate.kind is None else (rate.kind,)
    visits = [KINDS.index(each) for each in kinds if rate.part != "sample"]
    rows = standing.rows_of(
        [*visits, *(sample_part(each) for each in kinds if rate.part != "visits")]
    )
    if rate.area is not None:
        rows = rows[_groups(readings.take("area", rows), areas) == rate.area]
    column = readings.indicators.index(rate.indicator)
    status = readings.codes[rows, column] & np.uint8(STATUS_MASK)
    return np.asarray(rows[status == Status.IRREGULAR], dtype=np.int64)
