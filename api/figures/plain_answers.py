"""Who was present, who refused, how it was rated: plain counts of what was answered.

No rate: these questions raise no irregularity. Kinds of observers stand side by side.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from analytics.observation.answers import count_texts
from api.database.stored_json import read_json
from api.figures.ask import figure
from api.figures.edition import Edition
from schemas.mission import Kind

PRESENT = ("chair_present", "agents_present", "citizens_present", "present")
REFUSED = ("refused_by",)
RATED = ("rating", "grasp")
LOOKED_AWAY = "not_observed"
ASKED = (*PRESENT, *REFUSED, *RATED)


@dataclass(frozen=True)
class AnswerCounts:
    """One question of one checklist: of how many reports that looked, how many said each."""

    checklist: str
    question: str
    kind: Kind
    of: int
    counts: dict[str, int]


@figure
def answered(edition: Edition, sections: Sequence[str] = ()) -> list[AnswerCounts]:
    """Every question that was answered, of the round, in the order of checklists. ``sections``
    are the stages of whoever is bounded to some."""
    sums: defaultdict[tuple[str, str, Kind], Counter[str | None]] = defaultdict(Counter)
    for checklist, kind, text, reports in count_texts(edition.record, edition.answers(ASKED)):
        for question, said in zip(ASKED, read_json(text), strict=True):
            if chosen := _chosen(said):
                sums[checklist, question, kind].update(dict.fromkeys((None, *chosen), reports))
    order = {name: at for at, name in enumerate(edition.reference.checklists)}
    found = [
        _answered(*key, counts)
        for key, counts in sums.items()
        if key[0] in order and _may_see(edition, key[0], sections)
    ]
    return sorted(found, key=lambda each: (order[each.checklist], each.question, each.kind))


def _chosen(said: Any) -> set[str]:
    """The options that an answer names; nothing where it is of another shape."""
    if isinstance(said, str):
        return {said}
    if not isinstance(said, list):
        return set()
    return {
        each if isinstance(each, str) else orjson.dumps(each).decode()
        for each in said
        if each is not None
    }


def _may_see(edition: Edition, checklist: str, sections: Sequence[str]) -> bool:
    rules = edition.reference.newest(checklist)
    return not sections or (rules is not None and rules.definition.stage in sections)


def _answered(
    checklist: str, question: str, kind: Kind, counts: Mapping[str | None, int]
) -> AnswerCounts:
    """Whoever did not look is not among those that the count is of."""
    said = {name: count for name, count in counts.items() if name and name != LOOKED_AWAY}
    of = counts.get(None, 0) - counts.get(LOOKED_AWAY, 0)
    return AnswerCounts(checklist, question, kind, max(of, *said.values(), 0), said)


def answered_out(found: AnswerCounts) -> dict[str, Any]:
    """One question's counts as JSON."""
    return {
        "checklist": found.checklist,
        "question": found.question,
        "kind": found.kind,
        "of": found.of,
        "counts": found.counts,
    }
