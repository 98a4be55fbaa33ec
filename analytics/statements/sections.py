"""One section of a statement: its heading and what stands under it, or that it is silent."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from analytics.observation.coverage import Coverage
from analytics.statements.about import about_the_mission
from analytics.statements.blocks import (
    Block,
    Heading,
    Paragraph,
    Sentence,
    Sentences,
)
from analytics.statements.concluding import Plan, conclusions
from analytics.statements.corrections import corrected_table
from analytics.statements.facts import ContestCount, Incidents, MissionFacts
from analytics.statements.front import (
    footnote,
    front,
    incidents_told,
    limits,
    moment,
    silent,
)
from analytics.statements.kinds import CorrectedNumber, LeftOut, Section, sections_of
from analytics.statements.printing import Printer
from analytics.statements.registers import conditions, departures, relations
from analytics.statements.stage_findings import BEFORE, STAGES, Chosen, StageFindings
from analytics.statements.stages import access, stage_paragraphs
from analytics.statements.votes import bounds, in_conclusions, quick_counts
from schemas.mission import Kind
from schemas.statement import StatementKind


@dataclass(frozen=True)
class Material:
    """What the sections of a statement are written from."""

    facts: MissionFacts
    kind: StatementKind
    chosen: Chosen
    stages: tuple[StageFindings, ...]
    plan: Plan
    coverage: tuple[Coverage, ...]
    contests: tuple[ContestCount, ...]
    verified: tuple[Incidents, ...]
    left_out: Mapping[str, LeftOut]
    corrected: tuple[CorrectedNumber, ...]


def front_blocks(material: Material, printer: Printer) -> Iterator[Block]:
    """Place, date, observers, and the statement's limits."""
    for end, text in front(material.facts, material.stages, printer):
        yield Paragraph(text=text, section="front", id=f"front-{end}")
    for each in limits(material.facts, material.kind, printer):
        yield each.model_copy(update={"section": "front"})


def section_blocks(
    section: Section, material: Material, printer: Printer, words: Sentences
) -> Iterator[Block]:
    """The heading of a section and its blocks. A required section without content says that it is
    silent; another one is not there, or empty where a person must write it."""
    code, speech = section.code, printer.speech
    has_begun = any(each.stage in STAGES for each in material.stages)
    if code in (*STAGES, *WITH_STAGES) and not has_begun:
        return
    left = material.left_out.get(code)
    write = _WRITERS.get(code)
    written = [] if left or write is None else list(write(material, printer, words))
    alone = code in HEADINGS_ALONE and section.alone
    if not (written or left or section.required or alone):
        return
    title = speech.say(_title(code, material))
    # The assessment itself is called by the section's name, as the headline is.
    name = f"{code}-title" if code == "assessment" else ""
    yield Heading(level=section.level, text=title, section=code, id=name)
    if not left and not written and code in OF_A_PERSON:
        yield Paragraph(text=(), id=f"{code}-text", section=code, origin="person")
    elif left or (section.required and not written):
        yield Paragraph(text=silent(code, left, printer), section=code, origin="fixed")
    yield from (_placed(each, code) for each in written)


OF_A_PERSON = frozenset(
    {"what_was_wrong", "unchanged", "how_found", "other_languages"} | {"mandate", "situation"}
)
"""Sections that nobody observes: empty until a person writes them."""
HEADINGS_ALONE = frozenset({BEFORE, "election_day"})
"""Headings over other sections."""
WITH_STAGES = frozenset({"election_day"})
"""Sections that stand only where a stage of election day was observed."""


def _placed(block: Block, code: str) -> Block:
    return block if block.section else block.model_copy(update={"section": code})


def _title(code: str, material: Material) -> str:
    if code == "conclusions" and material.facts.kind is Kind.DOMESTIC:
        return "section.conclusions.domestic"
    if code == "conclusions" and material.kind is StatementKind.FINAL:
        return "section.conclusions.final"
    return f"section.{code}"


Writer = Callable[[Material, Printer, Sentences], Iterator[Block]]


def _of_stage(code: str) -> Writer:
    def write(material: Material, printer: Printer, words: Sentences) -> Iterator[Block]:
        told = next((each for each in material.stages if each.stage == code), None)
        if told is not None:
            told_above = material.plan.says_good(code) and _has("conclusions", material)
            yield from _paragraphs(stage_paragraphs(told, printer, with_good=not told_above))

    return write


def _has(code: str, material: Material) -> bool:
    """Whether the statement has a section that nobody left out."""
    codes = {each.code for each in sections_of(material.kind, material.facts.kind)}
    return code in codes - set(material.left_out)


def _assessment(material: Material, printer: Printer, words: Sentences) -> Iterator[Block]:
    # Empty, as the headline is: how the whole was is a person's to say.
    yield Paragraph(text=(), id="assessment", section="assessment", origin="person")


def _conclusions(material: Material, printer: Printer, words: Sentences) -> Iterator[Block]:
    contests = material.contests if _has("quick_count", material) else ()
    for text in in_conclusions(contests, material.facts.response_threshold, printer):
        yield Paragraph(role="lead", text=text)
    for text in conclusions(material.plan, printer):
        yield Paragraph(role="lead", text=text)


def _access(material: Material, printer: Printer, words: Sentences) -> Iterator[Block]:
    yield from _paragraphs(access(material.chosen, printer))


def _quick_count(material: Material, printer: Printer, words: Sentences) -> Iterator[Block]:
    yield from quick_counts(material.contests, material.facts.response_threshold, printer)


def _incidents(material: Material, printer: Printer, words: Sentences) -> Iterator[Block]:
    when = moment(material.facts, printer.speech.language)
    yield from _paragraphs(incidents_told(material.verified, when, printer))


def _limits(material: Material, printer: Printer, words: Sentences) -> Iterator[Block]:
    name = "limits.quick_count" if material.contests else "limits.counts"
    yield Paragraph(text=printer.speech.say(name), origin="fixed")


def _would_change(material: Material, printer: Printer, words: Sentences) -> Iterator[Block]:
    yield from bounds(material.contests, material.facts.response_threshold, printer)


def _conditions(material: Material, printer: Printer, words: Sentences) -> Iterator[Block]:
    yield from conditions(material.facts.standing, printer.ledger, words)


def _about(material: Material, printer: Printer, words: Sentences) -> Iterator[Block]:
    yield from about_the_mission(material.facts, material.coverage, printer, words)
    yield from relations(material.facts.standing, printer.ledger, words)


def _departures(material: Material, printer: Printer, words: Sentences) -> Iterator[Block]:
    yield from departures(material.facts.standing, words)


def _method(material: Material, printer: Printer, words: Sentences) -> Iterator[Block]:
    findings = [each for told in material.stages for each in told.all]
    said = [each for told in material.stages for each in told.said]
    yield Paragraph(role="method", text=footnote(findings, said, printer), origin="fixed")


def _corrected(material: Material, printer: Printer, words: Sentences) -> Iterator[Block]:
    yield from corrected_table(material.corrected, printer)


_WRITERS: dict[str, Writer] = {
    **{stage: _of_stage(stage) for stage in (BEFORE, *STAGES)},
    "assessment": _assessment,
    "conclusions": _conclusions,
    "access": _access,
    "quick_count": _quick_count,
    "incidents": _incidents,
    "limits": _limits,
    "would_change": _would_change,
    "conditions": _conditions,
    "about": _about,
    "departures": _departures,
    "method": _method,
    "corrected": _corrected,
}


def _paragraphs(texts: Iterator[Sentence]) -> Iterator[Paragraph]:
    for text in texts:
        if text:
            yield Paragraph(text=text)
