"""Statements for the tests of the lint, written in a short notation.

``{{id|text}}`` is a bound number, ``[[text]]`` marked words (a date, a name). A case is one
sentence put into a statement that breaks no rule.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from analytics.statements import LintInput, Problem, Snapshot, freeze, lint_statement
from analytics.statements.blocks import (
    Block,
    Bound,
    Disclaimer,
    ExemptText,
    Heading,
    Origin,
    Paragraph,
    Piece,
    PlainText,
    Sentence,
)
from analytics.statements.lint import Gates

_MARKS = re.compile(r"\{\{([^|}]+)\|([^}]*)\}\}|\[\[([^\]]*)\]\]")

NOON = datetime(2027, 3, 16, 12, tzinfo=UTC)
GATES = Gates(
    before="release",
    writers={"ada"},
    reviewed_by="ben",
    approved_by=("cyd",),
    place="Ilmar City",
    issued_at=NOON,
    embargo_until=datetime(2027, 3, 16, 14, tzinfo=UTC),
    time_zone="UTC+2",
    now=NOON,
    authority_copy=True,
    languages=("en",),
    readers={"en": "Ada Reader"},
)
"""The gates before a release when each of them is closed."""


def estimate(
    value: float, low: float, high: float, n: int = 600, seen: int | None = None, **more: Any
) -> dict[str, Any]:
    """An estimate as it is frozen."""
    seen = round(value * n) if seen is None else seen
    shared = {"type": "estimate", "measure": "estimate", "unit": "station", "missing": 0}
    shares = {"value": value, "low": low, "high": high, "n": n, "seen": seen}
    return {**shared, **shares, "query": {}, **more}


def count(seen: int, of: int, unit: str = "station", **more: Any) -> dict[str, Any]:
    """A count as it is frozen; its places are as many as its units unless said otherwise."""
    shared = {"type": "count", "measure": "count", "unit": unit, "missing": 0, "stations": of}
    return {**shared, "seen": seen, "n": seen, "of": of, "query": {}, **more}


def fact(value: int, **query: Any) -> dict[str, Any]:
    """A plain figure as it is frozen."""
    return {"type": "fact", "measure": "fact", "value": value, "text": str(value), "query": query}


def sentence(markup: str, numbers: Mapping[str, Mapping[str, Any]]) -> Sentence:
    """The pieces of a marked text."""
    pieces: list[Piece] = []
    end = 0
    for match in _MARKS.finditer(markup):
        if match.start() > end:
            pieces.append(PlainText(text=markup[end : match.start()]))
        number_id, said, exempt = match.groups()
        if exempt is not None:
            pieces.append(ExemptText(text=exempt, why="name"))
        else:
            pieces.append(_bound(number_id, said, numbers.get(number_id, {})))
        end = match.end()
    if end < len(markup):
        pieces.append(PlainText(text=markup[end:]))
    return tuple(pieces)


def _bound(number_id: str, said: str, entry: Mapping[str, Any]) -> Bound:
    return Bound(
        number_id=number_id,
        mark="F1",
        text=said,
        value=said.split()[0] if said else "",
        measure=entry.get("measure", "fact"),
        finding=entry.get("finding"),
        query=dict(entry.get("query", {})),
    )


def paragraph(
    markup: str,
    numbers: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    section: str = "voting",
    origin: Origin = "person",
    id: str = "here",
) -> Paragraph:
    """A paragraph of a marked text."""
    text = sentence(markup, numbers or {})
    return Paragraph(text=text, id=id, section=section, origin=origin)


BEFORE: tuple[Block, ...] = (
    Heading(level=1, text=(PlainText(text="Sarelia."),), id="headline", origin="person"),
    Disclaimer(about="before_completion", text=(PlainText(text="…"),), id="early", origin="fixed"),
    Paragraph(
        text=(PlainText(text="Sarelia."),), id="assessment", section="assessment", origin="person"
    ),
)


def snapshot_of(numbers: Mapping[str, Mapping[str, Any]]) -> Snapshot | None:
    """The numbers under their hash, None where there are none."""
    return freeze(numbers) if numbers else None


@dataclass(frozen=True)
class Case:
    """One sentence that breaks one rule, the words that are found, and the sentence mended.

    ``options`` are of both, ``wrong`` and ``right`` of one of them.
    """

    rule: str
    language: str
    broken: str
    words: str
    mended: str
    numbers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    section: str = "voting"
    origin: Origin = "person"
    options: Mapping[str, Any] = field(default_factory=dict)
    wrong: Mapping[str, Any] = field(default_factory=dict)
    right: Mapping[str, Any] = field(default_factory=dict)

    def lint(self, markup: str, more: Mapping[str, Any]) -> tuple[Problem, ...]:
        """What the lint finds in the statement with this sentence."""
        place = {"section": self.section, "origin": self.origin}
        block = paragraph(markup, self.numbers, **place)  # type: ignore[arg-type]
        return found_in([block], self.numbers, self.language, **{**self.options, **more})


def found_in(
    blocks: Sequence[Block],
    numbers: Mapping[str, Mapping[str, Any]] | None = None,
    language: str = "en",
    **options: Any,
) -> tuple[Problem, ...]:
    """What the lint finds in a statement that breaks no rule, with these blocks added."""
    texts = {language: (*BEFORE, *blocks)}
    return lint_statement(LintInput(texts, snapshot_of(numbers or {}), **options))


def fires_once_at_its_words(case: Case) -> None:
    """The broken sentence breaks its rule alone, once, at its words; the mended one breaks none."""
    found = case.lint(case.broken, case.wrong)
    assert [(each.rule, each.words) for each in found] == [(case.rule, case.words)]
    assert (found[0].block, found[0].language) == ("here", case.language)
    assert found[0].message
    assert found[0].act
    assert case.lint(case.mended, case.right) == ()
