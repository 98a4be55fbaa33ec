"""Preliminary conclusions: four to six paragraphs of what was found, good and bad."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analytics.numbers import counted
from analytics.statements.blocks import Sentence, one_after_another
from analytics.statements.findings import Finding, share_of
from analytics.statements.merging import Group
from analytics.statements.ordering import obligation, order_key
from analytics.statements.paragraphs import ParagraphOfFindings
from analytics.statements.phrases import bears_on, is_whole, says
from analytics.statements.printing import Printer, said_as_count, under_one_percent
from analytics.statements.stage_findings import Chosen, StageFindings
from analytics.wording import ENOUGH_FOR_ESTIMATE

MOST_PARAGRAPHS = 6
MOST_NUMBERS = 10
MOST_OF_A_PARAGRAPH = 2
MOST_GOOD = 2
"""Stages of which the conclusions say what went well; beside a quick count one."""
MOST_GRAVE = 2
"""Numbers of the conclusions for what is grave and isolated: more frequent things have room too."""


@dataclass(frozen=True)
class Told:
    """A group of the conclusions with its stage and the id of its number, which is the stage's."""

    stage: str
    group: Group
    name: str

    @property
    def first(self) -> Finding:
        """The finding that stands for the group in an order."""
        return self.group.first


@dataclass(frozen=True)
class Plan:
    """What the conclusions say: ``bad`` a paragraph each, what is isolated and grave in one, what
    went well and what was not seen in one, ``good_first`` whether that one leads (O6)."""

    bad: tuple[tuple[Told, ...], ...]
    grave: tuple[Told, ...]
    good: tuple[Told, ...]
    zeros: tuple[Told, ...]
    good_first: bool

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings that they say."""
        told = (*(each for part in self.bad for each in part), *self.grave, *self.good, *self.zeros)
        return tuple(each for one in told for each in one.group.findings)

    def says_good(self, stage: str) -> bool:
        """Whether they say what went well in a stage, whose own text is then silent on it."""
        return any(each.stage == stage for each in self.good)


def plan_conclusions(
    stages: Sequence[StageFindings],
    chosen: Chosen,
    first: frozenset[str] = frozenset(),
    besides: tuple[int, int] = (0, 0),
) -> Plan:
    """What of the stages' text the conclusions say again, under the ids of the same numbers.
    ``first`` are the codes of what a person called significant, ``besides`` the numbers and the
    paragraphs that they have for other things."""
    high = {each.code for each, place in chosen if place == "conclusions"}
    good = _good(stages)[: 1 if besides[0] else MOST_GOOD]
    zeros = _zeros(stages)
    grave = [
        Told(told.stage, group, f"merge/{told.stage}/isolated-{number}")
        for told in stages
        for number, group in enumerate(told.isolated, 1)
        if _is_high(group, high)
    ]
    room = max(MOST_NUMBERS - besides[0] - len(good), 0)
    kept_grave = sorted(grave, key=lambda each: _rank(each, first))[: min(room, MOST_GRAVE)]
    grave = [each for each in grave if each in kept_grave]
    paragraphs = MOST_PARAGRAPHS - besides[1] - bool(good or zeros) - bool(grave)
    bad = _bad(stages, high, first)
    kept: list[tuple[Told, ...]] = []
    room -= len(grave)
    for each in bad:
        part = each[: max(room, 0)]
        if part and len(kept) < paragraphs:
            kept.append(part)
            room -= len(part)
    return Plan(tuple(kept), tuple(grave), tuple(good), tuple(zeros), _good_first(stages))


def _is_high(group: Group, high: set[str]) -> bool:
    return enough(group.first) and any(each.code in high for each in group.findings)


def _rank(told: Told, first: frozenset[str]) -> tuple[object, ...]:
    named = any(each.code in first for each in told.group.findings)
    return (not named, *order_key(told.first))


def _bad(
    stages: Sequence[StageFindings], high: set[str], first: frozenset[str]
) -> list[tuple[Told, ...]]:
    """Shortcomings by obligation, at most two to a paragraph."""
    found = [
        Told(told.stage, group, f"merge/{told.stage}/alike-{number}")
        for told in stages
        for number, group in enumerate(by_obligation(told.shortcomings), 1)
        if _is_high(group, high)
    ]
    by: dict[str, list[Told]] = {}
    for each in sorted(found, key=lambda each: _rank(each, first)):
        by.setdefault(obligation(each.first), []).append(each)
    return [tuple(each[:MOST_OF_A_PARAGRAPH]) for each in by.values()]


def by_obligation(groups: Sequence[Group]) -> list[Group]:
    """A stage's shortcomings as its text says them: those of one obligation together, the one with
    the worst finding first."""
    by: dict[str, list[Group]] = {}
    for group in groups:
        by.setdefault(obligation(group.first), []).append(group)
    return [group for groups in by.values() for group in groups]


def _good(stages: Sequence[StageFindings]) -> list[Told]:
    """What went well, of the first stages whose own text has more to say."""
    return [
        Told(told.stage, told.good[0], f"merge/{told.stage}/good-1")
        for told in stages
        if told.good and enough(told.good[0].first) and _has_more(told)
    ]


def _has_more(told: StageFindings) -> bool:
    return bool(told.shortcomings or told.isolated or told.conditional or told.assessment)


def _zeros(stages: Sequence[StageFindings]) -> list[Told]:
    return [
        Told(told.stage, told.zeros[0], f"merge/{told.stage}/none-1")
        for told in stages
        if told.zeros and enough(told.zeros[0].first)
    ]


def _good_first(stages: Sequence[StageFindings]) -> bool:
    """O6: good first where every stage that was assessed was assessed as good at 90% or more,
    and nothing grave was seen at 5% or more."""
    assessed = [each.assessment for each in stages if each.assessment is not None]
    grave = any(group.first.severity >= 3 for each in stages for group in each.shortcomings)
    good = all(share_of(each.number) >= 0.9 for each in assessed)
    return bool(assessed) and good and not grave


def conclusions(plan: Plan, printer: Printer) -> Iterator[Sentence]:
    """The paragraphs of the conclusions; one that says so where there is not yet enough."""
    good = [_what_went_well(plan, printer)] if plan.good or plan.zeros else []
    bad = [
        _of_one_obligation(each, printer, last=number % 2 == 1)
        for number, each in enumerate(plan.bad)
    ]
    if plan.grave:
        bad.append(_each_in_its_stage(plan.grave, printer))
    said = [*good, *bad] if plan.good_first else [*bad, *good]
    yield from said or [printer.speech.say("not_enough")]


def _what_went_well(plan: Plan, printer: Printer) -> Sentence:
    paragraph = ParagraphOfFindings(printer)
    for number, each in enumerate(plan.good):
        paragraph.leave_stage()
        paragraph.good(each.group, each.name, each.stage, last=number % 2 == 1)
    for number, each in enumerate(plan.zeros, len(plan.good)):
        last = number % 2 == 1
        paragraph.zeros(each.group, each.name, short=True, stage=each.stage, last=last)
    return paragraph.text()


def _each_in_its_stage(told: Sequence[Told], printer: Printer) -> Sentence:
    """Sentences that each name their stage: the first before what was seen, others behind it."""
    paragraph = ParagraphOfFindings(printer)
    for number, each in enumerate(told):
        paragraph.leave_stage()
        paragraph.group(each.group, each.name, stage=each.stage, last=number > 0)
    return paragraph.text()


def _of_one_obligation(told: Sequence[Told], printer: Printer, *, last: bool) -> Sentence:
    """One or two shortcomings of one obligation: in one sentence where they can be."""
    joined = _two_stages(told, printer) or _two_of_a_stage(told, printer)
    if joined:
        standards = bears_on([obligation(told[0].first)], printer)
        return one_after_another(joined, standards)
    paragraph = ParagraphOfFindings(printer)
    for number, each in enumerate(told):
        paragraph.leave_stage()
        behind = number % 2 == 1 or (last and len(told) == 1)
        paragraph.group(each.group, each.name, stage=each.stage, last=behind)
    return paragraph.text()


def _two_stages(told: Sequence[Told], printer: Printer) -> Sentence:
    """M5: one irregularity in two stages is one sentence with both numbers."""
    if not _are_two_shares(told, printer) or told[0].first.indicator != told[1].first.indicator:
        return ()
    (one, other), speech = [each.first for each in told], printer.speech
    if one.stage == other.stage:
        return ()
    return speech.say(
        "M5",
        fact=says(one, printer),
        p1=printer.share(one),
        of=printer.of(one),
        during1=speech.say(f"during.{one.stage}"),
        p2=printer.share(other),
        during2=speech.say(f"during.{other.stage}"),
    )


def _two_of_a_stage(told: Sequence[Told], printer: Printer) -> Sentence:
    """Two shortcomings of one stage in one sentence, with both numbers."""
    if not _are_two_shares(told, printer) or told[0].stage != told[1].stage:
        return ()
    (one, other), speech = [each.first for each in told], printer.speech
    if not speech.has(f"during.{one.stage}"):
        return ()
    return speech.say(
        "T06.two",
        during=speech.say(f"during.{one.stage}"),
        fact=says(one, printer),
        fact2=says(other, printer),
        p1=printer.share(one),
        p2=printer.share(other),
        of=printer.of(one),
    )


def _are_two_shares(told: Sequence[Told], printer: Printer) -> bool:
    """Whether they are two single estimates of all stations."""
    return len(told) == MOST_OF_A_PARAGRAPH and all(
        len(each.group.findings) == 1
        and not said_as_count(each.first)
        and not under_one_percent(each.first)
        and not is_whole(each.first, printer)
        for each in told
    )


def enough(finding: Finding) -> bool:
    """Whether a finding rests on 30 stations or more."""
    count = counted(finding.number)
    return min(count.stations, count.of) >= ENOUGH_FOR_ESTIMATE
