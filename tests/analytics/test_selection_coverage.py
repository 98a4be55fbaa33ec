"""Drawn as missions draw, from countries that are known: intervals hold the truth as promised.

A systematic list has few samples to give, so that several countries are drawn from. `--faults
full` draws four thousand samples of each design, `make test` 400.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from analytics.observation.drawn_sample import DrawnSample
from analytics.survey.design import Design, Floats, Ints
from analytics.survey.draw import FrameUnit
from analytics.survey.estimates import estimate_mean, estimate_proportion, estimate_ratio
from analytics.survey.methods import Method, Plan, select, weighting
from schemas.mission import Kind

STATIONS, AREAS, DRAWS = 1500, 150, 20


class Country:
    """Stations in areas that differ, with voters, votes and a rare irregularity."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng([11, seed])
        self.area = rng.permutation(np.arange(STATIONS) % AREAS)
        self.voters: Ints = rng.integers(200, 1500, STATIONS)
        lean = rng.normal(0.5, 0.06, AREAS)[self.area]
        self.votes: Floats = self.voters * np.clip(rng.normal(lean, 0.08), 0.02, 0.98)
        self.late: Floats = (rng.random(STATIONS) < 0.05 + 0.3 * (lean - 0.5)) * 1.0

    @cache  # noqa: B019 (one country a module)
    def frame(self, column: str) -> list[FrameUnit]:
        by: dict[str, Callable[[int], str]] = {
            "region": lambda at: str(self.area[at] % 10),
            "area": lambda at: f"{self.area[at]:03}",
            "voters": lambda at: str(self.voters[at]),
        }
        return [FrameUnit(f"{at:05}", by[column](at)) for at in range(STATIONS)]


@dataclass(frozen=True)
class Case:
    """A way to draw, and the column it goes by."""

    method: Method
    column: str
    size: int
    each: int = 1


CASES = {
    "simple": Case("simple", "region", 120),
    "strata": Case("stratified", "region", 120),
    "systematic": Case("systematic", "region", 120),
    "by size": Case("pps", "voters", 120),
    "two stages": Case("two-stage", "area", 150, each=5),
}


def drawn_design(country: Country, case: Case, seed: int) -> tuple[Design, Ints]:
    """The design of a draw as the mission's own figures use it, and the stations' rows."""
    plan = Plan(case.size, seed, case.method, each=case.each)
    frame = country.frame(case.column)
    found = select(frame, plan)
    rows = np.array([int(code) for code in found.codes])
    number = {each.code: at for at, each in enumerate(found.strata)}
    stratum = np.array(
        [number["" if case.method == "simple" else frame[row].stratum] for row in rows]
    )
    population = np.array([found.strata[at].population for at in stratum])
    sample = DrawnSample(
        Kind.DOMESTIC,
        rows,
        stratum,
        population,
        country.area[rows],
        weighting(found.method, found.strata, stratum),
    )
    return sample.design(np.arange(len(rows))), rows


@pytest.fixture(scope="module", params=CASES)
def held(request: pytest.FixtureRequest) -> Floats:
    """Parts of draws that held the mean, the ratio, the share: of one design."""
    case = CASES[request.param]
    countries = 200 if request.config.getoption("--faults") == "full" else 20
    hits = [one for seed in range(countries) for one in holds(Country(seed), case)]
    return np.asarray(np.mean(hits, axis=0))


def holds(country: Country, case: Case) -> list[list[bool]]:
    """Whether each draw's interval held the true mean, ratio and share."""
    truth = (country.votes.mean(), country.votes.sum() / country.voters.sum(), country.late.mean())
    hits = []
    for seed in range(DRAWS):
        design, rows = drawn_design(country, case, seed)
        found = (
            estimate_mean(design, country.votes[rows]),
            estimate_ratio(design, country.votes[rows], country.voters[rows].astype(np.float64)),
            estimate_proportion(design, country.late[rows]),
        )
        hits.append([one.low <= true <= one.high for one, true in zip(found, truth, strict=True)])
    return hits


def test_what_missions_draw_holds_the_truth_in_ninety_five_of_a_hundred(held: Floats) -> None:
    mean, ratio, share = held
    assert mean >= 0.93
    assert ratio >= 0.93
    assert share >= 0.945
    assert max(mean, ratio) <= 0.98
