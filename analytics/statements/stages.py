"""Election day, stage by stage: what was found, in paragraphs of one stage each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from analytics.numbers import Estimate, counted
from analytics.statements.blocks import Bound, Part, Sentence
from analytics.statements.choices import CONDITION_OF, Choice, Place, is_access, is_conditional
from analytics.statements.findings import Finding, share_of, speaks_of_all
from analytics.statements.merging import (
    ISOLATED,
    Group,
    merge_good,
    merge_shortcomings,
    merge_zeros,
    printed,
)
from analytics.statements.ordering import obligation, order_key
from analytics.statements.paragraphs import ParagraphOfFindings, in_stage
from analytics.statements.printing import Printer, said_as_count
from analytics.wording import ENOUGH_FOR_ESTIMATE
from schemas.mission import Kind
from schemas.standards.short_names import MOST_NAMES

STAGES = ("opening", "voting", "closing", "counting", "tabulation")
BEFORE = "pre_election"
"""The stage before election day."""
MOST_OF_A_STAGE = 8
"""Findings in the text of one stage; a merge counts as one."""

Chosen = Sequence[tuple[Finding, Place]]


@dataclass(frozen=True)
class StageFindings:
    """The findings of one stage that its text speaks of, in the order in which they stand.

    ``all`` are all findings of the stage, whatever was chosen.
    """

    stage: str
    all: tuple[Finding, ...]
    lead: Kind
    assessment: Finding | None
    shortcomings: tuple[Group, ...]
    isolated: tuple[Group, ...]
    good: tuple[Group, ...]
    zeros: tuple[Group, ...]
    conditional: tuple[Finding, ...]
    other: Mapping[str, Finding]
    """What the other kind of observers counted, by indicator."""
    other_grave: tuple[Finding, ...]
    """What is grave and was seen by the other kind."""


def stage_findings(
    stage: str,
    findings: Sequence[Finding],
    chosen: Chosen,
    own: Kind,
    most: int = MOST_OF_A_STAGE,
    choices: Sequence[Choice] = (),
) -> StageFindings | None:
    """The findings of a stage in their order; None where there is none. The kind of observers
    that has estimates leads, else the mission's ``own``."""
    here = tuple(each for each in findings if each.stage == stage)
    if not here:
        return None
    lead = leading_kind(here, own)
    told = [each for each, _ in chosen if each.stage == stage]
    mine = [each for each in told if each.kind is lead and not is_access(each)]
    assessment = next((each for each in mine if is_assessment(each)), None)
    mine = [each for each in mine if not is_assessment(each)]
    wrong = sorted((each for each in mine if each.polarity == "negative"), key=order_key)
    plain = [each for each in wrong if not is_conditional(each)]
    grave = [each for each in plain if is_isolated(each)]
    merges = [(each.code, *each.merged) for each in choices if each.merged]
    grouped = merge_shortcomings([each for each in plain if not is_isolated(each)], merges)
    isolated = merge_shortcomings(grave, merges)
    right = [each for each in mine if each.polarity == "positive"]
    zeros = [each for each in right if each.severity >= 3 and share_of(each.number) >= 1]
    faults = {each.indicator for each in wrong}
    good = merge_good(each for each in right if each not in zeros and each.indicator not in faults)
    room = max(most - len(isolated) - bool(zeros) - bool(good), 1)
    kept = _kept(grouped, room)
    others = [each for each in told if each.kind is not lead and not is_access(each)]
    return StageFindings(
        stage=stage,
        all=here,
        lead=lead,
        assessment=assessment,
        shortcomings=tuple(kept),
        isolated=tuple(isolated),
        good=tuple(good[:1]),
        zeros=tuple(merge_zeros(zeros)[:1]),
        conditional=tuple(_conditional(wrong)),
        other={
            each.indicator: each
            for each in here
            if each.kind is not lead
            and each.polarity == "negative"
            and each.severity < 3
            and each.number.domain is None
            and counted(each.number).of >= ENOUGH_FOR_ESTIMATE
        },
        other_grave=tuple(
            each
            for each in sorted(others, key=order_key)
            if each.polarity == "negative" and each.severity >= 3
        ),
    )


def _conditional(wrong: Sequence[Finding]) -> Iterator[Finding]:
    """What was asked of some: the first two, and whatever is grave."""
    asked = [each for each in wrong if is_conditional(each)]
    yield from (each for at, each in enumerate(asked) if at < 2 or each.severity >= 3)


def _kept(groups: Sequence[Group], room: int) -> list[Group]:
    """The first of a stage's shortcomings, and whatever is grave."""
    return [
        group
        for position, group in enumerate(groups)
        if position < room or group.first.severity >= 3
    ]


def leading_kind(findings: Iterable[Finding], own: Kind) -> Kind:
    """Whose numbers lead in a stage: who has estimates, else the mission's own kind, else who
    was there."""
    found = list(findings)
    sampled = [each.kind for each in found if speaks_of_all(each.number)]
    kinds = {each.kind for each in found}
    if sampled and own not in sampled:
        return sampled[0]
    return own if own in kinds else next(iter(kinds))


def is_assessment(finding: Finding) -> bool:
    """Whether a finding is the observers' overall assessment of a stage."""
    return finding.indicator.endswith("-OVERALL")


