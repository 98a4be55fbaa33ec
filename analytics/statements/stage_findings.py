"""What was found in one stage, sorted and grouped in the order in which its text says it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analytics.numbers import counted
from analytics.statements.asked import is_conditional
from analytics.statements.choices import Choice, Place
from analytics.statements.finding_sorts import (
    is_access,
    is_assessment,
    is_grave,
    is_isolated,
    leading_kind,
)
from analytics.statements.findings import Finding, share_of, speaks_of_all
from analytics.statements.merging import (
    Group,
    merge_good,
    merge_shortcomings,
    merge_zeros,
)
from analytics.statements.ordering import order_key
from analytics.wording import ENOUGH_FOR_ESTIMATE
from schemas.mission import Kind

STAGES = ("opening", "voting", "closing", "counting", "tabulation")
BEFORE = "pre_election"
"""The stage before election day."""

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
    beside: Mapping[str, Finding]
    """What the other kind of observers counted of a shortcoming that stands alone, by indicator."""
    other: tuple[Finding, ...]
    """What else the other kind counted: what is grave first."""

    @property
    def said(self) -> tuple[Finding, ...]:
        """The findings of those who lead that its text says."""
        groups = (*self.shortcomings, *self.isolated, *self.good, *self.zeros)
        single = (*self.conditional, *((self.assessment,) if self.assessment else ()))
        return (*(each for group in groups for each in group.findings), *single)


def stage_findings(
    stage: str,
    findings: Sequence[Finding],
    chosen: Chosen,
    own: Kind | None,
    choices: Sequence[Choice] = (),
) -> StageFindings | None:
    """The findings of a stage in their order; None where there is none. The kind of observers
    that has estimates leads, else the mission's ``own``. All that was chosen is in it."""
    here = tuple(each for each in findings if each.stage == stage)
    if not here:
        return None
    lead = leading_kind(here, own)
    told = [each for each, _ in chosen if each.stage == stage and not is_access(each)]
    mine = [each for each in told if each.kind is lead]
    wrong = sorted((each for each in mine if each.polarity == "negative"), key=order_key)
    good = [each for each in mine if each.polarity == "positive"]
    right = [each for each in good if not is_assessment(each)]
    zeros = [each for each in right if each.severity >= 3 and share_of(each.number) >= 1]
    merges = [(each.code, *each.merged) for each in choices if each.merged and each.chosen]
    groups = _shortcomings([each for each in wrong if not is_conditional(each)], merges)
    alone = {
        each.first.indicator
        for each in groups
        if len(each.findings) == 1
        and speaks_of_all(each.first.number)
        and not is_isolated(each.first)
    }
    others = [each for each in told if each.kind is not lead]
    beside = {each.indicator: each for each in others if stands_beside(each, alone)}
    return StageFindings(
        stage=stage,
        all=here,
        lead=lead,
        assessment=next((each for each in good if is_assessment(each)), None),
        shortcomings=tuple(each for each in groups if not is_isolated(each.first)),
        isolated=tuple(each for each in groups if is_isolated(each.first)),
        good=tuple(_good([each for each in right if each not in zeros], wrong)),
        zeros=tuple(merge_zeros(zeros)),
        conditional=tuple(each for each in wrong if is_conditional(each)),
        beside=beside,
        other=tuple(each for each in sorted(others, key=order_key) if each not in beside.values()),
    )


def _shortcomings(wrong: Sequence[Finding], merges: Sequence[Sequence[str]]) -> list[Group]:
    """Like shortcomings together; what is isolated and grave is merged with its like alone, unless
    an analyst said otherwise."""
    asked = {code for codes in merges for code in codes}
    grave = [each for each in wrong if is_isolated(each) and each.code not in asked]
    others = [each for each in wrong if each not in grave]
    return [*merge_shortcomings(others, merges), *merge_shortcomings(grave)]


def _good(right: Sequence[Finding], wrong: Sequence[Finding]) -> Iterator[Group]:
    """Good findings together; what went well and is said to have gone wrong too is not said twice.
    One that has no like stands alone."""
    faults = {each.indicator for each in wrong}
    left = [each for each in right if each.indicator not in faults]
    merged = merge_good(left)
    yield from merged
    within = {each.code for group in merged for each in group.findings}
    yield from (Group((each,), "M2") for each in left if each.code not in within)


def stands_beside(finding: Finding, alone: set[str]) -> bool:
    """Whether what the other kind counted stands beside the sentence of one of the shortcomings
    that stand ``alone`` (C1): from 30 answers on, and never what is grave."""
    return (
        finding.polarity == "negative"
        and not is_grave(finding)
        and finding.indicator in alone
        and not is_conditional(finding)
        and counted(finding.number).of >= ENOUGH_FOR_ESTIMATE
    )
