"""The country: regions that tile it without a gap or an overlap, stations in their regions."""

import re
from pathlib import Path

import numpy as np
import pytest

from api.demonstration.country import (
    CONTESTANTS,
    REGIONS,
    Country,
    Region,
    make_country,
    make_truth,
)
from api.demonstration.sending import Planted


@pytest.fixture(scope="module")
def country() -> Country:
    """The country of the demonstration."""
    return make_country(1000, 7)


def area(outline: tuple[tuple[float, float], ...]) -> float:
    """The shoelace formula; positive where the outline runs anticlockwise."""
    x, y = np.array(outline).T
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def holds(region: Region, longitude: float, latitude: float) -> bool:
    """Whether a convex region holds a point."""
    corners = np.array(region.outline)
    along, to = np.roll(corners, -1, axis=0) - corners, np.array([longitude, latitude]) - corners
    return bool((along[:, 0] * to[:, 1] - along[:, 1] * to[:, 0] >= -1e-9).all())


def test_twelve_regions_tile_the_country(country: Country) -> None:
    assert [each.name for each in country.regions] == list(REGIONS)
    chance = np.random.default_rng(1)
    points = chance.uniform([-31, 30], [-27.8, 32.4], (4000, 2))
    inside = [sum(holds(each, *point) for each in country.regions) for point in points.tolist()]
    assert set(inside) <= {0, 1}
    whole = sum(area(each.outline) for each in country.regions)
    assert np.mean(inside) * 3.2 * 2.4 == pytest.approx(whole, rel=0.05)


def test_every_station_stands_in_its_region(country: Country) -> None:
    assert all(
        holds(country.regions[each.region], each.longitude, each.latitude)
        for each in country.stations
    )


def test_codes_are_distinct_and_names_are_of_no_real_place(country: Country) -> None:
    assert len({each.code for each in country.stations}) == 1000
    assert all(any(name in each.name for name in REGIONS) for each in country.stations)


def test_the_same_seed_makes_the_same_country_and_truth_another_seed_another() -> None:
    same, other = make_country(50, 3), make_country(50, 4)
    assert make_country(50, 3) == same
    assert other != same
    first, again = make_truth(same, 3), make_truth(same, 3)
    for contest in CONTESTANTS:
        assert np.array_equal(first.results[contest].votes, again.results[contest].votes)
    assert np.array_equal(first.irregular, again.irregular)


@pytest.mark.parametrize("stations", [12, 300])
def test_the_true_figures_of_every_station_add_up(stations: int) -> None:
    country = make_country(stations, 5)
    truth = make_truth(country, 5)
    registered = np.array([each.registered for each in country.stations])
    for contest, standing in CONTESTANTS.items():
        result = truth.results[contest]
        here = np.array([contest in country.contests_at(each) for each in range(stations)])
        assert result.votes.shape == (stations, len(standing))
        cast = result.votes.sum(axis=1) + result.invalid
        assert (cast == np.where(here, truth.voted, 0)).all()
        assert here.any()
    assert (truth.voted <= registered).all()


def test_the_document_names_everything_that_is_planted() -> None:
    document = (Path(__file__).parents[3] / "docs" / "demonstration.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| (\w+) \|", document, re.MULTILINE)[1:]
    assert sorted(named) == sorted(Planted)
