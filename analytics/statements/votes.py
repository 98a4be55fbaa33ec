"""The quick count in a statement: what the sample says of official figures and of thresholds.

It never ranks contestants and never declares a winner: they stand in the order of the ballot.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from analytics.results.quick_count import Share, against_threshold, simultaneous
from analytics.statements.blocks import (
    Block,
    ExemptText,
    Heading,
    Paragraph,
    Part,
    Sentence,
    Table,
    Verdict,
    isolated,
    one_after_another,
)
from analytics.statements.facts import ContestCount
from analytics.statements.printing import Printer
from analytics.statements.vote_numbers import (
    contestant_name,
    ends_of_range,
    extreme,
    line_number,
    official_number,
    required_response,
    results_that_came,
    share_number,
    threshold_name,
)
from analytics.statements.vote_tables import bounds_table, official_verdict, shares_table

MOST_SENTENCES = 2
"""Bounds that are said in sentences; more stand in a table."""


def quick_counts(
    contests: Sequence[ContestCount], threshold: float, printer: Printer
) -> Iterator[Block]:
    """The section of the quick count; nothing where there is none. Of several contests each has a
    heading of its own.

    All shares stand in a table; sentences say what is near a threshold, and what an official figure
    differs from. Under the mission's response, overall or in a stratum, no share is given.
    """
    for contest in contests:
        if len(contests) > 1:
            name = isolated(_title(contest, printer), printer.speech.language)
            yield Heading(level=3, text=tuple(name))
        if not contest.count.meets(threshold):
            yield Paragraph(text=_too_few(contest, threshold, printer))
            yield bounds_table(contest, printer)
            continue
        yield Paragraph(text=_rest_on(contest, printer))
        yield shares_table(contest, printer)
        yield from _verdicts(contest, printer)


def in_conclusions(
    contests: Sequence[ContestCount], threshold: float, printer: Printer
) -> Iterator[Sentence]:
    """What the conclusions say of the quick count, two contests to a paragraph: how each stands to
    the official figures and to thresholds, and where its estimates are. Nothing is ranked."""
    said = [_key(each, threshold, printer) for each in contests]
    for at in range(0, len(said), OF_A_PARAGRAPH):
        yield one_after_another(*said[at : at + OF_A_PARAGRAPH])


OF_A_PARAGRAPH = 2
"""Contests of one paragraph of the conclusions."""


def _key(contest: ContestCount, threshold: float, printer: Printer) -> Sentence:
    if contest.count.meets(threshold):
        texts = [each.text for each in _verdicts(contest, printer)]
        return one_after_another(_rest_on(contest, printer, "key"), *texts)
    none = printer.speech.say("key.none", contest=_title(contest, printer))
    return one_after_another(none, _too_few(contest, threshold, printer))


def _title(contest: ContestCount, printer: Printer) -> ExemptText:
    return ExemptText(text=contest.says(printer.speech.language), why="name")


def bounds(
    contests: Sequence[ContestCount], threshold: float, printer: Printer
) -> Iterator[Paragraph | Table]:
    """What is known whatever the missing results say: the least and the most of each contestant
    who stands near a threshold, or whose official share is not consistent."""
    for contest in contests:
        if contest.count.received >= contest.count.planned or not contest.count.meets(threshold):
            continue
        asked = [
            share
            for share in contest.count.shares
            if _lines(contest, share) or _differs(contest, share)
        ]
        if len(asked) > MOST_SENTENCES:
            yield bounds_table(contest, printer, asked)
        else:
            yield from (Paragraph(text=_bounds(contest, each, printer)) for each in asked)


def _bounds(contest: ContestCount, share: Share, printer: Printer) -> Sentence:
    return printer.speech.say(
        "changes.bounds",
        name=contestant_name(contest, share, printer.speech.language),
        lo=extreme(contest, share, "lowest", share.lowest, printer.ledger),
        hi=extreme(contest, share, "highest", share.highest, printer.ledger),
    )


def _too_few(contest: ContestCount, threshold: float, printer: Printer) -> Sentence:
    asked = required_response(threshold, printer.ledger)
    return printer.speech.say("T34", threshold=asked, **results_that_came(contest, printer))


def _rest_on(contest: ContestCount, printer: Printer, form: str = "T31") -> Sentence:
    """T31: of what the shares are, and from how many results."""
    speech = printer.speech
    parts: dict[str, Part] = {
        "votes": speech.say(f"votes.{contest.denominator}"),
        "contest": _title(contest, printer),
    }
    came = results_that_came(contest, printer)
    if contest.count.planned == 1:
        one = speech.counted("station", 1, came.pop("n"), speech.station.gender)
        return speech.say(f"{form}.one", station=one, **parts)
    return speech.say(form, **parts, **came)


def _verdicts(contest: ContestCount, printer: Printer) -> Iterator[Verdict | Paragraph]:
    """What follows for official shares and for thresholds. Where all official shares are
    consistent, that is said once."""
    verdicts = {each.contestant: official_verdict(contest, each) for each in contest.count.shares}
    compared = [each for each in verdicts.values() if each is not None]
    if compared and set(compared) == {"consistent"}:
        yield _verdict(contest, "", "consistent", "official", printer.speech.say("T32.all"))
    for share in contest.count.shares:
        named = _said(contest, share, printer)
        ends = ends_of_range(contest, share, printer)
        if verdicts[share.contestant] not in (None, "consistent"):
            yield _held_against_official(contest, share, named, printer)
            named = ()
        for title, line in _lines(contest, share):
            yield _held_against_line(contest, share, (title, line), (named, ends), printer)
            named = ()


def _held_against_official(
    contest: ContestCount, share: Share, named: Sentence, printer: Printer
) -> Verdict:
    """T32: an official share that lies outside the range."""
    verdict, official = (
        official_verdict(contest, share),
        (contest.official or {})[share.contestant],
    )
    given = official_number(contest, share, official, printer.ledger)
    form = _OFFICIAL[verdict or ""]
    parts = ends_of_range(contest, share, printer)
    wide = simultaneous(share.estimate, len(contest.official or {}))
    if wide[0] <= official <= wide[1]:
        form = "T32.wide"
        parts |= ends_of_range(contest, share, printer, wide=wide)
    held = printer.speech.say(form, o=given, **parts)
    text = one_after_another(named, held)
    return _verdict(contest, share.contestant, verdict or "", "official", text)


def _held_against_line(
    contest: ContestCount,
    share: Share,
    line: tuple[str, float],
    said: tuple[Sentence, dict[str, Part]],
    printer: Printer,
) -> Verdict | Paragraph:
    """T33: a threshold that the range lies on both sides of, above or below."""
    (title, value), (named, ends), speech = line, said, printer.speech
    against = against_threshold(share, value, response_met=True)
    told = speech.say(
        _THRESHOLD[against],
        t=line_number(contest, title, value, printer.ledger),
        consequence=speech.say("T33.line", title=threshold_name(contest, title, speech.language)),
        **ends,
    )
    text = one_after_another(named, told) if named else told
    if against == "cannot determine":
        return _verdict(contest, share.contestant, against, "threshold", text)
    return Paragraph(text=text)


def _differs(contest: ContestCount, share: Share) -> bool:
    return official_verdict(contest, share) not in (None, "consistent")


def _said(contest: ContestCount, share: Share, printer: Printer) -> Sentence:
    """T31: a contestant's share."""
    return printer.speech.say(
        "T31.next",
        candidate=contestant_name(contest, share, printer.speech.language),
        p=share_number(contest, share, printer.ledger),
    )


_OFFICIAL = {"inconsistent": "T32.out", "cannot determine": "T32.open"}
_THRESHOLD = {"above": "T33.above", "below": "T33.below", "cannot determine": "T33"}
_NEAR = 0.1
"""A threshold is spoken of where the share comes within so much of it."""


def _lines(contest: ContestCount, share: Share) -> list[tuple[str, float]]:
    """The thresholds that a share comes near."""
    near = _NEAR
    return [each for each in contest.thresholds if abs(share.estimate.value - each[1]) <= near]


_WRITTEN: dict[str, Literal["consistent", "inconsistent", "cannot_determine"]] = {
    "consistent": "consistent",
    "inconsistent": "inconsistent",
    "cannot determine": "cannot_determine",
}


def _verdict(
    contest: ContestCount,
    contestant: str,
    verdict: str,
    against: Literal["official", "threshold"],
    text: Sentence,
) -> Verdict:
    return Verdict(
        contest=contest.name,
        contestant=contestant,
        verdict=_WRITTEN[verdict],
        against=against,
        text=text,
    )
