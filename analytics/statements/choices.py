"""Which findings enter a statement: what the rules propose, and what an analyst chose."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from analytics.numbers import Estimate, counted
from analytics.statements.findings import (
    Finding,
    is_telling,
    share_of,
    speaks_of_all,
    without_folded,
)
from analytics.wording import ENOUGH_FOR_ESTIMATE
from schemas.checklist import Texts
from schemas.mission import Kind
from schemas.words import N_

Significance = Literal["significant", "limited", "isolated", "pattern"]
Place = Literal["conclusions", "stage", "annex"]
Rule = Literal["S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S10", "few"]


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


@dataclass(frozen=True)
class Proposal:
    """Where the rules put one finding, by which rule; ``basis`` says it in English, to be
    translated."""

    code: str
    rule: Rule
    basis: str
    place: Place


def propose(findings: Sequence[Finding], choices: Sequence[Choice] = ()) -> tuple[Proposal, ...]:
    """Where the rules put each finding, in the order given. A choice stands against its proposal,
    except that a grave finding that was seen is never left to the annex."""
    kept = {
        each.code
        for kind in Kind
        for each in without_folded(one for one in findings if one.kind is kind)
    }
    chosen = {each.code: each for each in choices}
    return tuple(_proposal(each, kept, chosen) for each in findings)


def _proposal(finding: Finding, kept: set[str], chosen: Mapping[str, Choice]) -> Proposal:
    rule, place = _placed(finding, kept)
    choice = chosen.get(finding.code)
    if choice is not None and choice.significance == "pattern" and rule == "S2":
        place = "stage"
    return Proposal(finding.code, rule, _BASES[rule, place != "annex"], place)


def _placed(finding: Finding, kept: set[str]) -> tuple[Rule, Place]:
    """The first rule that speaks of a finding."""
    number, answered = finding.number, counted(finding.number).of
    seen_grave = finding.polarity == "negative" and finding.severity >= 3
    if finding.code not in kept:
        return "S10", "annex"
    if is_access(finding):
        return "S8", "stage"
    if answered < 10 and not seen_grave:
        return "few", "annex"
    if seen_grave:
        return "S1", _high(finding)
    if finding.polarity == "positive":
        return _good(finding, answered)
    if is_conditional(finding):
        said = finding.severity >= 2 or asked_share(finding) >= 0.05
        return "S6", "stage" if said else "annex"
    if not isinstance(number, Estimate):
        return "S7", _by_share(finding)
    return ("S2" if finding.severity >= 2 else "S3"), _by_share(finding)


def _by_share(finding: Finding) -> Place:
    least = LEAST_SHARE.get(finding.severity, 0.20)
    return _high(finding) if round(share_of(finding.number), 2) >= least else "annex"


LEAST_SHARE = {2: 0.05, 1: 0.20}
"""The share from which a finding of a severity enters the text."""


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
    if finding.severity < 3 and speaks_of_all(finding.number):
        return "S4", "stage" if share_of(finding.number) >= 0.95 else "annex"
    return "S4", "annex"


def is_access(finding: Finding) -> bool:
    """Whether a finding is of the observers' own access."""
    return finding.of_access


def asked_share(finding: Finding) -> float:
    """The share of all stations (observations) where a conditional question was asked."""
    answered = counted(finding.number).of
    return answered / max(answered + int(finding.query.get("not_asked") or 0), 1)


def is_conditional(finding: Finding) -> bool:
    """Whether a finding was asked of some stations only: under nine in ten of those that answered
    or were not asked. Where nearly all were asked, its sentence says where, and no more."""
    return finding.number.domain is not None and asked_share(finding) < NEARLY_ALL


CONDITION_OF = {"DR-REFUSE": "DR-MADE"}
"""The indicator that counts where a conditional one was asked, where a checklist has it."""
NEARLY_ALL = 0.9
"""The share of stations from which a question counts as asked everywhere."""


def selected(
    findings: Sequence[Finding], choices: Sequence[Choice] = ()
) -> Iterator[tuple[Finding, Place]]:
    """The findings of the text with their place: as chosen, else as proposed."""
    chosen = {each.code: each for each in choices}
    for finding, proposal in zip(findings, propose(findings, choices), strict=True):
        choice, place = chosen.get(finding.code), proposal.place
        if choice is not None:
            place = _chosen_place(choice, proposal)
        if place != "annex":
            yield finding, place


def _chosen_place(choice: Choice, proposal: Proposal) -> Place:
    if choice.chosen:
        high = choice.significance in ("significant", "pattern")
        return "conclusions" if high else "stage"
    return "stage" if proposal.rule == "S1" else "annex"


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
    ("S10", _OUT): N_("Outside the sample, where an estimate of the same thing stands."),
    ("few", _OUT): N_("Fewer than 10 answers, and not of severity 3."),
}
