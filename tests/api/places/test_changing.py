"""Stations close, merge, move, split; hours are inherited and changed; a run-off in one act."""

from collections.abc import Callable
from datetime import time
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from api.database.blocking import enter
from api.places.stations import Differing, Polling, differing_hours
from tests.api.small import SmallMission
from tests.conftest import Database

Rows = Callable[..., list[tuple[Any, ...]]]
AREAS = """
WITH up AS (INSERT INTO area (mission_id, id, code, name, level, opens)
  SELECT mission_id, gen_random_uuid(), 'north', 'North', 'region', '06:00' FROM mission
  RETURNING mission_id, id),
down AS (INSERT INTO area (mission_id, id, parent_id, code, name, level)
  SELECT mission_id, gen_random_uuid(), id, 'north-1', 'North 1', 'district' FROM up
  RETURNING id)
UPDATE place SET area_id = down.id FROM down WHERE code = '001' RETURNING 1"""
CONTEST = """
WITH c AS (
  INSERT INTO contest
    (mission_id, id, round_id, code, name, denominator, choices_per_ballot, thresholds)
  SELECT mission_id, gen_random_uuid(), id, 'president', 'President', 'valid', 1, '[]' FROM round
  RETURNING mission_id, id)
INSERT INTO contestant (mission_id, id, contest_id, code, name, position)
SELECT c.mission_id, gen_random_uuid(), c.id, v.code, v.code, v.position FROM c,
  (VALUES ('A', 1), ('B', 2), ('C', 3)) v(code, position) RETURNING 1"""
RUNOFF = {
    "of": "first",
    "code": "second",
    "name": "Run-off",
    "days": ["2026-11-22"],
    "contests": {"president": ["A", "C"]},
}


@pytest.fixture
def base(mission: SmallMission) -> str:
    return f"/api/v1/missions/{mission.slug}"


@pytest.fixture
def hours(database: Database, mission: SmallMission, rows: Rows) -> Callable[[], dict[str, Any]]:
    """What each station has otherwise than the round, by code."""

    def read() -> dict[str, Any]:
        url = database.app_url.replace("postgresql://", "postgresql+psycopg://", 1)
        engine = create_engine(url, poolclass=NullPool)
        ((round_id,),) = rows("SELECT id FROM round WHERE code = 'first'")
        codes = dict(rows("SELECT id, code FROM place"))
        with Session(engine) as session:
            enter(session, mission.mission_id)
            found = differing_hours(session, mission.mission_id, round_id)
        engine.dispose()
        return {codes[place]: each for place, each in found.items()}

    return read


async def test_hours_come_down_from_the_areas_and_the_nearest_speaks(
    as_lead: httpx.AsyncClient, base: str, rows: Rows, hours: Callable[[], dict[str, Any]]
) -> None:
    rows(AREAS)
    assert hours() == {"001": Differing(None, time(6), None)}
    place = f"{base}/hours"
    await as_lead.post(place, json={"round": "first", "area": "north", "closes": "17:00"})
    await as_lead.post(place, json={"round": "first", "area": "north-1", "zone": "Asia/Tbilisi"})
    assert hours() == {"001": Differing("Asia/Tbilisi", time(6), time(17))}
    late = {
        "round": "first",
        "station": "001",
        "opens": "09:30",
        "authority": "District commission",
        "decided_at": "2026-11-08T07:00:00Z",
    }
    assert (await as_lead.post(place, json=late)).status_code == 201
    found = hours()["001"].over(Polling(time(7), time(19), "UTC"))
    assert found == Polling(time(9, 30), time(17), "Asia/Tbilisi")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"round": "first", "opens": "09:00"}, "station"),
        ({"round": "first", "station": "001"}, "opens"),
        ({"round": "first", "station": "999", "opens": "09:00"}, "station"),
        ({"round": "tenth", "station": "001", "opens": "09:00"}, "round"),
        ({"round": "first", "station": "001", "zone": "Africa/Atlantis"}, "zone"),
        ({"round": "first", "station": "001", "opens": "09:00", "authority": "x"}, "decided_at"),
        ({"round": "first", "station": "001", "opens": "20:00", "closes": "07:00"}, "closes"),
    ],
)
async def test_hours_that_cannot_be_are_refused_by_field(
    as_lead: httpx.AsyncClient, base: str, given: dict[str, str], field: str
) -> None:
    answer = await as_lead.post(f"{base}/hours", json=given)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_a_closed_station_keeps_its_reports_and_is_offered_no_more(
    client: httpx.AsyncClient, mission: SmallMission, base: str, rows: Rows
) -> None:
    phone, lead = mission.bearer("observer"), mission.bearer("lead")
    given = {"kind": "merged", "on": "2026-11-07", "successors": ["002"], "authority": "EC"}
    made = await client.post(f"{base}/stations/001/changes", json=given, headers=lead)
    assert made.status_code == 201
    assert rows("SELECT kind, happened_on::text FROM place_change") == [("merged", "2026-11-07")]
    sent = await client.post(mission.reports, json=mission.report(), headers=phone)
    assert sent.status_code == 201
    again = await client.post(f"{base}/stations/001/changes", json=given, headers=lead)
    assert (again.status_code, again.json()["field"]) == (422, "station")


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "merged", "on": "2026-11-07"},
        {"kind": "split", "on": "2026-11-07", "successors": ["002"]},
        {"kind": "closed", "on": "2026-11-07", "successors": ["002"]},
        {"kind": "merged", "on": "2026-11-07", "successors": ["001"]},
        {"kind": "moved", "on": "2026-11-07"},
        {"kind": "moved", "on": "2026-11-07", "lat": 1},
        {"kind": "moved", "on": "2026-11-07", "address": "New Street 4", "lon": 2},
    ],
)
async def test_a_change_that_cannot_be_is_refused(
    as_lead: httpx.AsyncClient, base: str, given: dict[str, Any], rows: Rows
) -> None:
    answer = await as_lead.post(f"{base}/stations/001/changes", json=given)
    assert answer.status_code == 422
    assert rows("SELECT count(*) FROM place_change") == [(0,)]


