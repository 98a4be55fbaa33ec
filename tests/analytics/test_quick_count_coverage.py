"""Quick counts of every way to draw, from known countries, with all come and with some missing.

`--faults full` counts four thousand samples of each design, `make test` 200.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from analytics.results.quick_count import ProtocolResults, SampledStratum, count_quickly
from analytics.results.sampled_results import vote_design
from analytics.survey.design import Ints, Truths
from analytics.survey.draw import DrawnCodes
from analytics.survey.methods import Method, Plan, select
from tests.analytics.test_selection_coverage import Country

DRAWS = 20


@dataclass(frozen=True)
class Case:
    """A way to draw, and the column it goes by."""

    method: Method
    column: str
    size: int
    each: int = 1


CASES = {
    "strata": Case("stratified", "region", 120),
    "simple": Case("simple", "region", 120),
    "systematic": Case("systematic", "region", 120),
    "by size": Case("pps", "voters", 120),
    "two stages": Case("two-stage", "area", 150, each=5),
}


@cache
def country(seed: int) -> Country:
    return Country(seed)


def drawn(seed: int, case: Case, lot: int) -> tuple[DrawnCodes, Ints]:
    """A draw, and each drawn station's row in the country."""
    plan = Plan(case.size, lot, case.method, each=case.each)
    found = select(country(seed).frame(case.column), plan)
    return found, np.array([int(code) for code in found.codes])


def results_of(seed: int, case: Case, found: DrawnCodes, came: Ints) -> ProtocolResults:
    """The votes of the stations that came, as the mission keeps its strata."""
    here, frame = country(seed), country(seed).frame(case.column)
    number = {each.code: at for at, each in enumerate(found.strata)}
    at = [number["" if case.method == "simple" else frame[row].stratum] for row in came]
    return ProtocolResults(
        ("first",),
        tuple(SampledStratum(s.code, s.population, s.drawn) for s in found.strata),
        np.array(at, dtype=np.int64),
        here.votes[came][:, None],
        here.voters[came] * 1.0,
        drawn=vote_design(found.method, found.strata),
    )


def truth(seed: int) -> float:
    return float(country(seed).votes.sum() / country(seed).voters.sum())


@pytest.mark.parametrize("name", CASES)
def test_a_quick_count_of_any_draw_holds_the_true_share_in_ninety_five_of_a_hundred(
    name: str, request: pytest.FixtureRequest
) -> None:
    held, case = [], CASES[name]
    full = request.config.getoption("--faults") == "full"
    for seed in range(200 if full else 10):
        for lot in range(DRAWS):
            found, rows = drawn(seed, case, lot)
            (share,) = count_quickly(results_of(seed, case, found, rows)).shares
            assert share.raw == share.estimate
            assert share.lowest == pytest.approx(share.highest)
            held.append(share.estimate.low <= truth(seed) <= share.estimate.high)
    least, most = (0.93, 0.98) if full else (0.92, 0.99)
    assert least <= np.mean(held) <= most


def leaning(seed: int, case: Case, rows: Ints, rng: np.random.Generator) -> Truths:
    """Which stations came: half of the classes that vote most for the first contestant
    answer less."""
    here = country(seed)
    of = {"region": here.area % 10, "area": here.area, "voters": (here.voters > 900) * 1}
    group = of[case.column]
    share = np.bincount(group, here.votes) / np.bincount(group, here.voters)
    chance = np.where(share > np.median(share), 0.45, 0.95)[group[rows]]
    return np.asarray(rng.random(len(rows)) < chance)


@pytest.mark.parametrize("name", ["strata", "two stages"])
def test_adjusting_mends_what_classes_that_answer_less_would_bend(
    name: str, request: pytest.FixtureRequest
) -> None:
    case, raw, adjusted, bounded = CASES[name], [], [], []
    rng = np.random.default_rng(8)
    for seed in range(100 if request.config.getoption("--faults") == "full" else 10):
        for lot in range(DRAWS):
            found, rows = drawn(seed, case, lot)
            came = rows[leaning(seed, case, rows, rng)]
            (share,) = count_quickly(results_of(seed, case, found, came)).shares
            raw.append(share.raw.value - truth(seed))
            adjusted.append(share.estimate.value - truth(seed))
            reach = share.estimate.margin
            bounded.append(share.lowest - reach <= truth(seed) <= share.highest + reach)
    assert abs(np.mean(adjusted)) < 0.35 * abs(np.mean(raw))
    assert np.mean(bounded) > 0.99
