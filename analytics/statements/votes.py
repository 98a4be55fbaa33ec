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
    Sentence,
    Sentences,
    Verdict,
    _,
    one_after_another,
)
from analytics.statements.facts import ContestCount
from analytics.statements.ledger import Ledger
from schemas.election import Denominator

_OUT_OF = {
    Denominator.VALID: _("share of valid votes"),
    Denominator.VALID_WITHOUT_BLANK: _("share of valid votes without blank ones"),
    Denominator.CAST: _("share of ballots cast"),
    Denominator.REGISTERED: _("share of registered voters"),
}


def quick_counts(
    contests: Sequence[ContestCount], threshold: float, ledger: Ledger, words: Sentences
) -> Iterator[Block]:
    """The section of the quick count; nothing where there is none. Of several contests each has a
    heading of its own.

    Under the mission's response, overall or in a stratum, no share is given.
    """
    if contests:
        yield Heading(level=2, text=words.gettext("Quick count"), section="quick_count")
    for contest in contests:
        if len(contests) > 1:
            yield Heading(level=3, text=(ExemptText(text=contest.name, why="name"),))
        came = _came(contest, ledger)
        if not contest.count.meets(threshold):
            yield Paragraph(text=_too_few(contest, came, threshold, ledger, words))
            yield from _bounds(contest, ledger, words)
            continue
        yield Paragraph(text=_basis(contest, came, words))
        for share in contest.count.shares:
            yield from _verdicts(contest, share, ledger, words)


def _came(contest: ContestCount, ledger: Ledger) -> Bound:
    query = {"measure": "sampled stations whose results entered", "contest": contest.code}
    count = contest.count
    return ledger.part(
        f"quick/{contest.code}/stations", count.received, count.planned, query, "Q", "station"
    )


_TOO_FEW = _(
    "Results of {contest} came from {came} sampled stations. That is under the response that "
    "this mission asks for, {threshold} overall and in every stratum, so no share is given."
)
_TOO_FEW_OF_AREAS = _(
    "Results of {contest} came from {came} sampled stations. That is under the response that "
    "this mission asks for, {threshold} overall, so no share is given."
)


def _too_few(
    contest: ContestCount, came: Bound, threshold: float, ledger: Ledger, words: Sentences
) -> Sentence:
    asked = _TOO_FEW if contest.count.ruled else _TOO_FEW_OF_AREAS
    return words.gettext(
        asked,
        contest=ExemptText(text=contest.name, why="name"),
        came=came,
        threshold=required_response(threshold, ledger),
    )


def _bounds(contest: ContestCount, ledger: Ledger, words: Sentences) -> Iterator[Paragraph]:
    """What is known without an estimate: the least and the most that each contestant can have."""
    for share in contest.count.shares:
        yield Paragraph(
            text=words.gettext(
                "Whatever the results that did not enter say, {name} has between {lowest} and "
                "{highest}.",
                name=ExemptText(text=contest.name_of(share.contestant), why="name"),
                lowest=_bound(contest, share, "lowest", share.lowest, ledger),
                highest=_bound(contest, share, "highest", share.highest, ledger),
            )
        )


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


def _basis(contest: ContestCount, came: Bound, words: Sentences) -> Sentence:
    return words.gettext(
        "{contest}: {out_of}, from the results of {came} sampled stations, each weighted by its "
        "chance of being drawn.",
        contest=ExemptText(text=contest.name, why="name"),
        out_of=words.word(_OUT_OF[contest.denominator]),
        came=came,
    )


def _verdicts(
    contest: ContestCount, share: Share, ledger: Ledger, words: Sentences
) -> Iterator[Verdict | Paragraph]:
    official = (contest.official or {}).get(share.contestant)
    said = _said(contest, share, ledger, words)
    if official is not None:
        verdict = against_official(share, official, len(contest.official or {}), response_met=True)
        yield _verdict(
            contest,
            share,
            verdict,
            "official",
            one_after_another(
                said,
                words.gettext(
                    _OFFICIAL[verdict], official=_official(contest, share, official, ledger)
                ),
            ),
        )
    lines = [each for each in contest.thresholds if _is_near(share, each[1])]
    for title, line in lines:
        held = against_threshold(share, line, response_met=True)
        told = words.gettext(
            _THRESHOLD[held], line=_line(contest, title, line, ledger), title=_title(title)
        )
        text = one_after_another(said, told)
        if held == "cannot determine":
            yield _verdict(contest, share, held, "threshold", text)
        else:
            yield Paragraph(text=text)
    if official is None and not lines:
        yield Paragraph(text=said)


def _said(contest: ContestCount, share: Share, ledger: Ledger, words: Sentences) -> Sentence:
    """A contestant's share with its range, which is told once."""
    name = ExemptText(text=contest.name_of(share.contestant), why="name")
    bound = _share(contest, share, ledger)
    if bound.margin.startswith("("):
        return words.gettext("{name}: {share}.", name=name, share=bound)
    return words.gettext(
        "{name}: {share}, {range}.", name=name, share=bound, range=_range(contest, share, ledger)
    )


_OFFICIAL = {
    "consistent": _("The official figure, {official}, falls within this range."),
    "inconsistent": _(
        "The official figure, {official}, falls outside this range, and results that "
        "are missing cannot explain the difference."
    ),
    "cannot determine": _(
        "The official figure, {official}, falls outside this range, but the "
        "sample cannot rule out that what is missing explains the difference."
    ),
}
_THRESHOLD = {
    "above": _("The range lies above {line}, the line of {title}."),
    "below": _("The range lies below {line}, the line of {title}."),
    "cannot determine": _(
        "Whether it is above or below {line}, the line of {title}, we cannot confirm."
    ),
}
_NEAR = 0.1
"""A threshold is spoken of where the share comes within so much of it."""


def _is_near(share: Share, line: float) -> bool:
    return abs(share.estimate.value - line) <= _NEAR


def _title(title: str) -> ExemptText:
    return ExemptText(text=title, why="name")


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


def _range(contest: ContestCount, share: Share, ledger: Ledger) -> Bound:
    bound = _share(contest, share, ledger)
    low, high = (
        ledger.style.decimals(100 * each, 1) for each in (share.estimate.low, share.estimate.high)
    )
    text = f"{low}–{high}{ledger.style.percent}"
    return bound.model_copy(update={"text": text, "value": text, "margin": "", "measure": "fact"})


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
