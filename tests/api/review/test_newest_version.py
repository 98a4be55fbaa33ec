"""Whoever acts on a report judges from its newest version, and what came since is never lost."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from api.intake.accept import Intake
from api.intake.candidate import Candidate
from api.intake.rejudging import rejudge_everything
from tests.api.checklists.test_rejudging import RULES, graver
from tests.api.intake.test_openrosa import instance, parts
from tests.api.people.test_release import accepted as declaration_accepted
from tests.api.people.test_release import declared
from tests.api.people.test_teams import release_of
from tests.api.review.desk import Rows, accept, act, place, sent, standing, undo
from tests.api.review.test_decide import decide
from tests.api.routes.people import get
from tests.api.small import SmallMission
from tests.api.two_contests import hold_two_contests
from tests.conftest import Database

LATER = "UPDATE desk_act SET at = at - interval '31 seconds' RETURNING 1"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The register looks at every report whether anything changed, not twice a second."""
    monkeypatch.setattr("api.intake.reference_cache.FRESH_SECONDS", 0.0)
    monkeypatch.setattr("api.review.release_held.EVERY_SECONDS", 3600.0)


async def test_a_gate_that_is_passed_after_a_placement_leaves_the_station_as_placed(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = (await sent(client, mission, "undeclared", observer=..., station="0746"))["id"]
    assert (await place(client, mission, report, station="003")).json()["status"] == "held"
    answer = await declaration_accepted(client, mission, await declared(client, mission))
    assert answer.json() == {"decided": 1, "released": 1}
    assert standing(rows, report) == ("received", 2, [], "003")


async def test_the_same_over_openrosa(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    door = f"/openrosa/{mission.tokens['undeclared']}/submission"
    assert (await client.post(door, files=parts(instance(station="0746")))).status_code == 202
    ((report,),) = rows("SELECT id::text FROM report")
    assert (await place(client, mission, report, station="003")).json()["status"] == "held"
    await declaration_accepted(client, mission, await declared(client, mission))
    assert standing(rows, report) == ("received", 2, [], "003")


async def test_two_managers_who_act_at_once_do_not_write_over_each_other(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = (await sent(client, mission, station="0746"))["id"]
    stations = ("001", "002", "003")
    who = ("data_manager", "lead", "data_manager")
    answers = await asyncio.gather(
        *(
            act(client, mission, report, "placement", each, station=station)
            for each, station in zip(who, stations, strict=True)
        )
    )
    assert sorted(each.status_code for each in answers) == [200, 409, 409]
    (won,) = [each for each in answers if each.status_code == 200]
    assert standing(rows, report) == ("received", 2, [], won.json()["station"])
    lost = [each.json() for each in answers if each.status_code == 409]
    assert {each["field"] for each in lost} == {"number"}
    assert rows("SELECT count(*) FROM desk_act") == [(1,)]


async def test_nothing_is_placed_where_it_is_already(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = (await sent(client, mission))["id"]
    same = await place(client, mission, report, station="001", observer="O-1")
    assert (same.status_code, same.json()["code"]) == (409, "conflict")
    held = (await sent(client, mission, station="0746"))["id"]
    for given in ({"station": "0747"}, {"round": "third"}, {"observer": "O-9"}):
        unknown = await place(client, mission, held, **given)
        (field,) = given
        assert (unknown.status_code, unknown.json()["field"]) == (422, field)
    nothing = await place(client, mission, held)
    assert (nothing.status_code, nothing.json()["field"]) == (422, "station")
    silent = await place(client, mission, held, station="003", reason=" ")
    assert (silent.status_code, silent.json()["field"]) == (422, "reason")
    protocol = await place(client, mission, held, station="003", contest="president")
    assert (protocol.status_code, protocol.json()["field"]) == (422, "contest")
    odd = await place(client, mission, held, station="0\x00 3")
    assert odd.status_code == 422
    assert standing(rows, held)[:2] == ("held", 1)
    assert rows("SELECT count(*) FROM desk_act") == [(0,)]


@pytest.mark.parametrize("status", ["verified", "quarantined"])
async def test_a_report_that_was_decided_on_is_not_placed(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows, status: str
) -> None:
    report = (await sent(client, mission))["id"]
    await decide(client, mission, report, status)
    answer = await place(client, mission, report, station="002")
    assert (answer.status_code, answer.json()["field"]) == (409, "status")
    assert "place it" in answer.json()["detail"]
    assert standing(rows, report) == (status, 1, [], "001")


async def test_a_report_that_counts_is_not_moved_to_where_it_would_be_held(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = (await sent(client, mission))["id"]
    answer = await place(client, mission, report, observer="O-undeclared")
    assert (answer.status_code, answer.json()["field"]) == (409, "observer")
    assert standing(rows, report) == ("received", 1, [], "001")


async def test_an_act_is_not_taken_back_after_its_time_or_over_what_came_since(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = await sent(client, mission, station="0746")
    first = (await place(client, mission, report["id"], station="003")).json()["act"]
    second = (await place(client, mission, report["id"], station="002")).json()["act"]
    over = await undo(client, mission, first)
    assert (over.status_code, over.json()["code"]) == (409, "conflict")
    await decide(client, mission, report["id"], "verified")
    decided = await undo(client, mission, second)
    assert (decided.status_code, decided.json()["code"]) == (409, "conflict")
    await decide(client, mission, report["id"], "received")
    rows(LATER)
    late = await undo(client, mission, second)
    assert (late.status_code, "30 seconds" in late.json()["detail"]) == (409, True)
    assert standing(rows, report["id"]) == ("received", 2 + 1, [], "002")
    assert (await undo(client, mission, str(uuid4()))).status_code == 404


async def test_an_act_is_answered_whatever_the_client_has_of_the_report(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    report = (await sent(client, mission, station="0746"))["id"]
    client.headers["If-None-Match"] = "*"
    answer = await place(client, mission, report, station="003")
    assert (answer.status_code, answer.json()["status"]) == (200, "received")


async def test_an_act_on_what_is_not_there_or_not_held_says_so(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = (await sent(client, mission))["id"]
    assert (await place(client, mission, str(uuid4()), station="003")).status_code == 404
    counted = await accept(client, mission, report, "version/unknown")
    assert (counted.status_code, counted.json()["field"]) == (409, "status")
    held = (await sent(client, mission, station="0746"))["id"]
    other = await accept(client, mission, held, "version/unknown")
    assert (other.status_code, other.json()["field"]) == (422, "reasons")
    assert other.json()["reasons"] == ["station/unknown"]
    for who in ("observer", "partner"):
        for name, given in (("placement", {"station": "003"}), ("acceptance", {"reasons": ["x"]})):
            assert (await act(client, mission, held, name, who, **given)).status_code == 404


async def test_photos_of_a_version_that_was_unknown_are_expected_once_it_is_accepted(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    answers = {"queue": 4, "sealed": "yes", "photo": f"{'a' * 64}.jpg"}
    report = (await sent(client, mission, version="9", answers=answers))["id"]
    assert rows("SELECT count(*) FROM attachment") == [(0,)]
    assert (await accept(client, mission, report, "version/unknown")).status_code == 200
    told = (await get(client, mission, f"reports/{report}")).json()
    assert (len(told["photos"]), told["photos_outstanding"]) == (1, 1)


async def test_a_release_of_what_the_desk_accepted_asks_for_it_no_more(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    """Also where the mission's gates are passed by somebody else's act."""
    report = (await sent(client, mission, "undeclared", observer=..., mood="good"))["id"]
    answer = await accept(client, mission, report, "unknown_member")
    assert (answer.json()["status"], standing(rows, report)[2]) == (
        "held",
        ["observer/no_declaration"],
    )
    await declaration_accepted(client, mission, await declared(client, mission))
    assert standing(rows, report) == ("received", 2, [], "001")


async def test_what_was_accepted_does_not_come_back_when_rules_change(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows, database: Database
) -> None:
    answers = {"queue": 4, "sealed": "no", "weather": "fine"}
    report = (await sent(client, mission, version="9", answers=answers))["id"]
    assert (await accept(client, mission, report, "version/unknown")).json()["status"] == "held"
    accepted = await accept(client, mission, report, "weather/unknown_question")
    assert accepted.json()["status"] == "received"
    rows(RULES, graver())
    assert rejudge_everything(database.app_url) == 1
    assert standing(rows, report) == ("received", 3, [], "001")
    moved = await place(client, mission, report, station="002")
    assert moved.json()["status"] == "received"
    assert [each["accepted"][:2] for each in moved.json()["versions"]] == [
        [],
        ["version/unknown"],
        *[["version/unknown", "weather/unknown_question"]] * 2,
    ]


async def test_nobody_acts_on_what_another_has_open(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = (await sent(client, mission, station="0746", mood="good"))["id"]
    address = f"/api/v1/missions/{mission.slug}/queues/held/items/{report}/hold"
    assert (await client.post(address, headers=mission.bearer("lead"))).status_code < 300
    for answer in (
        await place(client, mission, report, station="003"),
        await accept(client, mission, report, "unknown_member"),
    ):
        assert (answer.status_code, "lead" in answer.text) == (409, True), answer.text
    assert standing(rows, report)[:2] == ("held", 1)
    own = await act(client, mission, report, "placement", "lead", station="003")
    assert own.status_code == 200


async def test_a_closed_mission_places_and_accepts_nothing(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows, database: Database
) -> None:
    counted = (await sent(client, mission))["id"]
    held = (await sent(client, mission, version="9"))["id"]
    with psycopg.connect(database.admin_url) as connection:
        connection.execute("UPDATE mission SET state = 'closed', closed_at = now()")
    for answer in (
        await place(client, mission, counted, station="002"),
        await place(client, mission, held, station="002"),
        await accept(client, mission, held, "version/unknown"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "mission_closed")
    assert standing(rows, counted) == ("received", 1, [], "001")


async def test_the_rows_of_a_protocol_of_an_unknown_version_are_read_once_it_is_accepted(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    await hold_two_contests(client, mission, rows)
    lines = "".join(
        f"<contestant_votes><contestant>{name}</contestant><votes>{count}</votes></contestant_votes>"
        for name, count in (("A", 3), ("B", 4))
    )
    xml = f"""<data id="results" version="of another day"><context><station>003</station>
<arrived_at>2026-11-08T19:10:00Z</arrived_at></context><in_box>7</in_box><valid>7</valid>
<invalid>0</invalid>{lines}<meta><instanceID>uuid:{uuid4()}</instanceID></meta></data>"""
    door = f"/openrosa/{mission.tokens['observer']}/submission"
    assert (await client.post(door, files=parts(xml.encode()))).status_code == 202
    ((report,),) = rows("SELECT id::text FROM report")
    answer = await accept(client, mission, report, "version/unknown")
    assert (answer.status_code, answer.json()["status"]) == (200, "received"), answer.text
    assert answer.json()["answers"]["contestant_votes"] == [
        {"contestant": "A", "votes": 3},
        {"contestant": "B", "votes": 4},
    ]
    assert answer.json()["contest"] == "president"


async def test_what_is_placed_while_a_release_judges_stays_where_it_was_placed(
    client: httpx.AsyncClient,
    mission: SmallMission,
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    report = (await sent(client, mission, "undeclared", observer=..., station="001"))["id"]
    judge = Intake.judge

    async def judged_then_placed(self: Intake, *given: Any, **named: Any) -> Candidate:
        found = await judge(self, *given, **named)
        monkeypatch.setattr(Intake, "judge", judge)
        assert (await place(client, mission, report, station="003")).status_code == 200
        return found

    declaration = await declared(client, mission)
    monkeypatch.setattr(Intake, "judge", judged_then_placed)
    await declaration_accepted(client, mission, declaration)
    assert standing(rows, report)[1::2] == (2, "003")
    await release_of(client).of_mission(mission.mission_id)
    assert standing(rows, report) == ("received", 2, [], "003")


async def test_what_names_something_unknown_is_judged_again_only_when_names_are_entered(
    client: httpx.AsyncClient,
    mission: SmallMission,
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await sent(client, mission, station="0746")
    release, judged = release_of(client), []
    judge = Intake.judge

    async def counted(self: Intake, *given: Any, **named: Any) -> Candidate:
        judged.append(given)
        return await judge(self, *given, **named)

    await release.of_mission(mission.mission_id)
    monkeypatch.setattr(Intake, "judge", counted)
    await declaration_accepted(client, mission, await declared(client, mission))
    await release.of_mission(mission.mission_id)
    assert judged == []
    address = f"/api/v1/missions/{mission.slug}/tables/stations"
    content = "code,name,registered_voters\n0746,School behind the mill,812\n"
    done = await client.post(address, content=content, headers=mission.bearer("lead"))
    assert done.status_code < 300, done.text
    assert len((await release.of_mission(mission.mission_id)).released) == 1
    assert len(judged) == 1
