"""Findings that are said together in one number: like shortcomings, good ones, zeros."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from analytics.numbers import Estimate, counted
from analytics.statements.asked import domain_of_some
from analytics.statements.findings import Finding, share_of, speaks_of_all
from analytics.wording import bound_shown

Merge = Literal["M1", "M2", "M3", "M4", "counts"]
"""The rule of a merge; ``counts`` are counts that are said together, by no rule's proposal."""
MOST = 4
"""Items of one merge: a sentence lists no more."""
MOST_GOOD = 3
"""Good findings of one sentence: their clauses are long."""
MOST_WORDS = 18
"""Words of the items of one merge: a sentence has thirty."""
POINTS = 3
"""Percentage points between the printed values of one merge."""
ISOLATED = 0.05


@dataclass(frozen=True)
class Group:
    """Findings of one sentence: a single one, or several under the rule that merged them."""

    findings: tuple[Finding, ...]
    rule: Merge | None = None

    @property
    def first(self) -> Finding:
        """The finding that stands for the group in an order."""
        return self.findings[0]


def printed(finding: Finding) -> int:
    """The percentage as it is printed: never 0 where it was seen, nor 100 where not everywhere."""
    share = share_of(finding.number)
    if share in (0, 1):
        return round(100 * share)
    return min(max(round(100 * share), 1), 99)


def merge_shortcomings(
    findings: Sequence[Finding], together: Sequence[Sequence[str]] = ()
) -> list[Group]:
    """M1: like shortcomings, two to four within three points, in the order of their first; those
    that fit nowhere stay alone. ``together`` are codes that an analyst says in one number."""
    by = {each.code: each for each in findings}
    asked = [_alike([by[code] for code in codes if code in by]) for codes in together]
    groups = [each for each in asked if len(each) > 1]
    taken = {each.code for group in groups for each in group}
    left = [
        each
        for each in findings
        if each.code not in taken and speaks_of_all(each.number) and _has_range(each)
    ]
    groups += _grouped(left, _likeness, _near)
    return _in_order(findings, [Group(each, _rule(each[0])) for each in groups])


def _has_range(finding: Finding) -> bool:
    """Whether a range can say a share: not one of fewer than 1%, which says how many it was."""
    return round(100 * share_of(finding.number)) > 0


def _rule(finding: Finding) -> Merge:
    return "M1" if speaks_of_all(finding.number) else "counts"


