"""Questions answered over the network and on pages: by hour, side by side, in order, women."""

import re
from typing import Any

import httpx
import pytest

from tests.api.figures.conftest import SmallCountry, share_everything

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
    for path in (
        "breakdowns/hour",
        "agreement",
        "ranking",
        "staff",
        "incidents",
        f"{PAGES}/breakdowns",
        f"{PAGES}/incidents",
    ):
        assert (await asking.get(path, headers=headers)).status_code == 404


async def test_ratings_and_who_was_present_are_counts_of_those_who_looked(
    asking: httpx.AsyncClient, country: SmallCountry
) -> None:
    found = await rows(asking, "answers")
    rated = [each for each in found if each["question"] == "rating"]
    assert {each["kind"] for each in rated} <= {"domestic", "international"}
    assert rated
    for each in found:
        assert 0 <= max(each["counts"].values()) <= each["of"]
        assert "not_observed" not in each["counts"]
    for each in rated:
        assert sum(each["counts"].values()) == each["of"]
    (whole,) = country.execute(
        "SELECT count(*) FROM report r JOIN report_version v ON v.report_id = r.id AND"
        " v.number = r.version WHERE r.status IN ('received', 'flagged', 'verified')"
        " AND v.answers ? 'rating' AND r.finalised_at <= now()"
    )[0]
    assert sum(each["of"] for each in rated) == whole


async def test_bars_and_ratings_stand_on_their_pages(asking: httpx.AsyncClient) -> None:
    page = (await asking.get(f"{PAGES}/breakdowns?view=answers")).text
    assert "Who was present" in page
    assert "Contestants&#39; agents" in page or "Contestants&#x27; agents" in page
    assert "How it was rated" in page
    stages = (await asking.get(f"{PAGES}/irregularities")).text
    assert "Answers that were irregular, by stage" in stages
    assert stages.count("<figure>") >= 1


async def test_bars_by_stage_add_up_to_the_answers_of_the_table(asking: httpx.AsyncClient) -> None:
    page = (await asking.get(f"{PAGES}/irregularities?kind=domestic")).text
    told = re.findall(r"<desc[^>]*>((?:[A-Z][a-z ]+ \d+ of \d+(?:; )?)+)\.</desc>", page)
    sums = [list(map(int, each)) for each in re.findall(r"(\d+) of (\d+)", told[0])]
    table = await rows(asking, "irregularities?kind=domestic")
    assert sum(seen for seen, _ in sums) == sum(each["seen"] for each in table)
    assert sum(of for _, of in sums) == sum(each["observations"] for each in table)


async def test_a_partner_is_shown_no_sums_by_stage(
    asking: httpx.AsyncClient, country: SmallCountry
) -> None:
    await share_everything(asking, country)
    page = await asking.get(f"{PAGES}/irregularities", headers=country.bearer("partner"))
    assert page.status_code == 200
    assert "by stage" not in page.text
