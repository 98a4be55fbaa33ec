"""Expected reports as columns: one row a report of the deployment plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.observation.code_matrix import KIND_INDEX, NOWHERE
from analytics.observation.coverage import Ended, Expected
from analytics.observation.moments import micro
from analytics.survey.design import Ints

ENDED: tuple[Ended, ...] = ("", "withdrawn", "cancelled")
WITHDRAWN, CANCELLED = 1, 2


@dataclass(frozen=True, eq=False)
class ExpectedReports:
    """Expected reports, shape (reports,). ``place`` is −1 of a team that goes where it likes in
    ``area``; ``due`` in microseconds since 1970; ``kind`` an index into
    :data:`analytics.observation.code_matrix.KINDS`, ``ended`` into :data:`ENDED`; ``checklist``,
    ``stage``, ``team`` and ``deployment`` into the lists. Teams and deployments are sorted by name.
    """

    place: NDArray[np.int32]
    area: NDArray[np.int32]
    checklist: NDArray[np.int16]
    stage: NDArray[np.int8]
    due: NDArray[np.int64]
    kind: NDArray[np.int8]
    team: NDArray[np.int32]
    deployment: NDArray[np.int32]
    ended: NDArray[np.int8]
    checklists: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    deployments: tuple[str, ...] = ()

    @classmethod
    def of(cls, expected: Iterable[Expected]) -> "ExpectedReports":
        """The same of single ones."""
        each = list(expected)
        names = {
            "checklist": [one.checklist for one in each],
            "stage": [one.stage for one in each],
            "team": [one.observer for one in each],
            "deployment": [one.deployment for one in each],
        }
        lists = {name: tuple(sorted(set(said))) for name, said in names.items()}
        columns: dict[str, Any] = {
            name: [index[one] for one in said]
            for name, said in names.items()
            for index in [{one: at for at, one in enumerate(lists[name])}]
        }
        columns |= {
            "place": [NOWHERE if one.place is None else one.place for one in each],
            "area": [one.area for one in each],
            "due": [micro(one.due_at) for one in each],
            "kind": [KIND_INDEX[one.kind] for one in each],
            "ended": [ENDED.index(one.ended) for one in each],
        }
        return cls.from_columns(
            columns, lists["checklist"], lists["stage"], lists["team"], lists["deployment"]
        )

    @classmethod
    def from_columns(
        cls,
        columns: dict[str, Any],
        checklists: tuple[str, ...],
        stages: tuple[str, ...],
        teams: tuple[str, ...],
        deployments: tuple[str, ...],
    ) -> "ExpectedReports":
        """Of columns of whatever whole numbers, by name."""
        given: dict[str, Any] = {
            name: np.asarray(columns[name], dtype=kind) for name, kind in _TYPES.items()
        }
        return cls(
            **given, checklists=checklists, stages=stages, teams=teams, deployments=deployments
        )

    def __len__(self) -> int:
        return len(self.due)

    @cached_property
    def queues(self) -> "Queues":
        """What waits for each team's reports."""
        return Queues.of(self)

    @cached_property
    def plans(self) -> "Plans":
        """Which expected reports are of one plan."""
        rank = np.argsort(np.argsort(np.array([*self.checklists, ""]), kind="stable"))
        keys: tuple[Any, ...] = self.deployment, self.place, rank[self.checklist], self.team
        order = np.lexsort(keys)
        begins = np.zeros(len(order), dtype=np.bool_)
        begins[:1] = True
        for each in keys:
            column = each[order]
            begins[1:] |= column[1:] != column[:-1]
        of = np.empty(len(order), dtype=np.int32)
        of[order] = np.cumsum(begins) - 1
        return Plans(of, order[begins])


@dataclass(frozen=True, eq=False)
class Plans:
    """Plans in the order of team, checklist, place and deployment. ``of`` is each expected report's
    plan; ``first`` one expected report of each, which has what all of a plan have in common."""

    of: NDArray[np.int32]
    first: Ints

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, eq=False)
class Queues:
    """Expected reports in queues by team and checklist, and by place, the first due first.

    ``key`` names each queue, in order, ``first`` and ``many`` say which of ``waiting`` are in it.
    """

    key: Ints
    first: Ints
    many: Ints
    waiting: Ints
    places: int

    @classmethod
    def of(cls, expected: ExpectedReports) -> "Queues":
        """The queues of a plan."""
        places = int(expected.place.max(initial=NOWHERE)) + 2
        desk = desks(expected.team, expected.checklist)
        key = desk * places + (expected.place + 1)
        # Of those due together the one that stands last comes first.
        last = -np.arange(len(expected))
        waiting = np.lexsort((last, expected.due, key))
        names, first, many = np.unique(key[waiting], return_index=True, return_counts=True)
        return cls(names, first, many, waiting, places)

    def take(self, desk: Ints, place: Ints) -> Ints:
        """What each of these reports meets, who come in this order at each queue; −1 nothing."""
        found = np.full(len(desk), NOWHERE, dtype=np.int64)
        known = place < self.places - 1
        key = np.where(known, desk * self.places + place + 1, NOWHERE)
        order = np.argsort(key, kind="stable")
        sorted_key = key[order]
        if not len(self.key) or not len(order):
            return found
        begins = np.flatnonzero(np.append(True, sorted_key[1:] != sorted_key[:-1]))
        many = np.diff(np.append(begins, len(order)))
        rank = np.arange(len(order)) - np.repeat(begins, many)
        queue = np.minimum(np.searchsorted(self.key, sorted_key), len(self.key) - 1)
        meets = (self.key[queue] == sorted_key) & (rank < self.many[queue])
        found[order[meets]] = self.waiting[self.first[queue[meets]] + rank[meets]]
        return found


def desks(team: NDArray[Any], checklist: NDArray[Any]) -> Ints:
    """A number for each team and checklist."""
    numbers: Ints = team.astype(np.int64) * _CHECKLISTS + checklist
    return numbers


_CHECKLISTS = 1 << 15
_TYPES = {
    "place": np.int32,
    "area": np.int32,
    "checklist": np.int16,
    "stage": np.int8,
    "due": np.int64,
    "kind": np.int8,
    "team": np.int32,
    "deployment": np.int32,
    "ended": np.int8,
}
