"""The method behind a statement: its sample, its questions, its words, its standards."""

from collections.abc import Iterator, Mapping, Sequence

from analytics.grammar.quantities import BANDS, quantity_words
from analytics.observation.coverage import Coverage
from analytics.statements.blocks import (
    Bound,
    ExemptText,
    Paragraph,
    PlainText,
    Sentence,
    Sentences,
    Table,
    _,
    one_after_another,
)
from analytics.statements.facts import MissionFacts, SampleFacts
from analytics.statements.findings import Finding
from analytics.statements.ledger import Ledger
from analytics.statements.speech import Speech
from analytics.statements.vote_numbers import required_response
from schemas.checklist import Texts
from schemas.mission import Kind
from schemas.standards import catalogue


def sampling(facts: MissionFacts, ledger: Ledger, words: Sentences) -> Iterator[Paragraph]:
    """Frame, draw, precision (dop:18)."""
    yield from _samplings(facts.samples, ledger, words)
    yield Paragraph(role="method", text=_precision(facts, ledger, words))


def questions(
    facts: MissionFacts, findings: Sequence[Finding], ledger: Ledger, words: Sentences
) -> Iterator[Paragraph | Table]:
    """Questions as they were asked, versions of forms, rules that changed."""
    yield _wordings(findings, ledger, words)
    yield _versions(facts, words)
    changed = [rule for each in facts.checklists for rule in each.rules_changed]
    if changed:
        yield Paragraph(
            role="method",
            text=words.gettext(
                "These rules changed after the first report, and every report was "
                "judged again: {rules}.",
                rules=ExemptText(text=", ".join(changed), why="name"),
            ),
        )


def _samplings(
    samples: Sequence[SampleFacts], ledger: Ledger, words: Sentences
) -> Iterator[Paragraph]:
    """A paragraph each sample, which says whose it is where there are several."""
    if not samples:
        yield Paragraph(
            role="method",
            text=words.gettext(
                "Polling stations were not drawn by lot. Figures are counts of what was "
                "observed and do not speak of polling stations where nobody was."
            ),
        )
    for number, each in enumerate(samples):
        whose = words.gettext(WHOSE[each.kind]) if len(samples) > 1 else ()
        numbers = f"sample/{each.kind}" if number else "sample"
        drawn = _sampling(each, numbers, ledger, words)
        yield Paragraph(role="method", text=one_after_another(whose, drawn))


WHOSE = {
    Kind.DOMESTIC: _("The sample of the citizen observers:"),
    Kind.INTERNATIONAL: _("The sample of the international observers:"),
}


def _sampling(sample: SampleFacts, numbers: str, ledger: Ledger, words: Sentences) -> Sentence:
    query = {"measure": "the draw", "frame_sha256": sample.frame_sha256, "method": sample.method}
    return words.gettext(
        "Polling stations drawn by lot: {drawn} of the {frame} of a frozen frame{by}, with the "
        "seed {seed} and the method “{method}”. The frame's hash is {hash}: anyone can draw "
        "again.",
        drawn=ledger.fact(f"{numbers}/drawn", sample.drawn, query),
        frame=ledger.fact(f"{numbers}/frame", sample.frame_size, query),
        by=_by(sample, ledger.fact(f"{numbers}/strata", sample.strata, query), words),
        seed=ledger.fact(f"{numbers}/seed", sample.seed, query, text=str(sample.seed)),
        method=ExemptText(text=sample.method, why="name"),
        hash=ExemptText(text=sample.frame_sha256, why="hash"),
    )


def _by(sample: SampleFacts, strata: Bound, words: Sentences) -> Sentence:
    if sample.strata == 1:
        return ()
    if not sample.stratified_by:
        return words.gettext(", in {strata} strata", strata=strata)
    column = _name(sample.stratified_by)
    return words.gettext(", in {strata} strata by {column}", strata=strata, column=column)


def _precision(facts: MissionFacts, ledger: Ledger, words: Sentences) -> Sentence:
    level = ledger.fact(
        "level", 0.95, {"measure": "level of the intervals"}, text=f"95{ledger.style.percent}"
    )
    return words.gettext(
        "Estimates carry an interval at {level} (Korn and Graubard) that follows the draw and the "
        "number of stations it was made from; they are given only where at least {threshold} of "
        "the sampled stations reported. A station counts once, however often it was visited. What "
        "was not asked, not observed or not answered, and stations from which no report came, are "
        "counted by themselves and never as “no”. Numbers of citizen and international observers "
        "stand side by side and are never pooled.",
        level=level,
        threshold=required_response(facts.response_threshold, ledger),
    )


