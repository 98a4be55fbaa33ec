"""What stands before and around the findings: place and date, observers, limits, silent
sections, the one footnote on method."""

from collections.abc import Iterator, Sequence

from babel.dates import format_datetime

from analytics.grammar.dates import day_in_words
from analytics.grammar.quantities import BANDS
from analytics.statements.blocks import Disclaimer, ExemptText, Part, Sentence, one_after_another
from analytics.statements.facts import Incidents, MissionFacts
from analytics.statements.findings import Finding, speaks_of_all
from analytics.statements.kinds import LeftOut, disclaimers_of
from analytics.statements.ledger import Ledger
from analytics.statements.printing import Printer
from analytics.statements.stage_findings import StageFindings
from analytics.statements.stages import nearly_all
from schemas.mission import MissionState, Scope
from schemas.statement import StatementKind


def moment(facts: MissionFacts, language: str) -> ExemptText:
    """When the figures were frozen, as a language writes it."""
    at = facts.frozen_at
    said = [day_in_words(at.date(), language), format_datetime(at, "HH:mm", locale=language)]
    comma = "، " if language == "ar" else ", "
    zone = facts.frozen_at.tzname() or ""
    return ExemptText(text=f"{comma.join(said)} {zone}".strip(), why="date")


def front(
    facts: MissionFacts, stages: Sequence[StageFindings], printer: Printer
) -> Iterator[tuple[str, Sentence]]:
    """Place, date and time; the observers; the places observed, stage by stage: each with the
    end of its id."""
    speech, ledger = printer.speech, printer.ledger
    when = moment(facts, speech.language)
    if facts.place:
        place = ExemptText(text=facts.place, why="name")
        yield "place", speech.say("front.place", place=place, time=when)
    else:
        yield "place", speech.say("front.time", time=when)
    observers = [
        speech.say(
            "front.kind",
            kind=speech.say(str(each.kind)),
            kind_nom=speech.say(speech.form(str(each.kind), "nom")),
            observers=_own(ledger, each.kind, each.observers),
        )
        for each in facts.observers
        if each.observers
    ]
    observed = [
        speech.say("front.stage", stage=speech.say(f"stage.{each.stage}"), n=_basis(each, ledger))
        for each in stages
        if f"basis/{each.stage}" in ledger.numbers
    ]
    if observed:
        observers.append(speech.say("front.stages", stages=speech.joined(observed)))
    if observers:
        yield "observers", one_after_another(*observers)


def _basis(told: StageFindings, ledger: Ledger) -> Part:
    name = f"basis/{told.stage}"
    entry = ledger.numbers[name]
    bound = ledger.bound_again(name)
    return ledger.restated(bound, ledger.style.whole(int(entry["value"])))


def _own(ledger: Ledger, kind: str, count: int) -> Part:
    query = {"measure": "observers", "kind": str(kind)}
    return ledger.fact(f"mission/{kind}/observers", count, query)


def limits(facts: MissionFacts, kind: StatementKind, printer: Printer) -> Iterator[Disclaimer]:
    """What the statement must say of its own limits (dop:4, dop:5, dop:11)."""
    speech = printer.speech
    for about in disclaimers_of(kind, facts.scope):
        if about == "before_completion":
            stages = speech.say("T36.stages")
            follows = speech.say("disclaimer.final_report")
            text = one_after_another(speech.say("T36", stages=stages), follows)
            yield Disclaimer(about="before_completion", text=text, origin="fixed")
        elif about == "scope" and facts.scope is not Scope.FULL:
            text = speech.say(f"disclaimer.{facts.scope}")
            yield Disclaimer(about="scope", text=text, origin="fixed")
        elif about == "not_endorsement":
            text = speech.say("disclaimer.not_endorsement")
            yield Disclaimer(about="not_endorsement", text=text, origin="fixed")
    if facts.demonstration:
        text = speech.say("disclaimer.demonstration")
        yield Disclaimer(about="demonstration", text=text, origin="fixed")
    if facts.standing.state == MissionState.EXPLORATORY:
        text = speech.say("disclaimer.exploratory")
        yield Disclaimer(about="exploratory", text=text, origin="fixed")
    if facts.standing.state == MissionState.WITHDRAWN:
        reason = ExemptText(text=facts.standing.withdrawal_reason, why="wording")
        text = speech.say("disclaimer.withdrawn", reason=reason)
        yield Disclaimer(about="withdrawn", text=text, origin="fixed")


def silent(code: str, left_out: LeftOut | None, printer: Printer) -> Sentence:
    """A section without content: that it was not observed, or who left it out and why."""
    speech = printer.speech
    topic = speech.say(speech.form_of(f"topic.{code}", f"stage.{code}", f"section.{code}"))
    if left_out is None:
        return speech.say("T04", topic=topic)
    return speech.say(
        "left_out",
        topic=speech.say(f"section.{code}"),
        name=ExemptText(text=left_out.name, why="name"),
        reason=ExemptText(text=left_out.reason, why="wording"),
    )


def footnote(findings: Sequence[Finding], said: Sequence[Finding], printer: Printer) -> Sentence:
    """T35: the one footnote on method, with the scale where words of it may stand; where what was
    ``said`` was asked, where nearly all were asked."""
    speech, ledger = printer.speech, printer.ledger
    asked = [speech.say("T35.asked", rel=each) for each in nearly_all(said, printer)]
    if not any(speaks_of_all(each.number) for each in findings):
        return one_after_another(speech.say("T35.counts"), *asked)
    percent = speech.style.percent
    level = ledger.fact("level", 0.95, {"measure": "level of the intervals"}, text=f"95{percent}")
    ends: dict[str, Part] = {
        gap: ledger.fact(
            f"scale/{each.band}",
            each.low / 100,
            {"measure": "scale"},
            text=f"{max(each.low, 0)}–{each.high}{percent}",
            letter="W",
        )
        for gap, each in zip("abcde", BANDS, strict=True)
    }
    return one_after_another(
        speech.say("T35", level=level),
        speech.say("T35.missing"),
        *asked,
        speech.say("T35.words", **ends),
    )


def incidents_told(
    verified: Sequence[Incidents], when: ExemptText, printer: Printer
) -> Iterator[Sentence]:
    """T28: how many cases had been verified, and the three most frequent kinds; never a rate."""
    speech, ledger = printer.speech, printer.ledger
    if not verified:
        yield speech.say("T28.none", time=when)
        return
    total = ledger.fact(
        "incidents/verified",
        sum(each.cases for each in verified),
        {"measure": "verified incidents"},
        letter="I",
    )
    most = sorted(verified, key=lambda each: (-each.cases, each.label))[:MOST_KINDS]
    kinds = [
        speech.say(
            "T28.kind",
            n=ledger.fact(
                f"incidents/{each.label}/cases",
                each.cases,
                {"measure": "verified incidents", "label": each.label},
                letter="I",
            ),
            label=ExemptText(text=each.says(speech.language), why="name"),
        )
        for each in most
    ]
    told = "T28.one" if len(verified) == 1 else "T28.verified"
    yield speech.say(told, time=when, v=total, kinds=speech.joined(kinds))


MOST_KINDS = 3
