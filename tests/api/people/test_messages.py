"""Messages reach who they are for, and are seen; a call for safety is answered."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.api.deployments.test_changing import PLAN
from tests.api.review.desk import undo
from tests.api.routes.people import post
from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]
AREA = """
WITH a AS (INSERT INTO area (mission_id, id, code, name, level)
  SELECT mission_id, gen_random_uuid(), 'N', 'North', 'region' FROM mission RETURNING *)
UPDATE place SET area_id = a.id FROM a WHERE place.code = '001' RETURNING 1"""


@pytest.fixture
def places(client: httpx.AsyncClient, mission: SmallMission, rows: Rows) -> str:
    """O-1 is sent to station 001, which lies in the north; where messages are sent."""
    rows(PLAN)
    rows(AREA)
    return f"/api/v1/missions/{mission.slug}/messages"


async def to(
    client: httpx.AsyncClient, mission: SmallMission, persona: str, place: str
) -> list[dict[str, Any]]:
    """The messages that somebody reads."""
    answer = await client.get(place, headers=mission.bearer(persona))
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@pytest.mark.parametrize(
    ("audience", "sent"),
    [
        ({}, 4),
        ({"area": "N"}, 1),
        ({"kind": "domestic"}, 4),
        ({"role": "short_term", "state": "deployed"}, 1),
        ({"state": "not_reported"}, 1),
        ({"observers": ["O-1", "O-2"]}, 2),
    ],
)
async def test_a_message_goes_to_the_observers_that_fit(
    client: httpx.AsyncClient,
    mission: SmallMission,
    places: str,
    audience: dict[str, Any],
    sent: int,
) -> None:
    given = {"text": "Polls close at eight.", "to": audience}
    made = await client.post(places, json=given, headers=mission.bearer("data_manager"))
    assert (made.status_code, made.json().get("sent")) == (201, sent), made.text
    (listed,) = await to(client, mission, "lead", places)
    assert (listed["sent"], listed["seen"], listed["not_seen"]) == (sent, 0, sent)


async def test_who_has_reported_is_not_asked_where_the_report_is(
    client: httpx.AsyncClient, mission: SmallMission, places: str
) -> None:
    await post(client, mission, "observer")
    manager = mission.bearer("data_manager")
    asked = {"text": "Where is your report?", "to": {"state": "not_reported"}}
    none = await client.post(places, json=asked, headers=manager)
    assert (none.status_code, none.json()["field"]) == (422, "to")
    thanked = {"text": "Thank you.", "to": {"state": "reported"}}
    assert (await client.post(places, json=thanked, headers=manager)).json()["sent"] == 1


async def test_a_message_has_come_when_it_was_fetched_and_is_seen_when_it_was_shown(
    client: httpx.AsyncClient, mission: SmallMission, places: str
) -> None:
    given = {"text": "Polls close at eight.", "to": {"area": "N"}}
    await client.post(places, json=given, headers=mission.bearer("data_manager"))
    (own,) = await to(client, mission, "observer", places)
    assert (own["text"], own["seen_at"]) == ("Polls close at eight.", None)
    assert await to(client, mission, "observer2", places) == []
    (listed,) = await to(client, mission, "lead", places)
    assert (listed["fetched"], listed["seen"]) == (1, 0)
    phone = mission.bearer("observer")
    for new in (True, False):
        shown = await client.post(f"{places}/{own['id']}/seen", headers=phone)
        assert shown.json()["new"] is new
    (listed,) = await to(client, mission, "lead", places)
    assert (listed["seen"], listed["not_seen"]) == (1, 0)
    no_answer = await client.post(
        f"{places}/{own['id']}/answer", json={"answer": "safe"}, headers=phone
    )
    assert no_answer.status_code == 409
    closed = await client.delete(f"{places}/{own['id']}", headers=mission.bearer("lead"))
    assert closed.status_code == 200
    assert await to(client, mission, "observer", places) == []
    again = await client.delete(f"{places}/{own['id']}", headers=mission.bearer("lead"))
    assert again.status_code == 409
    assert (await undo(client, mission, closed.json()["act"], "lead")).status_code == 200
    assert len(await to(client, mission, "observer", places)) == 1


async def test_whoever_asks_for_help_stands_first_in_the_roll_and_raises_an_alarm(
    client: httpx.AsyncClient, mission: SmallMission, places: str
) -> None:
    lead = mission.bearer("lead")
    called = await client.post(places, json={"kind": "safety"}, headers=lead)
    place = f"{places}/{called.json()['id']}"
    await post(client, mission, "observer")
    for persona, answer in (("observer2", "safe"), ("observer", "help"), ("observer", "help")):
        given = {"answer": answer, "note": "at the gate"}
        said = await client.post(f"{place}/answer", json=given, headers=mission.bearer(persona))
        assert said.status_code == 200
    found = (await client.get(place, headers=lead)).json()
    assert (found["safe"], found["help"], found["unanswered"]) == (1, 1, 2)
    assert [each["answer"] for each in found["roll"]] == ["help", None, None, "safe"]
    first = found["roll"][0]
    assert (first["pseudonym"], first["station"], first["area"]) == ("O-1", "001", "North")
    assert first["last_report_at"]
    (alarm,) = (await client.get(f"/api/v1/missions/{mission.slug}/alarms", headers=lead)).json()[
        "items"
    ]
    assert (alarm["kind"], alarm["subject"]) == ("safety_help", "O-1")


async def test_the_answer_given_last_on_the_phone_stands_whatever_comes_first(
    client: httpx.AsyncClient, mission: SmallMission, places: str, rows: Rows
) -> None:
    called = await client.post(places, json={"kind": "safety"}, headers=mission.bearer("lead"))
    place, phone = f"{places}/{called.json()['id']}", mission.bearer("observer")
    rows("UPDATE message SET sent_at = now() - interval '1 hour' RETURNING 1")
    ((early, late),) = rows(
        "SELECT to_json(now() - interval '20 min') #>> '{}', "
        "to_json(now() - interval '9 min') #>> '{}'"
    )
    for answer, at in (("safe", late), ("help", early)):
        given = {"answer": answer, "at": at}
        assert (await client.post(f"{place}/answer", json=given, headers=phone)).is_success
    found = (await client.get(place, headers=mission.bearer("lead"))).json()
    assert (found["safe"], found["help"]) == (1, 0)


async def test_a_message_that_is_taken_back_is_shown_no_more(
    client: httpx.AsyncClient, mission: SmallMission, places: str
) -> None:
    given = {"text": "Go to 002.", "to": {"observers": ["O-1"]}}
    sent = await client.post(places, json=given, headers=mission.bearer("data_manager"))
    assert (await undo(client, mission, sent.json()["act"])).status_code == 200
    assert await to(client, mission, "observer", places) == []


async def test_messages_are_not_for_partners_nor_sent_by_observers(
    client: httpx.AsyncClient, mission: SmallMission, places: str
) -> None:
    for persona in ("observer", "partner"):
        given = {"text": "x"}
        sent = await client.post(places, json=given, headers=mission.bearer(persona))
        assert sent.status_code == 404
    assert (await client.get(places, headers=mission.bearer("partner"))).status_code == 404


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x", "to": {"area": "nowhere"}}, "to.area"),
        ({"text": "x", "to": {"observers": ["O-9"]}}, "to.observers"),
        ({"text": "x", "to": {"kind": "martian"}}, "to.kind"),
        ({"text": "x", "kind": "shout"}, "kind"),
    ],
)
async def test_a_message_that_cannot_be_sent_is_refused_naming_the_field(
    client: httpx.AsyncClient,
    mission: SmallMission,
    places: str,
    given: dict[str, Any],
    field: str,
) -> None:
    said = await client.post(places, json=given, headers=mission.bearer("lead"))
    assert (said.status_code, said.json()["field"]) == (422, field), said.text


async def test_the_teams_in_an_area_are_told_when_it_is_closed(
    client: httpx.AsyncClient, mission: SmallMission, places: str
) -> None:
    shut = {"area": "N", "reason": "Shots on the road.", "begins_on": "2026-11-08"}
    made = await client.post(
        f"/api/v1/missions/{mission.slug}/registers/no_go",
        json=shut,
        headers=mission.bearer("lead"),
    )
    assert (made.status_code, made.json()["told"]) == (201, 1), made.text
    (own,) = await to(client, mission, "observer", places)
    assert (own["kind"], own["text"]) == ("area_closed", "Shots on the road.")
    assert own["about"]["area_name"] == "North"
    assert await to(client, mission, "observer2", places) == []
