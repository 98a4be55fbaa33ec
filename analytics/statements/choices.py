"""Which findings enter a statement: what the rules propose, and what an analyst chose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from analytics.numbers import Estimate, counted
from analytics.statements.asked import asked_share, is_conditional
from analytics.statements.finding_sorts import is_access, is_assessment, is_grave
from analytics.statements.findings import Finding, is_telling, share_of, speaks_of_all
from analytics.wording import ENOUGH_FOR_ESTIMATE
from schemas.checklist import Texts
from schemas.words import N_

Significance = Literal["significant", "limited", "isolated", "pattern"]
Place = Literal["conclusions", "stage", "annex"]
Rule = Literal[
    "S1",
    "S2",
    "S3",
    "S4",
    "S5",
    "S6",
    "S7",
    "S8",
    "S10",
    "C1",
    "edge",
    "standard",
    "same",
    "twice",
    "fault",
    "room",
    "few",
]


@dataclass(frozen=True)
class Choice:
    """What an analyst decided of one finding, by its ``code``; ``reason`` says why.

    ``merged`` are the codes of the findings that are said with it in one number. ``words`` are the
    clause of the finding as the analyst words it, by language.
    """

    code: str
    chosen: bool
    significance: Significance | None = None
    reason: str = ""
    merged: tuple[str, ...] = ()
    words: Texts = field(default_factory=dict)


def decided(choices: Sequence[Choice]) -> Mapping[str, Choice]:
    """Choices by code. What is said with another finding is chosen as that one is."""
    found = {each.code: each for each in choices}
    for each in choices:
        if each.chosen:
            found |= {
                code: Choice(code, chosen=True, significance=each.significance)
                for code in each.merged
            }
    return found


@dataclass(frozen=True)
class Proposal:
    """Where the rules put one finding, by which rule; ``basis`` says it in English, to be
    translated."""

    code: str
    rule: Rule
    basis: str
    place: Place


def placed(finding: Finding, *, folded: bool) -> tuple[Rule, Place]:
    """Where the first rule that speaks of a finding puts it, whatever else there is. ``folded`` is
    whether it lies outside a sample whose estimate of the same thing stands."""
    answered = counted(finding.number).of
    if folded:
        return "S10", "annex"
    if is_access(finding):
        return "S8", "stage"
    if answered < 10 and not is_grave(finding):
        return "few", "annex"
    if is_assessment(finding):
        return "S4", "stage" if finding.polarity == "positive" else "annex"
    return _good(finding, answered) if finding.polarity == "positive" else _bad(finding)


def _bad(finding: Finding) -> tuple[Rule, Place]:
    if is_grave(finding):
        return "S1", _high(finding)
    if is_conditional(finding):
        said = finding.severity >= 2 or asked_share(finding) >= 0.05
        return "S6", "stage" if said else "annex"
    if not isinstance(finding.number, Estimate):
        return "S7", _by_share(finding)
    rule: Rule = "S2" if finding.severity >= 2 else "S3"
    place = _by_share(finding)
    least = LEAST_SHARE.get(finding.severity, 0.20)
    if place != "annex" and round(finding.number.low, 2) < least:
        return "edge", "annex"
    return rule, place


def _by_share(finding: Finding) -> Place:
    least = LEAST_SHARE.get(finding.severity, 0.20)
    return _high(finding) if round(share_of(finding.number), 2) >= least else "annex"


LEAST_SHARE = {2: 0.05, 1: 0.20}
"""The share from which a finding of a severity enters the text."""

GOOD = 0.95
"""The share from which something good enters the text."""


def _high(finding: Finding) -> Place:
    """Conclusions for what rests on enough and is telling, its stage for all else."""
    if counted(finding.number).of >= ENOUGH_FOR_ESTIMATE and is_telling(finding):
        return "conclusions"
    return "stage"


def _good(finding: Finding, answered: int) -> tuple[Rule, Place]:
    if is_conditional(finding):
        return "S4", "annex"
    if share_of(finding.number) >= 1 and finding.severity >= 3:
        low = finding.number.low if isinstance(finding.number, Estimate) else None
        told = 1 - low <= 0.010 if low is not None else answered >= ENOUGH_FOR_ESTIMATE
        return "S5", "stage" if told else "annex"
    number = finding.number
    if not isinstance(number, Estimate) or not speaks_of_all(number) or finding.severity >= 3:
        return "S4", "annex"
    if share_of(number) < GOOD:
        return "S4", "annex"
    return ("S4", "stage") if round(number.low, 2) >= GOOD else ("edge", "annex")


def basis_of(rule: Rule, *, said: bool) -> str:
    """Why a rule puts a finding into the text or leaves it to the annex, in English."""
    return _BASES[rule, said]


_IN, _OUT = True, False
_BASES: dict[tuple[Rule, bool], str] = {
    ("S1", _IN): N_("Severity 3 and seen at least once: always in the text."),
    ("S2", _IN): N_("Severity 2, at 5% or more, or a pattern that an analyst names."),
    ("S2", _OUT): N_("Severity 2, at less than 5%, and no pattern was named."),
    ("S3", _IN): N_("Severity 1, at 20% or more."),
    ("S3", _OUT): N_("Severity 1, at less than 20%."),
    ("S4", _IN): N_("Good at 95% or more: said together with others."),
    ("S4", _OUT): N_("Good findings enter the text only together, at 95% or more each."),
    ("S5", _IN): N_("Severity 3 and not seen, from enough answers to say so."),
    ("S5", _OUT): N_("Not seen, but too few answered to say how rare it is."),
    ("S6", _IN): N_("Asked of some: at 5% of polling stations or more, or of severity 2 or 3."),
    ("S6", _OUT): N_("Asked of some: at less than 5% of polling stations, and of severity 1."),
    ("S7", _IN): N_("A count from 10 answers or more, at the share of its severity."),
    ("S7", _OUT): N_("A count under the share of its severity."),
    ("S8", _IN): N_("Access of observers is always said."),
    ("S8", _OUT): N_("Access went well where shortcomings of access are said."),
    ("S10", _OUT): N_("A count, where an estimate of the same thing stands."),
    ("C1", _IN): N_("Of the other kind of observers, beside the estimate of the same thing."),
    ("C1", _OUT): N_("Of the other kind of observers: the text says one of their counts a stage."),
    ("edge", _OUT): N_("At the edge: its interval begins under the share from which it is said."),
    ("standard", _OUT): N_("Behind the worst and the most frequent of its stage and standard."),
    ("same", _OUT): N_("Of the other kind of observers: an estimate of the same thing is said."),
    ("twice", _OUT): N_("The same went well at another stage, whose text says it."),
    ("fault", _OUT): N_("The text says of the same thing where it went wrong."),
    ("room", _OUT): N_("Behind the worst and most frequent, for which the text has room."),
    ("few", _OUT): N_("Fewer than 10 answers, and not of severity 3."),
}
