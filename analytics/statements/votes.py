"""The quick count in a statement: what the sample says of official figures and of thresholds.

It never ranks contestants and never declares a winner: they stand in the order of the ballot.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from analytics.results.quick_count import Share, against_official, against_threshold
from analytics.statements.blocks import (
    Block,
    Bound,
    ExemptText,
    Heading,
    Paragraph,
    Part,
    Sentence,
    Verdict,
    isolated,
    one_after_another,
)
from analytics.statements.facts import ContestCount
from analytics.statements.ledger import Ledger
from analytics.statements.printing import Printer


def quick_counts(
    contests: Sequence[ContestCount], threshold: float, printer: Printer
) -> Iterator[Block]:
    """The section of the quick count; nothing where there is none. Of several contests each has a
    heading of its own.

    Under the mission's response, overall or in a stratum, no share is given.
    """
    for contest in contests:
        if len(contests) > 1:
            name = ExemptText(text=contest.says(printer.speech.language), why="name")
            yield Heading(level=3, text=tuple(isolated(name, printer.speech.language)))
        if not contest.count.meets(threshold):
            yield Paragraph(text=_too_few(contest, threshold, printer))
            for share in contest.count.shares:
                yield Paragraph(text=_bounds(contest, share, printer))
            continue
        for position, share in enumerate(contest.count.shares):
            yield from _verdicts(contest, share, printer, first=position == 0)


def bounds(
    contests: Sequence[ContestCount], threshold: float, printer: Printer
) -> Iterator[Sentence]:
    """What is known whatever the missing results say: the least and the most of each contestant
    whose share is held against an official one, or stands near a threshold."""
    for contest in contests:
        missing = contest.count.received < contest.count.planned
        for share in contest.count.shares:
            line = any(_is_near(share, each) for _, each in contest.thresholds)
            asked = missing and (line or bool(contest.official))
            if asked and contest.count.meets(threshold):
                yield _bounds(contest, share, printer)


def _bounds(contest: ContestCount, share: Share, printer: Printer) -> Sentence:
    ledger = printer.ledger
    return printer.speech.say(
        "changes.bounds",
        name=_name(contest, share, printer.speech.language),
        lo=_bound(contest, share, "lowest", share.lowest, ledger),
        hi=_bound(contest, share, "highest", share.highest, ledger),
    )


def _name(contest: ContestCount, share: Share, language: str) -> ExemptText:
    return ExemptText(text=contest.name_of(share.contestant, language), why="name")


def _threshold(contest: ContestCount, title: str, language: str) -> ExemptText:
    return ExemptText(text=contest.threshold_in(title, language), why="name")


def _came(contest: ContestCount, printer: Printer) -> dict[str, Bound]:
    """How many results came, of how many stations drawn: one number in two places."""
    query = {"measure": "sampled stations whose results entered", "contest": contest.code}
    count, ledger = contest.count, printer.ledger
    came = ledger.part(
        f"quick/{contest.code}/stations", count.received, count.planned, query, "Q", "station"
    )
    whole = printer.speech.style.whole
    return {
        "n": ledger.restated(came, whole(count.received)),
        "N": ledger.restated(came, whole(count.planned)),
    }


def _too_few(contest: ContestCount, threshold: float, printer: Printer) -> Sentence:
    asked = required_response(threshold, printer.ledger)
    return printer.speech.say("T34", threshold=asked, **_came(contest, printer))


def _bound(contest: ContestCount, share: Share, which: str, value: float, ledger: Ledger) -> Bound:
    text = ledger.style.decimals(100 * value, 1) + ledger.style.percent
    query = {"measure": f"{which} possible share", "contest": contest.code}
    key = f"quick/{contest.code}/{share.contestant}/{which}"
    return ledger.fact(key, value, query | {"contestant": share.contestant}, text=text)


def required_response(threshold: float, ledger: Ledger) -> Bound:
    """The mission's least response, as a figure of its own."""
    text = f"{100 * threshold:g}{ledger.style.percent}"
    return ledger.fact(
        "response/threshold", threshold, {"measure": "set by the mission"}, text=text
    )


