"""The page that closes a mission: what is open, its name typed, a day to undo it."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Caches are short, and what waits is looked at again and again."""
    monkeypatch.setattr("api.intake.reference_cache.FRESH_SECONDS", 0.0)
    monkeypatch.setattr("api.review.release_held.EVERY_SECONDS", 0.05)
    monkeypatch.setattr("api.auth.principal.CACHE_SECONDS", 0.0)


async def test_the_page_counts_what_is_open_and_links_to_it(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    lead = mission.bearer("lead")
    await client.post(
        mission.reports,
        json=mission.report(station="nowhere"),
        headers=mission.bearer("data_manager"),
    )
    rows(
        "UPDATE round SET polling_days = to_jsonb(ARRAY[(now() + interval '3 days')::date::text])"
        " RETURNING 1"
    )
    page = (await client.get(f"/missions/{mission.slug}/closing", headers=lead)).text
    for count, link in (("1", "reports?status=held"), ("1", "elections")):
        assert f'>{count}</span> <a href="/missions/{mission.slug}/{link}">' in page
    assert ">0</span> Incidents that await a decision" in page
    assert f'<b dir="ltr">{mission.slug}</b>' in page


@pytest.mark.parametrize("typed", ["", "VASTRIA-2026", "vastria-2026 ", "vastria"])
async def test_without_the_name_typed_exactly_nothing_is_closed(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows, typed: str
) -> None:
    where = f"/missions/{mission.slug}/closing"
    said = await client.post(where, data={"name": typed}, headers=mission.bearer("lead"))
    assert said.status_code == 422
    assert "Nothing was closed" in said.text
    assert rows("SELECT state FROM mission") == [("active",)]


async def test_a_mission_that_was_closed_is_reopened_and_its_phones_and_late_reports_count(
    often: None, client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    where = f"/missions/{mission.slug}/closing"
    lead, observer = mission.bearer("lead"), mission.bearer("observer")
    assert (
        await client.post(mission.reports, json=mission.report(), headers=observer)
    ).status_code == 201
    closed = await client.post(where, data={"name": mission.slug}, headers=lead)
    assert (closed.status_code, "sign in again" in closed.text) == (200, True)
    await asyncio.sleep(0.1)
    assert (await client.get(where, headers=lead)).status_code == 303
    refused = await client.post(mission.reports, json=mission.report(), headers=observer)
    assert refused.status_code == 401
    rows(
        "UPDATE credential SET revoked_at = NULL, expires_at = NULL WHERE role IN"
        " ('lead', 'data_manager') RETURNING 1"
    )
    manager = mission.bearer("data_manager")
    late = await client.post(mission.reports, json=mission.report(), headers=manager)
    assert [each["code"] for each in late.json()["items"][0]["reasons"]] == ["mission_closed"]
    assert "Reopen the mission" in (await client.get(where, headers=lead)).text
    assert (await client.post(f"{where}/undo", headers=lead)).status_code == 303
    for _ in range(100):
        if rows("SELECT DISTINCT status FROM report") == [("received",)]:
            break
        await asyncio.sleep(0.05)
    assert rows("SELECT status, count(*) FROM report GROUP BY 1") == [("received", 2)]
    assert (
        await client.post(mission.reports, json=mission.report(), headers=observer)
    ).status_code == 201
    acts = rows(
        "SELECT act, actor_id IS NOT NULL FROM audit_entry"
        " WHERE starts_with(act, 'mission.') ORDER BY sequence"
    )
    assert acts == [("mission.close", True), ("mission.reopen", True)]
    again = await client.post(f"{where}/undo", headers=lead)
    assert (again.status_code, "not closed" in again.text) == (409, True)


@pytest.mark.parametrize("persona", ["data_manager", "observer", "partner"])
async def test_nobody_but_who_directs_the_mission_opens_the_page(
    client: httpx.AsyncClient, mission: SmallMission, persona: str
) -> None:
    where = f"/missions/{mission.slug}/closing"
    who = mission.bearer(persona)
    assert (await client.get(where, headers=who)).status_code == 404
    assert (await client.post(where, data={"name": mission.slug}, headers=who)).status_code == 404
