"""Which protocols enter a contest's quick count, kept up as they come.

Only the stations of which something came are sorted out again.
"""

from array import array
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import numpy as np

from analytics.observation.plan import micro
from analytics.results.moments import Moments
from analytics.results.sampled_results import ProtocolResults, SampledStratum
from analytics.results.vote_design import VoteDesign
from analytics.survey.design import Floats, Ints
from api.figures.held_protocols import HeldProtocols
from api.figures.protocols import BESIDE, WAITING, Entry, Included, Inclusion, Protocol

LARGEST = 2**17
"""Sums of the squares of half a million figures up to here are exact. One that is beyond it was
mistyped, and would leave its mark in the sums when it is put right: all are added up anew."""
Arrival = tuple[datetime, UUID]
"""When a result came that entered, and its report."""
Entering = tuple[Arrival, int, tuple[float, ...]]
"""A result that enters: when it came, at which station, its figures."""


@dataclass
class _Station:
    """What became of a station's protocols."""

    entries: list[Entry] = field(default_factory=list)
    arrival: Arrival | None = None
    waits: bool = False


class _Entered:
    """The results that entered, in order of arrival. Figures lie by station as drawn, and in
    order as far as nothing changed before since somebody asked."""

    def __init__(self, rules: Inclusion, strata: int) -> None:
        self._slot = {place: slot for slot, place in enumerate(rules.stratum)}
        self._stratum = np.array(list(rules.stratum.values()), dtype=np.int64)
        self._figures = np.zeros((len(rules.contestants) + 1, len(self._slot)))
        self._ordered = (
            self._stratum.copy(),
            self._figures.copy(),
            np.zeros(len(self._slot), dtype=np.int64),
        )
        self._kept = 0
        """So many of the first lie in order."""
        self._given = 0
        """So many were given to somebody where they lie."""
        self._strata = strata
        self._sums = self._summed(self._figures, slice(None))
        self._held = np.zeros_like(self._figures)
        """The figures of each station that are in the moments: of one that does not enter none."""
        self._moved = array("q")
        """Stations of which something entered, or enters no more, since they were reckoned."""
        self._arrivals: list[Arrival] = []
        self._slots = array("q")
        self._came_at = array("q")
        """When each came, in microseconds: one list of moments for every look would be long, and
        the collector goes through it while it is new."""

    def add(self, arrival: Arrival, place: int, figures: Sequence[float]) -> None:
        """A result that enters. Of many the earliest first: what comes last needs no room made."""
        at, slot = bisect_left(self._arrivals, arrival), self._slot[place]
        self._figures[:, slot] = figures
        self._arrivals.insert(at, arrival)
        self._slots.insert(at, slot)
        self._moved.append(slot)
        self._kept = min(self._kept, at)
        self._came_at.insert(at, micro(arrival[0]))

    def holds(
        self, held: Arrival | None, arrival: Arrival, place: int, figures: Sequence[float]
    ) -> bool:
        """Whether this very result entered already, as ``held``: most that comes after it says
        the same again, and nothing need be moved."""
        return held == arrival and self._figures[:, self._slot[place]].tolist() == [*figures]

    def remove(self, arrival: Arrival) -> None:
        """One that enters no more."""
        at = bisect_left(self._arrivals, arrival)
        self._figures[:, self._slots[at]] = 0
        self._moved.append(self._slots[at])
        del self._arrivals[at], self._slots[at], self._came_at[at]
        self._kept = min(self._kept, at)

    def added_up(self) -> Moments:
        """What the stations that entered add up to by stratum."""
        moved = np.unique(self._moved)
        before, now = self._held[:, moved], self._figures[:, moved]
        if max(before.max(initial=0), now.max(initial=0)) > LARGEST:
            self._sums = self._summed(self._figures, slice(None))
        else:
            self._sums = self._sums - self._summed(before, moved) + self._summed(now, moved)
        self._held[:, moved] = now
        self._moved = array("q")
        return self._sums

    def _summed(self, figures: Floats, slots: Ints | slice) -> Moments:
        return Moments.of(self._stratum[slots], figures[:-1].T, figures[-1], self._strata)

    def in_order(self) -> tuple[Ints, Floats, Ints]:
        """The stratum of each, its figures, which lie column by column, and when it came, in
        microseconds. What was given stands whatever comes: only behind it is written where it
        lies."""
        kept, many = self._kept, len(self._slots)
        slots = np.array(self._slots[kept:], dtype=np.int64)
        if kept < self._given:
            stratum, figures, came = self._ordered
            self._ordered = stratum.copy(), figures.copy(), came.copy()
        stratum, figures, came = self._ordered
        stratum[kept:many], figures[:, kept:many] = self._stratum[slots], self._figures[:, slots]
        came[kept:many] = self._came_at[kept:]
        self._kept = self._given = many
        return stratum[:many], figures[:, :many].T, came[:many]


