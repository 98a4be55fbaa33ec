"""Drawn a thousand times from a population that is known, intervals hold the truth as promised."""

import numpy as np
import pytest

from analytics.survey.design import Design, Floats, Truths, make_design
from analytics.survey.estimates import estimate_mean, estimate_proportion, estimate_ratio

DRAWS = 1000
SIZES = (300, 700, 200)
TAKEN = (30, 60, 20)


class Country:
    """Stations in three strata, with votes, ballots and a rare irregularity."""

    def __init__(self) -> None:
        rng = np.random.default_rng(5)
        self.strata = np.repeat(range(3), SIZES)
        self.ballots: Floats = rng.uniform(200, 1500, len(self.strata))
        self.votes: Floats = self.ballots * rng.beta(4 + self.strata, 6)
        self.late: Floats = (rng.random(len(self.strata)) < 0.04 + 0.02 * self.strata) * 1.0

    def draw(self, seed: int) -> tuple[Design, np.ndarray[tuple[int], np.dtype[np.int64]]]:
        rng = np.random.default_rng(seed)
        rows = np.concatenate(
            [
                rng.choice(np.flatnonzero(self.strata == h), n, replace=False)
                for h, n in enumerate(TAKEN)
            ]
        )
        strata = self.strata[rows]
        return make_design(len(rows), strata=strata, fpc=np.array(SIZES, float)[strata]), rows


@pytest.fixture(scope="module")
def held() -> Floats:
    """The part of draws whose interval held the true mean, ratio, proportion, domain's mean."""
    country = Country()
    large: Truths = country.ballots > 800
    truth = (
        country.votes.mean(),
        country.votes.sum() / country.ballots.sum(),
        country.late.mean(),
        country.votes[large].mean(),
    )
    hits = np.zeros((DRAWS, 4))
    for seed in range(DRAWS):
        design, rows = country.draw(seed)
        votes, ballots = country.votes[rows], country.ballots[rows]
        found = (
            estimate_mean(design, votes),
            estimate_ratio(design, votes, ballots),
            estimate_proportion(design, country.late[rows]),
            estimate_mean(design, votes, large[rows]),
        )
        hits[seed] = [one.low <= true <= one.high for one, true in zip(found, truth, strict=True)]
    return np.asarray(hits.mean(axis=0))


def test_means_ratios_and_domains_are_held_in_ninety_five_of_a_hundred(held: Floats) -> None:
    for share in held[[0, 1, 3]]:
        assert 0.93 <= share <= 0.97


def test_beta_intervals_hold_at_least_what_they_promise(held: Floats) -> None:
    assert held[2] >= 0.945
