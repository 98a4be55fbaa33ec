"""Forensics: of any source, for analysts alone, and never a finding."""

import httpx

from tests.api.figures.conftest import SmallCountry
from tests.api.figures.test_official import PUBLISH

PAGE = "http://indelible/missions/sarelia/forensics"


async def test_the_observers_copies_are_looked_at_before_anything_is_published(
    asking: httpx.AsyncClient, country: SmallCountry
) -> None:
    country.execute("DELETE FROM official_result")
    country.act("results.import.published")
    found = (await asking.get("forensics/president")).json()
    assert (found["sources"], found["finding"]) == (["observed"], False)
    looked = found["looked"]
    placed = sum(map(sum, looked["turnout_by_share"]["cells"]))
    assert 0 < placed <= looked["stations"]
    assert looked["whole_percentages"]["share"]["stations"] > 0


async def test_what_is_published_comes_first_and_every_source_can_be_asked(
    asking: httpx.AsyncClient, country: SmallCountry
) -> None:
    country.execute(PUBLISH, 50)
    country.act("results.import.published")
    found = (await asking.get("forensics/president")).json()
    country.execute("DELETE FROM official_result")
    country.act("results.import.published")
    assert found["sources"] == ["published", "observed"]
    assert (await asking.get("forensics/president?source=posted")).json()["looked"] is None
    assert (await asking.get("forensics/nowhere")).status_code == 404
    assert (await asking.get("forensics/president?source=whim")).status_code == 422


async def test_the_page_says_why_no_digits_are_tested(asking: httpx.AsyncClient) -> None:
    page = await asking.get(PAGE)
    assert page.status_code == 200
    assert "Benford" in page.text
    assert "<svg" in page.text
    assert (await asking.get(f"{PAGE}?source=whim")).status_code == 422
    assert (await asking.get(f"{PAGE}?contest=whim")).status_code == 404


async def test_partners_find_no_forensics(asking: httpx.AsyncClient, country: SmallCountry) -> None:
    headers = country.bearer("partner")
    assert (await asking.get("forensics/president", headers=headers)).status_code == 404
    assert (await asking.get(PAGE, headers=headers)).status_code == 404
