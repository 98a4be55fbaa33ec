"""Women among the staff of stations: a ratio where the sample speaks, else sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from analytics.design import DesignProblem
from analytics.drawn import drawn_for
from analytics.estimates import estimate_ratio
from analytics.numbers import Estimate
from api.reading.shapes import number_out
from api.reading.watch import Watch
from schemas.mission import Kind

STAFF, WOMEN = "officials", "officials_women"
ROWS = text("""
SELECT r.place_id, r.observer_id, r.organisation_id, (v.answers ->> 'officials')::numeric AS staff,
  (v.answers ->> 'officials_women')::numeric AS women
FROM report r
JOIN report_version v ON v.mission_id = r.mission_id AND v.report_id = r.id
  AND v.number = r.version
WHERE r.mission_id = :m AND r.round_id = :round AND r.status IN ('received', 'flagged', 'verified')
  AND jsonb_typeof(v.answers -> 'officials') = 'number'
  AND jsonb_typeof(v.answers -> 'officials_women') = 'number'""")


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


async def women_among_staff(session: AsyncSession, watch: Watch) -> list[WomenAmongStaff]:
    """A row a kind of observer that said it; the two are never pooled."""
    values = {"m": watch.frame.mission.mission_id, "round": watch.frame.polling.round_id}
    rows = (await session.execute(ROWS, values)).all()
    with watch.lock:
        return [found for kind in Kind if (found := _of_kind(watch, rows, kind)) is not None]


def _of_kind(watch: Watch, rows: Sequence[Any], kind: Kind) -> WomenAmongStaff | None:
    frame = watch.frame
    own = [
        row
        for row in rows
        if kind_of(watch, row.organisation_id) is kind and row.place_id in frame.place_index
    ]
    fit = [row for row in own if 0 <= row.women <= row.staff and row.staff > 0]
    if not own:
        return None
    return WomenAmongStaff(
        kind, int(sum(row.women for row in fit)), int(sum(row.staff for row in fit)),
        len({row.place_id for row in fit}), len(own) - len(fit), _estimate(watch, fit, kind),
    )  # fmt: skip


def kind_of(watch: Watch, organisation: UUID | None) -> Kind:
    """The kind of an organisation's observers; the mission's own where it is unknown."""
    found = watch.frame.organisations.get(organisation) if organisation else None
    return found[1] if found else Kind(watch.frame.mission.kind)


def _estimate(watch: Watch, rows: Sequence[Any], kind: Kind) -> Estimate | None:
    """The ratio of sums over the sample's assigned visits, where enough of it came."""
    frame, sample = watch.frame, drawn_for(watch.frame.drawn_samples, kind)
    if sample is None:
        return None
    at, drawn = [(frame.place_index[row.place_id], row) for row in rows], set(sample.place.tolist())
    sent = [(place, row) for place, row in at if place in drawn
            and (not frame.posted or (row.observer_id, place) in frame.posted)]  # fmt: skip
    station = sample.position(np.array([place for place, _ in sent], dtype=np.int64))
    silent = np.setdiff1d(np.arange(len(sample)), station)
    if 1 - len(silent) / max(len(sample), 1) < frame.mission.response_threshold:
        return None
    nothing = np.full(len(silent), np.nan)
    women = np.concatenate([[float(row.women) for _, row in sent], nothing])
    staff = np.concatenate([[float(row.staff) for _, row in sent], nothing])
    try:
        return estimate_ratio(sample.design(np.concatenate([station, silent])), women, staff)
    except DesignProblem:
        return None


def women_out(found: WomenAmongStaff) -> dict[str, Any]:
    """One kind's women among staff as JSON."""
    return {
        "kind": found.kind, "women": found.women, "staff": found.staff,
        "stations": found.stations, "set_aside": found.set_aside,
        "estimate": None if found.estimate is None else number_out(found.estimate),
    }  # fmt: skip
