"""Readings looked at from other sides: where both kinds of observer were, and areas in order.

Areas are put in order only where a probability sample speaks for each of them; of a count no
order follows, because nobody drew who goes where.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.numbers import Estimate
from analytics.observation.agreement import Agreement
from analytics.observation.drawn_sample import AreaGroups, DrawnSample, StationGroups
from analytics.observation.standing import Standing
from analytics.survey.design import Ints
from analytics.survey.estimates import Proportions
from analytics.survey.intervals import t_interval
from schemas.checklist import Indicator

LEAST_N = 30
"""Fewer stations than this have no place in an order (the least n of an estimate in print)."""
LEVEL = 0.95


@dataclass(frozen=True)
class Agreed:
    """One irregularity at the stations where both kinds of observer answered."""

    indicator: str
    agreement: Agreement


def agreement_of(standing: Standing, indicators: Sequence[Indicator]) -> tuple[Agreed, ...]:
    """Domestic against international observers, station by station, in one checklist.

    Counts alone: nothing follows for stations that both did not visit. An indicator that was
    nowhere answered by both has none.
    """
    held = [each.code for each in indicators if each.code in standing.indicators]
    agreement = standing.agreement()
    found = (
        Agreed(code, agreement.of(column))
        for code, column in zip(held, standing.columns(held), strict=True)
    )
    return tuple(each for each in found if each.agreement.stations)


@dataclass(frozen=True)
class Ranked:
    """An area by how grave what was seen in it is: of the gravity that could have been seen.

    ``not_different`` counts the areas whose interval overlaps this one's.
    """

    area: int
    estimate: Estimate
    not_different: int


def rank_areas(
    standing: Standing, indicators: Sequence[Indicator], areas: AreaGroups, threshold: float
) -> tuple[Ranked, ...]:
    """Areas by severity, gravest first: Σ severity where seen over Σ severity where answered.

    A ratio of the main sample's assigned visits, stations as units. Areas of less response than
    ``threshold``, or of fewer than thirty stations, have no place in the order.
    """
    sample = standing.samples[0] if standing.samples else None
    known = [each for each in indicators if each.code in standing.indicators and each.severity]
    if sample is None or not len(sample) or not known:
        return ()
    reports, said = standing.reports_at_stations(sample.kind), standing.at_stations(sample.kind)
    severity = {standing.indicators.index(each.code): each.severity for each in known}
    groups = StationGroups.of_sample(sample, areas)
    answered, seen = (_weighed(each, severity) for each in said)
    shares = standing.shares(sample, groups).layout.estimate(seen, answered, LEVEL)
    response = groups.with_those(reports > 0) / np.maximum(groups.sizes, 1)
    fit = (shares.n[:, 0] >= LEAST_N) & (response >= threshold)
    units = _units(sample, groups.of, groups.count)
    return _in_order(
        [
            (area, _ratio(shares, area, sample, int(units[area])))
            for area in np.flatnonzero(fit).tolist()
        ]
    )


def _weighed(counts: NDArray[np.uint16], severity: Mapping[int, int]) -> Ints:
    """Of each station the severity of what was counted, summed over the columns that have one."""
    found = np.zeros(len(counts), dtype=np.uint32)
    for column, weight in severity.items():
        found += counts[:, column] * np.uint32(weight)
    return found.astype(np.int64)[:, None]


def _units(sample: DrawnSample, own: Ints, areas: int) -> Ints:
    """The units of a sample in each area: its stations, or the clusters that these lie in."""
    where, psu = own[own >= 0], sample.whole.psu[own >= 0]
    if len(sample.whole.psu_strata) < len(sample.whole.psu):
        where = np.unique(np.stack([where, psu]), axis=1)[0]
    return np.bincount(where, minlength=areas)


def _ratio(shares: Proportions, area: int, sample: DrawnSample, asked: int) -> Estimate:
    """One area's ratio with Student's interval: it is no share of stations. ``asked`` is how many
    units of the sample lie in it."""
    value, se, df = (getattr(shares, name)[area] for name in ("value", "se", "df"))
    low, high = t_interval(value, se, df, 1 - shares.level)
    n, design = int(shares.n[area, 0]), sample.whole
    return Estimate(
        value=float(value[0]),
        se=float(se[0]),
        low=float(low[0]),
        high=float(high[0]),
        level=shares.level,
        n=n,
        df=float(df[0]),
        deff=None,
        method="t",
        missing=asked - n,
        design=design.describes,
    )


def _in_order(found: list[tuple[int, Estimate]]) -> tuple[Ranked, ...]:
    ordered = sorted(found, key=lambda each: (-each[1].value, each[0]))

    def overlapping(one: Estimate) -> int:
        return sum(each.low <= one.high and one.low <= each.high for _, each in found) - 1

    return tuple(Ranked(area, each, overlapping(each)) for area, each in ordered)
