"""Who observed, and which incidents were verified."""

from collections.abc import Iterator, Sequence

from analytics.numbers import Unit
from analytics.observation.coverage import Coverage
from analytics.statements.blocks import (
    Block,
    Bound,
    ExemptText,
    Paragraph,
    Sentence,
    Sentences,
    Table,
    _,
    one_after_another,
)
from analytics.statements.facts import Incidents, MissionFacts, ObserverFacts
from analytics.statements.ledger import Ledger
from analytics.statements.phrases import kind_parts
from analytics.statements.printing import Printer
from schemas.mission import Kind


def incident_table(
    verified: Sequence[Incidents], ledger: Ledger, words: Sentences
) -> Iterator[Paragraph | Table]:
    """Verified incidents, counted by sort and evidence; never a rate."""
    if not verified:
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
    return (
        words.gettext("{label}", label=ExemptText(text=each.says(words.language), why="name")),
        *cells,
    )


def about_the_mission(
    facts: MissionFacts, coverage: Sequence[Coverage], printer: Printer, words: Sentences
) -> Iterator[Block]:
    """Who observed, how many, where; how many reports came of those planned."""
    yield Paragraph(
        text=words.gettext(
            _BOUND_BY[facts.kind],
            organisation=_name(facts.organisation_in(words.language)),
            election=_name(facts.election_in(words.language)),
            country=_name(facts.country_in(words.language)),
            day=ExemptText(text=facts.day_in(words.language), why="date"),
        )
    )
    people = [people_told(each, printer) for each in facts.observers if each.observers]
    if people:
        yield Paragraph(text=one_after_another(*people))
    expected = sum(row.expected for row in coverage)
    if expected:
        received = sum(row.received for row in coverage)
        yield Paragraph(
            text=words.gettext(
                "Planned reports received when the figures were frozen: {came}.",
                came=printer.ledger.part(
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


def people_told(each: ObserverFacts, printer: Printer) -> Sentence:
    """How many observers of a kind there were, from how many organisations, at how many polling
    stations; each with its noun in the form that its number asks for."""
    speech, ledger = printer.speech, printer.ledger
    organisations = _own(ledger, each.kind, "organisations", each.organisations)
    stations = _own(ledger, each.kind, "stations", each.stations)
    gender = speech.station.gender
    return speech.say(
        "people",
        **kind_parts(each.kind, printer),
        n=_own(ledger, each.kind, "observers", each.observers),
        organisations=speech.counted("organisation", each.organisations, organisations, "f"),
        stations_observed=speech.counted("station", each.stations, stations, gender),
    )


def _own(ledger: Ledger, kind: Kind, what: str, count: int) -> Bound:
    unit: Unit | None = "station" if what == "stations" else None
    query = {"measure": what, "kind": str(kind)}
    return ledger.fact(f"mission/{kind}/{what}", count, query, unit=unit)


def _name(text: str) -> ExemptText:
    return ExemptText(text=text, why="name")
