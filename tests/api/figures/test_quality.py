"""Quality flags as the desk has them: with their inputs, for those who decide, and nobody else."""

from typing import Any

import httpx
import pytest

from tests.api.small import POLLING_DAY, SmallMission

AT = {"lat": 10.0, "lon": 10.0, "accuracy_m": 20}


async def send(client: httpx.AsyncClient, mission: SmallMission, **members: Any) -> str:
    report = mission.report(**members)
    answer = await client.post(mission.reports, json=report)
    assert answer.status_code == 201, answer.text
    return str(report["id"])


async def flags(client: httpx.AsyncClient, mission: SmallMission, path: str = "") -> Any:
    answer = await client.get(f"/api/v1/missions/{mission.slug}/flags{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


@pytest.fixture
def too_early() -> dict[str, Any]:
    """Members of a report that was finished before the polls opened, in one second."""
    at = f"{POLLING_DAY}T05:00:00Z"
    return {
        "arrived_at": at,
        "finalised_at": f"{POLLING_DAY}T05:00:01Z",
        "departed_at": f"{POLLING_DAY}T05:00:01Z",
    }


async def test_a_report_is_flagged_with_its_inputs_and_nobody_named(
    as_data_manager: httpx.AsyncClient, mission: SmallMission, too_early: dict[str, Any]
) -> None:
    quiet, early = (
        await send(as_data_manager, mission),
        await send(as_data_manager, mission, **too_early),
    )
    (found,) = await flags(as_data_manager, mission)
    assert found["report"] == early != quiet
    assert {each["code"] for each in found["reasons"]} == {"too-fast", "before-opening"}
    assert found["reasons"][0]["inputs"]
    assert "O-1" not in str(found)
    assert await flags(as_data_manager, mission, f"/{early}") == [
        {"report": early, **each} for each in found["reasons"]
    ]


async def test_a_position_is_held_against_its_station(
    as_data_manager: httpx.AsyncClient, mission: SmallMission, rows: Any
) -> None:
    rows("UPDATE place SET latitude = 10.1, longitude = 10.0 WHERE code = '001' RETURNING code")
    far = await send(as_data_manager, mission, position=AT)
    near = await send(as_data_manager, mission, station="002", position=AT)
    (found,) = await flags(as_data_manager, mission)
    (flag,) = found["reasons"]
    assert (flag["code"], found["report"], flag["inputs"]["metres"]) == ("far-away", far, 11120)
    assert await flags(as_data_manager, mission, f"/{near}") == []


@pytest.mark.parametrize("persona", ["observer", "partner"])
async def test_others_know_of_no_flags(
    as_data_manager: httpx.AsyncClient,
    mission: SmallMission,
    too_early: dict[str, Any],
    persona: str,
) -> None:
    early = await send(as_data_manager, mission, **too_early)
    headers = mission.bearer(persona)
    for path in ("/flags", f"/flags/{early}"):
        answer = await as_data_manager.get(
            f"/api/v1/missions/{mission.slug}{path}", headers=headers
        )
        assert answer.status_code == 404
    page = await as_data_manager.get(f"/missions/{mission.slug}/flags", headers=headers)
    assert page.status_code == 404


async def test_the_desk_sees_observers_and_the_report_says_what_to_ask(
    as_data_manager: httpx.AsyncClient, mission: SmallMission, too_early: dict[str, Any]
) -> None:
    early = await send(as_data_manager, mission, **too_early)
    page = await as_data_manager.get(f"/missions/{mission.slug}/flags")
    assert page.status_code == 200
    assert page.text.count(f"/reports/{early}") == 1
    assert "O-1" in page.text
    only = await as_data_manager.get(f"/missions/{mission.slug}/flags?code=same-photo")
    assert early not in only.text
    wrong = await as_data_manager.get(f"/missions/{mission.slug}/flags?code=whim")
    assert wrong.status_code == 422
    report = await as_data_manager.get(f"/missions/{mission.slug}/reports/{early}")
    assert "Finished before the station was to open" in report.text
