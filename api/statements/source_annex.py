"""Annex G of a statement: the sources of the figures that are not the mission's own."""

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.statements import Block, plain
from analytics.statements.blocks import (
    Annex,
    Bound,
    ExemptText,
    PlainText,
    Sentence,
    Sentences,
    Table,
)
from analytics.statements.markdown import SOURCE
from analytics.statements.snapshot import Numbers
from analytics.statements.speech import Speech
from api.statements.blocks import parts_of
from schemas.words import N_

NAME = "annex-g"
BEHIND = tuple(f"annex-{letter}" for letter in "hijk")
"""The annexes that come after it."""
SHOWN_OF_HASH = 16
COLUMNS = (
    N_("What it is"),
    N_("Figure"),
    N_("Source"),
    N_("Owner"),
    N_("Date"),
    N_("Method"),
    N_("Where it stands"),
    N_("SHA-256 of the file"),
)


def with_sources(blocks: Sequence[Block], numbers: Numbers, language: str) -> list[Block]:
    """A text with the annex of its sources in its place, where it says a figure of one. A text
    that has it already, as one that is published, stays as it is."""
    said: dict[str, Bound] = {}
    for block in blocks:
        for piece in parts_of(block):
            if isinstance(piece, Bound) and piece.number_id.startswith(SOURCE):
                said.setdefault(piece.number_id, piece)
    known = [each for each in said.values() if each.number_id in numbers]
    if not known or any(each.id == NAME for each in blocks):
        return list(blocks)
    words, speech = Sentences(language), Speech(language)
    title = speech.say("annex", letter="G", title=speech.say("annex.g"))
    table = Table(
        id=f"{NAME}-1",
        section=NAME,
        title=plain(speech.say("annex.g")),
        columns=tuple(words.word(each) for each in COLUMNS),
        rows=tuple(_row(each, numbers[each.number_id].get("query", {})) for each in known),
    )
    made = Annex(id=NAME, section=NAME, title=plain(title), blocks=(table,))
    at = next((n for n, each in enumerate(blocks) if each.id in BEHIND), len(blocks))
    return [*blocks[:at], made, *blocks[at:]]


def _row(said: Bound, query: Mapping[str, Any]) -> tuple[Sentence, ...]:
    sha256 = str(query.get("sha256", ""))[:SHOWN_OF_HASH]
    return (
        _words(str(query.get("measure", "")), "wording"),
        (said,),
        _words(str(query.get("source", "")), "name"),
        _words(str(query.get("owner", "")), "name"),
        _words(str(query.get("dated", "")), "date"),
        _words(str(query.get("method", "")), "wording"),
        _words(str(query.get("where", "")), "wording"),
        _words(sha256 + "…" if sha256 else "", "hash"),
    )


def _words(text: str, why: Any) -> Sentence:
    return (ExemptText(text=text, why=why) if text else PlainText(text="–"),)
