"""Which block of a text that was composed anew is the one whose words a person has kept.

Ids of composed blocks are running numbers of their section, and the order of findings changes
with their numbers. What a person wrote or accepted is therefore matched by the findings it speaks
of, so that nothing is said twice and nothing is lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from analytics.statements.snapshot import Numbers
from api.statements.blocks import BlockNow, numbers_in

FOLLOWS = frozenset({"composed", "fixed"})
"""Whose words a new snapshot may replace; those of people keep their words, with the new number."""


def is_kept(contents: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a person wrote or accepted the words of a block in some language."""
    return any(each.get("origin") not in FOLLOWS for each in contents.values())


def matched(
    standing: Sequence[BlockNow], fresh: Sequence[BlockNow], was: Numbers, now: Numbers
) -> list[BlockNow]:
    """``fresh`` with the ids under which its blocks are put into the ``standing`` text: a block
    that speaks of the findings of one that a person kept has that one's id; no other block has it.
    ``was`` and ``now`` are the numbers of the two texts."""
    kept = {each.id: each for each in standing if is_kept(each.contents)}
    ids = _ids_of_kept(kept, fresh, was, now)
    spare = [each.id for each in fresh if ids.get(each.id, each.id) != each.id]
    spare = [each for each in spare if each not in kept]
    taken = {*kept, *(each.id for each in standing), *(each.id for each in fresh)}
    for each in fresh:
        if each.id in ids or each.id not in kept:
            continue
        own = next((one for one in spare if _stem(one) == _stem(each.id)), None)
        if own is None:
            own = next(
                f"{each.id}-{n}" for n in range(2, len(taken) + 3) if f"{each.id}-{n}" not in taken
            )
        else:
            spare.remove(own)
        ids[each.id] = own
        taken.add(own)
    return [replace(each, id=ids.get(each.id, each.id)) for each in fresh]


def _ids_of_kept(
    kept: Mapping[str, BlockNow], fresh: Sequence[BlockNow], was: Numbers, now: Numbers
) -> dict[str, str]:
    """The id of the kept block by that of the fresh one: which speaks of most of its findings, or
    has its id where neither speaks of any."""
    ids: dict[str, str] = {}
    said = {each.id: _findings(each, now) for each in fresh}
    for block in kept.values():
        own = _findings(block, was)
        alike = [
            (len(own & said[each.id]) / len(own | said[each.id]), each.id)
            for each in fresh
            if each.id not in ids
            and each.section == block.section
            and own & said[each.id]
            and _type(each) == _type(block)
        ]
        if alike:
            ids[max(alike, key=lambda each: each[0])[1]] = block.id
        elif not own and block.id in said and not said[block.id]:
            ids[block.id] = block.id
    return ids


def _findings(block: BlockNow, numbers: Numbers) -> frozenset[str]:
    """The findings that a block speaks of, those said in one number each by itself; of numbers
    that are of none their ids."""
    found = set[str]()
    for language in block.contents:
        for number_id in numbers_in(block.block(language)):
            found.update(numbers.get(number_id, {}).get("members") or [number_id])
    return frozenset(found)


def _type(block: BlockNow) -> Any:
    return next(iter(block.contents.values())).get("type")


def _stem(block_id: str) -> str:
    return block_id.rstrip("0123456789")
