"""Which contests are voted on at a place: a pure function of areas, constituencies and places.

Where somebody named a place's contests for the round, those. Else the contests one of whose areas
the place lies in, and every contest without an area.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Contests = tuple[int, ...]
"""Contests as positions in their round's own order."""


@dataclass(frozen=True)
class StationContests:
    """The contests of every place of a round.

    ``stations`` are those voted on at the stations of an area; ``others`` those that concern other
    places there, such as a tabulation centre, which receives what is voted on below it as well.
    Both have a row for each area, and last one for places of no area. ``named`` are those named
    for a place itself; ``all`` are the round's.
    """

    all: Contests = ()
    stations: Sequence[Contests] = ((),)
    others: Sequence[Contests] = ((),)
    named: Mapping[Any, Contests] = field(default_factory=dict)

    def at(self, place: Any, area: int, *, station: bool = True) -> Contests:
        """The contests of one place; ``area`` is −1 of none."""
        if not self.all:
            return ()
        named = self.named.get(place)
        if named is not None:
            return named
        return (self.stations if station else self.others)[area]


def named_contests(codes: Mapping[str, int], named: Iterable[str]) -> Contests:
    """The contests that were named by their codes, in the round's own order; what the round does
    not have is left out."""
    return tuple(sorted({codes[each] for each in named if each in codes}))


def contests_of_places(
    parents: Sequence[int],
    constituencies: Sequence[Collection[int]],
    named: Mapping[Any, Contests] | None = None,
) -> StationContests:
    """The contests of each place.

    ``parents`` is the area around each area, −1 where there is none; ``constituencies`` are the
    areas of each contest of the round in its own order, none where it is voted on everywhere;
    ``named`` the contests that were named for a place.
    """
    around = [_around(area, parents) for area in range(len(parents))]
    inside: list[set[int]] = [set() for _ in parents]
    for area, others in enumerate(around):
        for each in others:
            inside[each].add(area)
    own = [frozenset(each) for each in constituencies]
    return StationContests(
        tuple(range(len(own))),
        [_voted(own, each) for each in [*around, frozenset[int]()]],
        [_voted(own, up | down) for up, down in zip(around, inside, strict=True)]
        + [tuple(range(len(own)))],
        dict(named or {}),
    )


def _voted(constituencies: Iterable[frozenset[int]], areas: Collection[int]) -> Contests:
    return tuple(
        [at for at, each in enumerate(constituencies) if not each or not each.isdisjoint(areas)]
    )


def _around(area: int, parents: Sequence[int]) -> frozenset[int]:
    """The area and all that it lies in; an area that would lie in itself ends there."""
    found: set[int] = set()
    while area >= 0 and area not in found:
        found.add(area)
        area = parents[area]
    return frozenset(found)
