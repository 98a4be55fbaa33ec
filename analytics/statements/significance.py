"""What significance a finding's number suggests, with the basis: a person decides."""

from dataclasses import dataclass

from analytics.numbers import Estimate, counted
from analytics.statements.choices import Significance
from analytics.statements.findings import Finding, share_of
from schemas.words import N_

FEW = 10
"""Of fewer answers nothing is suggested."""
RARE = 0.05
MANY = 0.20


@dataclass(frozen=True)
class SuggestedSignificance:
    """A significance and why it is suggested, in English, to be translated; None: no suggestion.
    A pattern is never suggested: that needs a test that a person names."""

    significance: Significance | None
    basis: str


def suggest_significance(finding: Finding) -> SuggestedSignificance:
    """What a finding's severity and its number suggest. Of an estimate the lower end of the
    interval decides, so that a small sample suggests no more than a large one."""
    number = finding.number
    if finding.polarity == "positive":
        return SuggestedSignificance(None, N_("A good finding has no significance."))
    if finding.severity >= 3:
        return SuggestedSignificance("significant", N_("Severity 3 and seen."))
    if counted(number).of < FEW:
        return SuggestedSignificance(None, N_("Fewer than 10 answers: nothing is suggested."))
    if not isinstance(number, Estimate):
        if share_of(number) < RARE:
            return SuggestedSignificance("isolated", N_("Counted at under 5% of those observed."))
        return SuggestedSignificance("limited", N_("A count: it speaks of those observed alone."))
    return _of_estimate(finding, number)


def _of_estimate(finding: Finding, number: Estimate) -> SuggestedSignificance:
    if finding.severity == 2 and number.low >= RARE:
        said = N_("Severity 2, and the lower end of the interval is 5% or more.")
        return SuggestedSignificance("significant", said)
    if number.low >= MANY:
        said = N_("The lower end of the interval is 20% or more.")
        return SuggestedSignificance("significant", said)
    if share_of(number) < RARE:
        return SuggestedSignificance("isolated", N_("Estimated at under 5%."))
    return SuggestedSignificance("limited", N_("Estimated at 5% or more."))
