"""How the pages conduct themselves: filters, paging, problems, drafts whose numbers moved."""

import re

import httpx
import pytest

from tests.api.routes.people import post
from tests.api.small import SmallMission

IRREGULAR = {"sealed": "no", "sealed__known": "saw"}


async def test_an_unknown_page_is_said_as_a_page_and_leads_strangers_to_the_door(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    address = f"/missions/{mission.slug}/nowhere/at/all"
    page = await client.get(address, headers=mission.bearer("lead"))
    assert (page.status_code, "There is no such page." in page.text) == (404, True)
    assert (await client.get(address)).headers["location"] == "/"


async def test_a_sign_in_link_that_serves_no_more_is_said_as_a_page_to_a_browser(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/sign-in/nothing", headers={"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert page.status_code == 404
    assert (await client.get("/sign-in/nothing")).json()["code"] == "not_found"


@pytest.mark.parametrize("asked", ["after=x", "station=%00", "indicator=x&area=x", "after=WyJ4Il0"])
async def test_what_no_filter_takes_is_a_page_of_words(
    as_lead: httpx.AsyncClient, mission: SmallMission, asked: str
) -> None:
    await post(as_lead, mission)
    page = await as_lead.get(f"/missions/{mission.slug}/reports?{asked}")
    assert page.status_code == 422
    assert page.headers["content-type"].startswith("text/html")


async def test_reports_go_on_where_the_page_before_ended(
    as_lead: httpx.AsyncClient, mission: SmallMission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.pages.reports.PER_PAGE", 2)
    sent = [
        str((await post(as_lead, mission, station=code))["id"]) for code in ("001", "002", "003")
    ]
    address, seen = f"/missions/{mission.slug}/reports?checklist=voting", []
    for _ in range(3):
        page = (await as_lead.get(address)).text
        seen += [each for each in sent if f"/reports/{each}" in page]
        onward = re.search(r'href="(\?[^"]+)">Earlier', page)
        if onward is None:
            break
        address = f"/missions/{mission.slug}/reports{onward[1]}".replace("&amp;", "&")
    assert sorted(seen) == sorted(sent)


async def test_reports_are_found_by_station_and_status(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    placed = (await post(as_lead, mission, station="002"))["id"]
    held = (await post(as_lead, mission, station="999"))["id"]
    base = f"/missions/{mission.slug}/reports"
    by_station = (await as_lead.get(f"{base}?station=002")).text
    by_status = (await as_lead.get(f"{base}?status=held")).text
    assert (placed in by_station, held in by_station) == (True, False)
    assert (placed in by_status, held in by_status) == (False, True)


async def test_a_draft_says_which_of_its_numbers_moved(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    await post(as_lead, mission, answers=IRREGULAR)
    origin = {"Origin": "http://indelible"}
    made = await as_lead.post(f"/missions/{mission.slug}/statements", headers=origin)
    address = made.headers["location"]
    assert "numbers moved" not in (await as_lead.get(address)).text
    await post(as_lead, mission, answers=IRREGULAR, station="002")
    page = (await as_lead.get(address)).text
    assert "numbers moved" in page
    assert "1 of 1 → 2 of 2" in page
