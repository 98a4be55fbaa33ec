"""The order of findings in a text: gravest first, by what is certain of them."""

from analytics.numbers import Estimate
from analytics.statements.findings import Finding, share_of, speaks_of_all

BORDERS = (0.05, 0.20, 0.50, 0.95)
"""Where the bands of the printed scale begin, after the first."""


def order_key(finding: Finding) -> tuple[int, bool, int, float, str]:
    """The key by which findings are put in order: severity, then estimates before counts, then
    the band of their share, then the lower end of the interval, then the code.

    A conditional finding counts by its share of all stations; a small sample does not lead by a
    high value, because its lower end is low.
    """
    number = finding.number
    share = finding.ranked_share if number.domain is not None else share_of(number)
    share = share or 0.0
    low = number.low if isinstance(number, Estimate) else share
    if number.domain is not None and share_of(number):
        low *= share / share_of(number)
    band = sum(round(share, 2) >= border for border in BORDERS)
    return -finding.severity, not speaks_of_all(number), -band, -low, finding.code


def obligation(finding: Finding) -> str:
    """The standard that a finding is grouped by: the first that it names."""
    return finding.standards[0]
