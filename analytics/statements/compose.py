"""Compose a preliminary statement: facts, findings and counts become blocks under one snapshot."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from analytics.observation.coverage import Coverage
from analytics.statements.about import about_the_mission, disclaimers, incidents, methodology
from analytics.statements.blocks import (
    Block,
    ExemptText,
    Heading,
    Paragraph,
    Sentence,
    Sentences,
    plain,
)
from analytics.statements.election_day import conclusions, election_day
from analytics.statements.facts import ContestCount, Incidents, MissionFacts
from analytics.statements.findings import Finding, gravest_first
from analytics.statements.ledger import Ledger
from analytics.statements.registers import conditions, departures, limits, relations
from analytics.statements.snapshot import Snapshot, freeze
from analytics.statements.votes import quick_counts
from schemas.statement import StatementKind


class Composed(BaseModel):
    """A statement as it was composed: its blocks, and the numbers frozen beneath them.

    ``title`` judges nothing; the headline among the blocks is empty until a person writes it.

    ``numbers`` and ``sha256`` are the snapshot's; ``frozen_at`` is an ISO instant.
    """

    model_config = ConfigDict(frozen=True)

    kind: StatementKind
    language: str
    title: str
    blocks: tuple[Block, ...]
    numbers: dict[str, Any]
    sha256: str
    frozen_at: str

    @property
    def snapshot(self) -> Snapshot:
        """The numbers under their hash."""
        return Snapshot(self.numbers, self.sha256)


def compose_statement(
    facts: MissionFacts,
    findings: Sequence[Finding],
    *,
    coverage: Sequence[Coverage] = (),
    quick_counts: Sequence[ContestCount] = (),
    incidents: Sequence[Incidents] = (),
    language: str = "en",
) -> Composed:
    """Write the preliminary statement of a mission.

    ``findings`` are those accepted, of every kind of observers; ``coverage`` is by checklist
    (:func:`analytics.observation.plan_coverage.cover` with ``by="checklist"``); ``incidents`` are
    verified ones.
    In a language whose catalogue lacks the sentences it is written in English, and says so in
    ``language``. The same arguments always give the same blocks, numbers and hash.
    """
    words = Sentences(language)
    ledger = Ledger(words.language)
    ordered = gravest_first(findings)
    for finding in ordered:
        ledger.finding(finding)
    blocks = tuple(_blocks(facts, ordered, coverage, quick_counts, incidents, ledger, words))
    snapshot = freeze(ledger.numbers)
    return Composed(
        kind=StatementKind.PRELIMINARY,
        language=words.language,
        title=plain(_title(facts, words)),
        blocks=blocks,
        numbers=dict(snapshot.numbers),
        sha256=snapshot.sha256,
        frozen_at=facts.frozen_at.isoformat(),
    )


def _title(facts: MissionFacts, words: Sentences) -> Sentence:
    """What a draft is called until somebody writes its headline."""
    return words.gettext(
        "What observers saw in {country} on {day}",
        country=ExemptText(text=facts.country, why="name"),
        day=ExemptText(text=facts.polling_day, why="date"),
    )


def _blocks(
    facts: MissionFacts,
    findings: Sequence[Finding],
    coverage: Sequence[Coverage],
    contests: Sequence[ContestCount],
    verified: Sequence[Incidents],
    ledger: Ledger,
    words: Sentences,
) -> Iterator[Block]:
    # The headline is a person's to write: no rule of ours says how a day of voting was.
    yield Heading(level=1, text=(), section="headline")
    yield from disclaimers(facts, words)
    yield from limits(facts.standing, words)
    yield Heading(level=2, text=words.gettext("Preliminary conclusions"), section="conclusions")
    said = [each for each in conclusions(findings, ledger, words) if each]
    for sentence in said:
        yield Paragraph(role="lead", text=sentence)
    if not said:
        yield Paragraph(role="lead", text=words.gettext("There is not yet enough to conclude."))
    yield from election_day(findings, coverage, ledger, words)
    yield from quick_counts(contests, facts.response_threshold, ledger, words)
    yield from incidents(verified, ledger, words)
    yield from conditions(facts.standing, ledger, words)
    yield from about_the_mission(facts, coverage, ledger, words)
    yield from relations(facts.standing, ledger, words)
    yield from departures(facts.standing, words)
    yield methodology(facts, findings, coverage, ledger, words)
