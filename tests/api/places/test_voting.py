"""Elections, rounds, repeat polls and contests, added by JSON and by form."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]
REPEAT = {
    "code": "repeat",
    "name": "Repeat poll",
    "polling_days": ["2026-12-06"],
    "stations": ["002"],
}
CONTEST = {
    "round": "first",
    "code": "mayor",
    "name": "Mayor",
    "contestants": [{"code": "A", "name": "Ada Grove"}, {"code": "B", "name": "Bo Lake"}],
}


AREA = """
INSERT INTO area (mission_id, id, code, name, level)
SELECT mission_id, gen_random_uuid(), 'D1', 'Hill District', 'district' FROM mission
RETURNING 1"""
ORDER = "SELECT code FROM contest ORDER BY position NULLS FIRST, id"


@pytest.fixture
def base(mission: SmallMission) -> str:
    return f"/api/v1/missions/{mission.slug}"


@pytest.fixture
def election(rows: Rows) -> str:
    """The code of the small mission's election."""
    code: str = rows("SELECT code FROM election")[0][0]
    return code


async def test_a_repeat_poll_is_a_round_in_the_stations_it_names(
    as_lead: httpx.AsyncClient, base: str, election: str, rows: Rows
) -> None:
    made = await as_lead.post(f"{base}/elections/{election}/rounds", json=REPEAT)
    assert made.status_code == 201
    assert rows(
        "SELECT p.code FROM round_place o JOIN place p ON p.id = o.place_id"
        " JOIN round r ON r.id = o.round_id WHERE r.code = 'repeat'"
    ) == [("002",)]


async def test_a_round_without_stations_named_is_held_in_all(
    as_lead: httpx.AsyncClient, base: str, election: str, rows: Rows
) -> None:
    await as_lead.post(f"{base}/elections/{election}/rounds", json=REPEAT | {"stations": []})
    assert rows(
        "SELECT count(*) FROM round_place o JOIN round r ON r.id = o.round_id"
        " WHERE r.code = 'repeat'"
    ) == rows("SELECT count(*) FROM place WHERE kind = 'station'")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("elections/none/rounds", REPEAT, "election"),
        ("elections/{election}/rounds", REPEAT | {"code": "first"}, "code"),
        ("elections/{election}/rounds", REPEAT | {"stations": ["404"]}, "stations"),
        ("contests", CONTEST | {"round": "ninth"}, "round"),
        ("contests", CONTEST | {"contestants": []}, "contestants"),
        ("contests", CONTEST | {"areas": ["nowhere"]}, "areas"),
        ("elections", {"code": "", "name": "x"}, "code"),
    ],
)
async def test_what_cannot_be_held_names_its_field(
    as_lead: httpx.AsyncClient, base: str, election: str, path: str, body: Any, field: str
) -> None:
    said = await as_lead.post(f"{base}/{path.format(election=election)}", json=body)
    assert (said.status_code, said.json()["field"]) == (422, field)


async def test_a_contest_stands_once(as_lead: httpx.AsyncClient, base: str, rows: Rows) -> None:
    statuses = [(await as_lead.post(f"{base}/contests", json=CONTEST)).status_code for _ in "12"]
    assert statuses == [201, 422]
    assert rows("SELECT count(*) FROM contestant WHERE name = 'Ada Grove'") == [(1,)]


async def test_contests_stand_in_the_order_in_which_they_were_added(
    as_lead: httpx.AsyncClient, base: str, rows: Rows
) -> None:
    for code in ("mayor", "council", "assembly"):
        await as_lead.post(f"{base}/contests", json=CONTEST | {"code": code})
    assert rows(ORDER) == [("mayor",), ("council",), ("assembly",)]


async def test_the_form_adds_a_contest_with_a_name_on_each_line(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    where, lead = f"/missions/{mission.slug}/elections", mission.bearer("lead")
    form = {
        "add": "contest",
        "round": "first",
        "code": "mayor",
        "name": "Mayor",
        "threshold": "50",
        "areas": "D1",
        "contestants": "A Ada Grove\nB Bo Lake\n",
    }
    rows(AREA)
    assert (await client.post(where, data=form, headers=lead)).status_code == 303
    page = await client.get(where, headers=lead)
    assert "Ada Grove" in page.text
    assert "Hill District" in page.text
    again = await client.post(where, data=form, headers=lead)
    assert again.status_code == 422
    assert "there is a contest" in again.text or "has a contest" in again.text
    assert "B Bo Lake" in again.text
    assert (await client.get(where, headers=mission.bearer("observer"))).status_code == 404


async def test_the_forms_change_hours_and_stations_by_whose_order(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    where, desk = f"/missions/{mission.slug}/elections", mission.bearer("data_manager")
    rows("UPDATE mission SET zone = 'Asia/Tbilisi' RETURNING 1")
    hours = {
        "add": "hours",
        "round": "first",
        "station": "001",
        "opens": "09:30",
        "authority": "District commission",
        "decided_at": "2026-11-08T07:00",
    }
    assert (await client.post(where, data=hours, headers=desk)).status_code == 303
    assert rows("SELECT opens::text, decided_at = '2026-11-08T03:00:00Z' FROM hours") == [
        ("09:30:00", True)
    ]
    closed = {
        "add": "station",
        "station": "002",
        "kind": "merged",
        "on": "2026-11-08",
        "successors": "003",
        "authority": "District commission",
    }
    assert (await client.post(where, data=closed, headers=desk)).status_code == 303
    page = (await client.get(where, headers=desk)).text
    assert "District commission" in page
    assert "merged" in page
    for given, field in (
        (closed, "station"),
        (closed | {"station": "999"}, "station"),
        (hours | {"decided_at": "soon"}, "decided_at"),
        (hours | {"opens": "x"}, "opens"),
    ):
        said = await client.post(where, data=given, headers=desk)
        assert said.status_code == 422
        assert f"<b><bdi>{field}</bdi></b>" in said.text
    assert (
        await client.post(where, data=hours, headers=mission.bearer("observer"))
    ).status_code == 404
