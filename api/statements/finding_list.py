"""All findings of a round as they are counted now, each with what the rules propose, what its
number suggests, and what a person chose."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from analytics.statements import as_data
from analytics.statements.choices import Proposal
from analytics.statements.finding_sorts import is_bound
from analytics.statements.findings import Finding, share_of, speaks_of_all
from analytics.statements.markdown import SOURCE
from analytics.statements.numbers_said import Besides, numbers_besides
from analytics.statements.proposing import numbers_proposed, propose
from analytics.statements.significance import SuggestedSignificance, suggest_significance
from api.auth.principal import Principal
from api.figures.ask import figure
from api.figures.edition import Edition
from api.figures.incidents import all_incidents, verified_by_nature
from api.statements.added_findings import (
    VerifiedCases,
    added_candidates,
    added_numbers,
    added_out,
    read_added,
    verified_cases,
)
from api.statements.choosing import Candidate, as_choice, read_choices, shown
from api.statements.draft import conclusions
from api.statements.edition_facts import contests_counted
from api.statements.sources import source_numbers
from schemas.checklist import Texts
from schemas.choice import AddedFinding, FindingChoice
from schemas.columns import now
from schemas.mission import Kind

Standing = Literal["chosen", "merged", "to_review", "annex"]
"""Where a finding stands: chosen by a person; said with a chosen one; proposed for the text by
the rules, which nobody has decided on; in the annex."""


@dataclass(frozen=True)
class RoundFindings:
    """What is found in one round now, and the verified incidents, by a mission of a kind. Before
    its first polling day nothing of election day is."""

    round_id: UUID
    findings: tuple[Finding, ...]
    cases: VerifiedCases
    own: Kind
    besides: Besides
    """What a text says beside its findings."""
    titles: Mapping[str, Texts]
    """Of the checklists, by name."""


@figure
def round_findings(edition: Edition) -> RoundFindings:
    """The findings of an edition, without their supporting reports."""
    found, reference = conclusions(edition, with_reports=False), edition.reference
    own = Kind(reference.mission.kind)
    begun = reference.polling.has_begun(now())
    if not begun:
        found = tuple(each for each in found if each.stage == "pre_election")
    besides = numbers_besides(
        contests_counted(edition, {}) if begun else (),
        reference.mission.response_threshold,
        verified_by_nature(edition, all_incidents(edition), "en"),
        own,
    )
    return RoundFindings(
        round_id=reference.polling.round_id,
        findings=found,
        cases=verified_cases(edition),
        own=own,
        besides=besides,
        titles={
            name: rules.definition.title
            for name in reference.checklists
            if (rules := reference.newest(name)) is not None
        },
    )


@dataclass(frozen=True)
class ListedFinding:
    """A finding, its proposal and suggestion, and the choice with the handle of who made it.
    ``merged_into`` is the code of the finding that it is said with."""

    finding: Finding
    proposal: Proposal
    suggestion: SuggestedSignificance
    choice: FindingChoice | None
    by: str
    merged_into: str = ""

    @property
    def code(self) -> str:
        """The finding's code."""
        return self.finding.code

    @property
    def stands(self) -> Standing:
        """Where it stands."""
        if self.merged_into:
            return "merged"
        if self.choice is not None:
            return "chosen" if self.choice.chosen else "annex"
        return "annex" if self.proposal.place == "annex" else "to_review"

    @property
    def left_out(self) -> bool:
        """Whether a person left it out."""
        return self.choice is not None and not self.choice.chosen and not self.merged_into


@dataclass(frozen=True)
class ListedAddition:
    """A finding that ``added_by`` added, and the choice with the handle of who made it."""

    finding: AddedFinding
    added_by: str
    choice: FindingChoice | None
    by: str

    @property
    def stands(self) -> Standing:
        """Where it stands; it waits until a person has decided on it."""
        if self.choice is None:
            return "to_review"
        return "chosen" if self.choice.chosen else "annex"


