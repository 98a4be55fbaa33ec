"""Whom to call about an observer: by file, kept with the identity, and gone with it."""

from collections.abc import Callable
from typing import Any

import httpx

from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]
FILE = (
    "pseudonym,organisation,coordinator,coordinator_phone,deputy,deputy_phone\n"
    "O-1,citizens,A. First,+000 55 014 0007,,\n"
    "N-1,citizens,B. Second,+000 55 014 0008,C. Third,+000 55 014 0009\n"
)


async def sent(client: httpx.AsyncClient, mission: SmallMission, file: str) -> dict[str, Any]:
    place = f"/api/v1/missions/{mission.slug}/tables/observers"
    answer = await client.post(place, content=file, headers=mission.bearer("data_manager"))
    assert answer.is_success, answer.text
    outcome: dict[str, Any] = answer.json()
    return outcome


async def contacts(
    client: httpx.AsyncClient, mission: SmallMission, pseudonym: str, who: str = "lead"
) -> dict[str, str]:
    place = f"/api/v1/missions/{mission.slug}/observers/{pseudonym}/contacts"
    found: dict[str, str] = (await client.get(place, headers=mission.bearer(who))).json()
    return found


async def test_contacts_come_by_file_and_what_stood_there_is_not_shown(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    first = await sent(client, mission, FILE)
    assert (first["added"], first["changed"]) == (1, 1)
    assert (await contacts(client, mission, "O-1"))["coordinator_telephone"] == "+000 55 014 0007"
    assert (await contacts(client, mission, "N-1"))["deputy"] == "C. Third"
    again = await sent(client, mission, FILE)
    assert (again["added"], again["changed"]) == (0, 0)
    other = await sent(client, mission, FILE.replace("014 0007", "014 7777"))
    assert (other["changed"], "014 0007" in str(other)) == (1, False)


async def test_contacts_do_not_identify_anybody_and_are_deleted_with_the_identity(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    await sent(client, mission, FILE)
    assert rows("SELECT count(*) FROM observer WHERE identified_at IS NOT NULL") == [(0,)]
    rows("DELETE FROM identity RETURNING 1")
    assert (await contacts(client, mission, "O-1"))["coordinator"] == ""


async def test_whoever_calls_teams_has_the_numbers_without_names_and_each_look_is_in_the_log(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    await sent(client, mission, FILE)
    found = await contacts(client, mission, "N-1", "data_manager")
    assert found["coordinator_telephone"] == "+000 55 014 0008"
    assert (found["name"], found["coordinator"], found["deputy"]) == ("", "", "")
    assert rows("SELECT count(*) FROM audit_entry WHERE act = 'contacts.open'") == [(1,)]


async def test_an_observers_phone_has_the_number_of_its_own_coordinator_and_nothing_else(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    await sent(client, mission, FILE)
    answer = await client.get("/api/v1/me", headers=mission.bearer("observer"))
    assert answer.json()["coordinator_telephone"] == "+000 55 014 0007"
    assert "A. First" not in answer.text
    other = await client.get("/api/v1/me", headers=mission.bearer("observer2"))
    assert other.json()["coordinator_telephone"] == ""
