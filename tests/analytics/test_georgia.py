"""The quick count on a real election: Georgia, 31 October 2020.

Frame and official results: Georgia Elections Data Archive, CC-BY-4.0.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from analytics.results.quick_count import ProtocolResults, QuickCount, SampledStratum, count_quickly
from analytics.survey.draw import FrameUnit, draw

OFFICIAL = 0.482232


@dataclass(frozen=True)
class Country:
    frame: tuple[FrameUnit, ...]
    leading: dict[str, float]
    valid: dict[str, float]
    invalid: dict[str, float]


@pytest.fixture(scope="module")
def georgia(field_data: Path) -> Country:
    folder = field_data / "georgia-2020"
    if not folder.is_dir():
        pytest.skip(f"no Georgian data in {folder}")
    with (folder / "polling_stations.csv").open(encoding="utf-8") as file:
        frame = tuple(FrameUnit(row["code"], row["district_code"]) for row in csv.DictReader(file))
    with (folder / "official_results.csv").open(encoding="utf-8") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}

    def column(name: str) -> dict[str, float]:
        return {code: float(row[name] or 0) for code, row in rows.items()}

    valid, invalid = column("valid_votes"), column("invalid_ballots")
    return Country(frame, column("georgian_dream"), valid, invalid)


def quick_count(
    country: Country, seed: int, *, with_invalid: bool = False, stratified: bool = True
) -> QuickCount:
    frame = country.frame if stratified else [FrameUnit(unit.code) for unit in country.frame]
    drawn = draw(frame, 1000, seed)
    strata = tuple(SampledStratum(each.code, each.population, each.drawn) for each in drawn.strata)
    index = {each.code: place for place, each in enumerate(strata)}
    of = {unit.code: index[unit.stratum] for unit in frame}
    below = [country.valid[code] + with_invalid * country.invalid[code] for code in drawn.codes]
    return count_quickly(
        ProtocolResults(
            ("leading",),
            strata,
            np.array([of[code] for code in drawn.codes]),
            np.array([[country.leading[code]] for code in drawn.codes]),
            np.array(below),
        )
    )


def test_the_official_share_is_that_of_valid_votes(georgia: Country) -> None:
    share = sum(georgia.leading.values()) / sum(georgia.valid.values())
    assert share == pytest.approx(OFFICIAL, abs=5e-7)
    assert len(georgia.frame) == 3847


def test_the_margin_is_that_of_a_stratified_sample_of_stations(georgia: Country) -> None:
    found = quick_count(georgia, 42)
    (share,) = found.shares
    assert len(found.response) == 74
    assert 100 * share.estimate.margin == pytest.approx(0.46, abs=0.04)
    assert share.estimate.low <= OFFICIAL <= share.estimate.high


def test_without_strata_the_margin_is_a_third_wider(georgia: Country) -> None:
    (share,) = quick_count(georgia, 42, stratified=False).shares
    assert 100 * share.estimate.margin == pytest.approx(0.62, abs=0.04)


def test_neither_stations_nor_voters_are_counted_as_if_they_answered_one_by_one(
    georgia: Country,
) -> None:
    (share,) = quick_count(georgia, 42).shares
    voters = sum(georgia.valid.values()) * 1000 / 3847
    for n, margin in ((1000, 3.10), (voters, 0.14)):
        binomial = 196 * (OFFICIAL * (1 - OFFICIAL) / n) ** 0.5
        assert binomial == pytest.approx(margin, abs=0.02)
        assert not 0.5 < 100 * share.estimate.margin / binomial < 2


def test_about_ninety_five_of_a_hundred_seeds_hold_the_official_share(georgia: Country) -> None:
    intervals = [quick_count(georgia, seed).shares[0].estimate for seed in range(100)]
    assert 90 <= sum(each.low <= OFFICIAL <= each.high for each in intervals) <= 99


def test_invalid_ballots_in_the_denominator_give_a_share_that_is_too_low(georgia: Country) -> None:
    (share,) = quick_count(georgia, 42, with_invalid=True).shares
    assert share.estimate.high < OFFICIAL


def test_the_allocation_adds_up_to_the_sample_where_rounding_would_not(georgia: Country) -> None:
    drawn = draw(georgia.frame, 1000, 42)
    assert len(set(drawn.codes)) == sum(each.drawn for each in drawn.strata) == 1000
    assert sum(round(1000 * each.population / 3847) for each in drawn.strata) == 994
    assert min(each.drawn for each in drawn.strata) >= 2
