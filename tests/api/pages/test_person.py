"""One observer's page: what is on record, a code to read aloud, a suspension with a reason."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def where(mission: SmallMission) -> str:
    return f"/missions/{mission.slug}/people/O-1"


async def test_a_suspension_has_a_reason_and_can_be_taken_back(
    client: httpx.AsyncClient, mission: SmallMission, where: str, rows: Rows
) -> None:
    lead = mission.bearer("lead")
    bare = await client.post(f"{where}/state", data={"act": "suspend"}, headers=lead)
    assert bare.status_code == 422
    for act, state in (("suspend", "suspended"), ("reinstate", "active")):
        said = await client.post(
            f"{where}/state", data={"act": act, "reason": "Wore a badge."}, headers=lead
        )
        assert said.status_code == 303
        assert rows("SELECT state FROM observer WHERE pseudonym = 'O-1'") == [(state,)]
        page = await client.get(where, headers=lead)
        assert ("Wore a badge." in page.text) is (state == "suspended")


async def test_a_code_is_read_aloud_once_and_the_lost_phone_is_shut_out(
    client: httpx.AsyncClient, mission: SmallMission, where: str
) -> None:
    page = await client.post(f"{where}/telephone", headers=mission.bearer("lead"))
    spelled = page.text.partition('class="spelled"')[2].partition("<bdi>")[2].partition("<")[0]
    old = await client.get("/api/v1/me", headers=mission.bearer("observer"))
    assert old.status_code == 401
    again = await client.get(where, headers=mission.bearer("lead"))
    assert spelled not in again.text
    enrolled = await client.post("/api/v1/enrol", json={"code": spelled.lower()})
    assert enrolled.json()["pseudonym"] == "O-1"


async def test_what_was_declared_is_read_by_those_who_keep_people(
    client: httpx.AsyncClient, mission: SmallMission, where: str, rows: Rows
) -> None:
    rows(
        'UPDATE interest_declaration d SET answers = \'{"ties": "A cousin stands."}\''
        " FROM observer o WHERE o.id = d.observer_id RETURNING 1"
    )
    assert "A cousin stands." in (await client.get(where, headers=mission.bearer("lead"))).text
    for persona in ("observer", "partner"):
        other = await client.get(where, headers=mission.bearer(persona))
        assert other.status_code == 404
    assert (await client.get(f"{where}9", headers=mission.bearer("lead"))).status_code == 404
