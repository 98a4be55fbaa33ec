"""A suspension marks what was sent before for a review, and takes nothing away."""

from collections.abc import Callable
from typing import Any

import httpx

from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]


async def test_earlier_reports_of_a_suspended_observer_wait_for_review_and_still_count(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    lead, phone = mission.bearer("lead"), mission.bearer("observer")
    assert (await client.post(mission.reports, json=mission.report(), headers=phone)).is_success
    (before,) = (await client.get(mission.reports, headers=lead)).json()["items"]
    assert before["review"] == []
    where = f"/api/v1/missions/{mission.slug}/observers/O-1/state"
    given = {"suspended": True, "reason": "a case is open"}
    assert (await client.post(where, json=given, headers=lead)).is_success
    (after,) = (await client.get(mission.reports, headers=lead)).json()["items"]
    assert after["review"] == ["observer_suspended"]
    assert after["status"] == before["status"] == "received"
    page = f"/missions/{mission.slug}/reports?review=suspended"
    assert "observer suspended: review" in (await client.get(page, headers=lead)).text
    assert rows("SELECT count(*) FROM report") == [(1,)]


async def test_an_open_alarm_stands_on_the_control_room_until_it_is_settled(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    lead = mission.bearer("lead")
    await client.post(mission.reports, json=mission.report(), headers=mission.bearer("observer"))
    rows("""
INSERT INTO alarm (mission_id, id, kind, subject, detail, raised_at)
SELECT mission_id, gen_random_uuid(), 'second_use', 'O-1', '', now() FROM mission RETURNING 1""")
    room = f"/missions/{mission.slug}/"
    assert "Alarms that wait for you: 1" in (await client.get(room, headers=lead)).text
    rows("UPDATE alarm SET settled_at = now() RETURNING 1")
    assert "Alarms that wait for you" not in (await client.get(room, headers=lead)).text
