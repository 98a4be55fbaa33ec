"""The desk corrects answers in its own name; decides on single answers; and takes that back."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.intake.test_openrosa import edit_of, instance, send
from tests.api.review.desk import Rows, act, sent, standing, undo
from tests.api.review.test_decide import decide, seen
from tests.api.routes.people import get
from tests.api.small import SmallMission
from tests.api.two_contests import hold_two_contests, protocol, votes

CORRECTION = "corrections"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The register looks at every report whether anything changed, not twice a second."""
    monkeypatch.setattr("api.intake.reference_cache.FRESH_SECONDS", 0.0)
    monkeypatch.setattr("api.review.release_held.EVERY_SECONDS", 3600.0)


@pytest.fixture
def door(mission: SmallMission) -> str:
    """Where a phone with Collect sends to."""
    return f"/openrosa/{mission.tokens['observer']}"


async def correct(
    client: httpx.AsyncClient, mission: SmallMission, report: str, **answers: Any
) -> httpx.Response:
    return await act(client, mission, report, CORRECTION, answers=answers)


async def shown(client: httpx.AsyncClient, mission: SmallMission, report: str) -> dict[str, Any]:
    found: dict[str, Any] = (await get(client, mission, f"reports/{report}")).json()
    return found


async def test_a_correction_is_a_new_version_in_a_person_s_name_and_counts_at_once(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = (await sent(client, mission))["id"]
    assert await seen(client, mission) == [(0, 1)]
    told = await correct(client, mission, report, sealed="no", sealed__known="saw", queue=None)
    assert told.status_code == 200, told.text
    assert await seen(client, mission) == [(1, 1)]
    now = await shown(client, mission, report)
    assert now["answers"] == {"sealed": "no", "sealed__known": "saw"}
    first, second = now["versions"]
    assert first["changed"] == []
    assert (second["number"], second["author"], second["reason"]) == (
        2,
        "data_manager",
        "Called the team.",
    )
    assert second["changed"] == [
        {"field": "answers.queue", "before": 4, "after": None},
        {"field": "answers.sealed", "before": "yes", "after": "no"},
        {"field": "answers.sealed__known", "before": None, "after": "saw"},
    ]
    assert [each for each in told.json()["changed"] if each["field"] == "answers.queue"]
    entry = "SELECT note, actor_id FROM audit_entry WHERE act = 'report.correction'"
    assert rows(entry) == [("Called the team.", mission.holders["data_manager"])]
    taken_back = await undo(client, mission, told.json()["act"])
    assert taken_back.status_code == 200, taken_back.text
    assert (await shown(client, mission, report))["answers"] == {"queue": 4, "sealed": "yes"}
    assert standing(rows, report)[:2] == ("received", 3)
    assert await seen(client, mission) == [(0, 1)]


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"ballots": 4}, "answers.ballots"),
        ({"ballots": None}, "answers.ballots"),
        ({"queue": "many"}, "answers.queue"),
        ({"sealed": "perhaps"}, "answers.sealed"),
        ({"sealed__known": "saw"}, "answers.sealed__known"),
        ({"photo": "other.jpg"}, "answers.photo"),
        ({"comment": "a\0b"}, "answers.comment"),
        ({"comment": "\ud800"}, "answers.comment"),
        ({"queue": 10**30}, "answers.queue"),
        ({}, "answers"),
    ],
)
async def test_an_answer_that_cannot_be_kept_is_refused_by_name(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows, answers: Any, field: str
) -> None:
    report = (await sent(client, mission))["id"]
    refused = await client.post(
        f"{mission.reports}/{report}/{CORRECTION}",
        content=json.dumps({"answers": answers, "reason": "Called the team."}),
        headers=mission.bearer("data_manager") | {"Content-Type": "application/json"},
    )
    assert (refused.status_code, refused.json().get("field")) == (422, field), refused.text
    assert standing(rows, report)[:2] == ("received", 1)


