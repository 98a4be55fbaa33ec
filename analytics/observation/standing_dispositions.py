"""What became of each plan, kept up with what comes, so that it costs what changed.

Whatever the hour, a plan has what came, what was withdrawn, and what is open and when it was due;
only whether that is awaited or missing moves with time. Plans of which all this is the same stand
together, and are asked the time once. What comes of it is what
:func:`analytics.observation.dispositions.dispose` gives of everything
(tests/analytics/observation/test_standing_dispositions.py).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Mapping, Set
from datetime import datetime, timedelta
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from analytics.observation.code_matrix import NOWHERE
from analytics.observation.coverage import GRACE
from analytics.observation.dispositions import (
    GROUPS,
    By,
    Conflict,
    Fate,
    Name,
    Plan,
    Stand,
    Tally,
    name_of,
    parts_of,
    plan_of,
    stand_of,
)
from analytics.observation.plan import Key, StandingPlan, micro
from analytics.observation.station_plans import StationPlans
from analytics.survey.design import Ints, Truths
from schemas.mission import Kind

NEVER = int(np.iinfo(np.int64).max)
NO_STAND = -1
AFTER = 1 << 62
"""Teams of stations outside the sample are called so many microseconds later: after all others."""


PLANNED = 1 << len(Fate)
BITS = {fate: 1 << at for at, fate in enumerate(Fate)}


class StandingDispositions:
    """How every plan of a :class:`StandingPlan` stands, as of the last :meth:`update`.

    ``unheard`` gives each deployment whose last call found nobody the moment of that call;
    ``sampled`` are the places whose teams are called first.
    """

    def __init__(
        self, plan: StandingPlan, unheard: Mapping[str, datetime], sampled: Collection[int] = ()
    ) -> None:
        self._plan, self._unheard, self._sampled = plan, dict(unheard), sampled
        self._conflicts: Set[Conflict] = frozenset()
        area_of = {name_of(each): each.area for each in plan.expected}
        self._names = sorted(area_of)
        self._areas = np.array([area_of[name] for name in self._names], dtype=np.int64)
        self._own = _ranges(self._names)
        self._places = np.array([place for _, _, place, _ in self._names], dtype=np.int64)
        self._stands: list[Stand | None] = [None] * len(self._names)
        self._kinds: list[Stand] = []
        """How plans stand, each once."""
        self._number: dict[Stand, int] = {}
        self._kind_at = np.full(len(self._names), NO_STAND, dtype=np.int32)
        self._checklists = sorted({checklist for _, checklist, *_ in self._names})
        numbers = {name: number for number, name in enumerate(self._checklists)}
        self._checklist_at = np.array([numbers[each[1]] for each in self._names], dtype=np.int32)
        self._counts: Counter[Stand] = Counter()
        self._call_at = np.full(len(self._names), NEVER, dtype=np.int64)
        self._keys = self._keys_of(self._unheard)
        self._called: set[Key] = set()
        self._asked: tuple[bytes, dict[str, StationPlans]] | None = None

    def call(self, ended: Mapping[str, datetime | None]) -> None:
        """Deployments that were called: the moment where nobody was found, None where somebody."""
        self._keys |= self._keys_of(ended.keys() - self._keys.keys())
        for deployment, at in ended.items():
            self._called |= self._keys.get(deployment, set())
            if at is not None:
                self._unheard[deployment] = at
            else:
                self._unheard.pop(deployment, None)

    def _keys_of(self, deployments: Collection[str]) -> dict[str, set[Key]]:
        """The teams and checklists of each of these deployments."""
        found: defaultdict[str, set[Key]] = defaultdict(set)
        for *key, _, deployment in self._names if deployments else ():
            if deployment in deployments:
                found[deployment].add((key[0], key[1]))
        return dict(found)

    def update(self, conflicts: Set[Conflict] = frozenset()) -> "StandingDispositions":
        """Take in what moved in the plan, and which places are in conflict now."""
        moved = self._plan.moved() | self._called
        self._called.clear()
        for keys in self._keys.values():
            if not moved.isdisjoint(keys):
                moved |= keys
        moved |= self._at(conflicts ^ self._conflicts)
        self._conflicts = conflicts
        for key in moved:
            self._count(key)
        return self

    def _at(self, conflicts: Set[Conflict]) -> set[Key]:
        """The teams and checklists that these conflicts may be of."""
        places = {place for place, _ in conflicts}
        anywhere = np.array([*places, -1], dtype=np.int64) if places else ()
        names = [self._names[at] for at in np.flatnonzero(np.isin(self._places, anywhere)).tolist()]
        return {
            name[:2]
            for name in names
            if name[2] in places
            or any(came.place in places for _, came in self._plan.matched_of(name[:2]).met)
        }

    def _count(self, key: Key) -> None:
        """Count the plans of a team on a checklist as they stand now."""
        parts = parts_of(self._plan.matched_of(key))
        for at in self._own.get(key, ()):
            here, before = parts.get(self._names[at]), self._stands[at]
            stand = None
            if here is not None:
                lost = self._lost(self._names[at][-1])
                stand = stand_of(here, lost=lost, conflicts=self._conflicts)
            if stand != before:
                self._put(at, before, stand)

    def _put(self, at: int, before: Stand | None, stand: Stand | None) -> None:
        if before is not None:
            self._counts[before] -= 1
        self._kind_at[at] = NO_STAND
        if stand is not None:
            number = self._kind_at[at] = self._number.setdefault(stand, len(self._kinds))
            self._kinds += [stand] if number == len(self._kinds) else []
            stand = self._kinds[number]
            self._counts[stand] += 1
        self._stands[at] = stand
        self._call_at[at] = NEVER
        if stand is not None and stand.may_call:
            first = self._names[at][2] in self._sampled
            self._call_at[at] = micro(stand.open[0]) + (0 if first else AFTER)

    def _lost(self, deployment: str) -> bool:
        """Whether the last call found nobody, and nothing came since."""
        at = self._unheard.get(deployment)
        return at is not None and not any(
            due.deployment == deployment and came.received_at >= at
            for key in self._keys[deployment]
            for due, came in self._plan.matched_of(key).met
        )

    def tally(self, by: By, *, as_of: datetime, grace: timedelta = GRACE) -> tuple[Tally, ...]:
        """Plans and reports by group as :func:`analytics.observation.dispositions.tally`; not by
        team."""
        of, since = GROUPS[by], as_of - grace
        found: dict[Hashable, Tally] = {}
        for stand, plans in self._counts.items():
            if not plans:
                continue
            held = found.setdefault(of(stand), Tally(of(stand), Counter(), Counter()))
            held.plans[stand.disposition(since)] += plans
            for fate, reports in stand.fates(since).items():
                held.reports[fate] += plans * reports
        return tuple(sorted(found.values(), key=lambda each: str(each.group)))

    def planned_at(
        self, places: Ints, kind: Kind, *, as_of: datetime, grace: timedelta = GRACE
    ) -> dict[str, dict[Fate, Truths]]:
        """By checklist, whether what these places were to send by one kind of observers has each
        fate, place by place; no checklist of which nothing was planned."""
        told, found = self._told(kind, as_of - grace), {}
        for checklist, each in self._station_plans(places).items():
            at = each.any_of(told, self._kind_at, len(places))
            if at.any():
                found[checklist] = {fate: (at & bit) > 0 for fate, bit in BITS.items()}
        return found

    def _told(self, kind: Kind, since: datetime) -> NDArray[np.uint8]:
        """Of each way to stand the bits of its fates, last of no stand: nothing of another kind of
        observers."""
        own = [each.fates(since) if each.kind == kind else None for each in self._kinds]
        bits = [
            0 if fates is None else PLANNED | sum(BITS[fate] for fate in fates) for fates in own
        ]
        return np.array([*bits, 0], dtype=np.uint8)

    def _station_plans(self, places: Ints) -> dict[str, StationPlans]:
        """By checklist where the plans of these places stand. What was last asked is kept: it is
        asked of one sample."""
        asked = places.tobytes()
        if self._asked is None or self._asked[0] != asked:
            self._asked = (
                asked,
                {
                    name: StationPlans.of(
                        np.where(self._checklist_at == number, self._places, NOWHERE), places
                    )
                    for number, name in enumerate(self._checklists)
                },
            )
        return self._asked[1]

    def to_call(
        self,
        count: int,
        *,
        as_of: datetime,
        grace: timedelta = GRACE,
        areas: Collection[int] | None = None,
    ) -> list[Plan]:
        """The first so many to call, as :func:`analytics.observation.dispositions.to_call`; in
        these areas."""
        since, found, call_at = as_of - grace, [], self._call_at
        if areas is not None:
            here = np.isin(self._areas, np.array([*areas], dtype=np.int64))
            call_at = np.where(here, call_at, NEVER)
        for at in _first(call_at, micro(since), count):
            name = self._names[at]
            parts = parts_of(self._plan.matched_of(name[:2]))[name]
            lost = self._lost(name[-1])
            found.append(plan_of(name, parts, since, lost=lost, conflicts=self._conflicts))
        return found


def _first(call_at: Ints, since: int, count: int) -> list[int]:
    """Who is called first: the sampled that are overdue, then others; the longest first."""
    late = (call_at < since) | ((call_at >= AFTER) & (call_at < AFTER + since))
    plans = np.flatnonzero(late)
    if len(plans) > count:
        last = np.partition(call_at[plans], count - 1)[count - 1]
        plans = plans[call_at[plans] <= last]
    ordered: list[int] = plans[np.argsort(call_at[plans], kind="stable")].tolist()
    return ordered[:count]


def _ranges(names: list[Name]) -> dict[Key, range]:
    """Where the plans of each team and checklist stand in the order of names."""
    found, start = {}, 0
    for key, here in groupby(names, key=lambda name: name[:2]):
        end = start + sum(1 for _ in here)
        found[key], start = range(start, end), end
    return found
