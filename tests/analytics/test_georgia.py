"""The quick count on a real election: Georgia, 31 October 2020.

Frame and official results: Georgia Elections Data Archive, CC-BY-4.0.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from analytics.quick_count import ProtocolResults, QuickCount, SampledStratum, count_quickly
from analytics.sampling import FrameUnit, draw

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


def quick_count(country: Country, seed: int, with_invalid: bool = False) -> QuickCount:
    drawn = draw(country.frame, 1000, seed)
    strata = tuple(SampledStratum(each.code, each.population, each.drawn) for each in drawn.strata)
    index = {each.code: place for place, each in enumerate(strata)}
    of = {unit.code: index[unit.stratum] for unit in country.frame}
    below = [country.valid[code] + with_invalid * country.invalid[code] for code in drawn.codes]
    return count_quickly(ProtocolResults(
        ("leading",), strata, np.array([of[code] for code in drawn.codes]),
        np.array([[country.leading[code]] for code in drawn.codes]), np.array(below),
    ))  # fmt: skip


def test_the_official_share_is_that_of_valid_votes(georgia: Country) -> None:
    share = sum(georgia.leading.values()) / sum(georgia.valid.values())
    assert share == pytest.approx(OFFICIAL, abs=5e-7)
    assert len(georgia.frame) == 3847


def test_the_margin_is_that_of_a_stratified_sample_of_stations(georgia: Country) -> None:
    (share,) = quick_count(georgia, 42).shares
    assert 0.0040 <= share.estimate.margin <= 0.0052
    assert share.estimate.low <= OFFICIAL <= share.estimate.high


def test_about_ninety_five_of_a_hundred_seeds_hold_the_official_share(georgia: Country) -> None:
    intervals = [quick_count(georgia, seed).shares[0].estimate for seed in range(100)]
    assert 90 <= sum(each.low <= OFFICIAL <= each.high for each in intervals) <= 99


def test_invalid_ballots_in_the_denominator_give_a_share_that_is_too_low(georgia: Country) -> None:
    (share,) = quick_count(georgia, 42, with_invalid=True).shares
    assert share.estimate.high < OFFICIAL


def test_the_allocation_adds_up_to_the_sample(georgia: Country) -> None:
    drawn = draw(georgia.frame, 1000, 42)
    assert len(drawn.codes) == sum(each.drawn for each in drawn.strata) == 1000
