"""What the rules leave to the annex because something else in the text says it, or weighs more."""

from collections.abc import Collection, Iterator, Sequence

from analytics.numbers import Estimate
from analytics.statements.findings import Finding, share_of, speaks_of_all
from analytics.statements.ordering import obligation, order_key
from analytics.statements.stage_findings import StageFindings
from schemas.mission import Kind

MOST_OF_A_STANDARD = 2
"""Shortcomings of one standard in the text of one stage."""


def said_by_an_estimate(told: StageFindings, said: Collection[str]) -> Iterator[Finding]:
    """What the other kind of observers saw too, no more often than the estimate of the same thing
    allows: of what is grave, and of access. ``said`` are the codes of what is in the text."""
    estimated = {
        each.indicator: each.number.high
        for each in told.all
        if each.kind is told.lead and each.polarity == "negative" and each.code in said
        if isinstance(each.number, Estimate) and speaks_of_all(each.number)
    }
    for each in told.all:
        high = estimated.get(each.indicator)
        here = each.kind is not told.lead and each.code in said
        if here and high is not None and share_of(each.number) <= high:
            yield each


def good_twice(stages: Sequence[StageFindings]) -> Iterator[Finding]:
    """What went well, or was not seen, at two stages: it is said of the first."""
    first: dict[tuple[str, Kind], str] = {}
    for told in stages:
        for group in (*told.good[:1], *told.zeros):
            for each in group.findings:
                if first.setdefault((each.indicator, each.kind), told.stage) != told.stage:
                    yield each


def behind_in_standard(told: StageFindings) -> Iterator[Finding]:
    """Shortcomings behind the worst of their standard and the most frequent of its others."""
    by: dict[str, list[Finding]] = {}
    for group in told.shortcomings:
        for each in group.findings:
            by.setdefault(obligation(each), []).append(each)
    for alike in by.values():
        others = sorted(alike, key=order_key)[1:]
        often = sorted(others, key=lambda each: (-(each.ranked_share or 0), order_key(each)))
        yield from often[MOST_OF_A_STANDARD - 1 :]
