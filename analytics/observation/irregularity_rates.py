"""Irregularities: how often each was seen, nationally or by area, by kind of observer.

A rate is irregular ÷ (fine + irregular), both seen by the observer. What was reported to them, not
observed, left unanswered or not applicable is counted beside it. Only the assigned visits to
the stations of a drawn sample, with enough of them reporting, become estimates; everything else
stays a count of what was observed, and domestic and international figures are never pooled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import numpy as np

from analytics.numbers import Estimate, Number, ObservedCount
from analytics.observation.code_matrix import KINDS, CodeMatrix
from analytics.observation.drawn_sample import AreaGroups, DrawnSample, drawn_for, sent_by
from analytics.observation.visits import AssignedVisits, Grouping, Tallies, Visits, count_visits
from analytics.survey.design import Ints
from analytics.survey.proportions import Proportions
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


def rates_of(
    visits: Visits,
    indicators: Sequence[Indicator],
    groups: AreaGroups | None = None,
    *,
    threshold: float = 0.8,
    level: float = 0.95,
) -> tuple[Rate, ...]:
    """The rates of ``indicators`` in counted visits (:func:`count_visits`).

    ``groups`` are groups of the groups that the visits were counted in (areas of places); None: the
    nation. Rows come by area, kind, part and indicator; a kind without reports has none. Indicators
    that the visits do not hold are left out. An estimate's standard error comes from the full
    design, also in an area; ``threshold`` is the mission's least response, asked of every area.
    """
    held = [each for each in indicators if each.code in visits.indicators]
    columns = [visits.indicators.index(each.code) for each in held]
    found: list[Rate] = []
    for kind in KINDS:
        sent = visits.sent.get(kind)
        if sent is not None:
            found += _of_sample(sent, held, columns, groups, threshold, level)
        counted = visits.others[kind].rolled(groups).of(columns)
        found += [
            rate_of(each, kind, "visits", _area(at, groups), counted, (at, column), "not_a_sample")
            for at in np.flatnonzero(counted.reports).tolist()
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
) -> tuple[Rate, ...]:
    """The rates of a matrix of reports, counted in any groups (None: in the nation); ``Rate.area``
    is then the group.

    ``samples`` holds at most one of each kind of observers, each estimated from its own assigned
    visits; the rest is as in :func:`rates_of`. Where the group is the visit's own, ``response`` is
    that of the whole sample, and no station is missing from a group.
    """
    groups = None if grouping is None else AreaGroups(np.arange(grouping.count), grouping.count)
    visits = count_visits(matrix, grouping or _nation(len(matrix)), samples)
    return rates_of(visits, indicators, groups, threshold=threshold, level=level)


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
    found = _Found(
        sent,
        sent.counted.rolled(groups).of(columns),
        sent.shares(groups, columns, level),
        *sent.drawn_by(groups),
        population=sent.sample.frame_size if groups is None else None,
    )
    return [
        found.rate(each, _area(at, groups), (at, column), threshold)
        for at in np.flatnonzero(found.drawn).tolist()
        for column, each in enumerate(indicators)
    ]


def _area(group: int, groups: AreaGroups | None) -> int | None:
    return None if groups is None else group


@dataclass(frozen=True)
class _Found:
    """What the sample's visits say, by group and indicator, before any of it is called a rate."""

    sent: AssignedVisits
    counted: Tallies
    shares: Proportions
    drawn: Ints
    reported: Ints
    population: int | None

    def rate(
        self, indicator: Indicator, area: int | None, at: tuple[int, int], threshold: float
    ) -> Rate:
        response = float(self.reported[at[0]] / self.drawn[at[0]])
        n = int(self.shares.n[at])
        why: WhyCount | None = "response" if response < threshold else None
        why = why if n else "nobody_answered"
        missing = 0 if self.sent.of_drawn is None else int(self.drawn[at[0]]) - n
        estimate = None if why else self.estimate(at, n, missing)
        kind = self.sent.sample.kind
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
            seen=int(self.counted.seen_stations[at]),
            population=self.population,
            design=self.sent.design,
        )


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
    said = counted.said[at].tolist()
    seen, of = said[Status.IRREGULAR], said[Status.IRREGULAR] + said[Status.FINE]
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
            told=said[Status.IRREGULAR_TOLD],
            not_observed=said[Status.NOT_OBSERVED],
            unanswered=said[Status.UNANSWERED],
            not_applicable=said[Status.NOT_APPLICABLE],
        ),
    )


@dataclass(frozen=True)
class SupportingReports:
    """Which reports are meant: those in which an irregularity was seen, by one kind of observers
    or any, in one part of their visits or all; in one area, or all."""

    indicator: str
    kind: Kind | None = None
    part: Part | None = None
    area: int | None = None


def reports_behind(
    matrix: CodeMatrix,
    rate: Rate | SupportingReports,
    *,
    samples: Sequence[DrawnSample] = (),
    areas: AreaGroups | None = None,
) -> tuple[UUID, ...]:
    """The reports in which the irregularity of a rate was seen: what its number links to."""
    ids = matrix.ids(rows_behind(matrix, rate, samples=samples, areas=areas))
    return tuple(UUID(bytes=each.tobytes()) for each in ids)


def rows_behind(
    matrix: CodeMatrix,
    rate: Rate | SupportingReports,
    *,
    samples: Sequence[DrawnSample] = (),
    areas: AreaGroups | None = None,
) -> Ints:
    """Those reports as rows of the matrix. Areas are counted only where ``rate`` is of one."""
    status = matrix.codes[:, matrix.indicators.index(rate.indicator)] & np.uint8(STATUS_MASK)
    rows = np.flatnonzero(matrix.counted & (status == Status.IRREGULAR))
    kept = np.zeros(len(rows), dtype=np.bool_)
    for kind in KINDS if rate.kind is None else (rate.kind,):
        own = matrix.take("kind", rows) == KINDS.index(kind)
        sent = sent_by(drawn_for(samples, kind), matrix)[rows]
        kept |= own & (sent if rate.part == "sample" else ~sent if rate.part else True)
    if rate.area is not None:
        area = matrix.take("area", rows)
        kept &= (areas.group(area) if areas else np.zeros_like(area)) == rate.area
    return rows[kept]