def _alike(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """What of an analyst's merge one number can say: of the first's stage, observers, unit,
    domain and kind of number. The others are said by themselves."""

    def sort(finding: Finding) -> tuple[object, ...]:
        return (*_stage_and_domain(finding), speaks_of_all(finding.number))

    return tuple(each for each in findings if sort(each) == sort(findings[0]))[:MOST]


def _likeness(finding: Finding) -> tuple[object, ...]:
    """What like shortcomings have in common. Of severity 1, and of isolated ones, any
    obligation."""
    number, domain = finding.number, _asked_of(finding)
    any_obligation = finding.severity == 1 or printed(finding) < 100 * ISOLATED
    standard = "" if any_obligation else finding.standards[0]
    isolated = printed(finding) < 100 * ISOLATED
    return finding.stage, number.unit, domain, finding.severity, standard, finding.kind, isolated


def _near(group: Sequence[Finding], finding: Finding) -> bool:
    values = [printed(each) for each in (*group, finding)]
    return max(values) - min(values) <= POINTS and _is_short([*group, finding])


def _is_short(findings: Sequence[Finding], *, good: bool = False) -> bool:
    """Whether a list can be read aloud: by its words in English, so that every language has the
    same merges."""
    texts = [(not good and each.noun.get("en")) or each.says("en") for each in findings]
    return sum(len(each.split()) for each in texts) <= MOST_WORDS


def merge_good(findings: Iterable[Finding]) -> list[Group]:
    """M2: good findings at 95% or more of one stage and unit, two or three; a single one is left
    to the annex."""
    good = [each for each in findings if share_of(each.number) >= 0.95]
    good.sort(key=lambda each: (-each.severity, share_of(each.number), each.code))
    groups = _grouped(
        good,
        _stage_and_domain,
        lambda group, each: len(group) < MOST_GOOD and _is_short([*group, each], good=True),
    )
    return [Group(each, "M2") for each in groups]


def _stage_and_domain(finding: Finding) -> tuple[object, ...]:
    return finding.stage, finding.number.unit, finding.kind, _asked_of(finding)


def _asked_of(finding: Finding) -> object:
    domain = domain_of_some(finding)
    return None if domain is None else tuple(sorted(domain.text.items()))


def merge_zeros(findings: Sequence[Finding]) -> list[Group]:
    """M3 and M4: what is grave and was not seen, of one stage and unit, with numbers of answers
    within a fifth of each other; alone where it has no like."""
    groups = _grouped(
        sorted(findings, key=lambda each: (-counted(each.number).of, each.code)),
        lambda each: (*_stage_and_domain(each), speaks_of_all(each.number)),
        lambda group, each: counted(each.number).of >= 0.8 * counted(group[0].number).of,
    )
    merged = [Group(each, "M3" if speaks_of_all(each[0].number) else "M4") for each in groups]
    within = {each.code for group in merged for each in group.findings}
    rule: dict[bool, Merge] = {True: "M3", False: "M4"}
    alone = [
        Group((each,), rule[speaks_of_all(each.number)])
        for each in findings
        if each.code not in within
    ]
    return merged + alone


def _grouped(
    findings: Sequence[Finding],
    alike: Callable[[Finding], object],
    fits: Callable[[Sequence[Finding], Finding], bool],
) -> list[tuple[Finding, ...]]:
    """Groups of two to four that are alike and fit together, each finding in one at most."""
    groups: list[list[Finding]] = []
    for finding in findings:
        home = next(
            (
                each
                for each in groups
                if len(each) < MOST and alike(each[0]) == alike(finding) and fits(each, finding)
            ),
            None,
        )
        if home is None:
            groups.append([finding])
        else:
            home.append(finding)
    return [tuple(each) for each in groups if len(each) > 1]


def _in_order(findings: Sequence[Finding], merged: Sequence[Group]) -> list[Group]:
    home = {each.code: group for group in merged for each in group.findings}
    found: list[Group] = []
    for finding in findings:
        group = home.get(finding.code, Group((finding,)))
        if group not in found:
            found.append(group)
    return found


def group_of_counts(findings: Sequence[Finding]) -> Group:
    """Counts of one stage, kind of observers and unit, said together."""
    return Group(tuple(findings), "counts" if len(findings) > 1 else None)


def more_than(findings: Sequence[Finding]) -> int:
    """The smallest number of answers, rounded down: “more than 600” of 604."""
    least = min(counted(each.number).of for each in findings)
    step = 100 if least > 1000 else 50 if least > 200 else 10
    return (least - 1) // step * step


def upper_limit(findings: Sequence[Finding]) -> float:
    """The largest upper limit, in percent, of what was not seen, rounded so that it holds.

    Raises TypeError for a count, which has none.
    """
    highs = []
    for each in findings:
        number = each.number
        if not isinstance(number, Estimate):
            raise TypeError(f"{each.code}: a count has no bound")
        highs.append(1 - number.low if each.polarity == "positive" else number.high)
    return bound_shown(100 * max(highs))


def shared_upper_end(findings: Sequence[Finding]) -> int | None:
    """Where all are printed alike: the largest upper end of their intervals, in whole percent."""
    if len({printed(each) for each in findings}) > 1:
        return None
    highs = [each.number.high for each in findings if isinstance(each.number, Estimate)]
    return math.ceil(round(100 * max(highs), 6)) if highs else None
