"""The sampling methods in one interface: a frame of two columns, a size, a published seed.

The frame's second column is what the method draws by: the stratum, the order of the list, the
area of the first stage, or the station's size. It is frozen and hashed with the code, so that
frame, seed and rule are all that anyone needs to draw again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

import numpy as np

from analytics.survey.allocation import allocate_equally, allocate_neyman
from analytics.survey.design import Floats, Ints
from analytics.survey.draw import (
    DrawnCodes,
    DrawnStratum,
    FrameUnit,
    SampleProblem,
    allocate,
    check_frame,
    draw,
    draw_by_size,
    draw_systematically,
    draw_two_stages,
    expected_margin,
    frame_hash,
    inclusion_by_size,
)


@dataclass(frozen=True)
class Weighting:
    """Chances where strata do not say them: of each station drawn, from ``population`` in all.

    ``unit`` numbers what was drawn first, where stations of one area were drawn together.
    """

    chance: Floats
    population: int
    unit: Ints | None = None


Method = Literal["simple", "stratified", "systematic", "two-stage", "pps"]
Allocation = Literal["proportional", "equal", "minimum", "neyman"]
RULES: dict[Method, str] = {
    "simple": "sha256(seed:code), smallest first",
    "stratified": "sha256(seed:code), smallest first, within strata",
    "systematic": "every N/n-th of the sorted list, start sha256(seed:systematic)/2^256",
    "two-stage": "areas, then stations in each, by sha256(seed:name), smallest first",
    "pps": "systematic by size, start sha256(seed:by size)/2^256",
}
"""What is kept beside a draw. Of others than proportional strata the allocation follows."""


@dataclass(frozen=True)
class Plan:
    """How to draw. ``each`` is the stations of an area (two stages), ``minimum`` the least of a
    stratum, ``spreads`` the standard deviations that Neyman's allocation goes by."""

    size: int
    seed: int
    method: Method = "stratified"
    allocation: Allocation = "proportional"
    minimum: int = 2
    each: int = 1
    spreads: Mapping[str, float] = field(default_factory=dict)

    @property
    def rule(self) -> str:
        """The rule in words, as it is kept."""
        usual = self.method != "stratified" or self.allocation == "proportional"
        return RULES[self.method] + ("" if usual else f"; allocation {self.allocation}")

    def shares(self, sizes: Mapping[str, int]) -> dict[str, int]:
        """Stations of each stratum; they add up to the size. Raises SampleProblem."""
        if self.allocation == "equal":
            return allocate_equally(sizes, self.size)
        if self.allocation == "neyman":
            return allocate_neyman(sizes, self.spreads, self.size, self.minimum)
        return allocate(sizes, self.size, self.minimum)


def method_of(rule: str) -> Method:
    """The method whose rule was kept beside a draw. Raises ValueError for an unknown one."""
    plain = rule.split(";")[0]
    for method, words in RULES.items():
        if words == plain:
            return method
    raise ValueError(f"rule: {rule[:60]!r} is of no known method")


def select(frame: Sequence[FrameUnit], plan: Plan) -> DrawnCodes:
    """Draw by any method.

    Raises :class:`SampleProblem` for a frame or a plan that cannot be, saying why.
    """
    check_frame(frame)
    if plan.method in ("simple", "stratified"):
        one = [FrameUnit(each.code) for each in frame]
        units = frame if plan.method == "stratified" else one
        return replace(draw(units, plan.size, plan.seed, shares=plan.shares), method=plan.rule)
    codes = _chosen(frame, plan)
    by = {each.code: each.stratum for each in frame}
    sizes, drawn = Counter(by.values()), Counter(by[code] for code in codes)
    strata = tuple(DrawnStratum(name, sizes[name], drawn[name]) for name in sorted(sizes))
    return DrawnCodes(tuple(codes), strata, plan.seed, frame_hash(frame), plan.rule)


def _chosen(frame: Sequence[FrameUnit], plan: Plan) -> list[str]:
    if plan.method == "systematic":
        ordered = sorted(frame, key=lambda each: (each.stratum, each.code))
        found = draw_systematically([each.code for each in ordered], plan.size, plan.seed)
    elif plan.method == "pps":
        sizes = [(each.code, _size(each)) for each in sorted(frame, key=lambda unit: unit.code)]
        found = draw_by_size(sizes, plan.size, plan.seed)
    else:
        areas: dict[str, list[str]] = {}
        for unit in frame:
            areas.setdefault(unit.stratum, []).append(unit.code)
        if plan.each < 1 or plan.size % plan.each:
            raise SampleProblem(f"{plan.size} stations cannot be {plan.each} of each area.")
        short = sorted(area for area, codes in areas.items() if len(codes) < plan.each)
        if short:
            raise SampleProblem(f"Area {short[0]!r} has fewer than {plan.each} stations.")
        drawn = draw_two_stages(areas, plan.size // plan.each, plan.each, plan.seed)
        found = [one for here in drawn.values() for one in here]
    return [each.code for each in found]


def _size(unit: FrameUnit) -> int:
    if not unit.stratum.isascii() or not unit.stratum.isdigit() or int(unit.stratum) < 1:
        raise SampleProblem(f"Station {unit.code}: its size must be a whole number above 0.")
    return int(unit.stratum)


def weighting(rule: str, strata: Sequence[DrawnStratum], of: Ints) -> Weighting | None:
    """The chances of stations by their row in ``strata`` (``of``); None where strata say it all.

    A systematic sample counts as one stratum, of which the variance is usually stated too large;
    areas of the first stage and stations drawn by size as drawn with replacement, likewise.
    """
    method = method_of(rule)
    if method in ("simple", "stratified"):
        return None
    chance = np.array([float(each) for each in chances_of(method, strata)])
    whole = sum(each.population for each in strata)
    return Weighting(chance[of], whole, of if method == "two-stage" else None)


def chances_of(method: Method, strata: Sequence[DrawnStratum]) -> list[Fraction]:
    """The chance of a station of each stratum kept, where strata alone do not say it."""
    n, whole = sum(each.drawn for each in strata), sum(each.population for each in strata)
    if method == "systematic":
        return [Fraction(n, whole)] * len(strata)
    if method == "two-stage":
        first = Fraction(sum(each.drawn > 0 for each in strata), len(strata))
        return [first * Fraction(each.drawn, each.population) for each in strata]
    sizes = {int(each.code): each.population for each in strata}
    chances = inclusion_by_size(sizes, n)
    return [chances[int(each.code)] for each in strata]


def margin_of(
    rule: str,
    strata: Sequence[DrawnStratum],
    share: float = 0.5,
    deff: float = 1.0,
    level: float = 0.95,
) -> float:
    """The margin to expect of a draw for a share of stations; ``deff`` on top of its strata.

    Without strata it is that of as many stations drawn singly, and for unequal chances times
    Kish's 1 + cv² of the weights. How alike stations of one area are, nobody knows before.
    """
    method = method_of(rule)
    if method in ("simple", "stratified"):
        return expected_margin(strata, share, deff, level)
    drawn = [each for each in strata if each.drawn]
    n, whole = sum(each.drawn for each in drawn), sum(each.population for each in strata)
    chances = dict(zip(strata, chances_of(method, strata), strict=True))
    weights = [(each.drawn, float(1 / chances[each])) for each in drawn]
    sums = sum(count * w for count, w in weights), sum(count * w * w for count, w in weights)
    kish = n * sums[1] / sums[0] ** 2
    return expected_margin([DrawnStratum("", whole, n)], share, deff * kish, level)
