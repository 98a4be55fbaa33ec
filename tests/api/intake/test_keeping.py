"""What was acknowledged is kept, once, as it came."""

import asyncio
import base64
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.audit.signing import statement
from api.settings import Settings
from tests.api.conftest import listening
from tests.api.small import SmallMission, sow
from tests.conftest import Database

Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.mark.parametrize("workers", [1, 2])
async def test_64_identical_posts_at_once_make_one_report_and_64_equal_receipts(
    serving: Settings, mission: SmallMission, rows: Rows, workers: int
) -> None:
    body = json.dumps(mission.report()).encode()
    with listening(serving, workers) as addresses:
        async with httpx.AsyncClient(headers=mission.bearer("observer"), timeout=30) as client:
            posts = [
                client.post(addresses[at % workers] + mission.reports, content=body)
                for at in range(64)
            ]
            responses = await asyncio.gather(*posts)
    assert sorted(response.status_code for response in responses) == [200] * 63 + [201]
    receipts = [response.json()["items"][0]["receipt"] for response in responses]
    assert all(receipt == receipts[0] for receipt in receipts)
    assert rows("SELECT count(*) FROM report") == rows("SELECT count(*) FROM submission") == [(1,)]


async def test_other_bytes_under_an_id_are_kept_beside_the_first(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = mission.report()
    first, other = json.dumps(report).encode(), json.dumps(report, indent=1).encode()
    assert (await as_observer.post(mission.reports, content=first)).status_code == 201
    for _ in range(2):
        assert (await as_observer.post(mission.reports, content=other)).status_code == 409
    assert (await as_observer.post(mission.reports, content=first)).status_code == 200
    kept = rows("SELECT raw, contested FROM submission ORDER BY contested")
    assert kept == [(first, False), (other, True)]


async def test_a_receipt_verifies_with_the_key_that_is_served(
    as_observer: httpx.AsyncClient, mission: SmallMission
) -> None:
    response = await as_observer.post(mission.reports, json=mission.report())
    receipt = response.json()["items"][0]["receipt"]
    (served,) = (await as_observer.get("/api/v1/keys")).json()["items"]
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(served["public_key"]))
    said = statement(
        mission.slug, receipt["id"], receipt["sha256"], receipt["received_at"], receipt["sequence"]
    )
    key.verify(base64.b64decode(receipt["signature"]), said)


