"""Names are for the few who may know them, and every look is in the audit log."""

from collections.abc import Callable
from typing import Any

import httpx
import psycopg

from tests.api.small import SmallMission
from tests.conftest import Database

Rows = Callable[..., list[tuple[Any, ...]]]


async def test_a_name_is_shown_to_the_lead_alone_and_the_look_is_logged(
    client: httpx.AsyncClient, mission: SmallMission, database: Database, rows: Rows
) -> None:
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        connection.execute(
            """INSERT INTO identity (mission_id, holder_id, name, telephone, email, document,
              emergency_contact, recorded_at) VALUES (%s, %s, 'Somebody', '', '', '', '', now())""",
            (mission.mission_id, mission.holders["observer"]),
        )
    place = f"/api/v1/missions/{mission.slug}/observers/O-1/identity"
    seen = await client.get(place, headers=mission.bearer("lead"))
    assert seen.json()["name"] == "Somebody"
    for persona in ("data_manager", "observer", "partner"):
        assert (await client.get(place, headers=mission.bearer(persona))).status_code == 404
    assert rows("SELECT count(*) FROM audit_entry WHERE act = 'identity.open'") == [(1,)]


async def test_the_page_of_a_person_leads_to_the_name_only_for_who_may_open_it(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rows("UPDATE observer SET identified_at = now() WHERE pseudonym = 'O-1' RETURNING 1")
    page, name = f"/missions/{mission.slug}/people/O-1", "/observers/O-1/identity"
    assert name in (await client.get(page, headers=mission.bearer("lead"))).text
    assert name not in (await client.get(page, headers=mission.bearer("data_manager"))).text


async def test_the_composition_counts_and_names_nobody(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    place = f"/api/v1/missions/{mission.slug}/composition"
    found = (await client.get(place, headers=mission.bearer("lead"))).json()
    assert found["function"] == {"short_term": 5}
    assert found["gender"] == {"": 5}
    assert "O-1" not in str(found)
