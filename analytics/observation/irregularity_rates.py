"""Irregularities: how often each was seen, nationally or by area, by kind of observer.

A rate is irregular ÷ (fine + irregular), both seen by the observer. What was reported to them, not
observed, left unanswered, not applicable or not asked is counted beside it. The assigned visits to
the stations of a drawn sample, each station with one voice, become estimates where enough of them
report; everything else stays a count of what was observed, in the unit of its checklist, and
domestic and international figures are never pooled.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from analytics.numbers import Beside, Domain, Estimate, Number, ObservedCount, Unit
from analytics.observation.code_matrix import KINDS, CodeMatrix
from analytics.observation.drawn_sample import AreaGroups, DrawnSample
from analytics.observation.visits import (
    AssignedVisits,
    Grouping,
    Tallies,
    Visits,
    count_visits,
)
from analytics.observation.voices import MISSING
from analytics.survey.design import Floats, Ints
from analytics.survey.proportions import Proportions
from schemas.checklist import Indicator
from schemas.codes import Status
from schemas.mission import Kind

Part = Literal["sample", "visits"]
WhyCount = Literal["not_a_sample", "response", "nobody_answered", "by_hour"]


@dataclass(frozen=True)
class Rate:
    """How often one irregularity was seen, in one area (None: the nation), by one kind.

    ``part`` tells the sample's assigned visits from all others. ``number`` is in the unit of its
    checklist, of a sample in stations; ``by_station`` and ``by_observation`` are what it rests on,
    counted in either unit. ``ranked_share`` orders it among others, as a share of all stations or
    observations, those included that were not asked; None: it has no place in an order.
    ``response`` is the share of sampled stations that reported at all (None outside a sample);
    ``why_count`` is why the number is a count.
    """

    indicator: str
    stage: str
    severity: int
    kind: Kind
    part: Part
    area: int | None
    number: Number
    by_station: ObservedCount
    by_observation: ObservedCount
    ranked_share: float | None
    response: float | None
    why_count: WhyCount | None

    @property
    def seen(self) -> int:
        """Observations in which it was seen."""
        return self.by_observation.seen

    @property
    def observations(self) -> int:
        """Observations in which it was answered."""
        return self.by_observation.of

    @property
    def stations(self) -> int:
        """Stations at which it was answered."""
        return self.by_station.of

    @property
    def missing(self) -> int:
        """Sampled stations from which no report came."""
        return self.number.missing

    @property
    def beside(self) -> Beside:
        """What is counted beside the number, in its unit."""
        return self.number.beside

    @property
    def other(self) -> ObservedCount:
        """The same counted in the other unit, to be shown beside the number."""
        return self.by_observation if self.number.unit == "station" else self.by_station


def rates_of(
    visits: Visits,
    indicators: Sequence[Indicator],
    groups: AreaGroups | None = None,
    *,
    threshold: float = 0.8,
    level: float = 0.95,
    unit: Unit = "station",
) -> tuple[Rate, ...]:
    """The rates of ``indicators`` in counted visits (:func:`count_visits`).

    ``groups`` are groups of the groups that the visits were counted in (areas of places); None: the
    nation. Rows come by area, kind, part and indicator; a kind without reports has none. Indicators
    that the visits do not hold are left out. An estimate's standard error comes from the full
    design, also in an area; ``threshold`` is the mission's least response, asked of the sample, of
    every class of its strata, and of every area.
    ``unit`` is that of the counts of visits outside a sample; where none of these was to a station
    it is the observation.
    """
    held = [each for each in indicators if each.code in visits.indicators]
    columns = [visits.indicators.index(each.code) for each in held]
    found: list[Rate] = []
    for kind in KINDS:
        sent = visits.sent.get(kind)
        if sent is not None:
            found += _of_sample(sent, held, columns, groups, threshold, level)
        counted = visits.others[kind].rolled(groups).of(columns)
        for at in np.flatnonzero(counted.reports).tolist():
            area = _area(at, groups)
            found += [
                rate_of(each, kind, "visits", area, counted, (at, column), "not_a_sample", unit)
                for column, each in enumerate(held)
            ]
    return tuple(sorted(found, key=lambda each: -1 if each.area is None else each.area))


def rates_in_groups(
    matrix: CodeMatrix,
    indicators: Sequence[Indicator],
    grouping: Grouping | None,
    *,
    samples: Sequence[DrawnSample] = (),
    threshold: float = 0.8,
    level: float = 0.95,
    unit: Unit = "station",
) -> tuple[Rate, ...]:
    """The rates of a matrix of reports, counted in any groups (None: in the nation); ``Rate.area``
    is then the group.

    ``samples`` holds at most one of each kind of observers, each estimated from its own assigned
    visits; the rest is as in :func:`rates_of`. Where the group is the visit's own, such as its
    hour, every number is a count of observations.
    """
    groups = None if grouping is None else AreaGroups(np.arange(grouping.count), grouping.count)
    visits = count_visits(matrix, grouping or _nation(len(matrix)), samples)
    own = grouping is not None and grouping.of_drawn is None
    return rates_of(
        visits,
        indicators,
        groups,
        threshold=threshold,
        level=level,
        unit="observation" if own else unit,
    )


def _nation(reports: int) -> Grouping:
    return Grouping(
        np.zeros(reports, dtype=np.int64), lambda sample: np.zeros(len(sample), dtype=np.int64), 1
    )


def _of_sample(
    sent: AssignedVisits,
    indicators: Sequence[Indicator],
    columns: list[int],
    groups: AreaGroups | None,
    threshold: float,
    level: float,
) -> list[Rate]:
    """Rates of the sample's own visits: sampled stations that sent nothing stay in the design."""
    counted = sent.counted.rolled(groups).of(columns)
    kind = sent.sample.kind
    if sent.of_drawn is None:
        return [
            rate_of(
                *(each, kind, "sample", _area(at, groups), counted, (at, column)),
                *("by_hour", "observation"),
            )
            for at in np.flatnonzero(counted.reports).tolist()
            for column, each in enumerate(indicators)
        ]
    drawn, _ = sent.drawn_by(groups)
    found = _Found(
        sent,
        counted,
        sent.voiced_by(groups, columns),
        sent.shares(groups, columns, level),
        _weighed(sent, groups, columns),
        drawn,
        sent.response_by(groups),
        sent.responds(threshold),
        population=sent.sample.frame_size if groups is None else None,
    )
    return [
        found.rate(each, _area(at, groups), (at, column), threshold)
        for at in np.flatnonzero(found.drawn).tolist()
        for column, each in enumerate(indicators)
    ]


