"""A share, a ratio and their intervals from a stratified sample, by the rules in docs/methods.md.

Loops over single stations. Scores outside a domain are 0 in the full design, so n of the variance
is that of the whole stratum; a proportion's interval is Korn and Graubard's, a ratio's Student's.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from scipy import stats


@dataclass(frozen=True)
class Drawn:
    """A station drawn: its stratum, and how many the stratum has and gave."""

    code: str
    stratum: str
    population: float
    drawn: int

    @property
    def weight(self) -> float:
        """How many stations of the frame it stands for."""
        return self.population / self.drawn


@dataclass(frozen=True)
class Interval:
    """A value and its ends."""

    value: float
    low: float
    high: float


def _standard_error(design: list[Drawn], scores: Mapping[str, float]) -> float:
    """Of the total of the scores, a score for each station of the design."""
    variance = 0.0
    for stratum in {each.stratum for each in design}:
        here = [each for each in design if each.stratum == stratum]
        totals = [scores.get(each.code, 0.0) for each in here]
        n, population = len(here), here[0].population
        mean = sum(totals) / n
        if n > 1:
            spread = sum((each - mean) ** 2 for each in totals)
            variance += (1 - n / population) * n / (n - 1) * spread
    return math.sqrt(variance)


def _freedom(design: list[Drawn], entered: Mapping[str, float]) -> int:
    here = [each for each in design if each.code in entered]
    return max(1, len(here) - len({each.stratum for each in here}))


def proportion(design: list[Drawn], seen: Mapping[str, bool], level: float = 0.95) -> Interval:
    """The share of stations where it was seen, of those that could say; ``seen`` by their code."""
    weights = {each.code: each.weight for each in design if each.code in seen}
    total = sum(weights.values())
    p = sum(weights[code] for code, each in seen.items() if each) / total
    scores = {code: weights[code] * (each - p) / total for code, each in seen.items()}
    error = _standard_error(design, scores)
    n, alpha = len(seen), 1 - level
    if p in (0.0, 1.0) or error == 0.0:
        kish = total**2 / sum(each**2 for each in weights.values())
        effective = kish / (1 - n / total) if n < total else math.inf
        if math.isinf(effective):
            return Interval(p, p, p)
    else:
        wide = stats.t.ppf(1 - alpha / 2, n - 1) / stats.t.ppf(
            1 - alpha / 2, _freedom(design, weights)
        )
        effective = p * (1 - p) / error**2 * wide**2
    positive = p * effective
    low = stats.beta.ppf(alpha / 2, positive, effective - positive + 1) if p > 0 else 0.0
    high = stats.beta.ppf(1 - alpha / 2, positive + 1, effective - positive) if p < 1 else 1.0
    return Interval(p, float(low), float(high))


def ratio(
    design: list[Drawn], votes: Mapping[str, tuple[float, float]], level: float = 0.95
) -> Interval:
    """Σwy ÷ Σwx over the stations received; ``votes`` by their code."""
    weights = {each.code: each.weight for each in design if each.code in votes}
    below = sum(weights[code] * x for code, (_, x) in votes.items())
    r = sum(weights[code] * y for code, (y, _) in votes.items()) / below
    scores = {code: weights[code] * (y - r * x) / below for code, (y, x) in votes.items()}
    wide = stats.t.ppf(1 - (1 - level) / 2, _freedom(design, weights))
    margin = float(wide) * _standard_error(design, scores)
    return Interval(r, r - margin, r + margin)
