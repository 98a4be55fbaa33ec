"""The quick count's page: official results beside it, and two persons to release it."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from api.app import create_app
from tests.api.conftest import awake
from tests.api.figures.conftest import SmallCountry
from tests.api.figures.test_official import PUBLISH

SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def browsing(country: SmallCountry) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on the country, whose mission is content with whatever response came."""
    country.execute("UPDATE mission SET response_threshold = 0")
    country.execute("DELETE FROM official_result")
    country.act("results.import.published")
    country.execute("DELETE FROM quick_count_release")
    app: Any = create_app(country.settings)
    async with awake(app):
        transport = httpx.ASGITransport(app=app)
        base = f"http://indelible/missions/{country.slug}"
        async with httpx.AsyncClient(transport=transport, base_url=base, headers=SAME) as client:
            yield client
    country.execute("UPDATE mission SET response_threshold = 0.8")


async def test_official_results_stand_beside_the_estimate_with_a_verdict(
    country: SmallCountry, browsing: httpx.AsyncClient
) -> None:
    before = await browsing.get("/quick-count", headers=country.bearer("lead"))
    assert "None imported yet" in before.text
    country.execute(PUBLISH, 99)
    country.act("results.import.published")
    after = await browsing.get("/quick-count", headers=country.bearer("lead"))
    country.execute("DELETE FROM official_result")
    country.act("results.import.published")
    assert "As published" in after.text
    assert "99.0%" in after.text


async def test_whoever_froze_it_finds_no_button_to_release_it(
    country: SmallCountry, browsing: httpx.AsyncClient
) -> None:
    lead, manager = country.bearer("lead"), country.bearer("data_manager")
    await browsing.post("/quick-count/president/releases", headers=lead)
    own = await browsing.get("/quick-count", headers=lead)
    assert "waits for another person" in own.text
    await browsing.post("/quick-count/president/releases", headers=manager)
    page = (await browsing.get("/quick-count", headers=lead)).text
    found = re.search(r'name="release" value="([^"]+)"', page)
    assert found is not None
    data = {"release": found[1]}
    done = await browsing.post("/quick-count/president/releases", headers=lead, data=data)
    assert done.status_code == 303
    assert 'name="release"' not in (await browsing.get("/quick-count", headers=lead)).text
