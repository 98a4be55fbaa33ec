"""The two kinds of number on the pages of a mission with a drawn sample."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from api.app import create_app
from tests.api.conftest import awake
from tests.api.figures.conftest import SmallCountry, share_everything
from tests.api.figures.conftest import country as country
from tests.api.figures.conftest import speaking as speaking


@pytest.fixture
async def desk(country: SmallCountry) -> AsyncIterator[httpx.AsyncClient]:
    """A client below the mission's pages, signed in as its lead."""
    app: Any = create_app(country.settings)
    async with awake(app):
        transport = httpx.ASGITransport(app=app)
        base = f"http://indelible/missions/{country.slug}/"
        async with httpx.AsyncClient(
            transport=transport, base_url=base, headers=country.bearer("lead")
        ) as client:
            yield client


async def test_a_count_stands_in_a_column_of_its_own_without_whisker_or_percentage(
    desk: httpx.AsyncClient,
) -> None:
    page = (await desk.get("irregularities")).text
    counts = re.findall(r'<td class="second sq">(.*?)</td><td class="r">(.*?)</td>', page, re.S)
    assert any("obs" in number for _, number in counts)
    for picture, number in counts:
        assert "<circle" not in picture
        assert not {"±", "%", 'class="est'} & set(re.findall(r'±|%|class="est', number))


async def test_an_estimate_has_its_interval_and_what_it_rests_on(
    speaking: None, desk: httpx.AsyncClient, country: SmallCountry
) -> None:
    page = (await desk.get("irregularities")).text
    estimates = re.findall(r'class="est[^"]*"[^>]*>([^<]+)<i>([^<]+)</i>', page)
    assert estimates
    assert all(margin.strip()[0] in "±≤≥(" for _, margin in estimates)
    assert re.search(r'<td class="q num"><bdi>\d+ of \d+</bdi>', page)


async def test_a_partner_gets_the_estimate_but_not_what_it_could_be_computed_back_from(
    speaking: None, desk: httpx.AsyncClient, country: SmallCountry
) -> None:
    await share_everything(desk, country)
    page = (await desk.get("irregularities", headers=country.bearer("partner"))).text
    assert 'class="est' in page
    assert not re.search(r'<td class="q num"><bdi>\d', page)
    assert "reports?" not in page


async def test_a_partner_s_coverage_says_what_is_withheld_and_names_nothing_late(
    desk: httpx.AsyncClient, country: SmallCountry
) -> None:
    await share_everything(desk, country)
    headers = country.bearer("partner")
    page = (await desk.get("coverage", headers=headers)).text
    file = (await desk.get("coverage.csv", headers=headers)).text
    assert file.lstrip("\ufeff").splitlines()[0] == "area,expected,received"
    assert "late" not in page.split("<main", 1)[1]


@pytest.mark.parametrize("path", ["", "coverage", "irregularities", "quick-count", "reports"])
async def test_the_pages_of_a_country_hold_no_style_attribute_and_name_every_picture(
    desk: httpx.AsyncClient, path: str
) -> None:
    page = await desk.get(path)
    assert page.status_code == 200
    assert not re.search(r"<[^>]+\sstyle=", page.text)
    ids = re.findall(r'\sid="([^"]+)"', page.text)
    assert len(ids) == len(set(ids))
    for labels in re.findall(r'aria-labelledby="([^"]+)"', page.text):
        assert set(labels.split()) <= set(ids)


async def test_a_breakdown_says_what_each_estimate_rests_on(
    speaking: None, desk: httpx.AsyncClient
) -> None:
    page = (await desk.get("breakdowns?view=setting")).text
    cells = re.findall(r'<td class="r[^"]*" data-head="[^"]*">(.*?)</td>', page, re.S)
    estimates = [each for each in cells if 'class="est' in each]
    assert estimates
    assert all(re.search(r'basis">\d+ of \d+</bdi>', each) for each in estimates)


async def test_each_number_of_an_irregularity_names_its_observers_on_the_phone(
    desk: httpx.AsyncClient,
) -> None:
    page = (await desk.get("irregularities")).text
    pictures = re.findall(r"<td[^>]*>(<span class=\"whose q\">\w+</span>)?<svg", page)
    assert pictures
    assert all(pictures)


async def test_the_quick_count_names_the_areas_that_strata_are_and_links_no_dash(
    desk: httpx.AsyncClient,
) -> None:
    page = (await desk.get("quick-count")).text
    assert re.search(r'<th scope="row"><bdi>01</bdi> <bdi class="q">\w+</bdi></th>', page)
    assert "Results that did not enter" in page
    assert not re.search(r"<a [^>]*><bdi>–</bdi></a>", page)
