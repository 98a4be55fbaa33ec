"""What sort a finding is: of access, an assessment, asked of some only, isolated, of who leads."""

from collections.abc import Iterable

from analytics.statements.findings import ASSESSMENT, Finding, speaks_of_all
from analytics.statements.merging import ISOLATED, printed
from schemas.mission import Kind

CONDITION_OF = {"DR-REFUSE": "DR-MADE"}
"""The indicator that counts where a conditional one was asked, where a checklist has it."""


def is_access(finding: Finding) -> bool:
    """Whether a finding is of the observers' own access."""
    return finding.of_access


def is_assessment(finding: Finding) -> bool:
    """Whether a finding is the observers' overall assessment of a stage."""
    return finding.indicator.endswith(ASSESSMENT)


def is_grave(finding: Finding) -> bool:
    """Whether it touches the integrity of the vote and was seen: never left to the annex."""
    return finding.polarity == "negative" and finding.severity >= 3


def is_bound(finding: Finding) -> bool:
    """Whether a finding is in the text though nobody chose it, where the rules have a place for it:
    it is grave, of the observers' own access, or the overall assessment of a stage."""
    return is_grave(finding) or is_access(finding) or is_assessment(finding)


def is_isolated(finding: Finding) -> bool:
    """Whether what is grave was seen at fewer than 5% of stations (observations)."""
    return finding.severity >= 3 and printed(finding) < 100 * ISOLATED


def leading_kind(findings: Iterable[Finding], own: Kind | None) -> Kind:
    """Whose numbers lead in a stage: who has estimates, else the mission's own kind, else who
    was there."""
    found = list(findings)
    sampled = [each.kind for each in found if speaks_of_all(each.number)]
    if sampled and own not in sampled:
        return sampled[0]
    return own if own and any(each.kind is own for each in found) else found[0].kind
