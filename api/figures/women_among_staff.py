"""Women among the staff of stations: a ratio where the sample speaks, else sums."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.numbers import Estimate
from analytics.observation.code_matrix import KIND_INDEX
from analytics.observation.drawn_sample import drawn_for
from analytics.survey.design import DesignProblem
from analytics.survey.estimates import estimate_ratio
from api.database.stored_json import read_json
from api.figures.ask import figure
from api.figures.edition import Edition
from api.figures.json import number_out
from api.figures.staff_sums import StaffSums
from schemas.mission import Kind
from schemas.report import LARGEST_COUNT

ASKED = ("officials", "officials_women")


@dataclass(frozen=True)
class WomenAmongStaff:
    """Women of the staff seen by one kind of observer, in sums over reports.

    ``estimate`` is of all stations, where the sample of this kind allows it. ``set_aside``
    reports named more women than staff, or fewer than none.
    """

    kind: Kind
    women: int
    staff: int
    stations: int
    set_aside: int
    estimate: Estimate | None


@figure
def women_among_staff(edition: Edition) -> list[WomenAmongStaff]:
    """A row a kind of observer that said it; the two are never pooled."""
    return edition.cached("women among staff", lambda: _by_kind(edition))


def _by_kind(edition: Edition) -> list[WomenAmongStaff]:
    return [found for kind in Kind if (found := _of_kind(edition, kind)) is not None]


def _of_kind(edition: Edition, kind: Kind) -> WomenAmongStaff | None:
    said = _said(edition, kind)
    if not said.reports:
        return None
    return WomenAmongStaff(
        kind,
        int(said.women),
        int(said.staff),
        int(np.count_nonzero(said.reports_at)),
        said.set_aside,
        _estimate(edition, said, kind),
    )


def _said(edition: Edition, kind: Kind) -> StaffSums:
    """What one kind of observers said, of places that are known."""
    record, answers = edition.record, edition.answers(ASKED)
    figures = np.array([*map(_figures, answers.texts), (np.nan, np.nan)], dtype=np.float64)
    staff, women = figures[answers.said].T
    own = record.counted & (record["kind"] == KIND_INDEX[kind]) & (record["place"] >= 0)
    rows = np.flatnonzero(own & ~np.isnan(staff))
    found = StaffSums(len(edition.reference.places))
    place, sent = record["place"][rows], record["assigned"][rows]
    found.add(place, sent, staff[rows], women[rows])
    return found


def _figures(text: str) -> tuple[float, float]:
    """Staff and women; not numbers where either is none."""
    staff, women = map(_number, read_json(text))
    return (np.nan, np.nan) if np.isnan(staff + women) else (staff, women)


def _number(said: Any) -> float:
    """As a figure; one that is larger than any cannot be."""
    if isinstance(said, bool) or not isinstance(said, int | float):
        return np.nan
    return float(said) if abs(said) <= LARGEST_COUNT else -1.0


def _estimate(edition: Edition, said: StaffSums, kind: Kind) -> Estimate | None:
    """The ratio of sums over the stations drawn, of the assigned visits to each, where enough of
    them came."""
    sample = drawn_for(edition.reference.drawn_samples, kind)
    if sample is None or not len(sample):
        return None
    came = said.sent_at[sample.place] > 0
    if came.mean() < edition.reference.mission.response_threshold:
        return None
    women, staff = (
        np.where(came, each[sample.place], np.nan) for each in (said.women_at, said.staff_at)
    )
    try:
        return estimate_ratio(sample.whole, women, staff)
    except DesignProblem:
        return None


def women_out(found: WomenAmongStaff) -> dict[str, Any]:
    """One kind's women among staff as JSON."""
    return {
        "kind": found.kind,
        "women": found.women,
        "staff": found.staff,
        "stations": found.stations,
        "set_aside": found.set_aside,
        "estimate": None if found.estimate is None else number_out(found.estimate),
    }