def _area(group: int, groups: AreaGroups | None) -> int | None:
    return None if groups is None else group


def _weighed(sent: AssignedVisits, groups: AreaGroups | None, columns: list[int]) -> Floats:
    """The share of all stations at which each indicator was seen, of those that answered or were
    not asked: shape (groups, indicators), not a number where there is none."""
    group, count = sent.grouped(groups)
    inside = np.flatnonzero(group >= 0)
    weight, found = sent.sample.weights[inside], np.full((count, len(columns)), np.nan)
    for at, column in enumerate(columns):
        voice = sent.voice[inside, column]
        known = sent.answered[inside, column] | (voice == Status.NOT_RELEVANT)
        below = np.bincount(group[inside], weight * known, count)
        above = np.bincount(group[inside], weight * (voice == Status.IRREGULAR), count)
        np.divide(above, below, out=found[:, at], where=below > 0)
    return found


@dataclass(frozen=True)
class _Found:
    """What the sample's stations say, by group and indicator, before any of it is called a rate."""

    sent: AssignedVisits
    counted: Tallies
    voiced: Ints
    shares: Proportions
    of_all: Floats
    drawn: Ints
    response: Floats
    responds: bool
    population: int | None

    def rate(
        self, indicator: Indicator, area: int | None, at: tuple[int, int], threshold: float
    ) -> Rate:
        response = float(self.response[at[0]])
        n = int(self.shares.n[at])
        enough = self.responds and response >= threshold
        why: WhyCount | None = None if enough else "response"
        why = why if n else "nobody_answered"
        voiced = self.voiced[at].tolist()
        count = count_of(voiced, "station", indicator, missing=voiced[MISSING])
        plain = rate_of(
            *(indicator, self.sent.sample.kind, "sample", area, self.counted, at),
            *(why, "station", count, response),
        )
        if why is not None:
            return plain
        estimate = self.estimate(at, count)
        share = float(self.of_all[at]) if estimate.domain is not None else estimate.value
        return replace(plain, number=estimate, ranked_share=share if indicator.ranked else None)

    def estimate(self, at: tuple[int, int], count: ObservedCount) -> Estimate:
        shares = self.shares
        return Estimate(
            value=float(shares.value[at]),
            se=float(shares.se[at]),
            low=float(shares.low[at]),
            high=float(shares.high[at]),
            level=shares.level,
            n=count.of,
            df=float(shares.df[at]),
            deff=None,
            method="beta",
            missing=count.missing,
            seen=count.seen,
            population=self.population,
            design=self.sent.design,
            unit="station",
            domain=count.domain,
            beside=count.beside,
            drawn=int(self.drawn[at[0]]),
        )


def count_of(
    said: Sequence[int], unit: Unit, indicator: Indicator, *, missing: int = 0, stations: int = -1
) -> ObservedCount:
    """The count of an indicator, of how many units gave each status (:class:`Status`, in its
    order). ``stations`` at which it was answered, where these are not the units."""
    seen, of = said[Status.IRREGULAR], said[Status.IRREGULAR] + said[Status.FINE]
    asked = sum(said[: len(Status)]) - said[Status.NOT_RELEVANT]
    return ObservedCount(
        seen,
        of,
        of if stations < 0 else stations,
        missing,
        unit=unit,
        domain=Domain(indicator.among, asked) if indicator.among else None,
        beside=Beside(
            told=said[Status.IRREGULAR_TOLD],
            not_observed=said[Status.NOT_OBSERVED],
            unanswered=said[Status.UNANSWERED],
            not_applicable=said[Status.NOT_APPLICABLE],
            not_asked=said[Status.NOT_RELEVANT],
        ),
    )


def rate_of(
    indicator: Indicator,
    kind: Kind,
    part: Part,
    area: int | None,
    counted: Tallies,
    at: tuple[int, int],
    why: WhyCount | None,
    unit: Unit,
    by_station: ObservedCount | None = None,
    response: float | None = None,
) -> Rate:
    """The count of a group and indicator in ``unit``, as a rate; ``by_station`` where more is known
    of the stations than what came."""
    voiced = counted.voiced[at].tolist()
    by_station = by_station or count_of(voiced, "station", indicator)
    by_observation = count_of(
        counted.said[at].tolist(), "observation", indicator, stations=by_station.of
    )
    placed = sum(voiced) > 0 or part == "sample"
    number = by_station if unit == "station" and placed else by_observation
    asked = number.of + number.beside.not_asked
    return Rate(
        indicator=indicator.code,
        stage=indicator.stage,
        severity=indicator.severity,
        kind=kind,
        part=part,
        area=area,
        number=number,
        by_station=by_station,
        by_observation=by_observation,
        ranked_share=number.seen / asked if asked and indicator.ranked else None,
        response=response,
        why_count=why,
    )
