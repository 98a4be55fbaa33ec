"""What the other kind of observers counted of the same thing: beside a number, never pooled."""

from collections.abc import Iterator, Sequence

from analytics.numbers import Estimate
from analytics.statements.asked import domain_of_some
from analytics.statements.blocks import Sentence
from analytics.statements.findings import Finding, share_of
from analytics.statements.merging import MOST, Group, group_of_counts
from analytics.statements.phrases import is_whole, kind_parts, nouns, says
from analytics.statements.printing import Printer


def beside(finding: Finding, lead: Finding, printer: Printer) -> Iterator[Sentence]:
    """T20 and T22: what the other kind counted of a thing whose estimate was just said."""
    speech = printer.speech
    if printer.asked_of_one(finding):
        yield counted_alone(finding, printer)
        return
    parts = {
        **kind_parts(finding.kind, printer),
        "x": printer.seen(finding),
        "of": printer.count_of(finding),
    }
    yield speech.say(speech.form("T20.next", *printer.prep(finding)), **parts)
    number, share = lead.number, share_of(finding.number)
    if isinstance(number, Estimate) and not number.low <= share <= number.high:
        yield speech.say("T22")


def counted_alone(finding: Finding, printer: Printer) -> Sentence:
    """What the other kind counted, in a sentence of its own."""
    speech, worded = printer.speech, says(finding, printer)
    if is_whole(finding, printer):
        return printer.referred(worded)
    kind = kind_parts(finding.kind, printer)
    if printer.asked_of_one(finding):
        domain = domain_of_some(finding)
        form = "T20.only.rel" if domain else "T20.only"
        rel = domain.says(speech.language) if domain else ""
        return speech.say(form, fact=worded, rel=rel, **kind)
    form = speech.form("T20.counts", *printer.prep(finding))
    of, x = printer.count_of(finding), printer.seen(finding)
    return speech.say(form, fact=worded, x=x, of=of, **kind)


def counted_together(
    findings: Sequence[Finding], stage: str, printer: Printer
) -> Iterator[Sentence]:
    """What the other kind counted, of one unit in one number where there are nouns for it."""
    by: dict[tuple[str, str, bool], list[Finding]] = {}
    for each in findings:
        domain = domain_of_some(each)
        asked = domain.says(printer.speech.language) if domain else ""
        alone = printer.asked_of_one(each) or not nouns(Group((each,)), printer)
        by.setdefault((printer.unit(each), asked, alone), []).append(each)
    number = 0
    for (_, _, alone), alike in by.items():
        parts = [alike[at : at + MOST] for at in range(0, len(alike), MOST)]
        for part in parts if not alone else [[each] for each in alike]:
            number += 1
            if len(part) == 1:
                yield counted_alone(part[0], printer)
            else:
                yield _merged(group_of_counts(part), f"merge/{stage}/other-{number}", printer)


def _merged(group: Group, name: str, printer: Printer) -> Sentence:
    speech = printer.speech
    x, of = printer.range_of_counts(group, name)
    things = speech.joined(nouns(group, printer, listed=True) or [])
    form = speech.form("T20.merged", *printer.prep(group.first))
    return speech.say(form, things=things, x=x, of=of, **kind_parts(group.first.kind, printer))
