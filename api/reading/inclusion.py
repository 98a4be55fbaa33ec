"""Which protocols enter a contest's quick count, kept up as they come.

Only the stations of which something came are sorted out again.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import numpy as np

from analytics.sampled_results import ProtocolResults, SampledStratum
from analytics.vote_design import VoteDesign
from api.reading.protocols import BESIDE, WAITING, Entry, Included, Inclusion, Protocol

Arrival = tuple[datetime, UUID, int]
"""When a result came that entered, its report, its station."""


@dataclass
class _Station:
    """A station's protocols that are known, and what became of them."""

    protocols: dict[UUID, Protocol] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    arrival: Arrival | None = None
    waits: bool = False


class StandingInclusion:
    """The protocols of one contest. ``rules`` say which enter, ``drawn`` how stations count where
    not each stratum by itself."""

    def __init__(
        self, rules: Inclusion, strata: Sequence[SampledStratum], drawn: VoteDesign | None = None
    ) -> None:
        self._rules, self._strata, self._drawn = rules, strata, drawn
        self._stations: dict[int, _Station] = {}
        self._place_of: dict[UUID, int] = {}
        self._arrivals: list[Arrival] = []
        self._figures: dict[int, tuple[float, ...]] = {}
        self._left: dict[UUID, Entry] = {}
        self._beside: Counter[str] = Counter()
        self._waiting = 0
        self._read = 0

    def update(self, held: Mapping[UUID, Protocol], log: Sequence[UUID]) -> "StandingInclusion":
        """Take in the protocols that changed: those that ``log`` names since it was last read."""
        changed = dict.fromkeys(log[self._read :])
        self._read = len(log)
        touched: dict[int, None] = {}
        for report in changed:
            before, now = self._place_of.pop(report, None), held.get(report)
            if before is not None:
                del self._stations[before].protocols[report]
                touched[before] = None
            if now is not None:
                self._place_of[report] = now.place
                self._stations.setdefault(now.place, _Station()).protocols[report] = now
                touched[now.place] = None
        for place in touched:
            self._sort_out(place, self._stations[place])
        return self

    def _sort_out(self, place: int, station: _Station) -> None:
        """Decide anew on one station's protocols."""
        if station.arrival is not None:
            del self._arrivals[bisect_left(self._arrivals, station.arrival)]
        self._note(station.entries, -1)
        station.entries, entered = self._rules.sort_out(station.protocols.values())
        self._note(station.entries, 1)
        station.arrival = None
        if entered is not None:
            station.arrival = entered.came_at, entered.report, place
            insort(self._arrivals, station.arrival)
            self._figures[place] = self._rules.figures(entered)
        waits = entered is None and place in self._rules.stratum and any(
            each.why_not in WAITING for each in station.entries
        )  # fmt: skip
        self._waiting += waits - station.waits
        station.waits = waits

    def _note(self, entries: Iterable[Entry], sign: int) -> None:
        """Keep, or forget, what did not enter."""
        for each in entries:
            if each.why_not in BESIDE:
                self._beside[each.why_not] += sign
            elif each.why_not is not None and sign > 0:
                self._left[each.report] = each
            else:
                self._left.pop(each.report, None)

    def has_entered(self, place: int) -> bool:
        """Whether a result of this station enters."""
        station = self._stations.get(place)
        return station is not None and station.arrival is not None

    def included(self) -> Included:
        """The results that enter, in order of arrival, and what became of each report."""
        places = [place for _, _, place in self._arrivals]
        stratum, width = self._rules.stratum, len(self._rules.contestants)
        figures = np.array([self._figures[place] for place in places], dtype=np.float64)
        figures = figures.reshape(len(places), width + 1)
        results = ProtocolResults(
            contestants=tuple(code for code, _ in self._rules.contestants),
            strata=tuple(self._strata),
            stratum=np.array([stratum[place] for place in places], dtype=np.int64),
            votes=figures[:, :-1], below=figures[:, -1], set_aside=self._waiting,
            drawn=self._drawn,
        )  # fmt: skip
        left = sorted(self._left.values(), key=lambda each: (each.place, each.report))
        return Included(
            results, tuple([at for at, _, _ in self._arrivals]), tuple(left),
            (self._beside["not_sampled"], self._beside["same"]), self._entries,
        )  # fmt: skip

    def _entries(self) -> Iterable[Entry]:
        """What became of each report, station by station."""
        return (each for at in sorted(self._stations) for each in self._stations[at].entries)


def include(
    protocols: Iterable[Protocol], rules: Inclusion, strata: Sequence[SampledStratum]
) -> Included:
    """Sort out which of these protocols enter."""
    held = {each.report: each for each in protocols}
    return StandingInclusion(rules, strata).update(held, list(held)).included()
