"""The staff of stations and the women among them, as one kind of observers said: in sums."""

import numpy as np

from analytics.survey.design import Floats, Ints, Truths


def can_be(staff: Floats, women: Floats) -> Truths:
    """Of each report whether its figures can be: some staff, no more women, no fewer than none."""
    return np.asarray((staff > 0) & (women >= 0) & (women <= staff))


class StaffSums:
    """Reports that named both figures; those ``set_aside`` named what cannot be, and count for
    nothing else. What is by place is of the assigned visits, but for ``reports_at``."""

    def __init__(self, places: int) -> None:
        self.reports, self.set_aside, self.women, self.staff = 0, 0, 0.0, 0.0
        self.reports_at = np.zeros(places, dtype=np.int64)
        self.sent_at = np.zeros(places, dtype=np.int64)
        self.women_at, self.staff_at = np.zeros(places), np.zeros(places)

    def add(self, place: Ints, sent: Truths, staff: Floats, women: Floats) -> None:
        """Put reports in, one entry each."""
        fit = can_be(staff, women)
        self.reports += len(place)
        self.set_aside += int((~fit).sum())
        self.women += float(women[fit].sum())
        self.staff += float(staff[fit].sum())
        np.add.at(self.reports_at, place[fit], 1)
        own = fit & sent
        np.add.at(self.sent_at, place[own], 1)
        np.add.at(self.women_at, place[own], women[own])
        np.add.at(self.staff_at, place[own], staff[own])
