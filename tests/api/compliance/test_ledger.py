"""The compliance ledger: met only by evidence that is on record, and no more once that is gone."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from api.compliance.duties import JUDGES, ledger
from api.compliance.record import Record
from schemas.condition import CONDITIONS
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
    "dop:6": """
INSERT INTO funding (mission_id, id, funder, purpose, currency, recorded_by, recorded_at)
SELECT mission_id, gen_random_uuid(), 'F', '', '', id, now() FROM member LIMIT 1""",
    "dop:10": CONTACT.replace("PARTY", "authority"),
    "dop:17": CONTACT.replace("PARTY", "citizen_group"),
    "dop:12g": """
INSERT INTO condition
  (mission_id, id, letter, state, evidence, stood_on, recorded_by, recorded_at)
SELECT mission_id, gen_random_uuid(), 'g', 'met', 'e', current_date, id, now()
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
async def test_a_duty_is_outstanding_or_met_in_part_until_it_is_on_record(
    as_lead: httpx.AsyncClient, mission: SmallMission, rows: Rows, passed: None, standard: str
) -> None:
    before = (await states(as_lead, mission))[standard]
    rows(RECORDS[standard] + " RETURNING 1")
    after = (await states(as_lead, mission))[standard]
    assert before["state"] in ("outstanding", "partly_met")
    assert after["state"] == "met"
    assert before["missing"]
    assert not after["missing"]


async def test_one_observer_without_a_pledge_leaves_what_asks_for_it_met_in_part(
    as_lead: httpx.AsyncClient, mission: SmallMission, rows: Rows, passed: None
) -> None:
    assert (await states(as_lead, mission))["dop:21"]["state"] == "met"
    rows("DELETE FROM pledge WHERE id = (SELECT id FROM pledge LIMIT 1) RETURNING 1")
    found = await states(as_lead, mission)
    left = "partly_met" if rows("SELECT 1 FROM pledge LIMIT 1") else "outstanding"
    assert {found[each]["state"] for each in ("dop:21", "coc:4", "coc:12")} == {left}


async def test_a_condition_that_is_not_met_is_not_called_met_because_it_is_on_record(
    as_lead: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rows(RECORDS["dop:12g"].replace("'met'", "'not_met'") + " RETURNING 1")
    found = await states(as_lead, mission)
    assert found["dop:12g"]["state"] == "outstanding"
    assert found["dop:12g"]["on_record"] == "Recorded as not met: a finding of its own."
    assert found["dop:12"]["state"] == "partly_met"


async def test_what_nothing_could_bear_is_not_due_and_never_met(
    as_lead: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rows("UPDATE organisation SET instrument = 'dop' RETURNING 1")
    found = await states(as_lead, mission)
    for each in ("coc:11", "bamako:20", "dop:22"):
        assert found[each]["state"] == "not_due", each


async def test_a_statement_is_not_due_before_the_polls_have_closed(
    as_lead: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rows("""UPDATE round SET polling_days = '["2999-01-01"]' RETURNING 1""")
    assert (await states(as_lead, mission))["dop:7"]["state"] == "not_due"
    rows("""UPDATE round SET polling_days = '["2001-01-01"]' RETURNING 1""")
    assert (await states(as_lead, mission))["dop:7"]["state"] == "outstanding"


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
        (RELEASED, "partly_met"),
        (PUBLISHED.replace("KIND", "preliminary"), "partly_met"),
        (PUBLISHED.replace("KIND", "presence"), "met"),
    ],
    ids=["released here", "logged as published", "announced its presence alone"],
)
async def test_citizen_groups_consulted_after_the_mission_has_spoken_do_not_count(
    as_lead: httpx.AsyncClient, mission: SmallMission, rows: Rows, said: str, state: str
) -> None:
    rows(RECORDS["dop:17"] + " RETURNING 1")
    assert (await states(as_lead, mission))["coc:9"]["state"] == "met"
    rows("UPDATE contact SET held_at = now() + interval '1 day' RETURNING 1")
    rows(said + " RETURNING 1")
    assert (await states(as_lead, mission))["coc:9"]["state"] == state


MANY = 9
WHOLE = Record(
    dict.fromkeys(
        (
            *("observers", "declared", "pledged", "briefed", "accredited", "gendered", "women"),
            *("citizen_observers", "citizen_pledged", "citizenships", "phases", "laws", "funding"),
            *("departures", "with_authority", "with_citizens", "with_contestants", "complaints"),
            *("domestic", "international", "organisations", "endorsing", "contestants", "asked"),
            *("samples", "published", "announcing", "copied", "released", "seals", "reports"),
            *("polled", "cases"),
        ),
        MANY,
    )
    | {"open_cases": 0, "overdue": 0, "scope": "full", "state": "withdrawn"}
    | {"first_said": None, "first_consultation": datetime(2026, 1, 1, tzinfo=UTC)},
    dict.fromkeys(CONDITIONS, "met"),
    frozenset({"AC-AGENT", "AC-CIT"}),
    frozenset(),
    frozenset({"campaign"}),
    frozenset({"pre_election"}),
)
"""A mission that has everything on record."""
OF = ("observers", "citizen_observers", "organisations", "contestants", "complaints", "cases")
"""What the others are counts of: without these there is nothing to be on record of."""
WORSE = {"open_cases": MANY, "overdue": MANY, "first_consultation": None, "first_said": None}


def without(*names: str) -> Record:
    """The same mission without these things."""
    return replace(WHOLE, counts=WHOLE.counts | {name: WORSE.get(name, 0) for name in names})


LESS = (
    *(without(name) for name in WHOLE.counts if name not in OF),
    without("with_citizens", "first_consultation"),
    without("with_citizens", "international"),
    replace(WHOLE, conditions={}),
    replace(WHOLE, codes=frozenset()),
    replace(WHOLE, stages=frozenset()),
)


def state_of(standard: str, record: Record) -> str:
    return next(each.state for each in ledger(record) if each.standard == standard)


@pytest.mark.parametrize("standard", JUDGES)
def test_met_falls_when_any_of_its_evidence_is_absent(standard: str) -> None:
    assert state_of(standard, WHOLE) == "met"
    for look in JUDGES[standard]:
        bears = [record for record in LESS if look(record).found != "all"]
        assert bears, f"{standard}: nothing on record bears it"
        assert {state_of(standard, record) for record in bears}.isdisjoint({"met"})


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
