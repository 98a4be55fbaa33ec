"""A report held at a gate comes out whole when the gate is passed."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.people.texts import sha256_of
from tests.api.people.test_gates import code
from tests.api.small import SmallMission
from tests.conftest import Database

Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The register looks at every report whether anything changed, not twice a second."""
    monkeypatch.setattr("api.intake.reference_cache.FRESH_SECONDS", 0.0)
    monkeypatch.setattr("api.review.release_held.EVERY_SECONDS", 3600.0)


async def held(client: httpx.AsyncClient, mission: SmallMission, who: str, **members: Any) -> str:
    report = mission.report(observer=...) | members
    answer = await client.post(mission.reports, json=report, headers=mission.bearer(who))
    assert answer.status_code == 202
    return str(report["id"])


async def declared(client: httpx.AsyncClient, mission: SmallMission, ties: str = "") -> str:
    answer = await client.post(
        f"/api/v1/missions/{mission.slug}/declaration",
        json={"answers": {"ties": ties}},
        headers=mission.bearer("undeclared"),
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def accepted(client: httpx.AsyncClient, mission: SmallMission, *ids: str) -> httpx.Response:
    given = {"declarations": ids, "decision": "accepted", "reason": "read"}
    return await client.post(
        f"/api/v1/missions/{mission.slug}/declarations/decide",
        json=given,
        headers=mission.bearer("data_manager"),
    )


async def test_an_accepted_declaration_lets_out_what_waited_for_it(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = await held(client, mission, "undeclared")
    answer = await accepted(client, mission, await declared(client, mission))
    assert answer.json() == {"decided": 1, "released": 1}
    query = "SELECT status, reasons, visit_id IS NULL, rules_id IS NULL FROM report WHERE id = %s"
    assert rows(query, report) == [("received", [], False, False)]
    entry = "SELECT note FROM audit_entry WHERE act = 'report.release' AND subject = %s"
    assert rows(entry, report) == [("read",)]
    assert rows("SELECT count(*) FROM judgement WHERE report_id = %s", report) == [(1,)]


async def test_a_report_that_comes_out_counts_by_when_it_was_received(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    one, other = str(uuid4()), str(uuid4())
    first = await held(client, mission, "undeclared", visit=one)
    report = mission.report(visit=one)
    await client.post(mission.reports, json=report, headers=mission.bearer("observer"))
    await client.post(
        mission.reports, json=mission.report(visit=other), headers=mission.bearer("observer")
    )
    last = await held(client, mission, "undeclared", visit=other)
    await accepted(client, mission, await declared(client, mission))
    statuses = rows("SELECT id::text, status FROM report ORDER BY sequence")
    assert [status for _, status in statuses] == [
        "superseded",
        "received",
        "superseded",
        "received",
    ]
    assert (statuses[0][0], statuses[3][0]) == (first, last)


async def test_a_correction_that_came_out_joins_the_report_that_it_names(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    named = str(uuid4())
    second = await held(client, mission, "undeclared", replaces=named, answers={"queue": 9})
    await held(client, mission, "undeclared", id=named)
    (standing,) = rows("SELECT id::text, version, status FROM report WHERE status = 'held'")
    assert standing == (named, 2, "held")
    await accepted(client, mission, await declared(client, mission))
    found = rows("SELECT id::text, version, status FROM report ORDER BY sequence")
    assert found == [(second, 1, "superseded"), (named, 2, "received")]


async def test_a_correction_held_at_a_gate_as_well_still_waits_for_its_report(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    named = str(uuid4())
    second = await held(client, mission, "undeclared", replaces=named)
    answer = await accepted(client, mission, await declared(client, mission))
    assert answer.json() == {"decided": 1, "released": 0}
    ((reasons,),) = rows("SELECT reasons FROM report")
    assert [(each["field"], each["code"]) for each in reasons] == [("replaces", "unknown")]
    report = mission.report(observer=..., id=named)
    await client.post(mission.reports, json=report, headers=mission.bearer("undeclared"))
    found = rows("SELECT id::text, version, status FROM report ORDER BY sequence")
    assert found == [(second, 1, "superseded"), (named, 2, "received")]


async def test_what_else_is_wrong_holds_it_still(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = await held(client, mission, "undeclared", station="nowhere")
    answer = await accepted(client, mission, await declared(client, mission))
    assert answer.json() == {"decided": 1, "released": 0}
    ((status, reasons),) = rows("SELECT status, reasons FROM report WHERE id = %s", report)
    assert status == "held"
    assert [each["code"] for each in reasons] == ["unknown"]


@pytest.mark.parametrize("number", ["1e999", "1e300", "9" * 5000])
async def test_a_number_too_large_is_told_again_when_its_report_is_judged_anew(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows, number: str
) -> None:
    report = mission.report(observer=..., answers={"comment": 7})
    body = json.dumps(report).replace('"comment": 7', f'"comment": {number}') + "\n"
    sent = await client.post(mission.reports, content=body, headers=mission.bearer("undeclared"))
    assert sent.status_code == 202
    answer = await accepted(client, mission, await declared(client, mission))
    assert answer.json() == {"decided": 1, "released": 0}
    ((reasons,),) = rows("SELECT reasons FROM report WHERE id = %s", report["id"])
    assert [(each["field"], each["code"]) for each in reasons] == [("comment", "too_large")]


async def test_what_was_kept_with_an_odd_photo_name_comes_out_like_any_other(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    """An earlier version kept it: it is not refused any more."""
    report = await held(client, mission, "undeclared", answers={"photo": "a.b.jpg"})
    odd = "UPDATE submission SET raw = replace(convert_from(raw, 'UTF8'), 'a.b', %s)::bytea"
    rows(f"{odd} WHERE report_id = %s RETURNING 1", "a\\\\u0007b", report)
    answer = await accepted(client, mission, await declared(client, mission))
    assert answer.json() == {"decided": 1, "released": 1}


async def test_a_pledge_lets_out_what_waited_for_it(
    client: httpx.AsyncClient, mission: SmallMission, database: Database, rows: Rows
) -> None:
    code(database, mission, "Observe.")
    report = await held(client, mission, "observer")
    place, phone = f"/api/v1/missions/{mission.slug}", mission.bearer("observer")
    text = (await client.get(f"{place}/code", headers=phone)).json()
    assert (text["text"], text["sha256"]) == ("Observe.", sha256_of("Observe."))
    other = await client.post(f"{place}/pledge", json={"text_sha256": "0" * 64}, headers=phone)
    assert (other.status_code, other.json()["field"]) == (422, "text_sha256")
    given = {"text_sha256": text["sha256"]}
    assert (await client.post(f"{place}/pledge", json=given, headers=phone)).json()["released"] == 1
    assert rows("SELECT status FROM report WHERE id = %s", report) == [("received",)]


async def test_whoever_declares_something_is_decided_one_by_one(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    clean = await declared(client, mission)
    tied = await declared(client, mission, "a cousin stands")
    assert (await accepted(client, mission, clean, tied)).status_code == 422
    assert (await accepted(client, mission, tied)).status_code == 200


async def test_only_an_observer_declares_and_only_the_desk_decides(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    place = f"/api/v1/missions/{mission.slug}"
    for path, body in (("declaration", {"answers": {}}), ("pledge", {"text_sha256": "0" * 64})):
        answer = await client.post(f"{place}/{path}", json=body, headers=mission.bearer("lead"))
        assert answer.status_code == 404
    one = await declared(client, mission)
    given = {"declarations": [one], "decision": "accepted", "reason": "me"}
    answer = await client.post(
        f"{place}/declarations/decide", json=given, headers=mission.bearer("observer")
    )
    assert answer.status_code == 404


async def test_a_closed_gate_opens_for_nobody_who_asks(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = await held(client, mission, "undeclared")
    answer = await client.post(
        f"{mission.reports}/release",
        json={"ids": [report], "reason": "please"},
        headers=mission.bearer("lead"),
    )
    assert answer.json() == {"released": [], "held": [report]}
    assert rows("SELECT status FROM report WHERE id = %s", report) == [("held",)]


async def test_a_suspension_holds_and_its_end_lets_out(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    lead, place = mission.bearer("lead"), f"/api/v1/missions/{mission.slug}/observers/O-1/state"
    ask = {"suspended": True, "reason": "a complaint"}
    assert (await client.post(place, json=ask, headers=lead)).json()["state"] == "suspended"
    report = await held(client, mission, "observer")
    ask = {"suspended": False, "reason": "unfounded"}
    assert (await client.post(place, json=ask, headers=lead)).json()["released"] == 1
    assert rows("SELECT status FROM report WHERE id = %s", report) == [("received",)]


async def test_the_phone_is_told_how_its_gates_stand(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    me = (await client.get("/api/v1/me", headers=mission.bearer("undeclared"))).json()
    assert me["gates"] == {
        "declaration": "missing",
        "pledge": "signed",
        "identity": "missing",
        "briefing": "missing",
        "accreditation": "missing",
    }


@pytest.mark.parametrize("first", ["pledge", "declaration"])
async def test_two_gates_are_passed_in_any_order_and_the_last_lets_everything_out(
    client: httpx.AsyncClient, mission: SmallMission, database: Database, rows: Rows, first: str
) -> None:
    code(database, mission, "Observe.")
    phone, place = mission.bearer("undeclared"), f"/api/v1/missions/{mission.slug}"
    reports = [await held(client, mission, "undeclared") for _ in range(3)]
    waiting = "SELECT DISTINCT r.value ->> 'code' FROM report, jsonb_array_elements(reasons) r"
    assert {each for (each,) in rows(waiting)} == {"no_pledge", "no_declaration"}

    async def pledge() -> int:
        given = {"text_sha256": sha256_of("Observe.")}
        answer = await client.post(f"{place}/pledge", json=given, headers=phone)
        return int(answer.json()["released"])

    async def declare() -> int:
        answer = await accepted(client, mission, await declared(client, mission))
        return int(answer.json()["released"])

    one, other = (pledge, declare) if first == "pledge" else (declare, pledge)
    assert await one() == 0
    left = "no_declaration" if first == "pledge" else "no_pledge"
    assert rows(waiting) == [(left,)]
    assert rows("SELECT DISTINCT status FROM report") == [("held",)]
    assert await other() == len(reports)
    assert rows("SELECT DISTINCT status, reasons FROM report") == [("received", [])]
    whole = "SELECT count(*) FROM report JOIN submission USING (mission_id, sha256)"
    assert rows(whole) == [(3,)]


async def test_a_group_comes_out_of_the_pen_by_one_act_with_its_reason(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    ids = [await held(client, mission, "undeclared") for _ in range(3)]
    rows(
        "INSERT INTO interest_declaration (mission_id, id, observer_id, answers, means, language,"
        " declared_at, decision, reason) SELECT mission_id, gen_random_uuid(), id, '{}', 'paper',"
        " 'en', now(), 'accepted', '' FROM observer WHERE pseudonym = 'O-undeclared' RETURNING 1"
    )
    desk, where = mission.bearer("data_manager"), f"{mission.reports}/release"
    without = await client.post(where, json={"ids": ids, "reason": ""}, headers=desk)
    assert (without.status_code, without.json()["field"]) == (422, "reason")
    given = {"ids": ids, "reason": "Their paper declarations came."}
    answer = (await client.post(where, json=given, headers=desk)).json()
    assert (sorted(answer["released"]), answer["held"]) == (sorted(ids), [])
    entry = "SELECT DISTINCT note, sequence FROM audit_entry WHERE act = 'report.release'"
    ((note, _),) = rows(entry)
    assert note == "Their paper declarations came."
