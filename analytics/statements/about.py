"""What stands behind a statement: its limits, the mission, the method, the words."""

from collections.abc import Iterator, Sequence

from analytics.numbers import Unit
from analytics.observation.coverage import Coverage
from analytics.statements.blocks import (
    Annex,
    Block,
    Bound,
    Disclaimer,
    ExemptText,
    Heading,
    Paragraph,
    Sentence,
    Sentences,
    Table,
    _,
    one_after_another,
)
from analytics.statements.facts import Incidents, MissionFacts, ObserverFacts, SampleFacts
from analytics.statements.findings import Finding
from analytics.statements.ledger import Ledger
from analytics.statements.votes import required_response
from analytics.wording import scale_in_words
from schemas.mission import Kind, Scope


def disclaimers(facts: MissionFacts, words: Sentences) -> Iterator[Disclaimer]:
    """The limits that a preliminary statement must say of itself (dop:4, dop:5, dop:11)."""
    yield Disclaimer(
        about="before_completion",
        text=words.gettext(
            "This statement comes before the process is complete. Important stages remain, among "
            "them the final tabulation and the hearing of complaints. A final report with "
            "recommendations will follow."
        ),
    )
    if facts.scope is not Scope.FULL:
        yield Disclaimer(about="scope", text=words.gettext(_SCOPES[facts.scope]))
    yield Disclaimer(
        about="not_endorsement",
        text=words.gettext(
            "The presence of observers does not by itself lend credibility to a process."
        ),
    )
    if facts.demonstration:
        yield Disclaimer(
            about="demonstration",
            text=words.gettext(
                "This is a demonstration: the country, the election and every report are invented."
            ),
        )


_SCOPES = {
    Scope.LIMITED: _(
        "This is a limited mission. It did not observe systematically throughout the "
        "country and makes no overall assessment."
    ),
    Scope.SPECIALISED: _(
        "This is a specialised mission. It looked at part of the process only and "
        "makes no overall assessment."
    ),
    Scope.EXPERT: _(
        "This is an expert mission. It did not observe polling systematically and makes "
        "no overall assessment."
    ),
}


def incidents(verified: Sequence[Incidents], ledger: Ledger, words: Sentences) -> Iterator[Block]:
    """Verified incidents, counted by sort and evidence; never a rate."""
    yield Heading(level=2, text=words.gettext("Incidents"), section="incidents")
    if not verified:
        yield Paragraph(text=words.gettext("No incident had been verified when this was frozen."))
        return
    yield Paragraph(
        text=words.gettext(
            "Incidents are cases that reached us and were verified. They are counted, and never "
            "turned into rates, because nobody can say how many were not seen."
        )
    )
    columns = (
        _("Verified"),
        _("Cases"),
        _("Observed by us"),
        _("Documented"),
        _("Several sources"),
    )
    yield Table(
        title=words.word("Verified incidents"),
        columns=tuple(words.word(each) for each in columns),
        rows=tuple(_incident(each, ledger, words) for each in verified),
    )


def _incident(each: Incidents, ledger: Ledger, words: Sentences) -> tuple[Sentence, ...]:
    counts = {
        "cases": each.cases,
        "observed": each.observed,
        "documented": each.documented,
        "several_sources": each.several_sources,
    }
    query = {"measure": "verified incidents", "label": each.label}
    cells = (
        (ledger.fact(f"incidents/{each.label}/{name}", count, query, letter="I"),)
        for name, count in counts.items()
    )
    return (words.gettext("{label}", label=ExemptText(text=each.label, why="name")), *cells)


def about_the_mission(
    facts: MissionFacts, coverage: Sequence[Coverage], ledger: Ledger, words: Sentences
) -> Iterator[Block]:
    """Who observed, how many, where; how many reports came of those planned."""
    yield Heading(level=2, text=words.gettext("About the mission"), section="about")
    yield Paragraph(
        text=words.gettext(
            _BOUND_BY[facts.kind],
            organisation=_name(facts.organisation),
            election=_name(facts.election),
            country=_name(facts.country),
            day=ExemptText(text=facts.polling_day, why="date"),
        )
    )
    people = [_people(each, ledger, words) for each in facts.observers if each.observers]
    if people:
        yield Paragraph(text=one_after_another(*people))
    expected = sum(row.expected for row in coverage)
    if expected:
        received = sum(row.received for row in coverage)
        yield Paragraph(
            text=words.gettext(
                "In all, {came} planned reports had been received when the figures were frozen.",
                came=ledger.part(
                    "coverage",
                    received,
                    expected,
                    {"measure": "reports received"},
                    unit="report",
                ),
            )
        )


