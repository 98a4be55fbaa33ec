"""A named person verifies a report, quarantines it, or takes that back; with a reason."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from tests.api.routes.people import get, post
from tests.api.small import SmallMission
from tests.conftest import Database

Rows = Callable[..., list[tuple[Any, ...]]]
STATUS = "SELECT status FROM report WHERE id = %s"
UNSEALED = {"queue": 4, "sealed": "no"}


async def decide(
    client: httpx.AsyncClient,
    mission: SmallMission,
    report: str,
    status: str,
    who: str = "data_manager",
    **members: Any,
) -> httpx.Response:
    """Decide on a report as somebody."""
    given = {"status": status, "reason": "Called the team."} | members
    address = f"{mission.reports}/{report}/decision"
    return await client.post(address, json=given, headers=mission.bearer(who))


async def seen(client: httpx.AsyncClient, mission: SmallMission) -> list[tuple[int, int]]:
    """Of the one irregularity: how often it was seen, of how many."""
    answer = await get(client, mission, "irregularities")
    return [(each["seen"], each["observations"]) for each in answer.json()["items"]]


async def test_the_answer_is_the_report_and_says_who_decided_when_and_why(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = (await post(client, mission))["id"]
    before = await get(client, mission, f"reports/{report}")
    answer = await decide(client, mission, report, "verified", reason=" Called the team. ")
    assert answer.status_code == 200, answer.text
    after = await get(client, mission, f"reports/{report}")
    assert answer.json().items() >= after.json().items()
    assert after.headers["etag"] != before.headers["etag"]
    assert after.json()["status"] == "verified"
    (said,) = after.json()["decisions"]
    assert (said["decision"], said["by"], said["reason"]) == (
        "verified",
        "data_manager",
        "Called the team.",
    )
    entry = "SELECT at, actor_id FROM audit_entry WHERE act = 'report.verified' AND subject = %s"
    ((at, actor),) = rows(entry, report)
    assert (said["at"], actor) == (at.isoformat(), mission.holders["data_manager"])


async def test_a_quarantined_report_leaves_the_rates_and_comes_back(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    await post(client, mission)
    report = (await post(client, mission, station="002", answers=UNSEALED))["id"]
    assert await seen(client, mission) == [(1, 2)]
    tag = (await get(client, mission, "irregularities")).headers["etag"]
    assert (await decide(client, mission, report, "quarantined")).status_code == 200
    assert await seen(client, mission) == [(0, 1)]
    assert (await get(client, mission, "irregularities")).headers["etag"] != tag
    assert (await decide(client, mission, report, "received")).json()["status"] == "received"
    assert await seen(client, mission) == [(1, 2)]
    told = (await get(client, mission, f"reports/{report}")).json()["decisions"]
    assert [each["decision"] for each in told] == ["quarantined", "received"]


async def test_a_report_in_which_a_check_did_not_hold_comes_back_flagged(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = (await post(client, mission))["id"]
    rows(
        'UPDATE judgement SET flags = \'[{"name": "sum", "inputs": {}, "formula": ""}]\''
        " WHERE report_id = %s RETURNING 1",
        report,
    )
    await decide(client, mission, report, "verified")
    assert (await decide(client, mission, report, "received")).json()["status"] == "flagged"
    again = await decide(client, mission, report, "received")
    assert (again.status_code, again.json()["field"]) == (409, "status")


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 2001, "a\0b", "\ud800"])
async def test_a_decision_without_a_reason_that_can_be_kept_is_refused(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows, reason: str
) -> None:
    report = (await post(client, mission))["id"]
    kind = {"Content-Type": "application/json"}
    answer = await client.post(
        f"{mission.reports}/{report}/decision",
        headers=mission.bearer("data_manager") | kind,
        content=json.dumps({"status": "verified", "reason": reason}),
    )
    assert (answer.status_code, answer.json().get("field")) == (422, "reason"), answer.text
    assert rows(STATUS, report) == [("received",)]


@pytest.mark.parametrize("status", ["held", "flagged", "superseded", "true", ""])
async def test_only_a_persons_word_is_a_decision(
    client: httpx.AsyncClient, mission: SmallMission, status: str
) -> None:
    report = (await post(client, mission))["id"]
    answer = await decide(client, mission, report, status)
    assert (answer.status_code, answer.json()["field"]) == (422, "status")


@pytest.mark.parametrize("status", ["held", "superseded"])
async def test_what_is_held_or_superseded_is_not_decided(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows, status: str
) -> None:
    report = (await post(client, mission))["id"]
    rows("UPDATE report SET status = %s WHERE id = %s RETURNING 1", status, report)
    answer = await decide(client, mission, report, "verified")
    assert (answer.status_code, answer.json()["field"]) == (409, "status")
    assert rows(STATUS, report) == [(status,)]
    page = await client.get(
        f"/missions/{mission.slug}/reports/{report}", headers=mission.bearer("lead")
    )
    assert "/decision" not in page.text


async def test_what_stands_so_already_and_a_version_nobody_read_are_told(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = (await post(client, mission))["id"]
    stale = await decide(client, mission, report, "verified", number=2)
    assert (stale.status_code, stale.json()["field"]) == (409, "number")
    assert (await decide(client, mission, report, "verified", number=1)).status_code == 200
    again = await decide(client, mission, report, "verified", who="lead")
    assert (again.status_code, again.json()["field"]) == (409, "status")
    acts = "SELECT count(*) FROM audit_entry WHERE act = 'report.verified'"
    assert rows(acts) == [(1,)]


async def test_a_closed_mission_decides_nothing(
    client: httpx.AsyncClient, mission: SmallMission, database: Database, rows: Rows
) -> None:
    report = (await post(client, mission))["id"]
    with psycopg.connect(database.admin_url) as connection:
        connection.execute("UPDATE mission SET state = 'closed', closed_at = now()")
    answer = await decide(client, mission, report, "verified")
    assert (answer.status_code, answer.json()["code"]) == (409, "mission_closed")
    assert rows(STATUS, report) == [("received",)]


@pytest.mark.parametrize("who", ["observer", "partner"])
async def test_whoever_has_not_the_right_finds_nothing_to_decide(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows, who: str
) -> None:
    report = (await post(client, mission))["id"]
    assert (await decide(client, mission, report, "verified", who)).status_code == 404
    assert rows(STATUS, report) == [("received",)]
    assert "decisions" not in (await get(client, mission, f"reports/{report}", who)).json()


async def test_a_report_that_is_not_there_is_not_decided(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    assert (await decide(client, mission, str(uuid4()), "verified")).status_code == 404


async def test_the_page_decides_and_shows_who_did_when_and_why(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = (await post(client, mission))["id"]
    where = f"/missions/{mission.slug}/reports/{report}"
    desk = mission.bearer("data_manager")
    assert f'action="{where}/decision"' in (await client.get(where, headers=desk)).text
    given = {"status": "quarantined", "reason": "Two forms, one visit.", "number": "1"}
    said = await client.post(f"{where}/decision", data=given, headers=desk)
    assert (said.status_code, said.headers["location"]) == (303, where)
    page = (await client.get(where, headers=desk)).text
    assert "Two forms, one visit." in page
    assert ">Exclude<" not in page
    assert ">Back to received<" in page
    again = await client.post(f"{where}/decision", data=given, headers=desk)
    assert (again.status_code, "It stands so already." in again.text) == (409, True)
    bare = await client.post(f"{where}/decision", data=given | {"reason": " "}, headers=desk)
    assert bare.status_code == 422
    assert rows(STATUS, report) == [("quarantined",)]
