"""The page Messages: sent by a form, the roll of a call for safety, numbers only when asked for."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.api.deployments.test_changing import PLAN
from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def pages(mission: SmallMission, rows: Rows) -> str:
    rows(PLAN)
    return f"/missions/{mission.slug}/messages"


async def test_a_call_for_safety_is_sent_by_the_form_and_its_roll_begins_with_who_needs_help(
    client: httpx.AsyncClient, mission: SmallMission, pages: str
) -> None:
    lead = mission.bearer("lead")
    assert "No message yet." in (await client.get(pages, headers=lead)).text
    sent = await client.post(pages, data={"kind": "safety", "to.area": ""}, headers=lead)
    assert sent.status_code == 303
    roll = sent.headers["location"]
    page = (await client.get(roll, headers=lead)).text
    assert "4 of 4 observers have not answered the call for safety." in page
    place = f"/api/v1{roll}/answer"
    for persona, answer in (("observer2", "safe"), ("observer", "help")):
        await client.post(place, json={"answer": answer}, headers=mission.bearer(persona))
    page = (await client.get(roll, headers=lead)).text
    assert "1 of 4 observers ask for help; 2 have not answered." in page
    order = [page.index(f">{name}</bdi>") for name in ("O-1", "O-undeclared", "O-2")]
    assert order == sorted(order)
    assert "help: 1" in (await client.get(pages, headers=lead)).text
    people = await client.get(f"/missions/{mission.slug}/people", headers=lead)
    assert "This observer asks for help" in people.text


async def test_the_rolls_numbers_are_shown_when_somebody_asks_who_may(
    client: httpx.AsyncClient, mission: SmallMission, pages: str, rows: Rows
) -> None:
    lead, manager = mission.bearer("lead"), mission.bearer("data_manager")
    person = f"/missions/{mission.slug}/people/O-1"
    given = {"coordinator_telephone": "+000 55 014 0007"}
    kept = await client.post(f"{person}/contacts", data=given, headers=manager)
    assert kept.status_code == 303
    assert "014 0007" not in (await client.get(person, headers=lead)).text
    assert "014 0007" in (await client.post(f"{person}/contacts/open", headers=lead)).text
    sent = await client.post(pages, data={"kind": "safety"}, headers=manager)
    roll = sent.headers["location"]
    assert "014 0007" not in (await client.get(roll, headers=lead)).text
    observer = mission.bearer("observer")
    assert (await client.post(f"{roll}/contacts", headers=observer)).status_code == 404
    for who in (lead, manager):
        assert "014 0007" in (await client.post(f"{roll}/contacts", headers=who)).text
    opened = "SELECT count(*) FROM audit_entry WHERE act = 'contacts.open' AND subject = %s::text"
    assert rows(opened, mission.holders["observer"]) == [(3,)]


async def test_what_cannot_be_sent_comes_back_with_its_field_and_what_was_typed(
    client: httpx.AsyncClient, mission: SmallMission, pages: str
) -> None:
    given = {"kind": "message", "text": "Polls close at eight.", "to.area": "nowhere"}
    page = await client.post(pages, data=given, headers=mission.bearer("lead"))
    assert page.status_code == 422
    assert "to.area" in page.text
    assert "Polls close at eight." in page.text


async def test_a_closed_message_is_shown_as_such_and_not_closed_again(
    client: httpx.AsyncClient, mission: SmallMission, pages: str
) -> None:
    lead = mission.bearer("lead")
    sent = await client.post(pages, data={"text": "Go on."}, headers=lead)
    roll = sent.headers["location"]
    assert (await client.post(f"{roll}/close", headers=lead)).status_code == 303
    page = (await client.get(roll, headers=lead)).text
    assert "Close: phones show it no more" not in page
    assert "closed" in page
