"""Questions answered over the network and on pages: by hour, side by side, in order, women."""

from typing import Any

import httpx
import pytest

from tests.api.reading.conftest import SmallCountry

PAGES = "http://indelible/missions/sarelia"


async def rows(asking: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    answer = await asking.get(path)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_observations_by_hour_add_up_to_all_of_them(asking: httpx.AsyncClient) -> None:
    by_hour = await rows(asking, "breakdowns/hour?checklist=voting")
    whole = await rows(asking, "irregularities?checklist=voting")
    for each in whole:
        key = (each["indicator"], each["kind"], each["part"])
        parts = [r for r in by_hour if (r["indicator"], r["kind"], r["part"]) == key]
        assert sum(part["observations"] for part in parts) == each["observations"]
        assert sum(part["seen"] for part in parts) == each["seen"]
    assert all(each["hour"].endswith(":00") for each in by_hour)


async def test_settings_and_sorts_are_those_of_the_stations(
    asking: httpx.AsyncClient, country: SmallCountry
) -> None:
    known = {row[0] for row in country.execute("SELECT DISTINCT setting FROM place")}
    found = await rows(asking, "breakdowns/setting")
    assert {each["setting"] for each in found} <= known
    assert {each["sort"] for each in await rows(asking, "breakdowns/sort")} == {"ordinary"}
    assert (await asking.get("breakdowns/whim")).status_code == 422


async def test_agreement_is_of_stations_that_both_visited(asking: httpx.AsyncClient) -> None:
    for each in await rows(asking, "agreement"):
        assert (
            each["stations"] == each["agree"] + each["only_domestic"] + each["only_international"]
        )
        assert "estimate" not in str(each)


async def test_an_order_of_areas_needs_thirty_stations_of_the_sample(
    asking: httpx.AsyncClient,
) -> None:
    found = await rows(asking, "ranking?checklist=voting")
    assert all(each["number"]["type"] == "estimate" for each in found)
    assert all(each["number"]["n"] >= 30 for each in found)


async def test_women_among_staff_are_told_by_kind_and_never_pooled(
    asking: httpx.AsyncClient,
) -> None:
    found = await rows(asking, "staff")
    assert "domestic" in [each["kind"] for each in found]
    for each in found:
        assert 0 < each["women"] < each["staff"]
        assert each["kind"] == "domestic" or each["estimate"] is None


@pytest.mark.parametrize("view", ["hour", "setting", "sort", "agreement", "ranking", "staff"])
async def test_every_view_has_a_page(asking: httpx.AsyncClient, view: str) -> None:
    page = await asking.get(f"{PAGES}/breakdowns?view={view}")
    assert page.status_code == 200
    assert (await asking.get(f"{PAGES}/breakdowns?view=whim")).status_code == 404


async def test_partners_have_no_breakdowns(
    asking: httpx.AsyncClient, country: SmallCountry
) -> None:
    headers = country.bearer("partner")
    for path in ("breakdowns/hour", "agreement", "ranking", "staff", "incidents",
                 f"{PAGES}/breakdowns", f"{PAGES}/incidents"):  # fmt: skip
        assert (await asking.get(path, headers=headers)).status_code == 404