class StandingInclusion:
    """The protocols of one contest. ``rules`` say which enter, ``drawn`` how stations count where
    not each stratum by itself."""

    def __init__(
        self, rules: Inclusion, strata: Sequence[SampledStratum], drawn: VoteDesign | None = None
    ) -> None:
        self._rules, self._strata, self._drawn = rules, strata, drawn
        self._stations: dict[int, _Station] = {}
        self._order: list[int] = []
        self._entered = _Entered(rules, len(strata))
        self._left: list[Entry] = []
        """What somebody should look at, station by station."""
        self._beside: Counter[str] = Counter()
        self._waiting = 0
        self._changes = 0

    def update(self, held: HeldProtocols) -> "StandingInclusion":
        """Take in the protocols that changed since this was last asked. What no longer enters is
        taken out of every station first: one may have moved from one to another."""
        touched = [*held.touched_after(self._changes)]
        self._changes = held.changes
        entering = []
        for place in touched:
            station = self._stations.setdefault(place, _Station())
            entered = self._sort_out(place, station, held.at(place))
            if entered is not None and self._entered.holds(station.arrival, *entered):
                continue
            if station.arrival is not None:
                self._entered.remove(station.arrival)
            station.arrival = None
            if entered is not None:
                entering.append(entered)
        for arrival, place, figures in sorted(entering):
            self._stations[place].arrival = arrival
            self._entered.add(arrival, place, figures)
        return self

    def _sort_out(self, place: int, station: _Station, here: Sequence[Protocol]) -> Entering | None:
        """Decide on one station's protocols: when the one came that enters, where, and what it
        says."""
        self._note(station.entries, -1)
        self._waiting -= station.waits
        station.entries, entered = self._rules.sort_out(here)
        self._note(station.entries, 1)
        station.waits = (
            entered is None
            and place in self._rules.stratum
            and any(each.why_not in WAITING for each in station.entries)
        )
        self._waiting += station.waits
        if entered is None:
            return None
        return (entered.came_at, entered.report), place, self._rules.figures(entered)

    def _note(self, entries: Iterable[Entry], sign: int) -> None:
        """Keep, or forget, what did not enter."""
        for each in entries:
            if each.why_not in BESIDE:
                self._beside[each.why_not] += sign
            elif each.why_not is not None and sign > 0:
                insort(self._left, each, key=_where)
            elif each.why_not is not None:
                del self._left[bisect_left(self._left, _where(each), key=_where)]

    def has_entered(self, place: int) -> bool:
        """Whether a result of this station enters."""
        station = self._stations.get(place)
        return station is not None and station.arrival is not None

    def included(self) -> Included:
        """The results that enter, in order of arrival, and what became of each report."""
        stratum, figures, came = self._entered.in_order()
        results = ProtocolResults(
            contestants=tuple(code for code, _ in self._rules.contestants),
            strata=tuple(self._strata),
            stratum=stratum,
            votes=figures[:, :-1],
            below=figures[:, -1],
            set_aside=self._waiting,
            drawn=self._drawn,
            kept_moments=self._entered.added_up(),
        )
        return Included(
            results,
            came,
            tuple(self._left),
            (self._beside["not_sampled"], self._beside["same"]),
            self._entries,
        )

    def _entries(self, first: int) -> Iterator[Entry]:
        """What became of each report, station by station from one on."""
        if len(self._order) < len(self._stations):
            self._order = sorted(self._stations)
        stations = self._order[bisect_left(self._order, first) :]
        return (each for at in stations for each in self._stations[at].entries)


def _where(each: Entry) -> tuple[int, int]:
    return each.place, each.report.int


def include(
    protocols: Iterable[Protocol], rules: Inclusion, strata: Sequence[SampledStratum]
) -> Included:
    """Sort out which of these protocols enter."""
    return StandingInclusion(rules, strata).update(HeldProtocols(protocols)).included()
