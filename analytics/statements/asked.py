"""Of whom a finding was asked: of nearly all, which a statement says once, or of some only."""

from analytics.numbers import Domain, counted
from analytics.statements.findings import Finding

NEARLY_ALL = 0.9
"""The share of stations from which a question counts as asked everywhere."""


def asked_share(finding: Finding) -> float:
    """The share of all stations (observations) where a conditional question was asked."""
    answered = counted(finding.number).of
    return answered / max(answered + int(finding.query.get("not_asked") or 0), 1)


def is_conditional(finding: Finding) -> bool:
    """Whether a finding was asked of some stations only: under nine in ten of those that answered
    or were not asked."""
    return finding.number.domain is not None and asked_share(finding) < NEARLY_ALL


def domain_of_some(finding: Finding) -> Domain | None:
    """Where a finding was asked, for its sentence; None where nearly all were asked: the basis of
    its stage and the method say that once."""
    return finding.number.domain if is_conditional(finding) else None
