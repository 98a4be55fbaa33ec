"""Areas of any depth, rolled up to one level at a time: what lies in a region counts in it."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import numpy as np

from analytics.observation.drawn_sample import AreaGroups
from schemas.place import Area

OUTSIDE = -1


def level(areas: Sequence[Area], within: Area | None = None) -> tuple[int, ...]:
    """For each area the index of the one that stands for it, −1 where none does.

    Without ``within`` it is the outermost area that it lies in; where one area holds all others,
    such as the nation, it is that one's part. With ``within`` it is the part of that area that it
    lies in, and the area itself for what lies in none of its parts. The groups never overlap.
    """
    index = {each.id: number for number, each in enumerate(areas)}
    top = within or _whole(areas)
    return tuple(_group(areas, index, each, top, strict=within is not None) for each in areas)


def inside(areas: Sequence[Area], within: Area) -> frozenset[int]:
    """The indices of an area and of all that lie in it, however deep."""
    return frozenset(number for number, into in enumerate(level(areas, within)) if into != OUTSIDE)


def groups(areas: Sequence[Area], within: Area | None = None) -> AreaGroups:
    """The same for the readings."""
    return AreaGroups(np.array(level(areas, within), dtype=np.int64), len(areas))


def parts(areas: Sequence[Area], within: Area | None = None) -> list[Area]:
    """The areas of one level, in the order that the areas have."""
    standing = set(level(areas, within))
    return [each for number, each in enumerate(areas) if number in standing]


def _whole(areas: Sequence[Area]) -> Area | None:
    """The one area that all others lie in, where there is one."""
    roots = [each for each in areas if each.parent_id is None]
    return roots[0] if len(roots) == 1 and len(areas) > 1 else None


def _group(
    areas: Sequence[Area], index: dict[UUID, int], area: Area, top: Area | None, *, strict: bool
) -> int:
    wanted = top.id if top else None
    at = area
    for _ in areas:
        if at.id == wanted or at.parent_id == wanted:
            return index[at.id]
        above = index.get(at.parent_id) if at.parent_id else None
        if above is None:
            return OUTSIDE if strict else index[at.id]
        at = areas[above]
    return OUTSIDE


def has_parts(areas: Sequence[Area]) -> frozenset[UUID]:
    """The areas that others lie in."""
    return frozenset(Counter(each.parent_id for each in areas if each.parent_id))
