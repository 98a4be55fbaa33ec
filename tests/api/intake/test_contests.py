"""Which contest a protocol is of, by JSON and by OpenRosa, and what follows from it."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.intake.test_openrosa import parts
from tests.api.people.test_teams import release_of
from tests.api.small import POLLING_DAY, SmallMission
from tests.api.two_contests import hold_two_contests, protocol, publish, votes

Rows = Callable[..., list[tuple[Any, ...]]]
Send = Callable[..., Any]
CONTEST = """
SELECT c.code, r.status, r.reasons FROM report r LEFT JOIN contest c ON c.id = r.contest_id
ORDER BY r.sequence"""
STANDING = """
SELECT c.code, v.answers -> 'contestant_votes' -> 0 ->> 'votes', r.status FROM report r
LEFT JOIN contest c ON c.id = r.contest_id
JOIN report_version v ON v.report_id = r.id AND v.number = r.version ORDER BY r.sequence"""
NAMED = """
INSERT INTO round_place (mission_id, round_id, place_id, contests)
SELECT p.mission_id, r.id, p.id, %s FROM place p, round r WHERE p.code = '003' RETURNING 1"""
MAYOR_IN_THE_HILLS = """
INSERT INTO contest_area (mission_id, contest_id, area_id)
SELECT c.mission_id, c.id, a.id FROM contest c, area a WHERE c.code = 'mayor' RETURNING 1"""
INSTANCE = """<data id="results" version="2"><context><station>{station}</station>
<observer>O-1</observer><visit>{visit}</visit><arrived_at>{day}T20:10:00Z</arrived_at>{more}
</context><in_box>9</in_box><valid>9</valid><invalid>0</invalid>
<contestant_votes><contestant>{first}</contestant><votes>9</votes></contestant_votes>
<meta><instanceID>uuid:{id}</instanceID></meta></data>"""


@pytest.fixture
async def send(client: httpx.AsyncClient, mission: SmallMission, rows: Rows) -> Send:
    """Posts a protocol as an observer, where two contests are voted on; what is answered."""
    await hold_two_contests(client, mission, rows)

    async def post(answers: dict[str, Any], **members: Any) -> dict[str, Any]:
        report = protocol(mission, answers, **members)
        headers = mission.bearer("observer")
        response = await client.post(mission.reports, json=report, headers=headers)
        item: dict[str, Any] = response.json()["items"][0]
        return item

    return post


async def add_mayor(client: httpx.AsyncClient, mission: SmallMission) -> None:
    """A third contest, which is voted on everywhere."""
    mayor = {"round": "first", "code": "mayor", "name": "Mayor"}
    people = [{"code": "M", "name": "Mo Reed"}]
    await client.post(
        f"/api/v1/missions/{mission.slug}/contests",
        json=mayor | {"contestants": people},
        headers=mission.bearer("lead"),
    )


def blamed(answer: dict[str, Any]) -> list[str]:
    return [f"{each['field']}/{each['code']}" for each in answer["reasons"]]


async def test_a_protocol_is_of_the_contest_that_it_names(send: Send, rows: Rows) -> None:
    answer = await send(votes(A=5, B=4), contest="council")
    assert (answer["status"], rows(CONTEST)) == (201, [("council", "received", [])])


async def test_where_one_contest_is_voted_on_a_protocol_is_of_that(send: Send, rows: Rows) -> None:
    answer = await send(votes(Nobody=5), station="003")
    assert (answer["status"], rows(CONTEST)) == (201, [("president", "received", [])])


async def test_else_it_is_of_the_only_contest_whose_contestants_cover_every_line(
    send: Send, rows: Rows
) -> None:
    assert (await send(votes(X=5, Y=4)))["status"] == 201
    by_name = {"Ada Grove": 5, "B": 1}
    assert (await send(votes(**by_name)))["status"] == 201
    assert [row[0] for row in rows(CONTEST)] == ["council", "president"]


@pytest.mark.parametrize("lines", [{"A": 5, "X": 4}, {"Z": 1}, {}])
async def test_where_none_follows_it_is_held_and_says_so(
    send: Send, rows: Rows, lines: dict[str, int]
) -> None:
    answer = await send(votes(**lines))
    assert (answer["status"], blamed(answer)) == (202, ["contest/absent"])
    assert rows(CONTEST)[0][:2] == (None, "held")


@pytest.mark.parametrize("named", ["council", "mayor"])
async def test_a_contest_that_is_not_voted_on_there_is_held(send: Send, named: str) -> None:
    answer = await send(votes(X=5), contest=named, station="003")
    assert (answer["status"], blamed(answer)) == (202, ["contest/contradicts"])


async def test_lines_of_a_contest_that_is_not_voted_on_there_do_not_make_it_one(
    client: httpx.AsyncClient, mission: SmallMission, send: Send
) -> None:
    await add_mayor(client, mission)
    answer = await send(votes(X=5), station="003")
    assert blamed(answer) == ["contest/contradicts"]


async def test_contests_named_for_a_station_are_those_that_are_voted_on_there(
    send: Send, rows: Rows
) -> None:
    rows(NAMED, '["council"]')
    assert (await send(votes(X=5), station="003"))["status"] == 201
    assert rows(CONTEST) == [("council", "received", [])]


async def test_in_a_round_without_contests_a_protocol_needs_none(
    client: httpx.AsyncClient, mission: SmallMission, send: Send, rows: Rows
) -> None:
    rows(
        "INSERT INTO area (mission_id, id, code, name, level)"
        " SELECT mission_id, gen_random_uuid(), 'A', 'Another', 'district' FROM mission RETURNING 1"
    )
    rows("UPDATE place SET area_id = (SELECT max(id::text)::uuid FROM area) RETURNING 1")
    repeat = {"code": "repeat", "name": "Repeat", "polling_days": [POLLING_DAY], "stations": []}
    (election,) = rows("SELECT code FROM election")[0]
    added = await client.post(
        f"/api/v1/missions/{mission.slug}/elections/{election}/rounds",
        json=repeat,
        headers=mission.bearer("lead"),
    )
    assert added.status_code == 201, added.text
    assert (await send(votes(A=1), round="repeat"))["status"] == 201
    assert rows(CONTEST) == [(None, "received", [])]


async def test_where_the_station_is_not_known_that_alone_holds_a_protocol(send: Send) -> None:
    assert blamed(await send(votes(A=1, X=1), station="999")) == ["station/unknown"]


async def test_a_contest_of_no_text_blames_itself_alone(send: Send, rows: Rows) -> None:
    answer = await send(votes(A=1, X=1), contest=7)
    assert blamed(answer) == ["contest/wrong_type"]


async def test_a_report_that_is_no_protocol_is_of_no_contest(
    client: httpx.AsyncClient, mission: SmallMission, send: Send, rows: Rows
) -> None:
    headers = mission.bearer("observer")
    answer = await client.post(
        mission.reports, json=mission.report(contest="council"), headers=headers
    )
    assert (answer.status_code, rows(CONTEST)) == (201, [(None, "received", [])])


async def test_of_one_visit_each_contest_has_its_own_report_and_the_newest_counts(
    send: Send, rows: Rows
) -> None:
    visit = str(uuid4())
    await send(votes(A=1, B=1), visit=visit)
    await send(votes(X=2, Y=1), visit=visit)
    await send(votes(A=3, B=1), visit=visit)
    assert rows(STANDING) == [
        ("president", "1", "superseded"),
        ("council", "2", "received"),
        ("president", "3", "received"),
    ]


async def test_a_correction_may_move_a_protocol_to_another_contest(send: Send, rows: Rows) -> None:
    first = await send(votes(A=1, B=1))
    await send(votes(X=1, Y=1), replaces=first["id"])
    assert rows(STANDING) == [("council", "1", "received")]


async def test_what_another_reason_holds_has_its_contest_already(
    client: httpx.AsyncClient, mission: SmallMission, send: Send, rows: Rows
) -> None:
    report = protocol(mission, votes(X=1), observer="O-unpledged")
    headers = mission.bearer("unpledged")
    held = await client.post(mission.reports, json=report, headers=headers)
    assert held.status_code == 202
    assert rows(CONTEST)[0][:2] == ("council", "held")


async def test_what_was_held_for_its_contest_counts_once_constituencies_say_it(
    client: httpx.AsyncClient,
    mission: SmallMission,
    send: Send,
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.intake.reference_cache.FRESH_SECONDS", 0.0)
    monkeypatch.setattr("api.review.release_held.EVERY_SECONDS", 3600.0)
    await send(votes(Z=1))
    release = release_of(client)
    assert (await release.of_mission(mission.mission_id)).released == ()
    rows("UPDATE place SET area_id = NULL WHERE code = '001' RETURNING 1")
    await add_mayor(client, mission)
    rows(MAYOR_IN_THE_HILLS)
    assert len((await release.of_mission(mission.mission_id)).released) == 1
    assert rows(CONTEST) == [("president", "received", [])]
    entry = "SELECT note FROM audit_entry WHERE act = 'report.release'"
    assert rows(entry) == [("its contest is known",)]


async def test_a_contest_added_a_moment_ago_is_known_to_the_next_protocol(
    client: httpx.AsyncClient, mission: SmallMission, send: Send, rows: Rows
) -> None:
    await send(votes(A=1))
    await add_mayor(client, mission)
    assert (await send(votes(M=1), contest="mayor", station="003"))["status"] == 201


async def test_by_openrosa_the_contest_travels_with_the_visit(
    client: httpx.AsyncClient, mission: SmallMission, send: Send, rows: Rows
) -> None:
    door, visit = f"/openrosa/{mission.tokens['observer']}/submission", str(uuid4())

    async def submit(first: str, more: str = "", station: str = "001") -> int:
        given = {"first": first, "more": more, "station": station, "visit": visit}
        xml = INSTANCE.format(id=uuid4(), day=POLLING_DAY, **given).encode()
        return (await client.post(door, files=parts(xml))).status_code

    assert await submit("1", "<contest>president</contest>") == 201
    assert await submit("X") == 201
    assert await submit("1") == 202
    assert [row[:2] for row in rows(CONTEST)] == [
        ("president", "received"),
        ("council", "received"),
        (None, "held"),
    ]


async def test_phones_are_given_the_contests_of_each_station_to_choose_from(
    client: httpx.AsyncClient, mission: SmallMission, send: Send
) -> None:
    door = f"/openrosa/{mission.tokens['data_manager']}/forms/results/2"
    form = (await client.get(door)).text
    assert "count(instance('contests')/root/item[station =" in form
    listed = await client.get(
        f"/api/v1/missions/{mission.slug}/checklists", headers=mission.bearer("observer")
    )
    per = {each["name"]: each["per"] for each in listed.json()["items"]}
    assert per == {"results": "contest", "voting": "visit"}
    lists = {each["name"]: each["lists"] for each in listed.json()["items"]}
    assert lists == {"results": ["contests.csv"], "voting": []}
    listed = await client.get(f"{door}/media/contests.csv")
    assert listed.text == (
        "name,label,station\npresident,President,001\ncouncil,Council of the Hills,001\n"
        "president,President,002\ncouncil,Council of the Hills,002\npresident,President,003\n"
    )


async def test_a_count_without_votes_needs_no_contest_and_one_with_votes_has_one(
    client: httpx.AsyncClient, mission: SmallMission, send: Send, rows: Rows
) -> None:
    await publish(client, mission, "counting")
    for answers in ({"stuffing": "no"}, votes(X=1), votes(A=1, X=1)):
        given = {name: each for name, each in answers.items() if name != "in_box"}
        await send(given, checklist="counting", version=...)
    assert [row[:2] for row in rows(CONTEST)] == [
        (None, "received"),
        ("council", "received"),
        (None, "held"),
    ]


async def test_a_tabulation_at_a_centre_is_of_a_contest_that_is_voted_on_below_it(
    client: httpx.AsyncClient, mission: SmallMission, send: Send, rows: Rows
) -> None:
    rows(
        "INSERT INTO place (mission_id, id, kind, code, name, address, attributes, setting, sort)"
        " SELECT mission_id, gen_random_uuid(), 'tabulation_centre', 'T', 'Hall', '', '{}', '', ''"
        " FROM mission RETURNING 1"
    )
    await publish(client, mission, "tabulation")
    report = mission.report(
        checklist="tabulation",
        version="2",
        station=...,
        place={"kind": "tabulation_centre", "code": "T"},
        contest="council",
        answers={},
    )
    answer = await client.post(mission.reports, json=report, headers=mission.bearer("observer"))
    assert answer.status_code == 201, answer.text
    assert rows(CONTEST) == [("council", "received", [])]
