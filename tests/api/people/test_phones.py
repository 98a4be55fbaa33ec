"""Phones that are wiped from the desk, handed over, and what they forget."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
async def phone(client: httpx.AsyncClient, mission: SmallMission) -> dict[str, str]:
    """The header of a phone that the first observer enrolled."""
    people = f"/api/v1/missions/{mission.slug}/observers/O-1"
    lead = mission.bearer("lead")
    made = await client.post(f"{people}/enrolment", json={}, headers=lead)
    token = (await client.post("/api/v1/enrol", json={"code": made.json()["code"]})).json()["token"]
    return {"Authorization": f"Bearer {token}"}


async def test_a_phone_learns_that_it_is_to_be_wiped_sends_and_says_what_was_lost(
    client: httpx.AsyncClient, mission: SmallMission, phone: dict[str, str], rows: Rows
) -> None:
    at, desk = f"/api/v1/missions/{mission.slug}", mission.bearer("data_manager")
    told = (await client.get("/api/v1/me", headers=phone)).json()["phone"]
    assert told == {"forget_hours": 72, "passphrase": False, "wipe": False}
    asked = await client.post(f"{at}/observers/O-1/phones/wipe", headers=desk)
    assert asked.json() == {"phones": 1}
    assert (await client.get("/api/v1/me", headers=phone)).json()["phone"]["wipe"] is True
    sent = await client.post(mission.reports, json=mission.report(), headers=phone)
    assert sent.status_code == 201, "what is finished still comes in"
    lost = {"reports": 0, "photos": 1, "drafts": 2}
    assert (await client.post(f"{at}/phone/leaving", json=lost, headers=phone)).status_code == 204
    assert rows("SELECT left_at IS NOT NULL, revoked_at IS NOT NULL, lost FROM phone") == [
        (True, True, lost)
    ]
    revoked = "SELECT count(*) FROM credential WHERE purpose = 'bearer' AND revoked_at IS NOT NULL"
    assert rows(revoked) == [(1,)], "that phone's token alone"
    page = await client.get(f"/missions/{mission.slug}/people/O-1", headers=desk)
    assert "lost: photos 1, drafts 2" in page.text
    acts = rows(
        "SELECT act, note FROM audit_entry WHERE starts_with(act, 'phone') ORDER BY sequence"
    )
    assert acts == [("phone.wipe", ""), ("phone.leave", "lost: 1 photos, 2 drafts")]


async def test_nobody_is_promised_that_a_phone_is_wiped_which_cannot_be_reached(
    as_data_manager: httpx.AsyncClient, mission: SmallMission
) -> None:
    at = f"/api/v1/missions/{mission.slug}/observers/O-2/phones/wipe"
    answer = await as_data_manager.post(at)
    assert answer.status_code == 409
    assert "none can be reached" in answer.json()["detail"]


async def test_the_lead_says_when_phones_forget_what_was_sent(
    as_lead: httpx.AsyncClient, mission: SmallMission, phone: dict[str, str]
) -> None:
    at, page = f"/api/v1/missions/{mission.slug}/phones", f"/missions/{mission.slug}/people/phones"
    set_now = await as_lead.put(at, json={"forget_hours": 24})
    assert set_now.json() == {"forget_hours": 24, "passphrase": False}
    assert (await as_lead.put(at, json={"forget_hours": 0})).status_code == 422
    assert (await as_lead.post(page, data={"hours": "soon"})).status_code == 422
    assert (await as_lead.post(page, data={"hours": "48"})).status_code == 303
    told = (await as_lead.get("/api/v1/me", headers=phone)).json()["phone"]
    assert told["forget_hours"] == 48


async def test_the_lead_says_whether_phones_ask_for_a_passphrase(
    as_lead: httpx.AsyncClient, mission: SmallMission, phone: dict[str, str]
) -> None:
    base = f"/missions/{mission.slug}"
    at, page = f"/api/v1{base}/phones", f"{base}/people/phones/passphrase"

    async def told() -> bool:
        answer = await as_lead.get("/api/v1/me", headers=phone)
        return bool(answer.json()["phone"]["passphrase"])

    assert (await as_lead.put(at, json={"passphrase": True})).json() == {
        "forget_hours": 72,
        "passphrase": True,
    }
    assert await told()
    assert "Passphrase on phones: asked for" in (await as_lead.get(f"{base}/people")).text
    assert (await as_lead.post(page, data={"passphrase": "no"})).status_code == 303
    assert not await told()
    assert (await as_lead.post(page, data={"passphrase": "perhaps"})).status_code == 422
    refused = await as_lead.put(at, json={})
    assert (refused.status_code, refused.json()["field"]) == (422, "passphrase")
