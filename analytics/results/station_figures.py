"""Results by station from one source as columns: a row a station, a column a figure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.observation.protocols import FIGURES, MISSING, Protocols
from analytics.survey.design import Ints, Truths

Columns = Mapping[str, Ints]
Given = tuple[int, Mapping[str, int], Mapping[str, int]]
"""A place, its figures and its votes."""


@dataclass(frozen=True)
class StationFigures:
    """``place`` is ascending, each place once. ``figures`` are columns by the name of a figure,
    ``votes`` by a contestant's code; :data:`MISSING` where the source says nothing."""

    place: Ints
    figures: Columns
    votes: Columns

    def __len__(self) -> int:
        return len(self.place)

    @property
    def columns(self) -> Columns:
        """All of them. Of a figure and a contestant of one name, the contestant's."""
        return {**self.figures, **self.votes}

    def at(self, places: Ints) -> tuple[Ints, Truths]:
        """The rows of places, and whether there is one; elsewhere the row means nothing."""
        rows = np.searchsorted(self.place, places)
        there = rows < len(self)
        there[there] = self.place[rows[there]] == places[there]
        return np.where(there, rows, 0), there


def figures_of(given: Iterable[Given]) -> StationFigures:
    """Figures that were read one station after another, each place once."""
    lines = sorted(given, key=lambda line: line[0])
    return StationFigures(
        np.array([place for place, _, _ in lines], dtype=np.int64),
        _columns([figures for _, figures, _ in lines]),
        _columns([votes for _, _, votes in lines]),
    )


def _columns(said: Sequence[Mapping[str, int]]) -> Columns:
    names = sorted({name for each in said for name in each})
    return {
        name: np.array([each.get(name, MISSING) for each in said], dtype=np.int64) for name in names
    }


def first_copies(protocols: Protocols, contestants: Sequence[tuple[str, str]]) -> StationFigures:
    """The protocol that came first from each station, whatever became of its report: what it says
    of voters and votes."""
    order = protocols.order[protocols["place"][protocols.order] >= 0]
    rows = order[_opens(protocols["place"][order])]
    names = {"registered": "registered", "valid": "valid", "invalid": "invalid", "cast": "in_box"}
    votes, said = protocols.votes(contestants)
    votes = np.where(said, votes, MISSING)
    return StationFigures(
        protocols["place"][rows].astype(np.int64),
        {name: protocols[own][rows] for name, own in names.items()},
        {code: votes[rows, at] for at, (code, _) in enumerate(contestants)},
    )


def copies_alike(protocols: Protocols, contestants: Sequence[tuple[str, str]]) -> StationFigures:
    """One copy of each station, of whole protocols in reports that count: of two that differ
    neither is used. A contestant who is not named has no votes."""
    order = protocols.order
    used = protocols["complete"] & protocols.counted & (protocols["place"] >= 0)
    order = order[used[order]]
    votes, _ = protocols.votes(contestants)
    said = np.column_stack([votes[order], *(protocols[name][order] for name in FIGURES)])
    opens = _opens(protocols["place"][order])
    starts = np.flatnonzero(opens)
    station = np.cumsum(opens) - 1
    differs = (said != said[starts][station]).any(axis=1)
    rows = order[starts[~np.isin(np.arange(len(starts)), station[differs])]]
    return StationFigures(
        protocols["place"][rows].astype(np.int64),
        {name: protocols[name][rows] for name in FIGURES},
        {code: votes[rows, at] for at, (code, _) in enumerate(contestants)},
    )


def _opens(place: Ints) -> Truths:
    """Where another place begins, in rows that lie together by place."""
    opens = np.ones(len(place), dtype=np.bool_)
    opens[1:] = place[1:] != place[:-1]
    return opens
