"""Official results beside a quick count, and its release by two persons."""

import re
from typing import Any

import httpx
import pytest

from tests.api.figures.conftest import SmallCountry

PUBLISH = """
INSERT INTO official_result (mission_id, contest_id, place_id, source, figures, votes, imported_at)
SELECT c.mission_id, c.id, p.id, 'published', '{"valid": 100}',
  (SELECT jsonb_object_agg(n.code, CASE WHEN n.position = 1 THEN %s ELSE 0 END)
   FROM contestant n WHERE n.contest_id = c.id), now()
FROM contest c JOIN place p ON p.kind = 'station' ON CONFLICT DO NOTHING"""
LEAVE = """
DELETE FROM official_result WHERE place_id NOT IN (
  SELECT id FROM place WHERE kind = 'station' ORDER BY code LIMIT %s)"""
CONTEST = "quick-counts/president"
PAGES = "http://indelible/missions"


@pytest.fixture
def official(country: SmallCountry) -> Any:
    """Publishes results by which the first contestant has so many of every hundred votes."""

    def publish(share: int, stations: int = 1_000_000) -> None:
        country.execute("DELETE FROM official_result")
        country.execute(PUBLISH, share)
        country.execute(LEAVE, stations)
        country.act("results.import.published")

    return publish


async def leading(client: httpx.AsyncClient) -> dict[str, Any]:
    """What is said of the first contestant's official share."""
    shown = (await client.get(CONTEST)).json()
    first: dict[str, Any] = shown["official"][0]["shares"][0]
    return first


async def test_a_published_share_far_off_is_never_inconsistent_below_the_threshold(
    asking: httpx.AsyncClient, official: Any
) -> None:
    official(99)
    said = await leading(asking)
    assert said["share"] == 0.99
    assert said["verdict"] == "cannot determine"


async def test_below_the_threshold_the_desk_reads_counts_bounds_and_the_reason_and_no_estimate(
    country: SmallCountry, asking: httpx.AsyncClient
) -> None:
    shown = (await asking.get(CONTEST)).json()
    assert not shown["may_speak"]
    assert "below the mission's threshold" in shown["withheld"]
    assert shown["received"] > 0
    assert shown["strata"]
    for share in shown["shares"]:
        assert (share["number"], share["raw"]) == (None, None)
        assert 0 <= share["lowest"] <= share["highest"] <= 1
        assert {each["verdict"] for each in share["thresholds"]} <= {"cannot determine"}
    page = (await asking.get(f"{PAGES}/{country.slug}/quick-count")).text
    assert 'class="est' not in page
    assert "±" not in page
    assert "Too few stations have answered" in page
    first = shown["shares"][0]
    assert f"{100 * first['lowest']:.1f}–{100 * first['highest']:.1f}%" in page
    room = (await asking.get(f"{PAGES}/{country.slug}/")).text
    section = room[room.index('<section class="counts">') :].split("</section>")[0]
    assert "Not enough stations to say" in section
    assert set(re.findall(r"[\d.,]+ ?%", section)) == {"80%"}  # the threshold itself


async def test_above_the_threshold_page_and_json_give_one_estimate(
    country: SmallCountry, speaking: None, asking: httpx.AsyncClient
) -> None:
    shown = (await asking.get(CONTEST)).json()
    assert shown["withheld"] is None
    page = (await asking.get(f"{PAGES}/{country.slug}/quick-count")).text
    for share in shown["shares"]:
        value, margin = share["number"]["text"].split(" ", 1)
        assert f"{value} <i>{margin}</i>" in page


async def test_a_published_share_inside_the_interval_is_consistent(
    speaking: None, asking: httpx.AsyncClient, official: Any
) -> None:
    shown = (await asking.get(CONTEST)).json()
    estimate = shown["shares"][0]["number"]["value"]
    official(round(100 * estimate))
    assert (await leading(asking))["verdict"] == "consistent"


async def test_results_of_a_part_of_the_stations_decide_nothing(
    speaking: None, asking: httpx.AsyncClient, official: Any
) -> None:
    shown = (await asking.get(CONTEST)).json()
    estimate = shown["shares"][0]["number"]["value"]
    official(round(100 * estimate), stations=100)
    assert (await leading(asking))["verdict"] == "cannot determine"


async def test_copies_of_a_station_are_held_against_one_another(
    asking: httpx.AsyncClient, official: Any
) -> None:
    official(50)
    found = (await asking.get(f"{CONTEST}/copies")).json()
    (pair,) = [
        each
        for each in found["pairs"]
        if (each["earlier"], each["later"]) == ("observed", "published")
    ]
    assert pair["both"] > 0
    one = found["items"][0]
    assert one["change"] == one["after"] - one["before"] != 0


async def test_a_quick_count_below_the_threshold_is_not_frozen(asking: httpx.AsyncClient) -> None:
    refused = await asking.post(f"{CONTEST}/releases")
    assert (refused.status_code, refused.json()["field"]) == (409, "may_speak")


async def test_one_person_freezes_and_another_releases(
    country: SmallCountry, speaking: None, asking: httpx.AsyncClient
) -> None:
    made = await asking.post(f"{CONTEST}/releases")
    assert made.status_code == 201, made.text
    place = f"{CONTEST}/releases/{made.json()['id']}/release"
    assert (await asking.post(place)).status_code == 409
    partner = country.bearer("partner")
    assert (await asking.get(f"{CONTEST}/releases", headers=partner)).json()["items"] == []
    manager = country.bearer("data_manager")
    frozen = await asking.post(f"{CONTEST}/releases", headers=manager)
    released = await asking.post(f"{CONTEST}/releases/{frozen.json()['id']}/release")
    assert released.json()["released_at"]
    (shown,) = (await asking.get(f"{CONTEST}/releases", headers=partner)).json()["items"]
    assert shown["sha256"] == frozen.json()["sha256"]


async def test_before_the_hour_of_the_law_nothing_is_released(
    country: SmallCountry, speaking: None, asking: httpx.AsyncClient
) -> None:
    country.execute("UPDATE mission SET embargo_until = now() + interval '1 hour'")
    frozen = await asking.post(f"{CONTEST}/releases", headers=country.bearer("data_manager"))
    refused = await asking.post(f"{CONTEST}/releases/{frozen.json()['id']}/release")
    assert (refused.status_code, refused.json()["field"]) == (409, "embargo_until")
