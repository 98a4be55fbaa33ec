"""Women among the staff of stations: a ratio where the sample speaks, else sums."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from sqlalchemy import text

from analytics.numbers import Estimate
from analytics.observation.drawn_sample import drawn_for
from analytics.survey.design import DesignProblem
from analytics.survey.estimates import estimate_ratio
from api.figures.ask import figure
from api.figures.json import number_out
from api.figures.kept import kept
from api.figures.staff_sums import StaffSums
from api.figures.watch import Watch
from schemas.mission import Kind

ROWS = text("""
WITH said AS (
  SELECT r.id, r.changed, r.place_id, r.observer_id::text, r.organisation_id, v.answers,
    r.round_id = :round AND r.status IN ('received', 'flagged', 'verified')
      AND jsonb_typeof(v.answers -> 'officials') = 'number'
      AND jsonb_typeof(v.answers -> 'officials_women') = 'number' AS counts
  FROM report r
  JOIN report_version v ON v.mission_id = r.mission_id AND v.report_id = r.id
    AND v.number = r.version
  WHERE r.mission_id = :m AND r.changed > :after AND r.changed <= :until)
SELECT id, changed, place_id, observer_id, organisation_id,
  CASE WHEN counts THEN (answers ->> 'officials')::numeric END AS staff,
  CASE WHEN counts THEN (answers ->> 'officials_women')::numeric END AS women
FROM said WHERE counts OR :after > 0""")
"""Of all that changed, also what counts no more; at first only what counts."""


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
def women_among_staff(watch: Watch) -> list[WomenAmongStaff]:
    """A row a kind of observer that said it; the two are never pooled."""
    with watch.lock:
        held, until = watch.staff, watch.sequence
        if held.sequence < until:
            values = {
                "m": watch.frame.mission.mission_id,
                "round": watch.frame.polling.round_id,
                "after": held.sequence,
                "until": until,
            }
            held.take(watch.rows_of(ROWS, values))
            held.sequence = until
        return kept(watch, "women among staff", partial(_by_kind, watch))


def _by_kind(watch: Watch) -> list[WomenAmongStaff]:
    return [found for kind in Kind if (found := _of_kind(watch, kind)) is not None]


def _of_kind(watch: Watch, kind: Kind) -> WomenAmongStaff | None:
    said = watch.staff.of_kind(kind)
    if not said.reports:
        return None
    return WomenAmongStaff(
        kind,
        int(said.women),
        int(said.staff),
        int(np.count_nonzero(said.reports_at)),
        said.set_aside,
        _estimate(watch, said, kind),
    )


def _estimate(watch: Watch, said: StaffSums, kind: Kind) -> Estimate | None:
    """The ratio of sums over the stations drawn, of the assigned visits to each, where enough of
    them came."""
    sample = drawn_for(watch.frame.drawn_samples, kind)
    if sample is None or not len(sample):
        return None
    came = said.sent_at[sample.place] > 0
    if came.mean() < watch.frame.mission.response_threshold:
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
