"""The numbers and names of a quick count as a statement says them."""

from typing import Any

from analytics.results.quick_count import Share
from analytics.statements.blocks import Bound, ExemptText, Part
from analytics.statements.facts import ContestCount
from analytics.statements.ledger import Ledger
from analytics.statements.printing import Printer


def contestant_name(contest: ContestCount, share: Share, language: str) -> ExemptText:
    """What a contestant is called in a language."""
    return ExemptText(text=contest.name_of(share.contestant, language), why="name")


def threshold_name(contest: ContestCount, title: str, language: str) -> ExemptText:
    """What a threshold is called in a language."""
    return ExemptText(text=contest.threshold_in(title, language), why="name")


def results_that_came(contest: ContestCount, printer: Printer) -> dict[str, Bound]:
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


def extreme(contest: ContestCount, share: Share, which: str, value: float, ledger: Ledger) -> Bound:
    """The least or the most that a share can be, whatever the missing results say."""
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


def share_number(contest: ContestCount, share: Share, ledger: Ledger) -> Bound:
    """A contestant's share as it is estimated."""
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


def ends_of_range(
    contest: ContestCount,
    share: Share,
    printer: Printer,
    *,
    wide: tuple[float, float] | None = None,
) -> dict[str, Part]:
    """The two ends of a share's range, or of the ``wide`` one that holds for all shares together,
    each a place of the same number."""
    style, ledger = printer.speech.style, printer.ledger
    bound = share_number(contest, share, ledger)
    prefix = "wide_" if wide else ""
    low, high = wide or (share.estimate.low, share.estimate.high)
    return {
        f"{prefix}{gap}": ledger.restated(bound, style.decimals(100 * end, 1) + style.percent)
        for gap, end in (("lo", low), ("hi", high))
    }


def official_number(contest: ContestCount, share: Share, official: float, ledger: Ledger) -> Bound:
    """The official share of a contestant."""
    text = ledger.style.decimals(100 * official, 1) + ledger.style.percent
    query = {"measure": "official figure", "contest": contest.code, "contestant": share.contestant}
    return ledger.fact(
        f"official/{contest.code}/{share.contestant}", official, query, text=text, letter="S"
    )


def line_number(contest: ContestCount, title: str, line: float, ledger: Ledger) -> Bound:
    """A threshold of the law, as a figure of its own."""
    text = f"{100 * line:g}{ledger.style.percent}"
    query = {"measure": "set by law", "contest": contest.code}
    return ledger.fact(f"threshold/{contest.code}/{title}", line, query, text=text, letter="S")