@dataclass(frozen=True)
class FindingList:
    """All findings of a round: ``listed`` by analytics, estimates and then counts, the worst and
    most frequent of each first, and ``added`` by people. ``printed`` is what each number prints
    that a wording may name beside those of the findings, ``order`` the codes of the chosen ones as
    they are said."""

    round_id: UUID
    listed: Sequence[ListedFinding]
    added: Sequence[ListedAddition]
    printed: Mapping[str, str]
    numbers: Mapping[str, Mapping[str, Any]]
    order: Sequence[str]
    cases: VerifiedCases
    numbers_proposed: int
    """In how many numbers a text says what the rules propose."""

    @property
    def always_said(self) -> int:
        """How many that wait for a person are in the text whatever else is chosen."""
        return sum(each.stands == "to_review" and is_bound(each.finding) for each in self.listed)

    @property
    def candidates(self) -> dict[str, Candidate]:
        """What choosing needs to know of each finding, by code."""
        found = {
            each.code: Candidate(
                code=each.code,
                kind=str(each.finding.kind),
                stage=each.finding.stage,
                proposed=each.proposal.place != "annex" and not each.merged_into,
                always=each.proposal.rule == "S1",
                number=as_data(each.finding.number),
            )
            for each in self.listed
        }
        return found | added_candidates([each.finding for each in self.added])

    @property
    def references(self) -> frozenset[str]:
        """What a wording may refer to."""
        return frozenset(self.printed) | {each.code for each in self.listed}

    @property
    def counts(self) -> dict[str, int]:
        """How many stand where; ``all`` is their sum."""
        found = Counter[str](each.stands for each in self.listed)
        found.update(each.stands for each in self.added)
        names: tuple[Standing, ...] = ("chosen", "merged", "to_review", "annex")
        return {"all": found.total()} | {name: found[name] for name in names}


async def list_findings(session: AsyncSession, who: Principal, found: RoundFindings) -> FindingList:
    """The findings of a round that ``who`` may see."""
    choices = await read_choices(session, who.mission_id, found.round_id)
    by_code = {row.code: (row, handle) for row, handle in choices}
    added = [
        ListedAddition(each, handle, *by_code.get(each.code, (None, "")))
        for each, handle in await read_added(session, who.mission_id, found.round_id)
        if not who.sections or each.stage in who.sections
    ]
    numbers = added_numbers([each.finding for each in added], found.cases)
    sources = await source_numbers(session, who.mission_id)
    printed = {name.removeprefix(SOURCE): each["text"] for name, each in sources.items()}
    return FindingList(
        found.round_id,
        sorted(_listed(who, found, [row for row, _ in choices], by_code), key=_worst_first),
        added,
        printed | {code: each["text"] for code, each in numbers.items()},
        numbers,
        [row.code for row, _ in choices if row.chosen],
        found.cases,
        numbers_proposed(found.findings, found.own, found.besides),
    )


def _listed(
    who: Principal,
    found: RoundFindings,
    choices: Sequence[FindingChoice],
    by_code: Mapping[str, tuple[FindingChoice, str]],
) -> Iterator[ListedFinding]:
    findings = found.findings
    proposals = propose(findings, [as_choice(row) for row in choices], found.own, found.besides)
    merged = {code: row.code for row in choices if row.chosen for code in row.merged}
    for each, proposal in zip(findings, proposals, strict=True):
        if not who.sections or each.stage in who.sections:
            choice, by = by_code.get(each.code, (None, ""))
            suggestion = suggest_significance(each)
            led = merged.get(each.code, "")
            yield ListedFinding(each, proposal, suggestion, choice, by, led)


LEFT_OUT = "left_out"


def annex_by_reason(listed: Iterable[ListedFinding]) -> dict[str, int]:
    """How many go to the annex for which reason: the rule's basis, or ``left_out`` by a person."""
    found = Counter(
        LEFT_OUT if each.left_out else each.proposal.basis
        for each in listed
        if each.stands == "annex"
    )
    return dict(found.most_common())


def finding_out(each: ListedFinding) -> dict[str, Any]:
    """A listed finding as the API gives it."""
    finding = each.finding
    return {
        "code": finding.code,
        "indicator": finding.indicator,
        "checklist": finding.checklist,
        "stage": finding.stage,
        "severity": finding.severity,
        "polarity": finding.polarity,
        "kind": finding.kind,
        "phrase": finding.phrase,
        "number": as_data(finding.number),
        "missing": finding.missing,
        "standards": list(finding.standards),
        "stands": each.stands,
        "merged_into": each.merged_into or None,
        "proposal": {
            "rule": each.proposal.rule,
            "place": each.proposal.place,
            "basis": each.proposal.basis,
        },
        "suggestion": {
            "significance": each.suggestion.significance,
            "basis": each.suggestion.basis,
        },
        "choice": shown(each.choice, each.by) if each.choice else None,
    }


def addition_out(each: ListedAddition, numbers: Mapping[str, Any]) -> dict[str, Any]:
    """An added finding as the API gives it."""
    choice = shown(each.choice, each.by) if each.choice else None
    return added_out(each.finding, each.added_by, numbers) | {
        "stands": each.stands,
        "choice": choice,
    }


def _worst_first(each: ListedFinding) -> tuple[Any, ...]:
    finding = each.finding
    low = getattr(finding.number, "low", share_of(finding.number))
    negative = finding.polarity == "negative"
    sampled = speaks_of_all(finding.number)
    return (not sampled, not negative, -finding.severity, -low if negative else low, finding.code)
