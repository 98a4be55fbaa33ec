"""The compliance ledger: kept only by what is on record, open as soon as that is gone."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from api.compliance.duties import JUDGES
from schemas.standards import catalogue
from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]
CONTACT = """
INSERT INTO contact
  (mission_id, id, party, body, subject, outcome, held_at, recorded_by, recorded_at)
SELECT mission_id, gen_random_uuid(), 'PARTY', 'b', 's', '', now(), id, now()
FROM member LIMIT 1"""
RECORDS = {
    "dop:3": "UPDATE mission SET legal_pack = '[{}]'",
    "dop:5": """UPDATE mission SET phases = '["voting"]'""",
    "dop:6": """
INSERT INTO funding (mission_id, id, funder, purpose, currency, recorded_by, recorded_at)
SELECT mission_id, gen_random_uuid(), 'F', '', '', id, now() FROM member LIMIT 1""",
    "dop:10": CONTACT.replace("PARTY", "authority"),
    "dop:17": CONTACT.replace("PARTY", "citizen_group"),
    "dop:12g": """
INSERT INTO condition
  (mission_id, id, letter, state, evidence, stood_on, recorded_by, recorded_at)
SELECT mission_id, gen_random_uuid(), 'g', 'not_met', 'e', current_date, id, now()
FROM member LIMIT 1""",
    "dop:23": "UPDATE organisation SET endorsement = 'endorser'",
}
"""What puts a duty on record."""


async def states(client: httpx.AsyncClient, mission: SmallMission) -> dict[str, dict[str, str]]:
    answer = await client.get(f"/api/v1/missions/{mission.slug}/compliance")
    assert answer.status_code == 200, answer.text
    return {each["standard"]: each for each in answer.json()["items"]}


@pytest.fixture
def passed(rows: Rows) -> None:
    """Every observer of the mission has passed both gates."""
    rows("""
UPDATE observer SET state = 'left' WHERE id NOT IN (
  SELECT observer_id FROM pledge INTERSECT SELECT observer_id FROM interest_declaration)
RETURNING 1""")


@pytest.mark.parametrize("standard", RECORDS)
async def test_a_duty_is_open_until_it_is_on_record(
    as_lead: httpx.AsyncClient, mission: SmallMission, rows: Rows, passed: None, standard: str
) -> None:
    before = (await states(as_lead, mission))[standard]
    rows(RECORDS[standard] + " RETURNING 1")
    after = (await states(as_lead, mission))[standard]
    assert (before["state"], after["state"]) == ("open", "kept")
    assert before["missing"]
    assert not after["missing"]


async def test_one_observer_without_a_pledge_opens_what_asks_for_it(
    as_lead: httpx.AsyncClient, mission: SmallMission, rows: Rows, passed: None
) -> None:
    assert (await states(as_lead, mission))["dop:21"]["state"] == "kept"
    rows("DELETE FROM pledge WHERE id = (SELECT id FROM pledge LIMIT 1) RETURNING 1")
    found = await states(as_lead, mission)
    assert {found[each]["state"] for each in ("dop:21", "coc:4", "coc:12")} == {"open"}


async def test_a_statement_is_not_due_before_the_polls_have_closed(
    as_lead: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rows("""UPDATE round SET polling_days = '["2999-01-01"]' RETURNING 1""")
    assert (await states(as_lead, mission))["dop:7"]["state"] == "not_due"
    rows("""UPDATE round SET polling_days = '["2001-01-01"]' RETURNING 1""")
    assert (await states(as_lead, mission))["dop:7"]["state"] == "open"


RELEASED = """
WITH s AS (INSERT INTO snapshot (mission_id, id, round_id, sequence, frozen_at, sha256, numbers)
  SELECT mission_id, gen_random_uuid(), id, 1, now(), '', '{}' FROM round LIMIT 1 RETURNING *)
INSERT INTO statement (mission_id, id, round_id, snapshot_id, kind, language, title, state, blocks,
  drafted_at, drafted_by, released_at)
SELECT mission_id, gen_random_uuid(), round_id, id, 'preliminary', 'en', 't', 'released', '[]',
  now(), id, now() FROM s"""
PUBLISHED = """
INSERT INTO publication (mission_id, id, number, kind, title, languages, published_at,
  published_in, announces, sha256, authority, copied_how, recorded_by, recorded_at)
SELECT mission_id, gen_random_uuid(), '1', 'KIND', 't', '["en"]', now(), 'w', true, '', '', '',
  id, now() FROM member LIMIT 1"""


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (RELEASED, "open"),
        (PUBLISHED.replace("KIND", "preliminary"), "open"),
        (PUBLISHED.replace("KIND", "presence"), "kept"),
    ],
    ids=["released here", "logged as published", "announced its presence alone"],
)
async def test_citizen_groups_consulted_after_the_mission_has_spoken_do_not_count(
    as_lead: httpx.AsyncClient, mission: SmallMission, rows: Rows, said: str, state: str
) -> None:
    rows(RECORDS["dop:17"] + " RETURNING 1")
    assert (await states(as_lead, mission))["coc:9"]["state"] == "kept"
    rows("UPDATE contact SET held_at = now() + interval '1 day' RETURNING 1")
    rows(said + " RETURNING 1")
    assert (await states(as_lead, mission))["coc:9"]["state"] == state


def test_every_paragraph_of_the_declaration_and_duty_of_the_code_is_in_the_ledger() -> None:
    wanted = {id for id in catalogue() if id.startswith(("dop:", "coc:"))}
    assert wanted <= JUDGES.keys()
    assert {"gndem:2012", "bamako:31"} <= JUDGES.keys() <= catalogue().keys()


async def test_the_page_prints_the_code_s_sense_and_no_number(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    where = f"/missions/{mission.slug}/compliance"
    page = await client.get(where, headers=mission.bearer("lead"))
    assert "Stay strictly impartial at all times." in page.text
    assert "coc:" not in page.text
    for persona in ("observer", "partner"):
        headers = mission.bearer(persona)
        assert (await client.get(where, headers=headers)).status_code == 404
        assert (await client.get(f"/api/v1{where}", headers=headers)).status_code == 404


async def test_no_line_of_the_record_needs_a_plural(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    for each in (await states(as_lead, mission)).values():
        assert not re.search(r"\d (?!of |who )\w", each["on_record"]), each["on_record"]