def is_isolated(finding: Finding) -> bool:
    """Whether what is grave was seen at fewer than 5% of stations (observations)."""
    return finding.severity >= 3 and printed(finding) < 100 * ISOLATED


def stage_paragraphs(told: StageFindings, printer: Printer) -> Iterator[Sentence]:
    """The paragraphs of a stage: basis and what went well, shortcomings by obligation, what was
    isolated and grave or not seen at all, what was asked of some."""
    yield _beginning(told, printer)
    yield from _by_obligation(told, printer)
    yield _grave(told, printer)
    asked = ParagraphOfFindings(printer)
    counted_by = {each.indicator: each for each in told.all if each.kind is told.lead}
    for each in told.conditional:
        condition = counted_by.get(CONDITION_OF.get(each.indicator, ""))
        asked.conditional(each, condition)
    yield asked.text()


def _beginning(told: StageFindings, printer: Printer) -> Sentence:
    """Where the stage was followed, how it was assessed, and what went well."""
    first = ParagraphOfFindings(printer)
    for sentence in basis(told, printer):
        first.add(sentence)
    if told.assessment is not None:
        first.add(assessed(told.assessment, printer))
    for number, group in enumerate(told.good, 1):
        first.good(group, f"merge/{told.stage}/good-{number}")
    return first.text()


def _grave(told: StageFindings, printer: Printer) -> Sentence:
    """What is grave: seen in isolated cases, seen by the other kind alone, or not seen."""
    stage, grave = told.stage, ParagraphOfFindings(printer)
    for number, group in enumerate(told.isolated, 1):
        grave.group(group, f"merge/{stage}/isolated-{number}")
    by_unit = sorted(
        told.other_grave, key=lambda each: (each.number.domain is not None, order_key(each))
    )
    grave.other_kind_listed(by_unit)
    grave.close()
    for number, group in enumerate(told.zeros, 1):
        grave.zeros(group, f"merge/{stage}/none-{number}")
    return grave.text()


def _by_obligation(told: StageFindings, printer: Printer) -> Iterator[Sentence]:
    """Shortcomings, those of one obligation together, the one with the worst finding first; two
    obligations to a paragraph."""
    by: dict[str, list[Group]] = {}
    for group in told.shortcomings:
        by.setdefault(obligation(group.first), []).append(group)
    paragraph, beside_one = ParagraphOfFindings(printer), False
    ordered = (group for groups in by.values() for group in groups)
    for number, group in enumerate(ordered, 1):
        named = {*paragraph.standards, *(each.standards[0] for each in group.findings)}
        if paragraph and (paragraph.is_full or len(named) > MOST_NAMES):
            yield paragraph.text()
            paragraph = ParagraphOfFindings(printer)
        paragraph.group(group, f"merge/{told.stage}/alike-{number}")
        alone = len(group.findings) == 1 and not said_as_count(group.first)
        beside = told.other.get(group.first.indicator) if alone else None
        if beside is not None and not paragraph.is_full and not beside_one:
            paragraph.other_kind(beside, group.first)
            beside_one = True
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
        number = max(sampled, key=lambda each: each.number.missing or 0).number
        drawn = number.drawn if isinstance(number, Estimate) and number.drawn else 0
        came = drawn - number.missing
        if drawn:
            seen = min(_observed(sampled), came)
            query = {"measure": "sampled stations that were observed", "stage": told.stage}
            followed = ledger.part(f"basis/{told.stage}", seen, drawn, query, unit="station")
            parts: dict[str, Part] = {
                "n": _text(followed, printer, seen),
                "N": _text(followed, printer, drawn),
            }
            again = any(
                name.startswith("basis/") and entry.get("of") == drawn
                for name, entry in ledger.numbers.items()
                if name != f"basis/{told.stage}"
            )
            yield speech.say("T01.next" if again else "T01.short", **stage, **parts)
            if number.missing > 0.2 * drawn:
                query = {"measure": "sampled stations that reported", "stage": told.stage}
                sent = ledger.part(f"came/{told.stage}", came, drawn, query, unit="station")
                named = {"n": _text(sent, printer, came), "N": _text(sent, printer, drawn)}
                yield speech.say("T03.short", **named)
        return
    most = max(_places(each) for each in lead)
    query = {"measure": "places observed", "stage": told.stage}
    form = speech.form("T02", speech.gender_of(told.stage))
    places = ledger.fact(f"basis/{told.stage}", most, query, unit="station")
    yield speech.say(form, **stage, N=places)


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
    sampled = {each.stage: each.kind for each in seen if not said_as_count(each)}
    paragraph = ParagraphOfFindings(printer)
    for each in sorted(seen, key=lambda each: (order.get(each.stage, -1), said_as_count(each))):
        if sampled.get(each.stage, each.kind) is not each.kind:
            paragraph.other_kind(each, None)
        elif said_as_count(each):
            paragraph.named = None
            paragraph.group(Group((each,)), "", stage=each.stage)
        else:
            said = printer.speech.say("T26", p=printer.share(each), of=printer.of(each))
            paragraph.add(in_stage(each.stage, said, printer))
    yield paragraph.text(with_standards=False)
