"""Tables over the network: looked at first, written once seen, refused by their rows."""

import io
from collections.abc import Callable
from typing import Any

import httpx
import openpyxl
import pytest

from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]
STATIONS = b"code,name,registered_voters\n001,Renamed,10\n901,New hall,500\n,Nameless,3\n"


def form(act: str, **more: str) -> dict[str, str]:
    return {"of": "stations", "act": act} | more


@pytest.fixture
def where(mission: SmallMission) -> str:
    return f"/missions/{mission.slug}/tables"


async def test_a_file_is_looked_at_first_and_written_when_seen(
    client: httpx.AsyncClient, mission: SmallMission, where: str, rows: Rows
) -> None:
    lead, file = mission.bearer("lead"), {"file": ("s.csv", STATIONS)}
    looked = await client.post(where, data=form("look"), files=file, headers=lead)
    assert looked.status_code == 200
    assert "Renamed" in looked.text
    assert "The code is empty." in looked.text
    assert rows("SELECT count(*) FROM place WHERE code = '901'") == [(0,)]
    seen = looked.text.partition('name="seen" value="')[2].partition('"')[0]
    written = await client.post(where, data=form("write", seen=seen), files=file, headers=lead)
    assert "Written" in written.text
    assert rows("SELECT name FROM place WHERE code IN ('001', '901') ORDER BY code") == [
        ("Renamed",),
        ("New hall",),
    ]
    assert rows("SELECT actor_id IS NOT NULL FROM audit_entry WHERE act = 'stations.import'") == [
        (True,)
    ]


async def test_another_file_than_the_one_seen_is_not_written(
    client: httpx.AsyncClient, mission: SmallMission, where: str, rows: Rows
) -> None:
    said = await client.post(
        where,
        data=form("write", seen="0" * 64),
        files={"file": ("s.csv", STATIONS)},
        headers=mission.bearer("lead"),
    )
    assert said.status_code == 422
    assert "not the file that you looked at" in said.text
    assert rows("SELECT count(*) FROM place WHERE code = '901'") == [(0,)]


async def test_what_is_no_table_is_said_on_the_page(
    client: httpx.AsyncClient, mission: SmallMission, where: str
) -> None:
    for data, words in (
        (b"", "is empty"),
        (b"\x89PNG\x00", "not a text file"),
        (b"a,b\n1,2\n", "no column"),
    ):
        said = await client.post(
            where,
            data=form("look"),
            files={"file": ("s.csv", data)},
            headers=mission.bearer("lead"),
        )
        assert said.status_code == 422
        assert words in said.text