def _verdicts(
    contest: ContestCount, share: Share, printer: Printer, *, first: bool
) -> Iterator[Verdict | Paragraph]:
    speech = printer.speech
    official = (contest.official or {}).get(share.contestant)
    said = _said(contest, share, printer, first=first)
    ends = _ends(contest, share, printer)
    if official is not None:
        verdict = against_official(share, official, len(contest.official or {}), response_met=True)
        held = speech.say(
            _OFFICIAL[verdict], o=_official(contest, share, official, printer.ledger), **ends
        )
        yield _verdict(contest, share, verdict, "official", one_after_another(said, held))
    lines = [each for each in contest.thresholds if _is_near(share, each[1])]
    for title, line in lines:
        against = against_threshold(share, line, response_met=True)
        told = speech.say(
            _THRESHOLD[against],
            t=_line(contest, title, line, printer.ledger),
            consequence=speech.say("T33.line", title=_threshold(contest, title, speech.language)),
            **ends,
        )
        text = told if official is not None else one_after_another(said, told)
        if against == "cannot determine":
            yield _verdict(contest, share, against, "threshold", text)
        else:
            yield Paragraph(text=text)
    if official is None and not lines:
        yield Paragraph(text=said)


def _said(contest: ContestCount, share: Share, printer: Printer, *, first: bool) -> Sentence:
    """T31: a contestant's share; the first says of what it is, and from how many results."""
    speech = printer.speech
    parts: dict[str, Part] = {
        "candidate": _name(contest, share, speech.language),
        "p": _share(contest, share, printer.ledger),
    }
    if not first:
        return speech.say("T31.next", **parts)
    votes, came = speech.say(f"votes.{contest.denominator}"), _came(contest, printer)
    if contest.count.planned == 1:
        one = speech.counted("station", 1, came.pop("n"), speech.station.gender)
        return speech.say("T31.one", votes=votes, station=one, **parts)
    return speech.say("T31", votes=votes, **parts, **came)


_OFFICIAL = {"consistent": "T32.in", "inconsistent": "T32.out", "cannot determine": "T32.open"}
_THRESHOLD = {"above": "T33.above", "below": "T33.below", "cannot determine": "T33"}
_NEAR = 0.1
"""A threshold is spoken of where the share comes within so much of it."""


def _is_near(share: Share, line: float) -> bool:
    return abs(share.estimate.value - line) <= _NEAR


def _share(contest: ContestCount, share: Share, ledger: Ledger) -> Bound:
    return ledger.number(
        f"quick/{contest.code}/{share.contestant}",
        share.estimate,
        _query(contest, share),
        measure="votes",
        letter="Q",
    )


def _query(contest: ContestCount, share: Share) -> dict[str, Any]:
    count = contest.count
    return {
        "measure": "Σw·votes / Σw·denominator",
        "contest": contest.code,
        "contestant": share.contestant,
        "denominator": str(contest.denominator),
        "planned": count.planned,
        "received": count.received,
        "set_aside": count.set_aside,
        "raw": share.raw.value,
        "lowest": share.lowest,
        "highest": share.highest,
        "by_stratum": [
            {"stratum": each.stratum, "planned": each.planned, "received": each.received}
            for each in count.response
        ],
    }


def _ends(contest: ContestCount, share: Share, printer: Printer) -> dict[str, Part]:
    """The two ends of a share's range, each a place of the same number."""
    style, ledger = printer.speech.style, printer.ledger
    bound = _share(contest, share, ledger)
    ends = {"lo": share.estimate.low, "hi": share.estimate.high}
    return {
        gap: ledger.restated(bound, style.decimals(100 * end, 1) + style.percent)
        for gap, end in ends.items()
    }


def _official(contest: ContestCount, share: Share, official: float, ledger: Ledger) -> Bound:
    text = ledger.style.decimals(100 * official, 1) + ledger.style.percent
    query = {"measure": "official figure", "contest": contest.code, "contestant": share.contestant}
    return ledger.fact(
        f"official/{contest.code}/{share.contestant}", official, query, text=text, letter="S"
    )


def _line(contest: ContestCount, title: str, line: float, ledger: Ledger) -> Bound:
    text = f"{100 * line:g}{ledger.style.percent}"
    query = {"measure": "set by law", "contest": contest.code}
    return ledger.fact(f"threshold/{contest.code}/{title}", line, query, text=text, letter="S")


def _verdict(
    contest: ContestCount,
    share: Share,
    verdict: str,
    against: Literal["official", "threshold"],
    text: Sentence,
) -> Verdict:
    written: dict[str, Literal["consistent", "inconsistent", "cannot_determine"]] = {
        "consistent": "consistent",
        "inconsistent": "inconsistent",
        "cannot determine": "cannot_determine",
    }
    return Verdict(
        contest=contest.name,
        contestant=share.contestant,
        verdict=written[verdict],
        against=against,
        text=text,
    )
