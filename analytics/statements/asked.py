"""Of whom a finding was asked: of nearly all, which a statement says once, or of some only."""

from analytics.numbers import Domain, Number, counted
from analytics.statements.findings import Finding, speaks_of_all

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


def sort_of(number: Number) -> tuple[object, ...]:
    """What numbers have in common that one number may say: the unit, the domain of what was asked
    of some only, and whether it is an estimate."""
    answered, domain = counted(number).of, number.domain
    asked = answered / max(answered + number.beside.not_asked, 1)
    of_some = domain is not None and asked < NEARLY_ALL
    words = tuple(sorted(domain.text.items())) if domain and of_some else None
    return number.unit, words, speaks_of_all(number)
