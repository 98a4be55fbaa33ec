"""Agreement by irregularity where both kinds of observers were, and areas ranked by severity.

Areas are ranked only where each has an estimate from a probability sample; from counts no rank
follows, because nobody drew who goes where.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.numbers import Estimate
from analytics.observation.agreement import Agreement, agreements_of
from analytics.observation.code_matrix import CodeMatrix
from analytics.observation.drawn_sample import AreaGroups, DrawnSample
from analytics.observation.visits import Visits
from analytics.survey.design import Ints
from analytics.survey.intervals import t_interval
from analytics.survey.proportions import Proportions
from schemas.checklist import Indicator
from schemas.codes import Status

LEAST_N = 30
"""Fewer stations than this have no place in an order (the least n of an estimate in print)."""
LEVEL = 0.95


@dataclass(frozen=True)
class IrregularityAgreement:
    """One irregularity at the stations where both kinds of observer answered."""

    indicator: str
    agreement: Agreement


def agreement_of(
    matrix: CodeMatrix, indicators: Sequence[Indicator]
) -> tuple[IrregularityAgreement, ...]:
    """Domestic against international observers, station by station, in one checklist.

    A kind saw it where any of its visits did. Counts alone: nothing follows for stations that both
    did not visit. An indicator that was nowhere answered by both has none.
    """
    counts = agreements_of(matrix)
    known = [each.code for each in indicators if each.code in matrix.indicators]
    found = (IrregularityAgreement(code, counts[matrix.indicators.index(code)]) for code in known)
    return tuple(each for each in found if each.agreement.stations)


@dataclass(frozen=True)
class AreaSeverity:
    """An area by how grave what was seen in it is: of the gravity that could have been seen.

    ``not_different`` counts the areas whose interval overlaps this one's.
    """

    area: int
    estimate: Estimate
    not_different: int


def rank_areas(
    visits: Visits, indicators: Sequence[Indicator], areas: AreaGroups, threshold: float
) -> tuple[AreaSeverity, ...]:
    """Areas by severity, highest first: Σ severity where seen over Σ severity where answered.

    ``areas`` are groups of the groups that the visits were counted in. A ratio of what the main
    sample's stations say. Of an indicator that was asked of some, the stations that were not asked
    are in the denominator: it is a share of all. Those without a place in an order are left out.
    Areas of less response than ``threshold``, or of fewer than thirty stations, have no place.
    """
    sent = visits.main
    known = [
        each
        for each in indicators
        if each.code in visits.indicators and each.severity and each.ranked
    ]
    if sent is None or sent.of_drawn is None or not known:
        return ()
    columns = [visits.indicators.index(each.code) for each in known]
    severity = np.array([each.severity for each in known], dtype=np.int64)
    voice = sent.voice[:, columns]
    conditional = np.array([bool(each.among) for each in known])
    given = sent.answered[:, columns] | (conditional & (voice == Status.NOT_RELEVANT))
    seen, given = ((each @ severity)[:, None] for each in (sent.seen[:, columns], given))
    shares = sent.estimate(areas, seen, given, LEVEL)
    fit = (shares.n[:, 0] >= LEAST_N) & (sent.response_by(areas) >= threshold)
    fit &= sent.responds(threshold)
    units = _units(sent.sample, areas.group(sent.of_drawn), areas.count)
    return _in_order(
        [
            (area, _ratio(shares, area, sent.sample, int(units[area])))
            for area in np.flatnonzero(fit).tolist()
        ]
    )


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
        drawn=asked,
    )


def _in_order(found: list[tuple[int, Estimate]]) -> tuple[AreaSeverity, ...]:
    ordered = sorted(found, key=lambda each: (-each[1].value, each[0]))

    def overlapping(one: Estimate) -> int:
        return sum(each.low <= one.high and one.low <= each.high for _, each in found) - 1

    return tuple(AreaSeverity(area, each, overlapping(each)) for area, each in ordered)
