"""Readings looked at from other sides: where both kinds of observer were, and areas in order.

Areas are put in order only where a probability sample speaks for each of them; of a count no
order follows, because nobody drew who goes where.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.agreement import Agreement, agree
from analytics.design import DesignProblem, Ints
from analytics.drawn import AreaGroups, DrawnSample, sent_by
from analytics.estimates import estimate_ratio
from analytics.numbers import Estimate
from analytics.readings import KINDS, Readings
from schemas.checklist import Indicator
from schemas.codes import STATUS_MASK, Status
from schemas.mission import Kind

LEAST_N = 30
"""Fewer stations than this have no place in an order (the least n of an estimate in print)."""


@dataclass(frozen=True)
class Agreed:
    """One irregularity at the stations where both kinds of observer answered."""

    indicator: str
    agreement: Agreement


def agreement_of(readings: Readings, indicators: Sequence[Indicator]) -> tuple[Agreed, ...]:
    """Domestic against international observers, station by station, in one checklist.

    Counts alone: nothing follows for stations that both did not visit. An indicator that was
    nowhere answered by both has none.
    """
    place, kind = readings["place"], readings["kind"]
    kept = readings.counted & (place >= 0)
    one, other = (np.unique(place[kept & (kind == KINDS.index(each))]) for each in Kind)
    both = kept & np.isin(place, np.intersect1d(one, other))
    rows = np.flatnonzero(both)
    at, whose = place[rows], kind[rows] == KINDS.index(Kind.DOMESTIC)
    found = []
    for each in indicators:
        if each.code not in readings.indicators:
            continue
        said = _said(readings.codes[rows, readings.indicators.index(each.code)])
        agreed = agree(at[whose], said[whose], at[~whose], said[~whose])
        if agreed.stations:
            found.append(Agreed(each.code, agreed))
    return tuple(found)


def _said(codes: NDArray[np.uint8]) -> Ints:
    """1 seen, 0 fine, −1 no answer."""
    status = codes & np.uint8(STATUS_MASK)
    return np.where(status == Status.IRREGULAR, 1, np.where(status == Status.FINE, 0, -1))


@dataclass(frozen=True)
class Ranked:
    """An area by how grave what was seen in it is: of the gravity that could have been seen.

    ``not_different`` counts the areas whose interval overlaps this one's.
    """

    area: int
    estimate: Estimate
    not_different: int


def rank_areas(
    readings: Readings, indicators: Sequence[Indicator], sample: DrawnSample, areas: AreaGroups,
    threshold: float,
) -> tuple[Ranked, ...]:  # fmt: skip
    """Areas by severity, gravest first: Σ severity where seen over Σ severity where answered.

    A ratio of the sample's assigned visits, stations as units. Areas of less response than
    ``threshold``, or of fewer than thirty stations, have no place in the order.
    """
    rows = np.flatnonzero(readings.counted & sent_by(sample, readings))
    station = sample.position(readings["place"][rows])
    silent = np.setdiff1d(np.arange(len(sample)), station)
    known = [each for each in indicators if each.code in readings.indicators and each.severity]
    if not len(rows) or not known:
        return ()
    columns = [readings.indicators.index(each.code) for each in known]
    severity = np.array([each.severity for each in known], dtype=np.float64)
    status = readings.codes[rows][:, columns] & np.uint8(STATUS_MASK)
    nothing = np.full(len(silent), np.nan)
    seen = np.concatenate([(status == Status.IRREGULAR) @ severity, nothing])
    asked = np.concatenate([np.isin(status, (Status.FINE, Status.IRREGULAR)) @ severity, nothing])
    design = sample.design(np.concatenate([station, silent]))
    own = areas.group(sample.area)
    where = own[np.concatenate([station, silent])]
    found = []
    for area in np.unique(own[own >= 0]).tolist():
        response = np.sum(own[np.unique(station)] == area) / np.sum(own == area)
        if response < threshold:
            continue
        try:
            estimate = estimate_ratio(design, seen, asked, where == area)
        except DesignProblem:
            continue
        if estimate.n >= LEAST_N:
            found.append((area, estimate))
    return _in_order(found)


def _in_order(found: list[tuple[int, Estimate]]) -> tuple[Ranked, ...]:
    ordered = sorted(found, key=lambda each: (-each[1].value, each[0]))

    def overlapping(one: Estimate) -> int:
        return sum(each.low <= one.high and one.low <= each.high for _, each in found) - 1

    return tuple(Ranked(area, each, overlapping(each)) for area, each in ordered)
