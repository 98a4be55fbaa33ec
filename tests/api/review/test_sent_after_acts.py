"""What a sender sends after the desk has acted on the report: nothing of either is lost."""

from uuid import uuid4

import httpx
import pytest

from tests.api.intake.test_openrosa import instance, parts
from tests.api.review.desk import Rows, accept, act, place, sent, standing, undo
from tests.api.review.test_decide import decide
from tests.api.small import SmallMission

ANSWERS = "SELECT answers ->> 'queue' FROM report_version WHERE report_id = %s ORDER BY number"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The register looks at every report whether anything changed, not twice a second."""
    monkeypatch.setattr("api.intake.reference_cache.FRESH_SECONDS", 0.0)
    monkeypatch.setattr("api.review.release_held.EVERY_SECONDS", 3600.0)


async def test_a_correction_by_its_sender_stays_where_the_desk_placed_the_report(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    first = await sent(client, mission, station="0746", version="9")
    assert (await place(client, mission, first["id"], station="003")).status_code == 200
    assert (await accept(client, mission, first["id"], "version/unknown")).status_code == 200
    same = {"station": "0746", "version": "9", "visit": first["visit"]}
    await sent(client, mission, replaces=first["id"], answers={"queue": 9}, **same)
    assert standing(rows, first["id"]) == ("received", 4, [], "003")
    assert rows(ANSWERS, first["id"])[-1] == ("9",)
    elsewhere = same | {"station": "002"}
    (newest,) = rows("SELECT instance_id::text FROM edit")[0]
    named = {"replaces": newest}
    await sent(client, mission, answers={"queue": 8}, **named, **elsewhere)
    assert standing(rows, first["id"])[3] == "002"


async def test_who_sent_a_report_corrects_it_though_the_desk_said_that_it_is_another_s(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    first = await sent(client, mission)
    placed = await place(client, mission, first["id"], observer="O-2")
    assert (placed.status_code, placed.json()["observer"]) == (200, "O-2"), placed.text
    same = {"visit": first["visit"], "observer": "O-1"}
    await sent(client, mission, replaces=first["id"], answers={"queue": 9}, **same)
    assert standing(rows, first["id"]) == ("received", 3, [], "001")
    observer = "SELECT pseudonym FROM report r JOIN observer o ON o.id = r.observer_id"
    assert rows(f"{observer} WHERE r.id = %s", first["id"]) == [("O-2",)]


async def test_the_same_of_an_edit_that_collect_sends(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    door = f"/openrosa/{mission.tokens['observer']}/submission"
    first = str(uuid4())
    await client.post(door, files=parts(instance(id=first, station="0746")))
    assert (await place(client, mission, first, station="003")).status_code == 200
    meta = f"<deprecatedID>uuid:{first}</deprecatedID>"
    edit = instance(station="0746", queue="7", meta=meta)
    assert (await client.post(door, files=parts(edit))).status_code == 201
    assert standing(rows, first) == ("received", 3, [], "003")
    assert (await client.post(door, files=parts(edit))).status_code == 201
    assert standing(rows, first)[1] == 3


async def test_a_correction_that_came_since_is_not_undone_with_the_placing(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = await sent(client, mission, station="0746")
    moved = (await place(client, mission, report["id"], station="003")).json()["act"]
    await sent(client, mission, station="0746", replaces=report["id"], visit=report["visit"])
    answer = await undo(client, mission, moved)
    assert (answer.status_code, answer.json()["field"]) == (409, "act")
    assert standing(rows, report["id"]) == ("received", 3, [], "003")


async def test_a_correction_of_a_verified_report_is_taken_over_and_given_back(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    first = await sent(client, mission)
    await decide(client, mission, first["id"], "verified")
    named = {"replaces": first["id"], "visit": first["visit"]}
    correction = await sent(client, mission, answers={"queue": 9, "sealed": "no"}, **named)
    assert standing(rows, correction["id"])[2] == ["replaces/decided"]
    answer = await accept(client, mission, correction["id"], "replaces/decided")
    assert answer.status_code == 200, answer.text
    assert answer.json()["id"] == first["id"]
    assert standing(rows, first["id"]) == ("received", 2, [], "001")
    assert rows(ANSWERS, first["id"])[-1] == ("9",)
    assert standing(rows, correction["id"])[0] == "superseded"
    assert (await undo(client, mission, answer.json()["act"])).status_code == 200
    assert standing(rows, first["id"]) == ("verified", 3, [], "001")
    assert standing(rows, correction["id"])[::2] == ("held", ["replaces/decided"])
    again = await client.post(mission.reports, json=correction, headers=mission.bearer("observer"))
    assert again.status_code == 200


async def test_a_later_report_of_a_visit_that_is_verified_counts_when_that_is_taken_back(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    first = await sent(client, mission)
    await decide(client, mission, first["id"], "verified")
    later = (await sent(client, mission, visit=first["visit"]))["id"]
    assert standing(rows, later)[2] == ["visit/decided"]
    refused = await accept(client, mission, later, "visit/decided")
    assert (refused.status_code, refused.json()["field"]) == (409, "reasons")
    assert "verification" in refused.json()["detail"]
    same = await place(client, mission, later, station="001")
    assert same.status_code == 409
    await decide(client, mission, first["id"], "received")
    assert standing(rows, later)[0] == "received"


async def test_a_correction_by_its_sender_waits_where_the_desk_has_changed_answers(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    first = await sent(client, mission, station="0746")
    assert (await place(client, mission, first["id"], station="003")).status_code == 200
    corrected = await act(client, mission, first["id"], "corrections", answers={"queue": 5})
    assert corrected.status_code == 200, corrected.text
    same = {"station": "0746", "visit": first["visit"], "replaces": first["id"]}
    later = await sent(client, mission, answers={"queue": 9, "sealed": "yes"}, **same)
    assert standing(rows, later["id"])[::2] == ("held", ["replaces/decided"])
    assert rows(ANSWERS, first["id"]) == [("4",), ("4",), ("5",)]
    answer = await accept(client, mission, later["id"], "replaces/decided")
    assert (answer.status_code, answer.json()["id"]) == (200, first["id"]), answer.text
    assert rows(ANSWERS, first["id"])[-1] == ("9",)
    assert standing(rows, first["id"]) == ("received", 4, [], "003")


async def test_one_waits_no_more_once_the_desk_has_taken_its_correction_back(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    first = await sent(client, mission)
    corrected = await act(client, mission, first["id"], "corrections", answers={"queue": 5})
    assert (await undo(client, mission, corrected.json()["act"])).status_code == 200
    await sent(client, mission, answers={"queue": 9}, replaces=first["id"], visit=first["visit"])
    assert rows(ANSWERS, first["id"])[-1] == ("9",)
    assert standing(rows, first["id"]) == ("received", 4, [], "001")