async def test_a_split_station_names_both_that_came_of_it(
    as_lead: httpx.AsyncClient, base: str, rows: Rows
) -> None:
    given = {"kind": "split", "on": "2026-11-07", "successors": ["002", "003"]}
    made = await as_lead.post(f"{base}/stations/001/changes", json=given)
    assert made.status_code == 201, made.text
    heirs = "SELECT p.code FROM place_change c JOIN place p ON p.id = c.successor_id ORDER BY 1"
    assert rows(heirs) == [("002",), ("003",)]
    assert rows("SELECT closed_on::text FROM place WHERE code = '001'") == [("2026-11-07",)]


async def test_a_moved_station_remembers_where_it_was(
    as_lead: httpx.AsyncClient, base: str, rows: Rows
) -> None:
    given = {"kind": "moved", "on": "2026-11-07", "address": "New Street 4", "lat": 1, "lon": 2}
    await as_lead.post(f"{base}/stations/001/changes", json=given)
    assert rows("SELECT address, closed_on FROM place WHERE code = '001'") == [
        ("New Street 4", None)
    ]
    assert rows("SELECT was ->> 'address' FROM place_change") == [("",)]


async def test_a_run_off_reuses_people_and_places_and_mixes_no_votes(
    client: httpx.AsyncClient, mission: SmallMission, base: str, rows: Rows
) -> None:
    rows(CONTEST)
    lead = mission.bearer("lead")
    made = await client.post(f"{base}/rounds", json=RUNOFF, headers=lead)
    assert made.status_code == 201, made.text
    going_on = """
SELECT n.code FROM contestant n JOIN contest c ON c.id = n.contest_id
JOIN round r ON r.id = c.round_id WHERE r.code = 'second' ORDER BY n.position"""
    assert rows(going_on) == [("A",), ("C",)]
    first = "SELECT count(*) FROM contestant"
    assert rows(first) == [(5,)]
    second = mission.report(
        round="second", arrived_at="2026-11-22T07:10:00Z", departed_at="2026-11-22T07:40:00Z"
    )
    sent = await client.post(mission.reports, json=second, headers=mission.bearer("observer"))
    assert sent.status_code == 201
    by_round = "SELECT count(*) FROM report r JOIN round o ON o.id = r.round_id WHERE o.code = %s"
    assert (rows(by_round, "first"), rows(by_round, "second")) == ([(0,)], [(1,)])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"of": "zeroth"}, "of"),
        ({"code": "first"}, "code"),
        ({"contests": {"mayor": ["A", "B"]}}, "contest"),
        ({"contests": {"president": ["A"]}}, "contestants"),
        ({"contests": {"president": ["A", "Z"]}}, "contestants"),
    ],
)
async def test_a_run_off_that_cannot_be_is_refused_whole(
    as_lead: httpx.AsyncClient, base: str, rows: Rows, change: dict[str, Any], field: str
) -> None:
    rows(CONTEST)
    answer = await as_lead.post(f"{base}/rounds", json=RUNOFF | change)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert rows("SELECT count(*) FROM round") == [(1,)]


async def test_a_mission_that_withdraws_says_why(
    as_lead: httpx.AsyncClient, base: str, rows: Rows
) -> None:
    silent = await as_lead.post(f"{base}/state", json={"state": "withdrawn"})
    assert (silent.status_code, silent.json()["field"]) == (422, "reason")
    said = {"state": "withdrawn", "reason": "Movement was forbidden."}
    assert (await as_lead.post(f"{base}/state", json=said)).status_code == 200
    assert rows("SELECT state, withdrawal_reason FROM mission") == [
        ("withdrawn", "Movement was forbidden.")
    ]


async def test_observers_and_partners_change_nothing_of_this(
    client: httpx.AsyncClient, mission: SmallMission, base: str
) -> None:
    closing = {"kind": "closed", "on": "2026-11-07"}
    for persona in ("observer", "partner"):
        headers = mission.bearer(persona)
        for path, given in (
            ("hours", {"round": "first", "station": "001", "opens": "09:00"}),
            ("stations/001/changes", closing),
            ("rounds", RUNOFF),
            ("state", {"state": "active"}),
        ):
            answer = await client.post(f"{base}/{path}", json=given, headers=headers)
            assert answer.status_code == 404, path


async def test_a_report_is_looked_for_by_the_hours_of_its_own_station(
    client: httpx.AsyncClient, mission: SmallMission, base: str, rows: Rows
) -> None:
    rows(
        "UPDATE round SET polling_days = to_jsonb(ARRAY[current_date::text]), zone = 'UTC',"
        " opens = '00:00', closes = '00:02' RETURNING 1"
    )
    rows("""
INSERT INTO deployment
  (mission_id, id, round_id, organisation_id, kind, place_id, expected, state_reason)
SELECT o.mission_id, gen_random_uuid(), r.id, o.organisation_id, 'static', p.id,
  '{"voting": 1}', '' FROM observer o JOIN round r ON true JOIN place p ON p.code = '001'
WHERE o.pseudonym = 'O-1' LIMIT 1 RETURNING 1""")
    lead = mission.bearer("lead")
    west = {"round": "first", "station": "001", "zone": "Pacific/Pago_Pago", "closes": "23:59"}
    await client.post(f"{base}/hours", json=west, headers=lead)
    shown = (await client.get(f"{base}/coverage", headers=lead)).json()
    assert shown["dispositions"]["plans"] == {"awaited": 1}
