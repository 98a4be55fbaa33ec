"""A closed mission is read and not written, whoever still holds a credential."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import psycopg
import pytest

from tests.api.small import SmallMission
from tests.conftest import Database

Rows = Callable[..., list[tuple[Any, ...]]]
CLOSE = "UPDATE mission SET state = 'closed', closed_at = now()"


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever lets reports out of the pen looks again and again, at the mission as it is."""
    monkeypatch.setattr("api.intake.reference_cache.FRESH_SECONDS", 0.0)
    monkeypatch.setattr("api.review.release_held.EVERY_SECONDS", 0.05)


def close(database: Database) -> None:
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        connection.execute(CLOSE)


async def test_a_register_takes_nothing_more_and_is_still_read(
    as_lead: httpx.AsyncClient, mission: SmallMission, database: Database
) -> None:
    place = f"/api/v1/missions/{mission.slug}/registers/departures"
    row = {"standard": "dop:4", "explanation": "We came late."}
    assert (await as_lead.post(place, json=row)).status_code == 201
    close(database)
    refused = await as_lead.post(place, json=row)
    assert (refused.status_code, refused.json()["code"]) == (409, "mission_closed")
    assert len((await as_lead.get(place)).json()["items"]) == 1


async def test_a_name_can_be_looked_up_until_its_date_and_the_look_is_logged(
    as_lead: httpx.AsyncClient, mission: SmallMission, database: Database
) -> None:
    close(database)
    place = f"/api/v1/missions/{mission.slug}/observers/O-1/identity"
    said = await as_lead.get(place)
    assert (said.status_code, said.json()["detail"]) == (404, "No identity is recorded.")
    opened = await as_lead.get(f"/api/v1/missions/{mission.slug}/registers/reprisals")
    assert opened.status_code == 200


async def test_a_phone_that_is_not_yet_shut_out_gets_a_receipt_and_the_pen(
    as_observer: httpx.AsyncClient, mission: SmallMission, database: Database
) -> None:
    assert (await as_observer.post(mission.reports, json=mission.report())).status_code == 201
    close(database)
    # A view of the mission is at most half a second old.
    for _ in range(40):
        said = await as_observer.post(mission.reports, json=mission.report(observer="O-1"))
        if said.status_code == 202:
            break
        await asyncio.sleep(0.05)
    assert said.status_code == 202
    assert said.json()["items"][0]["reasons"][0]["code"] == "mission_closed"


async def test_what_waits_in_the_pen_stays_as_it_is(
    often: None, client: httpx.AsyncClient, mission: SmallMission, database: Database, rows: Rows
) -> None:
    sent = await client.post(
        mission.reports,
        json=mission.report(observer="O-undeclared"),
        headers=mission.bearer("data_manager"),
    )
    assert sent.status_code == 202
    standing = rows("SELECT id::text, changed, reasons FROM report")
    close(database)
    rows(
        "INSERT INTO interest_declaration (mission_id, id, observer_id, answers, means, language,"
        " declared_at, decision, reason) SELECT mission_id, gen_random_uuid(), id, '{}', 'paper',"
        " 'en', now(), 'accepted', '' FROM observer WHERE pseudonym = 'O-undeclared' RETURNING 1"
    )
    refused = await client.post(
        f"{mission.reports}/release",
        headers=mission.bearer("lead"),
        json={"ids": [standing[0][0]], "reason": "late"},
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "mission_closed")
    await asyncio.sleep(0.5)
    assert rows("SELECT id::text, changed, reasons FROM report") == standing
