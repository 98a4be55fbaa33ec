"""Election day, stage by stage: what was found, in paragraphs of one stage each."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from analytics.numbers import Estimate, counted
from analytics.statements.asked import domain_of_some
from analytics.statements.blocks import Bound, Part, Sentence
from analytics.statements.concluding import by_obligation
from analytics.statements.finding_sorts import CONDITION_OF, is_access
from analytics.statements.findings import Finding
from analytics.statements.other_kind import beside, counted_alone, counted_together
from analytics.statements.paragraphs import ParagraphOfFindings
from analytics.statements.phrases import in_stage, is_whole, kind_parts, says
from analytics.statements.printing import Printer, said_as_count
from analytics.statements.stage_findings import STAGES, Chosen, StageFindings
from schemas.standards.short_names import MOST_NAMES


def stage_paragraphs(
    told: StageFindings, printer: Printer, *, with_good: bool = True
) -> Iterator[Sentence]:
    """The paragraphs of a stage: basis and what went well, shortcomings by obligation, what was
    isolated and grave or not seen at all, what was asked of some. What went well is left out where
    the conclusions say it."""
    yield _beginning(told, printer, with_good=with_good)
    yield from _by_obligation(told, printer)
    yield _grave(told, printer)
    asked = ParagraphOfFindings(printer)
    counted_by = {each.indicator: each for each in told.all if each.kind is told.lead}
    for each in told.conditional:
        condition = counted_by.get(CONDITION_OF.get(each.indicator, ""))
        asked.conditional(each, condition)
    yield asked.text()


def _beginning(told: StageFindings, printer: Printer, *, with_good: bool) -> Sentence:
    """Where the stage was followed, how it was assessed, and what went well."""
    first = ParagraphOfFindings(printer)
    for sentence in basis(told, printer):
        first.add(sentence)
    if told.assessment is not None:
        first.add(assessed(told.assessment, printer))
    for number, group in enumerate(told.good, 1):
        if with_good or number > 1:
            first.good(group, f"merge/{told.stage}/good-{number}")
    return first.text()


def _grave(told: StageFindings, printer: Printer) -> Sentence:
    """What is grave: seen in isolated cases, seen by the other kind, or not seen."""
    stage, grave = told.stage, ParagraphOfFindings(printer)
    for number, group in enumerate(told.isolated, 1):
        grave.group(group, f"merge/{stage}/isolated-{number}")
    for sentence in counted_together(told.other, stage, printer):
        grave.add(sentence)
    grave.close()
    for number, group in enumerate(told.zeros, 1):
        grave.zeros(group, f"merge/{stage}/none-{number}")
    return grave.text()


def _by_obligation(told: StageFindings, printer: Printer) -> Iterator[Sentence]:
    """Shortcomings, those of one obligation together; two obligations to a paragraph."""
    paragraph = ParagraphOfFindings(printer)
    for number, group in enumerate(by_obligation(told.shortcomings), 1):
        named = {*paragraph.standards, *(each.standards[0] for each in group.findings)}
        if paragraph and (paragraph.is_full or len(named) > MOST_NAMES):
            yield paragraph.text()
            paragraph = ParagraphOfFindings(printer)
        paragraph.group(group, f"merge/{told.stage}/alike-{number}")
        other = told.beside.get(group.first.indicator) if len(group.findings) == 1 else None
        if other is not None:
            for sentence in beside(other, group.first, printer):
                paragraph.add(sentence)
    yield paragraph.text()


def assessed(finding: Finding, printer: Printer) -> Sentence:
    """T10: how observers assessed a stage."""
    speech = printer.speech
    form = speech.form("T10", speech.gender_of(finding.stage))
    stage = speech.say(f"stage.{finding.stage}")
    if said_as_count(finding):
        p: Part = printer.seen(finding)
    else:
        p = printer.share(finding)
    return speech.say(form, stage=stage, p=p, of=printer.of(finding))


def basis(told: StageFindings, printer: Printer) -> Iterator[Sentence]:
    """T01 to T03: where the stage was followed, and what its numbers speak of."""
    speech, ledger = printer.speech, printer.ledger
    lead = [each for each in told.all if each.kind is told.lead]
    stage: dict[str, Part] = {"stage": speech.say(f"stage.{told.stage}")}
    sampled = [each for each in lead if isinstance(each.number, Estimate)]
    if sampled:
        yield from _of_sample(told, sampled, printer)
        return
    most = max(_places(each) for each in lead)
    query = {"measure": "places observed", "stage": told.stage}
    form = speech.form("T02", speech.gender_of(told.stage))
    places = ledger.fact(f"basis/{told.stage}", most, query, unit="station")
    yield speech.say(form, **stage, reached=speech.counted("reached", most, places))


def _of_sample(
    told: StageFindings, sampled: Sequence[Finding], printer: Printer
) -> Iterator[Sentence]:
    speech, ledger = printer.speech, printer.ledger
    number = max(sampled, key=lambda each: each.number.missing or 0).number
    drawn = number.drawn if isinstance(number, Estimate) and number.drawn else 0
    if not drawn:
        return
    came = drawn - number.missing
    seen = min(_observed(sampled), came)
    query = {"measure": "sampled stations that were observed", "stage": told.stage}
    followed = ledger.part(f"basis/{told.stage}", seen, drawn, query, unit="station")
    parts: dict[str, Part] = {
        "stage": speech.say(f"stage.{told.stage}"),
        "n": _text(followed, printer, seen),
        "N": _text(followed, printer, drawn),
    }
    again = any(
        name.startswith("basis/") and entry.get("of") == drawn
        for name, entry in ledger.numbers.items()
        if name != f"basis/{told.stage}"
    )
    form = "T01.next" if again else "T01.short"
    yield speech.say(f"{form}.all" if seen == drawn else form, **parts)
    for each in () if again else nearly_all(told.said, printer):
        yield speech.say("T01.asked", rel=each)
    if number.missing > 0.2 * drawn:
        query = {"measure": "sampled stations that reported", "stage": told.stage}
        sent = ledger.part(f"came/{told.stage}", came, drawn, query, unit="station")
        named = {"n": _text(sent, printer, came), "N": _text(sent, printer, drawn)}
        yield speech.say("T03.short", **named)


def nearly_all(findings: Sequence[Finding], printer: Printer) -> list[str]:
    """The words of where questions were asked that nearly all were asked, each once."""
    domains = [
        each.number.domain
        for each in findings
        if each.number.domain is not None and domain_of_some(each) is None
    ]
    return list(dict.fromkeys(each.says(printer.speech.language) for each in domains))


def _text(bound: Bound, printer: Printer, count: int) -> Bound:
    return printer.ledger.restated(bound, printer.speech.style.whole(count))


def _observed(findings: Sequence[Finding]) -> int:
    """At how many stations a stage was observed: where its questions were put. A team that was
    refused, or found the station closed, answers of access alone."""
    own = [each for each in findings if not is_access(each)] or findings
    put = [
        each.number.n + sum(asdict(each.number.beside).values())
        for each in own
        if isinstance(each.number, Estimate)
    ]
    return int(max(put))


def _places(finding: Finding) -> int:
    """At how many places a finding's question was put."""
    return max(int(finding.query.get("stations") or 0), counted(finding.number).stations)


