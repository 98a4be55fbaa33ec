"""Incidents: by evidence, gravest first, and never a rate."""

import hashlib
from typing import Any

import httpx

from schemas.report import ReportStatus
from tests.api.small import SmallMission

LIKE_AN_INCIDENT = """
WITH other AS (SELECT id FROM report WHERE mission_id = %s)
UPDATE report SET checklist = 'incident' WHERE id IN (SELECT id FROM other) RETURNING id"""
PHOTO = """
UPDATE attachment SET arrived_at = now(), sha256 = %s WHERE report_id = %s RETURNING name"""


async def incident(client: httpx.AsyncClient, mission: SmallMission, **members: Any) -> str:
    report = mission.report(**members)
    answer = await client.post(mission.reports, json=report)
    assert answer.status_code == 201, answer.text
    return str(report["id"])


async def listed(client: httpx.AsyncClient, mission: SmallMission) -> dict[str, Any]:
    answer = await client.get(f"/api/v1/missions/{mission.slug}/incidents")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


SAW = {"queue": 1, "sealed": "no", "sealed__known": "saw"}
TOLD = {"queue": 1, "sealed": "no", "sealed__known": "told"}


async def test_evidence_is_the_strongest_that_stands_behind_a_case(
    as_data_manager: httpx.AsyncClient, mission: SmallMission, rows: Any
) -> None:
    saw = await incident(as_data_manager, mission, station="001", answers=SAW)
    told = await incident(as_data_manager, mission, station="002", answers=TOLD)
    first = await incident(as_data_manager, mission, station="003", answers=TOLD)
    second = await incident(as_data_manager, mission, station="003", observer="O-2", answers=TOLD)
    photo = await incident(
        as_data_manager, mission, station="002", answers=TOLD | {"photo": "a.jpg"}
    )
    rows(LIKE_AN_INCIDENT, mission.mission_id)
    rows(PHOTO, hashlib.sha256(b"x").digest(), photo)
    found = await listed(as_data_manager, mission)
    evidence = {each["report"]: each["evidence"] for each in found["items"]}
    assert evidence == {
        saw: "observed",
        told: "reported",
        first: "several_sources",
        second: "several_sources",
        photo: "documented",
    }
    assert found["summary"]["cases"] == found["summary"]["open"] == 5
    assert "O-1" not in str(found)


async def test_open_cases_come_first_and_quarantined_ones_are_not_counted(
    as_data_manager: httpx.AsyncClient, mission: SmallMission, rows: Any
) -> None:
    done = await incident(as_data_manager, mission, answers=SAW)
    gone = await incident(as_data_manager, mission, station="002", answers=SAW)
    still = await incident(as_data_manager, mission, station="003", answers=TOLD)
    rows(LIKE_AN_INCIDENT, mission.mission_id)
    for report, status in ((done, ReportStatus.VERIFIED), (gone, ReportStatus.QUARANTINED)):
        rows("UPDATE report SET status = %s WHERE id = %s RETURNING id", status, report)
    found = await listed(as_data_manager, mission)
    assert found["items"][0]["report"] == still
    (row,) = found["summary"]["by_nature"]
    assert (row["cases"], row["verified"], row["evidence"]["observed"]) == (2, 1, 1)


async def test_the_page_has_cases_doors_and_no_rate(
    as_data_manager: httpx.AsyncClient, mission: SmallMission, rows: Any
) -> None:
    address = f"/missions/{mission.slug}/incidents"
    assert "No open incident." in (await as_data_manager.get(address)).text
    case = await incident(as_data_manager, mission, answers=SAW)
    rows(LIKE_AN_INCIDENT, mission.mission_id)
    page = await as_data_manager.get(address)
    assert case in page.text
    assert "Observed by us" in page.text
    assert "%" not in page.text.split("<main")[1]


async def test_observers_see_no_list_of_incidents(
    as_observer: httpx.AsyncClient, mission: SmallMission
) -> None:
    answer = await as_observer.get(f"/api/v1/missions/{mission.slug}/incidents")
    assert answer.status_code == 404


async def test_doors_that_stayed_shut_are_told_beside_the_incidents(
    as_lead: httpx.AsyncClient, mission: SmallMission, rows: Any
) -> None:
    sent = await as_lead.post(
        mission.reports, json=mission.report(), headers=mission.bearer("data_manager")
    )
    assert sent.status_code == 201, sent.text
    rows("UPDATE report SET checklist = 'access_denied' RETURNING id")
    denied = (await listed(as_lead, mission))["access_denied"]
    assert (denied["reports"], denied["kinds"]) == (1, {"domestic": 1})


async def test_cases_come_in_pages_and_a_decision_moves_its_case_behind(
    as_data_manager: httpx.AsyncClient, mission: SmallMission, rows: Any
) -> None:
    sent = [await incident(as_data_manager, mission, answers=SAW) for _ in range(5)]
    rows(LIKE_AN_INCIDENT, mission.mission_id)
    whole = [each["report"] for each in (await listed(as_data_manager, mission))["items"]]
    assert sorted(whole) == sorted(sent)
    address = f"/api/v1/missions/{mission.slug}/incidents?limit=2"
    paged, page = [], (await as_data_manager.get(address)).json()
    while page["next"]:
        paged += page["items"]
        page = (await as_data_manager.get(f"{address}&after={page['next']}")).json()
    assert [each["report"] for each in paged + page["items"]] == whole
    assert page["summary"]["cases"] == 5
    decided = f"/api/v1/missions/{mission.slug}/reports/{whole[0]}/decision"
    said = {"status": "quarantined", "reason": "Sent twice."}
    assert (await as_data_manager.post(decided, json=said)).status_code == 200
    after = await listed(as_data_manager, mission)
    assert [each["report"] for each in after["items"]] == [*whole[1:], whole[0]]
    assert (after["summary"]["open"], after["summary"]["cases"]) == (4, 5)
