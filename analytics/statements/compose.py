"""Compose a statement: facts, findings and counts become blocks under one snapshot."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel, ConfigDict

from analytics.observation.coverage import Coverage
from analytics.statements.annexes import annexes
from analytics.statements.blocks import Block, ExemptText, Heading, Sentences, plain
from analytics.statements.choices import Choice
from analytics.statements.facts import ContestCount, Incidents, MissionFacts
from analytics.statements.findings import Finding, gravest_first
from analytics.statements.kinds import CorrectedNumber, LeftOut, sections_of
from analytics.statements.ledger import Ledger
from analytics.statements.numbering import numbered
from analytics.statements.numbers_said import numbers_besides
from analytics.statements.printing import Printer
from analytics.statements.proposing import plan_of, selected, stages_told
from analytics.statements.sections import Material, front_blocks, section_blocks
from analytics.statements.snapshot import Snapshot, freeze
from analytics.statements.speech import Speech
from analytics.statements.stage_findings import StageFindings
from schemas.checklist import Texts
from schemas.statement import StatementKind


class Composed(BaseModel):
    """A statement as it was composed: its blocks in each language, and the numbers beneath.

    ``texts`` have the same blocks, ids and number ids in every language; the first language is
    the reference, in which ``numbers`` are worded. ``title`` judges nothing; the headline and the
    overall assessment among the blocks are empty until a person writes them.

    ``numbers`` and ``sha256`` are the snapshot's; ``frozen_at`` is an ISO instant.
    """

    model_config = ConfigDict(frozen=True)

    kind: StatementKind
    language: str
    title: str
    texts: dict[str, tuple[Block, ...]]
    numbers: dict[str, Any]
    sha256: str
    frozen_at: str

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks in the reference language."""
        return self.texts[self.language]

    @property
    def snapshot(self) -> Snapshot:
        """The numbers under their hash."""
        return Snapshot(self.numbers, self.sha256)


@dataclass(frozen=True)
class _Given:
    """What a statement is composed from, whatever its language."""

    facts: MissionFacts
    findings: tuple[Finding, ...]
    stages: tuple[StageFindings, ...]
    material: Material


def compose_statement(
    facts: MissionFacts,
    findings: Sequence[Finding],
    *,
    kind: StatementKind = StatementKind.PRELIMINARY,
    coverage: Sequence[Coverage] = (),
    quick_counts: Sequence[ContestCount] = (),
    incidents: Sequence[Incidents] = (),
    choices: Sequence[Choice] = (),
    left_out: Mapping[str, LeftOut] | None = None,
    corrected: Sequence[CorrectedNumber] = (),
    languages: Sequence[str] = ("en",),
) -> Composed:
    """Write a statement of a mission.

    ``findings`` are all that were found, of every kind of observers; ``choices`` say which of them
    an analyst wants in the text, and without them the rules' proposal stands
    (:func:`analytics.statements.choices.propose`). ``coverage`` is by checklist
    (:func:`analytics.observation.plan_coverage.cover` with ``by="checklist"``); ``incidents`` are
    verified ones. ``left_out`` are sections that a person left out. The first of ``languages`` is
    the reference. The same arguments always give the same blocks, numbers and hash.

    Raises KeyError for a language that has no templates.
    """
    worded = {each.code: each.words for each in choices if each.words}
    ordered = tuple(_in_words(each, worded.get(each.code, {})) for each in gravest_first(findings))
    besides = numbers_besides(quick_counts, facts.response_threshold, incidents, facts.kind)
    chosen = tuple(selected(ordered, choices, facts.kind, besides))
    stages = stages_told(ordered, chosen, facts.kind, choices)
    material = Material(
        facts=facts,
        kind=kind,
        chosen=chosen,
        stages=stages,
        plan=plan_of(stages, chosen, choices, besides),
        coverage=tuple(coverage),
        contests=tuple(quick_counts),
        verified=tuple(incidents),
        left_out=dict(left_out or {}),
        corrected=tuple(corrected),
    )
    given = _Given(facts, ordered, stages, material)
    written = {each: _written(given, each) for each in languages}
    reference = languages[0]
    snapshot = freeze(written[reference][1].numbers)
    speech = Speech(reference)
    title = speech.say(
        "title",
        country=ExemptText(text=facts.country_in(reference), why="name"),
        day=ExemptText(text=facts.day_in(reference), why="date"),
    )
    return Composed(
        kind=kind,
        language=reference,
        title=plain(title),
        texts={language: blocks for language, (blocks, _) in written.items()},
        numbers=dict(snapshot.numbers),
        sha256=snapshot.sha256,
        frozen_at=facts.frozen_at.isoformat(),
    )


def _in_words(finding: Finding, words: Texts) -> Finding:
    """A finding in a person's words: in their languages it has no noun of its own any more."""
    nouns = {language: text for language, text in finding.noun.items() if language not in words}
    return replace(finding, phrase={**finding.phrase, **words}, noun=nouns)


def _written(given: _Given, language: str) -> tuple[tuple[Block, ...], Ledger]:
    """The blocks of one language, and the numbers as it words them."""
    ledger = Ledger(language)
    for finding in given.findings:
        ledger.finding(finding)
    speech = Speech(language, given.facts.stations.get(language))
    printer, words = Printer(speech, ledger), Sentences(language)
    return tuple(numbered(_blocks(given, printer, words))), ledger


def _blocks(given: _Given, printer: Printer, words: Sentences) -> Iterator[Block]:
    material, facts = given.material, given.facts
    # The headline is a person's to write: no rule of ours says how a day of voting was.
    yield Heading(level=1, text=(), section="headline", origin="person")
    # The front names the places observed, which the stages enter: they are written first.
    body = [
        block
        for section in sections_of(material.kind, facts.kind)
        for block in section_blocks(section, material, printer, words)
    ]
    yield from front_blocks(material, printer)
    yield from body
    if material.kind is not StatementKind.CORRECTION:
        cited = [each for each, _ in material.chosen]
        yield from annexes(
            facts,
            given.findings,
            material.coverage,
            material.verified,
            cited,
            printer,
            words,
        )