def access(chosen: Chosen, printer: Printer) -> Iterator[Sentence]:
    """T26 and T27: how far observers could work, at each stage; said even where nothing was."""
    told = [each for each, _ in chosen if is_access(each)]
    seen = [each for each in told if each.polarity == "negative"]
    if not seen and told:
        yield printer.speech.say("T27")
        return
    order = {stage: position for position, stage in enumerate(STAGES)}
    several = len({each.kind for each in seen}) > 1
    paragraph = ParagraphOfFindings(printer)
    named = ""
    place = 0
    for each in sorted(seen, key=lambda each: (order.get(each.stage, -1), said_as_count(each))):
        said = _refused(each, printer, several=several)
        if each.stage != named:
            said = in_stage(each.stage, said, printer, last=place % 2 == 1)
            named, place = each.stage, place + 1
        paragraph.add(said)
    yield paragraph.text(with_standards=False)


def _refused(finding: Finding, printer: Printer, *, several: bool) -> Sentence:
    """T26: at how many observers were refused or restricted; which, where there are several."""
    speech, by_count = printer.speech, said_as_count(finding)
    if is_whole(finding, printer):
        return printer.referred(says(finding, printer))
    if by_count and printer.asked_of_one(finding):
        return counted_alone(finding, printer)
    form = speech.form("T26.who" if several else "T26", *(("count",) if by_count else ()))
    p = printer.seen(finding) if by_count else printer.share(finding)
    return speech.say(form, p=p, of=printer.of(finding), **kind_parts(finding.kind, printer))
