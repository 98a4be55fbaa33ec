"""The gates before review, approval and release of a statement."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from analytics.statements.blocks import Figure, plain
from analytics.statements.lint.facts import Gates, Step
from analytics.statements.lint.found import Found
from analytics.statements.lint.reading import Place, Reading, texts_of
from schemas.statement import StatementKind
from schemas.words import LANGUAGES

_ORDER: dict[Step, int] = {"review": 0, "approval": 1, "release": 2}
EFFECTS = ("stands", "stands_weaker", "changes", "withdrawn")
"""What a correction does to a sentence, in the four words there are."""


def open_gates(reading: Reading) -> Iterator[Found]:
    """Whatever still stands before the step that is asked for."""
    yield from _languages(reading)
    yield from _figures(reading)
    yield from _winners(reading)
    gates = reading.given.gates
    if gates is None:
        return
    step = _ORDER[gates.before]
    for text, closed, least in _facts(gates, reading):
        if not closed and step >= _ORDER[least]:
            yield Found(text=text)
    unread = [LANGUAGES[each] for each in reading.given.texts if not gates.readers.get(each)]
    if unread and step >= _ORDER["release"]:
        yield Found(words=", ".join(unread), text="reader")


def _facts(gates: Gates, reading: Reading) -> Iterator[tuple[str, bool, Step]]:
    """Each gate with whether it is closed, and the first step that it stands before."""
    kind, persons = reading.given.kind, set(gates.approved_by)
    written = set(reading.given.texts)
    yield "language", set(gates.languages) <= written, "review"
    yield "place", bool(gates.place.strip()) and gates.issued_at is not None, "review"
    yield "reviewer", bool(gates.reviewed_by), "approval"
    others = persons - set(gates.writers) - {gates.reviewed_by}
    yield "approver", bool(others), "release"
    if gates.heads:
        yield "heads", set(gates.heads) <= persons, "release"
    yield "embargo", _in_future(gates.embargo_until, gates.now), "release"
    yield "zone", gates.embargo_until is None or bool(gates.time_zone.strip()), "release"
    yield "authority", gates.authority_copy, "release"
    if kind is StatementKind.CORRECTION:
        told = [
            each.old and each.new and each.cause.strip() and each.effect in EFFECTS
            for each in gates.corrections
        ]
        yield "correction", bool(told) and all(told), "review"
        yield "links", gates.linked, "review"
    if gates.quick_count_persons is not None:
        yield "quick_count", len(set(gates.quick_count_persons)) >= 2, "release"
        source = bool(gates.official_source.strip()) and len(gates.official_sha256) == 64
        yield "official", source or not gates.official_source, "release"


def _in_future(until: datetime | None, now: datetime | None) -> bool:
    """Without an embargo nothing must be waited for; one in the past is none."""
    return until is None or now is None or until > now


def _languages(reading: Reading) -> Iterator[Found]:
    """Blocks that a language lacks, whose numbers are not those of the reference language, or which
    were changed in another language since."""
    reference = _said_by_block(reading, reading.reference)
    for language in list(reading.given.texts)[1:]:
        here = _said_by_block(reading, language)
        for block, said in reference.items():
            place, own = Place(language, said.place.section, block), here.get(block)
            if own is None or (own.is_silent and not said.is_silent):
                yield Found(place, said.beginning, text="incomplete")
            elif own.numbers != said.numbers:
                numbers, others = said.numbers, own.numbers
                different = tuple(sorted((others - numbers) + (numbers - others)))
                yield Found(place, "", different, "unequal")
    for block, languages in reading.given.behind.items():
        for language in languages:
            own = _said_by_block(reading, language).get(block)
            if own is not None and not own.is_silent:
                yield Found(own.place, own.beginning, text="behind", level="warning")


SHOWN = 60
"""Characters of a block by which a message names it."""


@dataclass(frozen=True)
class _Said:
    """A block in one language: its place, how often each number stands in it, its words."""

    place: Place
    numbers: Counter[str]
    texts: tuple[str, ...]

    @property
    def is_silent(self) -> bool:
        """Whether it has a text, which says nothing."""
        return bool(self.texts) and not any(each.strip() for each in self.texts)

    @property
    def beginning(self) -> str:
        """Its first words."""
        words = " ".join(" ".join(self.texts).split())
        return words if len(words) <= SHOWN else words[: SHOWN - 1].rstrip() + "…"


def _said_by_block(reading: Reading, language: str) -> dict[str, _Said]:
    found = {}
    for block, place in reading.blocks(language):
        texts = [text for text, _ in texts_of(block, place)]
        numbers = Counter(
            piece.number_id for text in texts for piece in text if piece.type == "bound"
        )
        found[place.block] = _Said(place, numbers, tuple(plain(text) for text in texts))
    return found


def _figures(reading: Reading) -> Iterator[Found]:
    for language in reading.given.texts:
        for block, place in reading.blocks(language):
            if isinstance(block, Figure) and not block.alternative.strip():
                yield Found(place, block.title, text="alternative")


def _winners(reading: Reading) -> Iterator[Found]:
    """Words that name a winner, which nobody but the authority may."""
    for phrase in reading.said:
        if phrase.place.origin != "fixed":
            for each in phrase.words.winner.finditer(phrase.typed):
                yield Found(phrase.place, each.group(), text="winner")