def response_table(
    coverage: Sequence[Coverage],
    ledger: Ledger,
    words: Sentences,
    titles: Mapping[str, Texts],
) -> Table:
    """Reports planned, received, used, set aside and missing, a row a checklist of which some were
    planned. ``titles`` are those of the checklists."""
    columns = (_("Checklist"), _("Planned"), _("Received"), _("Used"), _("Set aside"), _("Missing"))
    return Table(
        title=words.word("Reports planned and received"),
        columns=tuple(words.word(each) for each in columns),
        rows=tuple(_response_row(row, ledger, words, titles) for row in coverage if row.expected),
        note=words.word("Set aside are reports held or quarantined."),
    )


def _response_row(
    row: Coverage, ledger: Ledger, words: Sentences, titles: Mapping[str, Texts]
) -> tuple[Sentence, ...]:
    counts = {
        "planned": row.expected,
        "received": row.received,
        "used": row.used,
        "set_aside": row.set_aside,
        "missing": row.missing,
    }
    query = {"measure": "reports", "checklist": str(row.group)}
    cells = (
        (ledger.fact(f"coverage/{row.group}/{name}", count, query, letter="B", unit="report"),)
        for name, count in counts.items()
    )
    own = titles.get(str(row.group), {})
    title = own.get(words.language) or own.get("en") or str(row.group)
    return (words.gettext("{name}", name=_name(title)), *cells)


def scale_table(ledger: Ledger, speech: Speech, words: Sentences) -> Table:
    """The words for a quantity, each with its range in percent."""
    rows = tuple(
        (
            (PlainText(text=quantity_words(each.band, speech.station)),),
            (
                ledger.fact(
                    f"scale/{each.band}",
                    each.low / 100,
                    {"measure": "scale"},
                    text=f"{each.low}–{each.high}{speech.style.percent}",
                    letter="W",
                ),
            ),
        )
        for each in BANDS
    )
    return Table(
        title=words.word("Words for quantity, by the share of polling stations"),
        columns=(words.word("Word"), words.word("Share")),
        rows=rows,
    )


def standard_table(findings: Sequence[Finding], words: Sentences) -> Table:
    """The standards that findings of the text are measured by, in our paraphrase."""
    cited = sorted({code for each in findings for code in each.standards})
    rows = tuple(
        tuple(
            words.gettext("{text}", text=ExemptText(text=text, why="article"))
            for text in (code, _instrument(code), _paraphrase(code))
        )
        for code in cited
    )
    columns = (_("Standard"), _("Instrument"), _("In our words"))
    return Table(
        title=words.word("Standards cited"),
        columns=tuple(words.word(each) for each in columns),
        rows=rows,
    )


def _instrument(code: str) -> str:
    known = catalogue().get(code)
    return known.instrument if known else ""


def _paraphrase(code: str) -> str:
    known = catalogue().get(code)
    return known.says if known else ""


def _wordings(findings: Sequence[Finding], ledger: Ledger, words: Sentences) -> Table:
    asked = {
        (each.checklist, name): (ledger.mark(each.code, "F"), texts)
        for each in findings
        for name, texts in each.wording.items()
    }
    rows = tuple(
        (
            words.gettext("{mark}", mark=ExemptText(text=mark, why="name")),
            words.gettext("{name}", name=_name(f"{checklist}: {name}")),
            words.gettext(
                "{asked}",
                asked=ExemptText(
                    text=texts.get(words.language) or texts.get("en", ""), why="wording"
                ),
            ),
        )
        for (checklist, name), (mark, texts) in asked.items()
    )
    columns = (_("Finding"), _("Question"), _("As it was asked"))
    return Table(
        title=words.word("Questions behind the findings"),
        columns=tuple(words.word(each) for each in columns),
        rows=rows,
    )


def _versions(facts: MissionFacts, words: Sentences) -> Table:
    columns = (_("Checklist"), _("Version"), _("Form hash"), _("Rules"))
    rows = tuple(
        tuple(
            words.gettext("{text}", text=ExemptText(text=text, why=why))
            for text, why in (
                (each.title.get(words.language) or each.title.get("en", each.name), "name"),
                (each.version, "name"),
                (each.sha256, "hash"),
                (each.rules, "hash"),
            )
        )
        for each in facts.checklists
    )
    return Table(
        title=words.word("Checklists and their versions"),
        columns=tuple(words.word(each) for each in columns),
        rows=rows,
        note=facts.software,
    )


def _name(text: str) -> ExemptText:
    return ExemptText(text=text, why="name")