_BOUND_BY = {
    Kind.INTERNATIONAL: _(
        "{organisation} observed {election} in {country} on {day}, under the Declaration of "
        "Principles for International Election Observation and its Code of Conduct."
    ),
    Kind.DOMESTIC: _(
        "{organisation} observed {election} in {country} on {day}, under the Declaration of "
        "Global Principles for Nonpartisan Election Observation and Monitoring by Citizen "
        "Organizations."
    ),
}
"""Each organisation is bound by its own instrument: international or citizen observers."""


def _people(each: ObserverFacts, ledger: Ledger, words: Sentences) -> Sentence:
    template = {
        Kind.DOMESTIC: _(
            "{observers} domestic observers (organisations: {organisations}) observed at "
            "{stations} polling stations."
        ),
        Kind.INTERNATIONAL: _(
            "{observers} international observers (organisations: {organisations}) observed at "
            "{stations} polling stations."
        ),
    }[each.kind]
    return words.gettext(
        template,
        observers=_own(ledger, each.kind, "observers", each.observers),
        organisations=_own(ledger, each.kind, "organisations", each.organisations),
        stations=_own(ledger, each.kind, "stations", each.stations),
    )


def _own(ledger: Ledger, kind: Kind, what: str, count: int) -> Bound:
    unit: Unit | None = "station" if what == "stations" else None
    query = {"measure": what, "kind": str(kind)}
    return ledger.fact(f"mission/{kind}/{what}", count, query, unit=unit)


def methodology(
    facts: MissionFacts,
    findings: Sequence[Finding],
    coverage: Sequence[Coverage],
    ledger: Ledger,
    words: Sentences,
) -> Annex:
    """The annex: frame, draw, response, precision, wording, versions, scale (dop:18)."""
    blocks: list[Heading | Paragraph | Table] = [
        *_samplings(facts.samples, ledger, words),
        Paragraph(role="method", text=_precision(facts, ledger, words)),
        _response(coverage, ledger, words),
        _scale(ledger, words),
        _wordings(findings, ledger, words),
        _versions(facts, words),
    ]
    changed = [rule for each in facts.checklists for rule in each.rules_changed]
    if changed:
        blocks.append(
            Paragraph(
                role="method",
                text=words.gettext(
                    "These rules changed after the first report, and every report was "
                    "judged again: {rules}.",
                    rules=ExemptText(text=", ".join(changed), why="name"),
                ),
            )
        )
    kept = tuple(each for each in blocks if not isinstance(each, Table) or each.rows)
    return Annex(title=words.word("How this is known"), blocks=kept)


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
    Kind.DOMESTIC: _("The sample of the domestic observers:"),
    Kind.INTERNATIONAL: _("The sample of the international observers:"),
}


def _sampling(sample: SampleFacts, numbers: str, ledger: Ledger, words: Sentences) -> Sentence:
    query = {"measure": "the draw", "frame_sha256": sample.frame_sha256, "method": sample.method}
    return words.gettext(
        "{drawn} polling stations were drawn by lot from a frozen frame of {frame}{by}, with the "
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
        "counted by themselves and never as “no”. Numbers of domestic and international observers "
        "stand side by side and are never pooled.",
        level=level,
        threshold=required_response(facts.response_threshold, ledger),
    )


def _response(coverage: Sequence[Coverage], ledger: Ledger, words: Sentences) -> Table:
    columns = (_("Checklist"), _("Planned"), _("Received"), _("Used"), _("Set aside"), _("Missing"))
    return Table(
        title=words.word("Reports planned and received"),
        columns=tuple(words.word(each) for each in columns),
        rows=tuple(_response_row(row, ledger, words) for row in coverage),
        note=words.word("Set aside are reports held or quarantined."),
    )


def _response_row(row: Coverage, ledger: Ledger, words: Sentences) -> tuple[Sentence, ...]:
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
    return (words.gettext("{name}", name=_name(str(row.group))), *cells)


def _scale(ledger: Ledger, words: Sentences) -> Table:
    rows = (
        (
            words.gettext("{word}", word=words.word(word)),
            (ledger.fact(f"scale/{word}", 0, {"measure": "scale"}, text=said, letter="W"),),
        )
        for word, said in scale_in_words()
    )
    return Table(
        title=words.word("Words for quantity, by the share of polling stations"),
        columns=(words.word("Word"), words.word("Share")),
        rows=tuple(rows),
    )


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