async def test_what_changes_nothing_and_what_another_report_replaced_is_told(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    first = await sent(client, mission)
    same = await correct(client, mission, first["id"], sealed="yes", queue=4)
    assert (same.status_code, same.json()["field"]) == (409, "answers"), same.text
    gone = await correct(client, mission, first["id"], comment=None)
    assert gone.status_code == 409
    await sent(client, mission, visit=first["visit"])
    replaced = await correct(client, mission, first["id"], queue=5)
    assert (replaced.status_code, replaced.json()["field"]) == (409, "status")
    assert rows("SELECT count(*) FROM report_version") == [(2,)]
    assert rows("SELECT count(*) FROM desk_act") == [(0,)]


async def test_a_report_that_is_held_for_an_answer_counts_once_that_is_corrected(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = (await sent(client, mission, answers={"queue": "many", "sealed": "no"}))["id"]
    assert standing(rows, report)[2] == ["queue/wrong_type"]
    told = await correct(client, mission, report, queue=12)
    assert (told.status_code, told.json()["status"]) == (200, "received"), told.text
    assert await seen(client, mission) == [(1, 1)]


async def test_a_report_that_counts_is_corrected_though_its_observer_is_suspended_since(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = (await sent(client, mission))["id"]
    rows("UPDATE observer SET state = 'suspended' WHERE pseudonym = 'O-1' RETURNING 1")
    told = await correct(client, mission, report, sealed="no")
    assert (told.status_code, told.json()["status"]) == (200, "received"), told.text


async def test_a_verified_report_is_corrected_and_the_observer_s_correction_waits_no_more(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    first = await sent(client, mission)
    assert (await decide(client, mission, first["id"], "verified")).status_code == 200
    later = await sent(client, mission, replaces=first["id"], answers={"queue": 9, "sealed": "no"})
    assert standing(rows, later["id"])[2] == ["replaces/decided"]
    queue = f"/api/v1/missions/{mission.slug}/queues/corrections"
    lead = mission.bearer("data_manager")
    assert len((await client.get(queue, headers=lead)).json()["items"]) == 1
    told = await correct(client, mission, first["id"], queue=9)
    assert (told.status_code, told.json()["status"]) == (200, "verified"), told.text
    assert {"field": "report", "report": later["id"], "after": "superseded"} in told.json()[
        "changed"
    ]
    assert (await client.get(queue, headers=lead)).json()["items"] == []
    assert await seen(client, mission) == [(0, 1)]
    assert (await undo(client, mission, told.json()["act"])).status_code == 200
    assert standing(rows, later["id"])[2] == ["replaces/decided"]
    assert standing(rows, first["id"])[:2] == ("verified", 3)


@pytest.mark.parametrize(("status", "stands"), [("verified", "verified"), ("received", "received")])
async def test_a_decision_on_a_waiting_correction_makes_it_the_newest_version(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows, status: str, stands: str
) -> None:
    first = await sent(client, mission)
    await decide(client, mission, first["id"], "verified")
    later = await sent(client, mission, replaces=first["id"], answers={"queue": 9, "sealed": "no"})
    told = await decide(client, mission, later["id"], status)
    assert told.status_code == 200, told.text
    assert (told.json()["id"], told.json()["status"]) == (first["id"], stands)
    assert (await shown(client, mission, first["id"]))["answers"]["queue"] == 9
    assert standing(rows, later["id"])[0] == "superseded"
    assert (await undo(client, mission, told.json()["act"])).status_code == 200
    assert standing(rows, first["id"])[0] == "verified"
    assert (await shown(client, mission, first["id"]))["answers"]["queue"] == 4


async def test_a_correction_and_a_held_report_may_be_excluded_and_that_taken_back(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    held = (await sent(client, mission, station="0746"))["id"]
    told = await decide(client, mission, held, "quarantined")
    assert (told.status_code, standing(rows, held)[0]) == (200, "quarantined"), told.text
    assert (await undo(client, mission, told.json()["act"])).status_code == 200
    assert standing(rows, held) == ("held", 1, ["station/unknown"], None)
    await decide(client, mission, held, "quarantined")
    back = await decide(client, mission, held, "received")
    assert (back.status_code, standing(rows, held)[0]) == (200, "held"), back.text


async def test_the_phone_s_correction_never_overwrites_the_desk_s(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    first = await sent(client, mission)
    assert (await correct(client, mission, first["id"], queue=5)).status_code == 200
    later = await sent(client, mission, replaces=first["id"], answers={"queue": 9, "sealed": "no"})
    assert standing(rows, later["id"])[2] == ["replaces/decided"]
    assert (await shown(client, mission, first["id"]))["answers"]["queue"] == 5


async def test_a_report_of_collect_is_corrected_from_its_newest_version(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows, door: str
) -> None:
    first = str(uuid4())
    assert await send(client, door, instance(id=first, queue="4")) == 201
    assert await send(client, door, edit_of(first, queue="6")) == 201
    told = await correct(client, mission, first, comment="Read again.")
    assert told.status_code == 200, told.text
    assert standing(rows, first)[:2] == ("received", 3)
    answers = (await shown(client, mission, first))["answers"]
    assert (answers["queue"], answers["comment"]) == (6, "Read again.")


async def test_verified_answers_stand_until_a_later_version_changes_them(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = (await sent(client, mission))["id"]
    told = await decide(client, mission, report, "verified", questions=["queue", "sealed"])
    assert told.status_code == 200, told.text
    now = await shown(client, mission, report)
    assert [(each["question"], each["by"], each["number"]) for each in now["verified_answers"]] == [
        ("queue", "data_manager", 1),
        ("sealed", "data_manager", 1),
    ]
    assert now["status"] == "received"
    again = await decide(client, mission, report, "verified", questions=["queue"])
    assert (again.status_code, again.json()["field"]) == (409, "questions")
    await correct(client, mission, report, queue=5)
    left = (await shown(client, mission, report))["verified_answers"]
    assert [each["question"] for each in left] == ["sealed"]
    back = await decide(client, mission, report, "received", questions=["sealed"])
    assert back.status_code == 200, back.text
    assert (await shown(client, mission, report))["verified_answers"] == []
    assert (await undo(client, mission, back.json()["act"])).status_code == 200
    left = (await shown(client, mission, report))["verified_answers"]
    assert [each["question"] for each in left] == ["sealed"]
    said = [(each["decision"], each["scope"]) for each in now["decisions"]]
    assert said == [("verified", "answers")]


async def test_excluded_answers_leave_the_figures_and_are_put_back(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = (await sent(client, mission, answers={"queue": 4, "sealed": "no"}))["id"]
    assert await seen(client, mission) == [(1, 1)]
    told = await decide(client, mission, report, "quarantined", questions=["sealed"])
    assert told.status_code == 200, told.text
    assert standing(rows, report)[:2] == ("received", 2)
    assert await seen(client, mission) == [(0, 0)]
    unanswered = await decide(client, mission, report, "quarantined", questions=["sealed"])
    assert (unanswered.status_code, unanswered.json()["field"]) == (422, "questions.sealed")
    back = await decide(client, mission, report, "received", questions=["sealed"])
    assert back.status_code == 200, back.text
    assert await seen(client, mission) == [(1, 1)]
    nothing = await decide(client, mission, report, "received", questions=["sealed"])
    assert (nothing.status_code, nothing.json()["field"]) == (409, "questions"), nothing.text


async def test_the_results_alone_are_verified_or_excluded(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    await hold_two_contests(client, mission, rows)
    given = protocol(mission, votes(A=30, B=12), contest="president")
    answer = await client.post(mission.reports, json=given, headers=mission.bearer("observer"))
    assert answer.status_code == 201, answer.text
    told = await decide(client, mission, given["id"], "verified", scope="results")
    assert told.status_code == 200, told.text
    marked = {each["question"] for each in told.json()["verified_answers"]}
    assert marked == {"contestant_votes", "in_box", "valid", "invalid"}
    gone = await decide(client, mission, given["id"], "quarantined", scope="results")
    assert gone.status_code == 200, gone.text
    assert not marked & set(gone.json()["answers"])
    assert gone.json()["verified_answers"] == []
    back = await decide(client, mission, given["id"], "received", scope="results")
    assert back.json()["answers"]["contestant_votes"] == votes(A=30, B=12)["contestant_votes"]
    none = await decide(
        client, mission, (await sent(client, mission))["id"], "verified", scope="results"
    )
    assert (none.status_code, none.json()["field"]) == (422, "scope")


async def test_two_who_correct_the_same_version_one_is_told_of_the_other(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = (await sent(client, mission))["id"]
    assert (await correct(client, mission, report, queue=5)).status_code == 200
    late = await act(client, mission, report, CORRECTION, answers={"queue": 6}, number=1)
    assert (late.status_code, late.json()["field"]) == (409, "number")
    assert standing(rows, report)[1] == 2
