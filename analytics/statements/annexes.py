"""The annexes of a statement, A to K: what stands behind its text, as far as the facts go."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from analytics.observation.coverage import Coverage
from analytics.statements.about import incident_table
from analytics.statements.blocks import (
    Annex,
    Block,
    ExemptText,
    Figure,
    Heading,
    Paragraph,
    Sentence,
    Sentences,
    Table,
    plain,
)
from analytics.statements.facts import Incidents, MissionFacts
from analytics.statements.finding_tables import numbers_of
from analytics.statements.findings import Finding
from analytics.statements.method_annex import (
    questions,
    response_table,
    sampling,
    scale_table,
    standard_table,
)
from analytics.statements.printing import Printer
from analytics.statements.registers import condition_table
from analytics.statements.stage_findings import STAGES
from schemas.checklist import Texts

Inner = Heading | Paragraph | Table


def annexes(
    facts: MissionFacts,
    findings: Sequence[Finding],
    coverage: Sequence[Coverage],
    verified: Sequence[Incidents],
    cited: Sequence[Finding],
    printer: Printer,
    words: Sentences,
) -> Iterator[Block]:
    """Figures and annexes with their letters; one that has nothing is left out. ``cited`` are the
    findings of the text."""
    ledger = printer.ledger
    titles = {each.name: each.title for each in facts.checklists}
    if coverage:
        yield from _annex("a", [response_table(coverage, ledger, words, titles)], printer)
    voting = [each for each in findings if each.stage == "voting"]
    yield from _annex("b", _stages(["voting"], voting, printer, words, titles), printer)
    others = [each for each in findings if each.stage not in ("voting", "pre_election")]
    left = [each for each in STAGES if each != "voting"]
    yield from _annex("c", _stages(left, others, printer, words, titles), printer)
    asked = [each for each in findings if each.number.domain is not None]
    yield from _annex("d", _asked_of_some(asked, printer, words), printer)
    yield from _annex("e", incident_table(verified, ledger, words), printer)
    yield from _annex("f", condition_table(facts.standing, words), printer)
    yield from _annex("h", questions(facts, findings, ledger, words), printer)
    yield from _annex("i", sampling(facts, ledger, words), printer)
    if cited:
        yield from _annex("j", [standard_table(cited, words)], printer)
    yield from _annex("k", [scale_table(ledger, printer.speech, words)], printer)


def _annex(letter: str, blocks: Iterable[Block], printer: Printer) -> Iterator[Block]:
    """The figures of an annex, then its tables under its title."""
    code, speech = f"annex-{letter}", printer.speech
    inner: list[Inner] = []
    for each in blocks:
        if isinstance(each, Figure):
            yield each.model_copy(update={"section": code})
        elif isinstance(each, Heading | Paragraph) or (isinstance(each, Table) and each.rows):
            inner.append(
                each.model_copy(update={"id": f"{code}-{len(inner) + 1}", "section": code})
            )
    if inner:
        title = speech.say("annex", letter=letter.upper(), title=speech.say(f"annex.{letter}"))
        yield Annex(title=plain(title), blocks=tuple(inner), section=code)


def _stages(
    stages: Sequence[str],
    findings: Sequence[Finding],
    printer: Printer,
    words: Sentences,
    titles: Mapping[str, Texts],
) -> Iterator[Block]:
    for stage in stages:
        here = [each for each in findings if each.stage == stage]
        if not here:
            continue
        if len(stages) > 1:
            title: Sentence = printer.speech.say(f"section.{stage}")
            yield Heading(level=3, text=title)
        yield from numbers_of(here, printer.ledger, words, titles)


def _asked_of_some(
    findings: Sequence[Finding], printer: Printer, words: Sentences
) -> Iterator[Table]:
    """Of what was asked of some: where, of how many, and the share of all stations."""
    language, ledger = printer.speech.language, printer.ledger
    rows = []
    for each in findings:
        domain = each.number.domain
        if domain is None or each.polarity == "positive":
            continue
        share = each.ranked_share
        said = "–" if share is None else f"{round(100 * share)}{ledger.style.percent}"
        query = {"measure": "share of all", "finding": each.code}
        of_all = ledger.fact(f"of-all/{each.code}", share or 0.0, query, text=said, letter="B")
        texts = (each.says(language), domain.says(language))
        rows.append(
            (
                *(
                    words.gettext("{text}", text=ExemptText(text=text, why="wording"))
                    for text in texts
                ),
                (ledger.basis(each),),
                (of_all,),
            )
        )
    columns = ("Finding", "Condition", "Seen at", "Share of all")
    yield Table(
        title=words.word("Findings asked only of some"),
        columns=tuple(words.word(each) for each in columns),
        rows=tuple(rows),
        groups="indicators",
    )
