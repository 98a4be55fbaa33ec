"""What a statement may not do, found before anyone releases it."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analytics.statements.blocks import (
    Annex,
    Block,
    Bound,
    Disclaimer,
    Figure,
    FindingList,
    Heading,
    Paragraph,
    PlainText,
    Sentence,
    Table,
    Verdict,
    plain,
)
from analytics.statements.comparison_words import turned, verdict_of
from analytics.statements.registers import MissionRegisters
from analytics.statements.snapshot import Snapshot, holds
from schemas.mission import MissionState, Scope
from schemas.standards import unknown_standards
from schemas.statement import StatementKind

SMALL = 100
"""Under this many observations a count is said as x of N, never as a percentage."""

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_EXEMPT = re.compile(
    rf"\b\d{{1,2}} (?:{_MONTHS})(?: \d{{4}})?\b|\b(?:{_MONTHS}) \d{{4}}\b|\b\d{{4}}-\d\d-\d\d\b"
    r"|\b\d{1,2}:\d\d\b|\b(?:Article|article|paragraph|section|Section) \d+[a-z]?(?:\(\w+\))*"
    r"|\b[a-z]+[0-9]*:\d+(?:\.\d+)*[a-z]?\b"
)
_VERDICTS_NEVER_GIVEN = re.compile(
    r"\bfree and fair\b|\bfree nor fair\b|\bunfree\b|\bunfair election|\blibres? et (?:justes?"
    r"|équitables?|honnêtes?)\b|حرة ونزيهة",
    re.IGNORECASE,
)
_RANKING = re.compile(
    r"\b(?:highest|lowest|worst|best|more|most|fewer|fewest|less|least)\b[^.]*"
    r"\b(?:region|regions|district|districts|area|areas|province|provinces)\b"
    r"|\b(?:region|district|area|province)s?\b[^.]*\b(?:highest|lowest|worst|best|ranks?|ranked)\b",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\b(?:higher|lower|oftener|rarer|more (?:often|frequent|common)|less (?:often|frequent|common)"
    r"|better|worse) than (?:in|at|among|for|the|domestic|international|any)\b"
    r"|\b(?:rose|fell|increased?|decreased?|improved|worsened) (?:since|from|compared|against)\b"
    r"|\bplus (?:souvent|fréquent\w*|élevé\w*) (?:que |qu'|qu’)"
    r"|\bmoins (?:souvent|fréquent\w*|élevé\w*) (?:que |qu'|qu’)"
    r"|\bm[áa]s (?:frecuente\w*|alt[oa]s?|a menudo) que\b|\bmenos frecuente\w* que\b"
    r"|\bmais (?:frequente\w*|alt[oa]s?) (?:do )?que\b|\bmenos frequente\w* (?:do )?que\b"
    r"|أعلى مما|أقل مما|أكثر مما",
    re.IGNORECASE,
)
_OF_ALL = re.compile(r" (?:of )?(?:the )?polling stations(?! observed)")
_INTERVAL = re.compile(r"±|≤|≥|%–|\d–\d|margin|interval", re.IGNORECASE)


@dataclass(frozen=True)
class Problem:
    """One rule that a statement breaks: its code, where, and what to do."""

    code: str
    where: str
    says: str


Rule = Callable[[Sequence[Block]], Iterator[Problem]]


def lint_statement(
    blocks: Sequence[Block],
    *,
    kind: StatementKind = StatementKind.PRELIMINARY,
    scope: Scope = Scope.FULL,
    standing: MissionRegisters | None = None,
    snapshot: Snapshot | None = None,
    own: Collection[str] = (),
    language: str = "en",
) -> tuple[Problem, ...]:
    """Everything that keeps these blocks from being released; empty when nothing does.

    ``standing`` is what the mission's registers hold: departures must be said. ``own`` are the
    standards that the mission added to the catalogue's. ``language`` is that of the blocks.

    With a ``snapshot`` every bound number is also looked up in it.
    """
    found = [problem for rule in _RULES for problem in rule(blocks)]
    found += _without_standard(blocks, own)
    found += _directions(blocks, language)
    found += _disclaimers(blocks, kind, scope)
    found += _unsaid(blocks, standing) if standing else ()
    if snapshot is not None:
        found += _unknown_numbers(blocks, snapshot)
    return tuple(found)


def sentences(blocks: Iterable[Block]) -> Iterator[tuple[str, Sentence]]:
    """Every sentence with the name of the place it stands in, annexes included."""
    for position, block in enumerate(blocks, 1):
        where = f"block {position}, {block.type}"
        if isinstance(block, Heading | Paragraph | Disclaimer | Verdict):
            yield where, block.text
        elif isinstance(block, FindingList):
            yield from ((f"{where}, {item.finding}", item.text) for item in block.items)
        elif isinstance(block, Table):
            yield from (
                (f"{where}, row {n}", cell) for n, r in enumerate(block.rows, 1) for cell in r
            )
        elif isinstance(block, Annex):
            yield from ((f"{where}, {inner}", text) for inner, text in sentences(block.blocks))


def _loose_digits(blocks: Sequence[Block]) -> Iterator[Problem]:
    for where, sentence in sentences(blocks):
        for piece in sentence:
            left = _EXEMPT.sub("", piece.text) if isinstance(piece, PlainText) else ""
            if re.search(r"\d", left):
                yield Problem(
                    "loose-digit",
                    where,
                    f"“{piece.text.strip()}” holds a number bound to nothing. Bind it to the "
                    "snapshot or to a source.",
                )


def _intervals_on_counts(blocks: Sequence[Block]) -> Iterator[Problem]:
    for where, piece in bound_numbers(blocks):
        if piece.measure == "count" and _INTERVAL.search(piece.text):
            yield Problem(
                "interval-on-count",
                where,
                f"“{piece.text}” counts what was observed and can have no interval.",
            )


def _small_percentages(blocks: Sequence[Block]) -> Iterator[Problem]:
    for where, piece in bound_numbers(blocks):
        n = piece.query.get("n")
        counted = piece.measure == "count" and isinstance(n, int) and n < SMALL
        if counted and "%" in piece.text:
            yield Problem(
                "small-percentage",
                where,
                f"“{piece.text}” is out of {n}: say it as x of {n}, without a percentage.",
            )


def _rounded_away(blocks: Sequence[Block]) -> Iterator[Problem]:
    for where, piece in bound_numbers(blocks):
        seen, n = piece.query.get("seen"), piece.query.get("n")
        value = piece.value.replace("\u202f", "").replace(" ", "")
        if not isinstance(seen, int) or not isinstance(n, int):
            continue
        if (seen > 0 and value == "0%") or (seen < n and value == "100%"):
            yield Problem(
                "rounded-away",
                where,
                f"“{piece.text}” hides {seen} of {n}. Say less than 1%, or more than 99%.",
            )


def _rankings(blocks: Sequence[Block]) -> Iterator[Problem]:
    for position, block in enumerate(blocks, 1):
        if isinstance(block, Table) and _ranks_areas(block):
            yield Problem(
                "ranking-from-counts",
                f"block {position}, table",
                f"“{block.title}” ranks areas by counts. Order them by name.",
            )
    for where, sentence in sentences(blocks):
        if _RANKING.search(plain(sentence)) and _counts([sentence]):
            yield Problem(
                "ranking-from-counts",
                where,
                f"“{plain(sentence)}” compares areas by counts of what was observed.",
            )


def _ranks_areas(table: Table) -> bool:
    ranked = table.groups == "areas" and table.ranked_by == "number"
    return ranked and _counts(cell for row in table.rows for cell in row)


def _counts(cells: Iterable[Sentence]) -> bool:
    return any(
        isinstance(piece, Bound) and piece.measure == "count" for cell in cells for piece in cell
    )


def _comparisons(blocks: Sequence[Block]) -> Iterator[Problem]:
    """What is said to be higher or lower than elsewhere rests on a test between two samples."""
    for where, sentence in sentences(blocks):
        said, tested = _COMPARED.search(plain(sentence)), _difference_in(sentence)
        if said is None:
            continue
        if tested is None:
            yield Problem(
                "comparison-without-test",
                where,
                f"“{said.group().strip()}” rests on no test between two probability samples.",
            )
        elif tested.query.get("verdict") == "not_different":
            yield Problem(
                "comparison-not-different",
                where,
                f"“{tested.text}”: the interval holds 0. Say that the two are not "
                "significantly different.",
            )


def _directions(blocks: Sequence[Block], language: str) -> Iterator[Problem]:
    """What is said to be more is more, and what is said to be less is less."""
    for where, sentence in sentences(blocks):
        for says in turned(sentence, language):
            yield Problem("comparison-against-number", where, says)


def _difference_in(sentence: Sentence) -> Bound | None:
    bound = (each for each in sentence if isinstance(each, Bound))
    return next((each for each in bound if each.measure == "difference"), None)


def _wrong_units(blocks: Sequence[Block]) -> Iterator[Problem]:
    for where, sentence in sentences(blocks):
        for piece, after in pairwise(sentence):
            counted = isinstance(piece, Bound) and piece.measure == "count"
            if counted and _OF_ALL.match(after.text):
                yield Problem(
                    "count-said-of-all",
                    where,
                    f"“{piece.text}” was observed, and does not speak of all polling stations.",
                )


def _without_standard(blocks: Sequence[Block], own: Collection[str]) -> Iterator[Problem]:
    for position, block in enumerate(blocks, 1):
        if not isinstance(block, FindingList):
            continue
        for item in block.items:
            where = f"block {position}, findings, {item.finding}"
            if not item.standards:
                yield Problem("no-standard", where, "A finding names at least one standard.")
            for each in unknown_standards(item.standards, own):
                yield Problem("unknown-standard", where, f"No instrument holds {each}.")


def _forbidden_words(blocks: Sequence[Block]) -> Iterator[Problem]:
    for where, sentence in sentences(blocks):
        for words in _VERDICTS_NEVER_GIVEN.findall(plain(sentence)):
            yield Problem(
                "verdict-on-election",
                where,
                f"“{words}” is not ours to say. Say what was seen, and against which standard.",
            )


_RULES: tuple[Rule, ...] = (
    _loose_digits,
    _intervals_on_counts,
    _small_percentages,
    _rounded_away,
    _rankings,
    _comparisons,
    _wrong_units,
    _forbidden_words,
)


def _disclaimers(blocks: Sequence[Block], kind: StatementKind, scope: Scope) -> Iterator[Problem]:
    said = {block.about for block in blocks if isinstance(block, Disclaimer)}
    early = kind in (StatementKind.PRELIMINARY, StatementKind.INTERIM)
    if early and "before_completion" not in said:
        yield Problem(
            "no-disclaimer", "statement", "Say that it comes before the process is complete."
        )
    if scope is not Scope.FULL and "scope" not in said:
        yield Problem("no-scope", "statement", f"Say that this mission's scope is {scope}.")


def _unsaid(blocks: Sequence[Block], standing: MissionRegisters) -> Iterator[Problem]:
    sections = {block.section for block in blocks if isinstance(block, Heading)}
    said = {block.about for block in blocks if isinstance(block, Disclaimer)}
    if standing.departures and "departures" not in sections:
        yield Problem(
            "no-departures", "statement", "The register of departures holds something: say it."
        )
    for state in (MissionState.EXPLORATORY, MissionState.WITHDRAWN):
        if standing.state == state and state not in said:
            yield Problem("no-standing", "statement", f"Say that the mission is {state}.")


def _unknown_numbers(blocks: Sequence[Block], snapshot: Snapshot) -> Iterator[Problem]:
    if not holds(snapshot):
        yield Problem("broken-snapshot", "snapshot", "Its numbers are not those of its hash.")
    for where, piece in bound_numbers(blocks):
        frozen = snapshot.numbers.get(piece.number_id)
        if frozen is None:
            yield Problem(
                "not-in-snapshot", where, f"{piece.number_id} is not among the frozen numbers."
            )
        elif piece.measure == "difference" and frozen.get("type") != "difference":
            yield Problem(
                "comparison-without-test", where, f"{piece.number_id} was frozen as no difference."
            )
        elif piece.measure == "difference" and piece.query.get("verdict") != verdict_of(frozen):
            yield Problem(
                "not-as-frozen", where, f"“{piece.text}” was frozen as {verdict_of(frozen)}."
            )
        elif piece.measure != "fact" and piece.text != frozen.get("text"):
            yield Problem(
                "not-as-frozen", where, f"“{piece.text}” was frozen as “{frozen.get('text')}”."
            )
    yield from _whiskers_on_counts(blocks, snapshot)


def _whiskers_on_counts(blocks: Sequence[Block], snapshot: Snapshot) -> Iterator[Problem]:
    for position, block in enumerate(blocks, 1):
        if not isinstance(block, Figure) or block.picture != "intervals":
            continue
        for row in block.rows:
            if snapshot.numbers.get(row.number_id, {}).get("type") != "estimate":
                yield Problem(
                    "interval-on-count",
                    f"block {position}, figure",
                    f"“{row.label}” is no estimate and can have no interval.",
                )


def bound_numbers(blocks: Iterable[Block]) -> Iterator[tuple[str, Bound]]:
    """Every bound number with the place it stands in."""
    for where, sentence in sentences(blocks):
        yield from ((where, piece) for piece in sentence if isinstance(piece, Bound))
