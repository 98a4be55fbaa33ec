"""The desk's queues: what waits for a person, who has it open, and what takes it out again."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.routes.people import get, post
from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]
UNSEALED = {"queue": 4, "sealed": "no"}
OVER = "UPDATE desk_hold SET until = now() - interval '1 second' RETURNING 1"


async def items(
    client: httpx.AsyncClient, mission: SmallMission, queue: str, **asked: Any
) -> list[dict[str, Any]]:
    """The items of a queue."""
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    answer = await get(client, mission, f"queues/{queue}?{query}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def hold(
    client: httpx.AsyncClient,
    mission: SmallMission,
    queue: str,
    item: str,
    who: str = "data_manager",
    method: str = "POST",
) -> httpx.Response:
    """Take an item as somebody, or let go of it."""
    address = f"/api/v1/missions/{mission.slug}/queues/{queue}/items/{item}/hold"
    return await client.request(method, address, headers=mission.bearer(who))


async def decide(
    client: httpx.AsyncClient, mission: SmallMission, report: str, who: str = "data_manager"
) -> httpx.Response:
    """Verify a report as somebody."""
    given = {"status": "verified", "reason": "Called the team."}
    address = f"{mission.reports}/{report}/decision"
    return await client.post(address, json=given, headers=mission.bearer(who))


async def test_every_queue_says_how_many_wait_since_when_and_who_has_what_open(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    first = await post(client, mission, station="0746")
    await post(client, mission, station="0747")
    await post(client, mission)
    await hold(client, mission, "held", first["id"])
    found = (await get(client, mission, "queues")).json()["items"]
    assert [each["name"] for each in found] == [
        "held",
        "conflicts",
        "flagged",
        "corrections",
        "overdue",
        "incidents",
        "typing",
        "sms",
    ]
    assert found[0]["count"] == 2
    assert found[0]["oldest"] == (await items(client, mission, "held"))[0]["at"]
    (held,) = found[0]["held"]
    assert (held["item"], held["by"]) == (first["id"], "data_manager")
    assert [(each["count"], each["oldest"], each["held"]) for each in found[1:]] == [
        (0, None, [])
    ] * 7


async def test_an_item_says_what_is_held_and_why(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    sent = await post(client, mission, station="0746", answers=UNSEALED)
    (item,) = await items(client, mission, "held")
    assert item["id"] == item["report"] == sent["id"]
    assert [(each["field"], each["code"]) for each in item["reasons"]] == [("station", "unknown")]
    assert (item["station"], item["place"], item["observer"]) == (None, "0746", "O-1")
    assert (item["severity"], item["danger"], item["held_by"]) == (2, False, None)


async def test_danger_comes_first_and_then_the_oldest_page_after_page(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    sent = [(await post(client, mission, station=f"07{n}"))["id"] for n in range(4)]
    rows("UPDATE report SET checklist = 'incident' WHERE id = %s RETURNING 1", sent[2])
    danger = 'UPDATE report_version SET answers = \'{"danger": "yes"}\' WHERE report_id = %s'
    rows(f"{danger} RETURNING 1", sent[2])
    expected = [sent[2], sent[0], sent[1], sent[3]]
    assert [each["id"] for each in await items(client, mission, "held")] == expected
    found, after = [], ""
    while after is not None:
        page = (await get(client, mission, f"queues/held?limit=1&after={after}")).json()
        found += [each["id"] for each in page["items"]]
        after = page["next"]
    assert found == expected


@pytest.mark.parametrize("queue", ["none", "Held"])
async def test_a_queue_that_is_not_there_is_not_found(
    client: httpx.AsyncClient, mission: SmallMission, queue: str
) -> None:
    assert (await get(client, mission, f"queues/{queue}")).status_code == 404


async def test_a_flagged_report_leaves_its_queue_once_somebody_has_verified_it(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = (await post(client, mission))["id"]
    flags = '[{"name": "sum", "inputs": {}, "formula": ""}]'
    rows("UPDATE judgement SET flags = %s WHERE report_id = %s RETURNING 1", flags, report)
    rows("UPDATE report SET status = 'flagged' WHERE id = %s RETURNING 1", report)
    (item,) = await items(client, mission, "flagged")
    assert (item["id"], item["reasons"][0]["code"]) == (report, "sum")
    assert (await decide(client, mission, report)).status_code == 200
    assert await items(client, mission, "flagged") == []


async def test_what_quality_control_notices_is_one_entry_a_report_with_all_its_reasons(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    moments = {"arrived_at": "2026-11-08T05:00:00Z", "departed_at": "2026-11-08T05:00:01Z"}
    position = {"lat": 1.0, "lon": 1.0, "accuracy_m": 5}
    early = await post(
        client, mission, **moments, finalised_at="2026-11-08T05:00:01Z", position=position
    )
    found = await items(client, mission, "flagged")
    assert [each["id"] for each in found] == [early["id"]]
    assert "before-opening" in [each["code"] for each in found[0]["reasons"]]
    await decide(client, mission, early["id"])
    assert await items(client, mission, "flagged") == []


async def test_a_later_version_of_what_is_verified_waits_among_the_corrections(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    first = await post(client, mission)
    await decide(client, mission, first["id"])
    later = await post(client, mission, id=str(uuid4()), replaces=first["id"], answers=UNSEALED)
    assert [each["id"] for each in await items(client, mission, "corrections")] == [later["id"]]
    assert await items(client, mission, "held") == []


async def test_an_item_is_held_by_one_person_who_may_renew_it_and_let_go(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    report = (await post(client, mission, station="0746"))["id"]
    first = await hold(client, mission, "held", report)
    assert (first.status_code, first.json()["by"]) == (200, "data_manager")
    again = await hold(client, mission, "held", report)
    assert again.json()["until"] > first.json()["until"]
    other = await hold(client, mission, "held", report, "lead")
    assert (other.status_code, other.json()["held_by"]) == (409, "data_manager")
    assert "data_manager" in other.json()["detail"]
    assert (await items(client, mission, "held"))[0]["held_by"] == "data_manager"
    assert (await hold(client, mission, "held", report, "lead", "DELETE")).status_code == 409
    assert (await hold(client, mission, "held", report, method="DELETE")).status_code == 200
    assert (await hold(client, mission, "held", report, method="DELETE")).status_code == 409
    assert (await hold(client, mission, "held", report, "lead")).json()["by"] == "lead"


async def test_a_hold_ends_by_itself(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = (await post(client, mission, station="0746"))["id"]
    await hold(client, mission, "held", report)
    rows(OVER)
    assert (await items(client, mission, "held"))[0]["held_by"] is None
    assert (await hold(client, mission, "held", report, "lead")).status_code == 200


@pytest.mark.parametrize("item", ["x", "5f0c9a2e-7a0b-4a57-9d35-0c3a4f1f2b11"])
async def test_what_is_not_in_the_queue_is_not_held(
    client: httpx.AsyncClient, mission: SmallMission, item: str
) -> None:
    answer = await hold(client, mission, "held", item)
    assert (answer.status_code, answer.json()["field"]) == (409, "item")


async def test_nobody_decides_on_what_another_has_open(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = (await post(client, mission))["id"]
    rows("UPDATE report SET status = 'flagged' WHERE id = %s RETURNING 1", report)
    await hold(client, mission, "flagged", report, "lead")
    refused = await decide(client, mission, report)
    assert (refused.status_code, refused.json()["held_by"]) == (409, "lead")
    assert rows("SELECT status FROM report WHERE id = %s", report) == [("flagged",)]
    assert (await decide(client, mission, report, "lead")).status_code == 200
