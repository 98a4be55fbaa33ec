"""Preliminary conclusions: four to six paragraphs of what was found, good and bad."""

from collections.abc import Iterator, Sequence

from analytics.numbers import counted
from analytics.statements.blocks import Sentence, one_after_another
from analytics.statements.choices import is_access
from analytics.statements.findings import Finding, share_of
from analytics.statements.merging import Group
from analytics.statements.ordering import obligation, order_key
from analytics.statements.paragraphs import ParagraphOfFindings, bears_on, says
from analytics.statements.printing import Printer, said_as_count
from analytics.statements.stages import Chosen, StageFindings
from analytics.wording import ENOUGH_FOR_ESTIMATE

MOST_PARAGRAPHS = 6
MOST_NUMBERS = 10
MOST_OBLIGATIONS = 4
"""Paragraphs of shortcomings; what is isolated and grave, and what went well, have one each."""
MOST_GOOD = 2
"""Stages of which the conclusions say what went well."""


def conclusions(
    stages: Sequence[StageFindings], chosen: Chosen, printer: Printer
) -> Iterator[Sentence]:
    """The paragraphs of the conclusions; one that says so where there is not yet enough."""
    good = list(_good(stages, printer))
    bad = list(_bad(stages, chosen, printer))
    said = [*good, *bad] if _good_first(stages) else [*bad, *good]
    kept: list[Sentence] = []
    for each in said[:MOST_PARAGRAPHS]:
        if _numbers([*kept, each]) <= MOST_NUMBERS:
            kept.append(each)
    if good and bad and good[0] not in kept:
        kept = [*kept[: MOST_PARAGRAPHS - 1], good[0]]
    yield from kept or [printer.speech.say("not_enough")]


def _numbers(sentences: Sequence[Sentence]) -> int:
    return len({p.number_id for s in sentences for p in s if p.type == "bound"})


def _good_first(stages: Sequence[StageFindings]) -> bool:
    """O6: good first where every stage that was assessed was assessed as good at 90% or more,
    and nothing grave was seen at 5% or more."""
    assessed = [each.assessment for each in stages if each.assessment is not None]
    grave = any(
        group.first.severity >= 3 and not each.isolated.count(group)
        for each in stages
        for group in each.shortcomings
    )
    good = all(share_of(each.number) >= 0.9 for each in assessed)
    return bool(assessed) and good and not grave


def _good(stages: Sequence[StageFindings], printer: Printer) -> Iterator[Sentence]:
    paragraph = ParagraphOfFindings(printer)
    for told in [each for each in stages if each.good][:MOST_GOOD]:
        paragraph.named = None
        for number, group in enumerate(told.good, 1):
            if enough(group.first):
                paragraph.good(group, f"merge/{told.stage}/good-{number}", told.stage)
                break
    for told in stages:
        for number, group in enumerate(told.zeros, 1):
            if enough(group.first):
                name = f"merge/{told.stage}/none-{number}"
                paragraph.zeros(group, name, short=True, stage=told.stage)
                break
    if paragraph:
        yield paragraph.text()


def _bad(stages: Sequence[StageFindings], chosen: Chosen, printer: Printer) -> Iterator[Sentence]:
    """Shortcomings by obligation, at most two findings each; what is isolated and grave last."""
    high = [
        each
        for each, place in chosen
        if place == "conclusions"
        and each.polarity == "negative"
        and enough(each)
        and not is_access(each)
        and any(each.kind is told.lead for told in stages if told.stage == each.stage)
    ]
    isolated = {f.code for told in stages for group in told.isolated for f in group.findings}
    by: dict[str, list[Finding]] = {}
    for each in sorted((one for one in high if one.code not in isolated), key=order_key):
        by.setdefault(obligation(each), []).append(each)
    for findings in list(by.values())[:MOST_OBLIGATIONS]:
        yield _of_one_obligation(findings, printer)
    grave = ParagraphOfFindings(printer)
    for told in stages:
        for number, group in enumerate(told.isolated, 1):
            if enough(group.first) and not grave.is_full:
                grave.named = None
                grave.group(group, f"merge/{told.stage}/isolated-{number}", stage=told.stage)
    if grave:
        yield grave.text()


def _of_one_obligation(findings: Sequence[Finding], printer: Printer) -> Sentence:
    """M5: one irregularity in two stages is one sentence with both numbers."""
    first, speech = findings[0], printer.speech
    again = next(
        (
            each
            for each in findings[1:]
            if each.indicator == first.indicator and each.stage != first.stage
        ),
        None,
    )
    if again is not None and not said_as_count(first) and not said_as_count(again):
        said = speech.say(
            "M5",
            fact=says(first, printer),
            p1=printer.share(first),
            of=printer.of(first),
            during1=speech.say(f"during.{first.stage}"),
            p2=printer.share(again),
            during2=speech.say(f"during.{again.stage}"),
        )
        return one_after_another(said, bears_on([obligation(first)], printer))
    paragraph = ParagraphOfFindings(printer)
    for position, each in enumerate(findings[:2]):
        paragraph.named = None
        if position and each.stage == findings[0].stage and speech.has(f"during.{each.stage}"):
            paragraph.same_stage(each)
        else:
            paragraph.group(Group((each,)), "", words=True, stage=each.stage)
    return paragraph.text()


def enough(finding: Finding) -> bool:
    """Whether a finding rests on 30 stations or more."""
    count = counted(finding.number)
    return min(count.stations, count.of) >= ENOUGH_FOR_ESTIMATE