async def test_a_held_report_is_kept_whole_with_its_reasons(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    body = (
        b'{"id":"%s", "checklist":"tasting", "answers":{"a":1.50}}'
        % mission.report()["id"].encode()
    )
    response = await as_observer.post(mission.reports, content=body)
    (item,) = response.json()["items"]
    assert {reason["field"] for reason in item["reasons"]} == {"checklist", "station"}
    assert rows(
        "SELECT r.status, r.reasons, s.raw FROM report r JOIN submission s ON s.report_id = r.id"
    ) == [("held", item["reasons"], body)]


async def test_an_outbox_is_answered_line_by_line_in_order(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    reports = [mission.report() for _ in range(300)]
    lines = [json.dumps(report).encode() for report in reports]
    again, other = lines[0], json.dumps(reports[1] | {"station": "002"}).encode()
    response = await as_observer.post(
        mission.reports,
        content=b"\r\n".join([*lines, again, other]),
        headers={"Content-Type": "application/x-ndjson; charset=utf-8"},
    )
    items = response.json()["items"]
    assert response.status_code == 207
    assert [item["status"] for item in items] == [201] * 300 + [200, 409]
    assert [item["id"] for item in items[:300]] == [report["id"] for report in reports]
    sequences = [item["receipt"]["sequence"] for item in items[:300]]
    assert sequences == sorted(set(sequences))
    assert {raw for (raw,) in rows("SELECT raw FROM submission WHERE NOT contested")} == set(lines)


async def test_two_missions_do_not_see_each_others_ids(
    as_observer: httpx.AsyncClient, mission: SmallMission, database: Database
) -> None:
    other = sow(database.admin_url, "elsewhere")
    report = mission.report()
    first = await as_observer.post(mission.reports, json=report)
    theirs = other.bearer("observer")
    second = await as_observer.post(other.reports, json=report | {"station": "002"}, headers=theirs)
    assert (first.status_code, second.status_code) == (201, 201)
    wrong_door = await as_observer.post(mission.reports, json=report, headers=theirs)
    nowhere = await as_observer.post("/api/v1/missions/none/reports", json=report, headers=theirs)
    assert wrong_door.status_code == nowhere.status_code == 404
    assert wrong_door.json() == nowhere.json()


async def test_checking_keeps_nothing(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    fine = await as_observer.post(mission.reports + "/check", json=mission.report())
    held = await as_observer.post(mission.reports + "/check", json=mission.report(station="9"))
    assert (fine.status_code, held.status_code) == (201, 202)
    assert "receipt" not in held.json()["items"][0]
    assert held.json()["items"][0]["reasons"][0]["field"] == "station"
    assert rows("SELECT count(*) FROM submission") == [(0,)]


async def test_a_phone_whose_clock_is_off_is_flagged_and_not_held(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    for moment in ("2016-11-08T07:00:00Z", "2036-11-08T07:00:00Z"):
        report = mission.report(arrived_at=moment, departed_at=..., finalised_at=moment)
        assert (await as_observer.post(mission.reports, json=report)).status_code == 201
    assert rows("SELECT status FROM report") == [("flagged",), ("flagged",)]


async def test_what_is_absent_is_defaulted(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = mission.report(version=..., round=..., observer=..., visit=...)
    assert (await as_observer.post(mission.reports, json=report)).status_code == 201
    query = """
    SELECT v.version, o.pseudonym, r.visit_id IS NOT NULL, n.code FROM report r
    JOIN rules u ON u.id = r.rules_id JOIN checklist_version v ON v.id = u.version_id
    JOIN observer o ON o.id = r.observer_id JOIN round n ON n.id = r.round_id"""
    assert rows(query) == [("2", "O-1", True, "first")]


async def test_a_station_imported_a_moment_ago_is_known_at_once(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    await as_observer.post(mission.reports, json=mission.report())
    rows(
        "INSERT INTO place (mission_id, id, kind, code, name, address, attributes) "
        "VALUES (%s, gen_random_uuid(), 'station', '0042', 'School', '', '{}') RETURNING 1",
        mission.mission_id,
    )
    response = await as_observer.post(mission.reports, json=mission.report(station="0042"))
    assert response.status_code == 201


async def test_reports_of_one_visit_widen_it(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    visit = mission.report()["id"]
    for arrived, departed in (("07:10", "07:40"), ("07:05", "07:20"), ("07:30", "08:00")):
        times = {
            "arrived_at": f"2026-11-08T{arrived}:00Z",
            "departed_at": f"2026-11-08T{departed}:00Z",
        }
        await as_observer.post(mission.reports, json=mission.report(visit=visit, **times))
    ((arrived_at, departed_at),) = rows("SELECT arrived_at, departed_at FROM visit")
    assert (f"{arrived_at:%H:%M}", f"{departed_at:%H:%M}") == ("07:05", "08:00")


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.data())
async def test_no_body_makes_the_server_fail(
    as_observer: httpx.AsyncClient, mission: SmallMission, data: st.DataObject
) -> None:
    member = st.sampled_from(
        [*mission.report(), "with", "visit", "device", "position", "place", "observed"]
    )
    value = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
        ),
        max_leaves=4,
    )
    changed = data.draw(st.dictionaries(member, value, max_size=3))
    raw = json.dumps(mission.report() | changed).encode("utf-8", "surrogatepass")
    cut = data.draw(st.integers(0, len(raw)) | st.just(len(raw)))
    response = await as_observer.post(mission.reports, content=raw[:cut])
    assert response.status_code < 500
    if response.status_code < 400:
        again = await as_observer.post(mission.reports, content=raw[:cut])
        assert again.json()["items"][0]["receipt"] == response.json()["items"][0]["receipt"]
