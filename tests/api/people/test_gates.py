"""Every gate holds a report that would otherwise count; without it these tests fail."""

# ruff: noqa: S608

from typing import Any

import httpx
import psycopg
import pytest

from api.people.texts import sha256_of
from tests.api.small import SmallMission
from tests.conftest import Database

OF_MISSION = " WHERE mission_id = %(m)s AND observer_id = %(o)s"
TEXT = """INSERT INTO code_text
(mission_id, id, instrument, language, title, body, sha256, summary, in_force_since)
VALUES (%(m)s, gen_random_uuid(), %(instrument)s, %(language)s, 'Code', %(body)s, %(sha256)s,
  false, now() + make_interval(hours => %(hours)s))"""


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The register looks at every report whether anything changed, not twice a second."""
    monkeypatch.setattr("api.intake.reference_cache.FRESH_SECONDS", 0.0)


def change(database: Database, mission: SmallMission, query: str, **values: Any) -> None:
    of = {"m": mission.mission_id, "o": mission.holders["observer"]}
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        connection.execute(query, of | values)


def code(
    database: Database,
    mission: SmallMission,
    body: str,
    instrument: str = "gndem",
    language: str = "en",
    hours: int = 0,
) -> None:
    change(
        database,
        mission,
        TEXT,
        instrument=instrument,
        language=language,
        body=body,
        sha256=sha256_of(body),
        hours=hours,
    )


async def reasons(client: httpx.AsyncClient, mission: SmallMission, **members: Any) -> set[Any]:
    answer = await client.post(mission.reports, json=mission.report(**members))
    assert answer.status_code in (201, 202)
    return {(each["field"], each["code"]) for each in answer.json()["items"][0]["reasons"]}


@pytest.mark.parametrize("decision", ["pending", "refused"])
async def test_a_declaration_that_is_not_accepted_holds(
    as_observer: httpx.AsyncClient, mission: SmallMission, database: Database, decision: str
) -> None:
    assert await reasons(as_observer, mission) == set()
    change(
        database, mission, f"UPDATE interest_declaration SET decision = '{decision}'{OF_MISSION}"
    )
    assert await reasons(as_observer, mission) == {("observer", "no_declaration")}


async def test_only_the_newest_declaration_counts(
    as_observer: httpx.AsyncClient, mission: SmallMission, database: Database
) -> None:
    newer = """INSERT INTO interest_declaration (mission_id, id, observer_id, answers, means,
      language, declared_at, decision, reason) VALUES (%(m)s, gen_random_uuid(), %(o)s, '{}',
      'phone', 'en', now(), 'pending', '')"""
    change(database, mission, newer)
    assert await reasons(as_observer, mission) == {("observer", "no_declaration")}


async def test_a_new_text_in_force_asks_for_a_new_pledge(
    as_observer: httpx.AsyncClient, mission: SmallMission, database: Database
) -> None:
    assert await reasons(as_observer, mission) == set()
    code(database, mission, "Observe.")
    assert await reasons(as_observer, mission) == {("observer", "no_pledge")}
    signed = f"UPDATE pledge SET text_sha256 = '{sha256_of('Observe.')}'{OF_MISSION}"
    change(database, mission, signed)
    assert await reasons(as_observer, mission) == set()


async def test_a_text_of_another_instrument_or_of_tomorrow_asks_nothing(
    as_observer: httpx.AsyncClient, mission: SmallMission, database: Database
) -> None:
    code(database, mission, "For those from abroad.", instrument="coc")
    code(database, mission, "From tomorrow.", hours=24)
    assert await reasons(as_observer, mission) == set()


async def test_a_pledge_to_another_instrument_is_none(
    as_observer: httpx.AsyncClient, mission: SmallMission, database: Database
) -> None:
    change(database, mission, f"UPDATE pledge SET instrument = 'coc'{OF_MISSION}")
    assert await reasons(as_observer, mission) == {("observer", "no_pledge")}


async def test_a_text_in_any_language_in_force_will_do(
    as_observer: httpx.AsyncClient, mission: SmallMission, database: Database
) -> None:
    code(database, mission, "Observe.")
    code(database, mission, "Observez.", language="fr")
    signed = f"UPDATE pledge SET text_sha256 = '{sha256_of('Observez.')}'{OF_MISSION}"
    change(database, mission, signed)
    assert await reasons(as_observer, mission) == set()


async def test_a_suspended_observer_is_held(
    as_observer: httpx.AsyncClient, mission: SmallMission, database: Database
) -> None:
    suspend = "UPDATE observer SET state = 'suspended' WHERE mission_id = %(m)s AND id = %(o)s"
    change(database, mission, suspend)
    assert await reasons(as_observer, mission) == {("observer", "suspended")}


@pytest.mark.parametrize(
    ("gate", "code"),
    [
        ("identity", "no_identity"),
        ("briefing", "no_briefing"),
        ("accreditation", "no_accreditation"),
    ],
)
async def test_the_missions_own_gates_hold_only_where_it_says_so(
    as_observer: httpx.AsyncClient, mission: SmallMission, database: Database, gate: str, code: str
) -> None:
    assert await reasons(as_observer, mission) == set()
    change(database, mission, f"UPDATE mission SET gates = '[\"{gate}\"]' WHERE mission_id = %(m)s")
    assert await reasons(as_observer, mission) == {("observer", code)}


async def test_everybody_on_the_form_has_pledged(
    as_observer: httpx.AsyncClient, mission: SmallMission
) -> None:
    assert await reasons(as_observer, mission, **{"with": ["O-2"]}) == set()
    held = await reasons(as_observer, mission, **{"with": ["O-2", "O-unpledged"]})
    assert held == {("with", "no_pledge")}
