"""XPath functions of chosen options, repeats and boolean lists."""

import math
from collections.abc import Callable
from typing import Any

from mobile_forms.functions.values import (
    Value,
    look_at_the_time,
    number_of,
    text_of,
    texts_of,
    truth_of,
    whole_of,
)


def _selected(_: Any, value: Value, option: Value) -> bool:
    return text_of(option).strip() in text_of(value).split()


def _selected_at(_: Any, value: Value, index: Value) -> str:
    chosen = text_of(value).split()
    place = whole_of(index, -1)
    return chosen[place] if 0 <= place < len(chosen) else ""


def _count_selected(_: Any, value: Value) -> float:
    return float(len(text_of(value).split()))


def _count_non_empty(_: Any, nodes: Value) -> float:
    return float(sum(1 for text in texts_of([nodes]) if text))


def _position(_: Any, nodes: Value) -> float:
    """Which of its repeat's rows a node is, from 1."""
    look_at_the_time()
    if not isinstance(nodes, list) or not nodes:
        return math.nan
    return 1.0 + sum(1 for _ in nodes[0].itersiblings(nodes[0].tag, preceding=True))


def _indexed_repeat(_: Any, nodes: Value, *places: Value) -> Value:
    """The nodes that stand in the given rows: a repeat and a place from 1, then the next within."""
    found = nodes if isinstance(nodes, list) else []
    for rows, index in zip(places[::2], places[1::2], strict=False):
        look_at_the_time()
        above = [set(each.iterancestors()) for each in found]
        holding = set().union(*above)
        rows = rows if isinstance(rows, list) else []
        inside = [row for row in rows if not found or row in holding]
        place = whole_of(index, 0)
        chosen = inside[place - 1] if 0 < place <= len(inside) else None
        found = [
            each for each, rows_above in zip(found, above, strict=True) if chosen in rows_above
        ]
    return found


def _checklist(_: Any, least: Value, most: Value, *truths: Value) -> bool:
    """Whether from ``least`` to ``most`` are true; -1 is no bound."""
    return _between(sum(map(truth_of, truths)), least, most)


def _weighted_checklist(_: Any, least: Value, most: Value, *pairs: Value) -> bool:
    """As ``checklist``, each truth counting as much as the number after it."""
    weights = zip(pairs[::2], pairs[1::2], strict=False)
    return _between(
        sum(number_of(weight) for truth, weight in weights if truth_of(truth)), least, most
    )


def _between(found: float, least: Value, most: Value) -> bool:
    low, high = number_of(least), number_of(most)
    return (low < 0 or found >= low) and (high < 0 or found <= high)


NODES: dict[str, Callable[..., Value]] = {
    "selected": _selected,
    "selected-at": _selected_at,
    "count-selected": _count_selected,
    "count-non-empty": _count_non_empty,
    "odk-position": _position,
    "indexed-repeat": _indexed_repeat,
    "checklist": _checklist,
    "weighted-checklist": _weighted_checklist,
}