async def test_the_api_takes_a_workbook_and_answers_row_by_row(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    book = openpyxl.Workbook()
    for row in (("code", "name"), ("901", "New hall"), ("902", "Old hall"), ("", "Twin")):
        book.active.append(row)
    packed = io.BytesIO()
    book.save(packed)
    place, lead = f"/api/v1/missions/{mission.slug}/tables/stations", mission.bearer("lead")
    dry = await client.post(
        place, params={"dry_run": True}, content=packed.getvalue(), headers=lead
    )
    assert (dry.json()["added"], dry.json()["written"]) == (2, False)
    assert [each["row"] for each in dry.json()["refused"]] == [4]
    assert rows("SELECT count(*) FROM place WHERE code = '901'") == [(0,)]
    assert (await client.post(place, content=packed.getvalue(), headers=lead)).json()["written"]
    again = await client.post(place, content=packed.getvalue(), headers=lead)
    assert (again.json()["unchanged"], again.json()["written"]) == (2, False)


REPEATING = b"district_code,code,name\n01,01,A\n01,02,B\n02,01,C\n"
TOTALS = b"Register,,\ncode,name,voters\n911,A,10\n912,B,20\nTotal,,30\n"


async def test_the_api_answers_with_questions_and_goes_on_by_its_parameters(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    place, lead = f"/api/v1/missions/{mission.slug}/tables/stations", mission.bearer("lead")
    said = await client.post(place, content=REPEATING, headers=lead)
    assert (said.status_code, said.json()["code"]) == (422, "invalid")
    (question,) = said.json()["questions"]
    assert question["concern"] is None
    assert question["remedies"] == ["--map code=district_code+code"]
    assert [each["row"] for each in question["rows"]] == [2, 4]
    assert rows("SELECT count(*) FROM place WHERE name IN ('A', 'B', 'C')") == [(0,)]
    done = await client.post(
        place, params={"map": "code=district_code+code"}, content=REPEATING, headers=lead
    )
    assert (done.json()["added"], done.json()["written"]) == (3, True)
    left = await client.post(place, params={"dry_run": True}, content=TOTALS, headers=lead)
    assert [each["row"] for each in left.json()["left_out"]] == [1, 5]
    for wrong in ({"map": "code"}, {"accept": "all"}, {"header_row": -1}, {"sheet": "2"}):
        refused = await client.post(place, params=wrong, content=TOTALS, headers=lead)
        assert refused.status_code == 422


async def test_the_page_asks_and_its_answers_go_for_that_file_alone(
    client: httpx.AsyncClient, mission: SmallMission, where: str, rows: Rows
) -> None:
    lead, file = mission.bearer("lead"), {"file": ("s.csv", TOTALS)}
    asked = await client.post(where, data=form("look"), files=file, headers=lead)
    assert asked.status_code == 422
    assert 'name="accept" value="left-out"' in asked.text
    assert 'name="include_row" value="5"' in asked.text
    seen = asked.text.partition('name="seen" value="')[2].partition('"')[0]
    answers = form("look", accept="left-out", seen=seen)
    other = await client.post(
        where, data=answers, files={"file": ("s.csv", TOTALS + b"All,,\n")}, headers=lead
    )
    assert other.status_code == 422
    looked = await client.post(where, data=answers, files=file, headers=lead)
    assert looked.status_code == 200
    assert 'type="hidden" name="accept" value="left-out"' in looked.text
    assert "Register" in looked.text
    written = await client.post(where, data=answers | {"act": "write"}, files=file, headers=lead)
    assert "Written" in written.text
    assert rows("SELECT code FROM place WHERE code IN ('911', '912', 'Total')") == [
        ("911",),
        ("912",),
    ]


async def test_the_page_offers_columns_that_together_would_be_unique(
    client: httpx.AsyncClient, mission: SmallMission, where: str
) -> None:
    lead, file = mission.bearer("lead"), {"file": ("s.csv", REPEATING)}
    asked = await client.post(where, data=form("look"), files=file, headers=lead)
    assert 'name="key" value="code=district_code+code"' in asked.text
    seen = asked.text.partition('name="seen" value="')[2].partition('"')[0]
    looked = await client.post(
        where, data=form("look", key="code=district_code+code", seen=seen), files=file, headers=lead
    )
    assert "01-02" in looked.text
    typed = form("look", map="code=district_code+code", encoding="cp1250")
    assert "02-01" in (await client.post(where, data=typed, files=file, headers=lead)).text
    for wrong in ({"header_row": "x"}, {"map": "code=nothing"}, {"encoding": "klingon"}):
        refused = await client.post(where, data=form("look", **wrong), files=file, headers=lead)
        assert refused.status_code == 422


async def test_a_table_is_there_for_whoever_keeps_what_it_holds(
    client: httpx.AsyncClient, mission: SmallMission, where: str
) -> None:
    for role, page, stations, standards in (
        ("lead", 200, 200, 200),
        ("data_manager", 200, 200, 404),
        ("partner", 404, 404, 404),
        ("observer", 404, 404, 404),
    ):
        bearer = mission.bearer(role)
        assert (await client.get(where, headers=bearer)).status_code == page
        for noun, expected in (("stations", stations), ("standards", standards)):
            place = f"/api/v1/missions/{mission.slug}/tables/{noun}?dry_run=true"
            body = b"code,instrument,says\nlaw:1,Act,Words\n"
            said = await client.post(place, content=body, headers=bearer)
            assert said.status_code == expected, (role, noun)
