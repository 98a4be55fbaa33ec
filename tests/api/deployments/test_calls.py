"""Calls to a team: when the next one is due, to whom, and who may see the numbers."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest

from api.deployments.calls import next_call
from schemas.columns import new_id, now
from schemas.deployment import Call
from tests.api.deployments.test_changing import PLAN
from tests.api.review.desk import undo
from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def team(mission: SmallMission, rows: Rows) -> str:
    """The address of a deployment that sends O-1 to station 001, whose report is overdue."""
    rows("""UPDATE round SET polling_days = '["2026-11-08"]' RETURNING 1""")
    ((deployment,),) = rows(PLAN)
    return f"/api/v1/missions/{mission.slug}/deployments/{deployment}"


async def call_list(client: httpx.AsyncClient, mission: SmallMission) -> tuple[str, str]:
    """Whom the page Coverage says to call now, and whom later."""
    page = await client.get(
        f"/missions/{mission.slug}/coverage", headers=mission.bearer("data_manager")
    )
    assert page.status_code == 200
    section = page.text.partition('id="calls"')[2].partition("</section>")[0]
    due, _, later = section.partition("Called, to be called again")
    return due, later


def call(outcome: str, whom: str) -> Call:
    return Call(
        mission_id=new_id(),
        deployment_id=new_id(),
        outcome=outcome,
        whom=whom,
        called_by=new_id(),
        called_at=now(),
    )


def test_three_calls_without_an_answer_go_on_to_the_coordinator_and_then_to_the_deputy() -> None:
    made: list[Call] = []
    followed = []
    for _ in range(6):
        following = next_call(made)
        minutes = following.pause and following.pause / timedelta(minutes=1)
        followed.append((following.whom.value, minutes))
        made.append(call("no_answer", following.whom))
    assert followed == [
        ("observer", None),
        ("observer", 20),
        ("observer", 40),
        ("coordinator", None),
        ("deputy", None),
        ("observer", 40),
    ]


def test_whoever_was_reached_has_an_hour_and_the_count_begins_anew() -> None:
    made = [call("no_answer", "observer")] * 2 + [call("reached", "observer")]
    assert next_call(made).pause == timedelta(hours=1)
    again = next_call([*made, call("unreachable", "observer")])
    assert (again.whom, again.pause) == ("observer", timedelta(minutes=20))


async def test_a_team_that_was_called_leaves_the_call_list_until_the_next_call_is_due(
    client: httpx.AsyncClient, mission: SmallMission, team: str, rows: Rows
) -> None:
    lead = mission.bearer("lead")
    assert "O-1" in (await call_list(client, mission))[0]
    first = await client.post(f"{team}/calls", json={"outcome": "no_answer"}, headers=lead)
    assert first.status_code == 201, first.text
    assert (first.json()["attempts"], first.json()["next_whom"]) == (1, "observer")
    due, later = await call_list(client, mission)
    assert "O-1" not in due
    assert "O-1" in later
    rows("UPDATE call SET next_at = now() - interval '1 second' RETURNING 1")
    await client.post(f"{team}/calls", json={"outcome": "unreachable"}, headers=lead)
    third = await client.post(f"{team}/calls", json={"outcome": "no_answer"}, headers=lead)
    assert (third.json()["attempts"], third.json()["next_at"]) == (3, None)
    assert third.json()["next_whom"] == "coordinator"
    due, later = await call_list(client, mission)
    assert "O-1" in due
    assert "Call the coordinator" in due
    named = (now() + timedelta(hours=3)).isoformat()
    asked = {"outcome": "reached", "note": "they send it", "next_at": named}
    made = await client.post(f"{team}/calls", json=asked, headers=lead)
    assert made.json()["whom"] == "coordinator"
    assert "O-1" in (await call_list(client, mission))[1]
    listed = (await client.get(f"{team}/calls", headers=lead)).json()["items"]
    assert [each["outcome"] for each in listed] == [
        "no_answer", "unreachable", "no_answer", "reached",
    ]  # fmt: skip
    assert {each["by"] for each in listed} == {"lead"}
    assert all(one["called_at"] <= other["called_at"] for one, other in pairwise(listed))


async def test_a_next_call_that_cannot_be_is_refused_naming_the_field(
    as_lead: httpx.AsyncClient, team: str, rows: Rows
) -> None:
    for at in ("2026-01-01T10:00:00Z", "2099-01-01T10:00:00Z", "2099-01-01T10:00:00", "soon"):
        said = await as_lead.post(f"{team}/calls", json={"outcome": "reached", "next_at": at})
        assert (said.status_code, said.json()["field"]) == (422, "next_at"), said.text
    assert rows("SELECT count(*) FROM call") == [(0,)]


async def test_a_call_that_is_taken_back_never_was(
    client: httpx.AsyncClient, mission: SmallMission, team: str, rows: Rows
) -> None:
    manager = mission.bearer("data_manager")
    asked = {"outcome": "no_answer"}
    first = (await client.post(f"{team}/calls", json=asked, headers=manager)).json()
    assert "O-1" not in (await call_list(client, mission))[0]
    assert (await undo(client, mission, first["act"])).status_code == 200
    assert rows("SELECT count(*) FROM call") == [(0,)]
    assert "O-1" in (await call_list(client, mission))[0]


async def test_the_queue_says_whom_to_call_and_lets_go_of_who_was_called(
    client: httpx.AsyncClient, mission: SmallMission, team: str
) -> None:
    manager = mission.bearer("data_manager")

    async def overdue() -> list[dict[str, Any]]:
        place = f"/api/v1/missions/{mission.slug}/queues/overdue"
        items: list[dict[str, Any]] = (await client.get(place, headers=manager)).json()["items"]
        return items

    (item,) = await overdue()
    assert (item["calls"]["attempts"], item["calls"]["whom"]) == (0, "observer")
    for _ in range(3):
        await client.post(f"{team}/calls", json={"outcome": "no_answer"}, headers=manager)
    (item,) = await overdue()
    assert (item["calls"]["attempts"], item["calls"]["whom"]) == (3, "coordinator")
    await client.post(f"{team}/calls", json={"outcome": "reached"}, headers=manager)
    assert await overdue() == []


CONTACTS = {
    "coordinator": "A. Coordinator",
    "coordinator_telephone": "+000 55 014 0007",
    "deputy": "B. Deputy",
    "deputy_telephone": "+000 55 014 0008",
}


async def test_numbers_are_shown_to_few_and_every_look_is_logged(
    client: httpx.AsyncClient, mission: SmallMission, team: str, rows: Rows
) -> None:
    manager, lead = mission.bearer("data_manager"), mission.bearer("lead")
    own = f"/api/v1/missions/{mission.slug}/observers/O-1/contacts"
    assert (await client.put(own, json=CONTACTS, headers=manager)).status_code == 200
    twice = await client.put(own, json=CONTACTS, headers=manager)
    assert (twice.status_code, twice.json()["field"]) == (422, "coordinator")
    for place in (own, f"{team}/contacts"):
        for persona in ("observer", "partner"):
            answer = await client.get(place, headers=mission.bearer(persona))
            assert answer.status_code == 404
    assert rows("SELECT count(*) FROM audit_entry WHERE act = 'contacts.open'") == [(0,)]
    (shown,) = (await client.get(f"{team}/contacts", headers=lead)).json()["items"]
    assert shown.items() >= CONTACTS.items()
    assert (await client.get(own, headers=lead)).json().items() >= CONTACTS.items()
    opened = "SELECT count(*) FROM audit_entry WHERE act = 'contacts.open' AND subject = %s::text"
    assert rows(opened, mission.holders["observer"]) == [(2,)]
    assert rows("SELECT count(*) FROM audit_entry WHERE note LIKE '%%014%%'") == [(0,)]


async def test_the_deployments_page_shows_numbers_only_when_asked_by_who_may(
    client: httpx.AsyncClient, mission: SmallMission, team: str
) -> None:
    lead, manager = mission.bearer("lead"), mission.bearer("data_manager")
    own = f"/api/v1/missions/{mission.slug}/observers/O-1/contacts"
    await client.put(own, json=CONTACTS, headers=manager)
    page = team.replace("/api/v1", "")
    assert "014 0007" not in (await client.get(page, headers=lead)).text
    assert "Show telephone numbers" in (await client.get(page, headers=manager)).text
    for who in (manager, lead):
        assert "014 0007" in (await client.post(f"{page}/contacts", headers=who)).text
    partner = mission.bearer("partner")
    assert (await client.post(f"{page}/contacts", headers=partner)).status_code == 404
