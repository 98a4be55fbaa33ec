"""Sums of the staff of stations, and of the women among them, for one kind of observers."""

from dataclasses import dataclass

import numpy as np

from analytics.survey.design import Floats, Ints, Truths


@dataclass(frozen=True)
class StaffSums:
    """Reports that named both figures; those ``set_aside`` named what cannot be, and count for
    nothing else. What is by place is of the assigned visits, but for ``stations``, which counts
    the places of all."""

    reports: int
    set_aside: int
    women: float
    staff: float
    stations: int
    sent_at: Ints
    women_at: Floats
    staff_at: Floats


def sum_staff(place: Ints, sent: Truths, staff: Floats, women: Floats, *, places: int) -> StaffSums:
    """Sums over reports, an element each: where it is from, whether its team was sent there, and
    its figures. ``places`` are all there are."""
    fit = (staff > 0) & (women >= 0) & (women <= staff)
    own = fit & sent
    return StaffSums(
        len(place),
        int(np.count_nonzero(~fit)),
        float(women[fit].sum()),
        float(staff[fit].sum()),
        len(np.unique(place[fit])),
        np.bincount(place[own], minlength=places),
        np.bincount(place[own], women[own], minlength=places).astype(np.float64),
        np.bincount(place[own], staff[own], minlength=places).astype(np.float64),
    )
