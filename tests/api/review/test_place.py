"""The desk places reports: held ones count then, others are moved; and takes that back."""

import httpx
import pytest

from tests.api.review.desk import Rows, accept, place, sent, standing, undo
from tests.api.review.test_decide import seen
from tests.api.routes.people import get
from tests.api.small import SmallMission


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The register looks at every report whether anything changed, not twice a second."""
    monkeypatch.setattr("api.intake.reference_cache.FRESH_SECONDS", 0.0)
    monkeypatch.setattr("api.review.release_held.EVERY_SECONDS", 3600.0)


async def test_a_held_report_that_is_placed_counts(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = (await sent(client, mission, station="0746"))["id"]
    answer = await place(client, mission, report, station="003")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["id"], told["status"], told["reasons"], told["station"]) == (
        report,
        "received",
        [],
        "003",
    )
    assert [each["number"] for each in told["versions"]] == [1, 2]
    assert told["versions"][1]["author"] == "data_manager"
    assert told["versions"][1]["reason"] == "Called the team."
    assert {each["field"] for each in told["changed"]} >= {"station", "status", "reasons"}
    assert standing(rows, report) == ("received", 2, [], "003")
    assert await seen(client, mission) == [(0, 1)]
    entry = "SELECT note, actor_id FROM audit_entry WHERE act = 'report.placement'"
    assert rows(entry) == [("Called the team.", mission.holders["data_manager"])]


async def test_a_report_that_is_moved_leaves_its_place_to_the_next_newest(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    first = await sent(client, mission)
    second = await sent(client, mission, visit=first["visit"])
    assert standing(rows, first["id"])[0] == "superseded"
    answer = await place(client, mission, second["id"], station="002")
    assert answer.status_code == 200, answer.text
    assert standing(rows, first["id"]) == ("received", 1, [], "001")
    assert standing(rows, second["id"]) == ("received", 2, [], "002")
    assert {"field": "report", "report": first["id"], "after": "received"} in answer.json()[
        "changed"
    ]


async def test_an_act_is_taken_back_once_by_who_did_it(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    first = await sent(client, mission)
    second = await sent(client, mission, visit=first["visit"])
    act = (await place(client, mission, second["id"], station="002")).json()["act"]
    other = await undo(client, mission, act, "lead")
    assert (other.status_code, other.json()["field"]) == (409, "act")
    back = await undo(client, mission, act)
    assert back.status_code == 200, back.text
    assert (back.json()["status"], back.json()["report"]) == ("received", second["id"])
    assert standing(rows, second["id"]) == ("received", 3, [], "001")
    assert standing(rows, first["id"])[0] == "superseded"
    again = await undo(client, mission, act)
    assert (again.status_code, again.json()["field"]) == (409, "act")
    versions = (await get(client, mission, f"reports/{second['id']}")).json()["versions"]
    assert [each["reason"] for each in versions] == [None, "Called the team.", "undone"]


async def test_a_held_report_is_held_again_when_its_placing_is_taken_back(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = (await sent(client, mission, station="0746"))["id"]
    before = rows("SELECT reasons FROM report WHERE id = %s", report)
    act = (await place(client, mission, report, station="003")).json()["act"]
    assert (await undo(client, mission, act)).status_code == 200
    assert standing(rows, report) == ("held", 3, ["station/unknown"], None)
    assert rows("SELECT reasons FROM report WHERE id = %s", report) == before


async def test_an_unknown_version_that_is_accepted_is_judged_by_the_newest(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    answers = {"queue": 4, "sealed": "no"}
    report = (await sent(client, mission, version="9", answers=answers))["id"]
    assert standing(rows, report)[2] == ["version/unknown"]
    answer = await accept(client, mission, report, "unknown")
    assert answer.status_code == 200, answer.text
    assert standing(rows, report) == ("received", 2, [], "001")
    assert await seen(client, mission) == [(1, 1)]


async def test_what_placing_would_change_is_told_and_nothing_is_written(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = (await sent(client, mission, station="0746"))["id"]
    address = f"{mission.reports}/{report}/placement?preview=true"
    given = {"station": "003", "reason": "the sign"}
    told = await client.post(address, json=given, headers=mission.bearer("data_manager"))
    assert told.status_code == 200, told.text
    assert told.json()["effect"]["reports"] == {"before": 0, "after": 1}
    assert standing(rows, report) == ("held", 1, ["station/unknown"], None)
    assert rows("SELECT count(*) FROM desk_act") == [(0,)]
