"""All findings of a round as they are counted now, each with what the rules propose, what its
number suggests, and what a person chose."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from analytics.statements import as_data
from analytics.statements.choices import Proposal, propose
from analytics.statements.findings import Finding, share_of
from analytics.statements.significance import SuggestedSignificance, suggest_significance
from api.auth.principal import Principal
from api.figures.ask import figure
from api.figures.edition import Edition
from api.statements.choosing import Candidate, as_choice, read_choices, shown
from api.statements.draft import conclusions
from schemas.choice import FindingChoice
from schemas.columns import now

Standing = Literal["chosen", "merged", "to_review", "annex"]
"""Where a finding stands: chosen by a person; said with a chosen one; proposed for the text by
the rules, which nobody has decided on; in the annex."""


@dataclass(frozen=True)
class RoundFindings:
    """What is found in one round now. Before its first polling day nothing of election day is."""

    round_id: UUID
    findings: tuple[Finding, ...]


@figure
def round_findings(edition: Edition) -> RoundFindings:
    """The findings of an edition, without their supporting reports."""
    found = conclusions(edition, with_reports=False)
    if not edition.reference.polling.has_begun(now()):
        found = tuple(each for each in found if each.stage == "pre_election")
    return RoundFindings(edition.reference.polling.round_id, found)


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


async def list_findings(
    session: AsyncSession, who: Principal, found: RoundFindings
) -> list[ListedFinding]:
    """Findings of the round that ``who`` may see, the worst and most frequent first."""
    choices = await read_choices(session, who.mission_id, found.round_id)
    proposals = propose(found.findings, [as_choice(row) for row, _ in choices])
    by_code = {row.code: (row, handle) for row, handle in choices}
    merged = {code: row.code for row, _ in choices if row.chosen for code in row.merged}
    listed = []
    for each, proposal in zip(found.findings, proposals, strict=True):
        if not who.sections or each.stage in who.sections:
            choice, by = by_code.get(each.code, (None, ""))
            suggestion = suggest_significance(each)
            led = merged.get(each.code, "")
            listed.append(ListedFinding(each, proposal, suggestion, choice, by, led))
    return sorted(listed, key=_worst_first)


def candidates(listed: Iterable[ListedFinding]) -> dict[str, Candidate]:
    """What choosing needs to know of each finding, by code."""
    return {
        each.code: Candidate(
            code=each.code,
            kind=str(each.finding.kind),
            stage=each.finding.stage,
            proposed=each.proposal.place != "annex" and not each.merged_into,
            number=as_data(each.finding.number),
        )
        for each in listed
    }


def counts(listed: Sequence[ListedFinding]) -> dict[str, int]:
    """How many stand where; ``all`` is their sum."""
    found = Counter[str](each.stands for each in listed)
    names: tuple[Standing, ...] = ("chosen", "merged", "to_review", "annex")
    return {"all": len(listed)} | {name: found[name] for name in names}


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


def versions(listed: Iterable[ListedFinding]) -> Mapping[str, int]:
    """The version of each choice by code, 0 where nobody has decided."""
    return {each.code: each.choice.version if each.choice else 0 for each in listed}


def _worst_first(each: ListedFinding) -> tuple[Any, ...]:
    finding = each.finding
    low = getattr(finding.number, "low", share_of(finding.number))
    negative = finding.polarity == "negative"
    return (not negative, -finding.severity, -low if negative else low, finding.code)
