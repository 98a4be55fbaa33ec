"""Acting on reports as the desk does, for tests."""

from collections.abc import Callable
from typing import Any

import httpx

from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]
WHY = "Called the team."


async def sent(
    client: httpx.AsyncClient, mission: SmallMission, who: str = "observer", **members: Any
) -> dict[str, Any]:
    """A report that was sent and kept: as it was sent."""
    report = mission.report(**members)
    answer = await client.post(mission.reports, json=report, headers=mission.bearer(who))
    assert answer.status_code in (201, 202), answer.text
    return report


async def act(
    client: httpx.AsyncClient,
    mission: SmallMission,
    report: str,
    name: str,
    who: str = "data_manager",
    **given: Any,
) -> httpx.Response:
    """An act on a report, with a reason."""
    address = f"{mission.reports}/{report}/{name}"
    said = {"reason": WHY} | given
    return await client.post(address, json=said, headers=mission.bearer(who))


async def place(
    client: httpx.AsyncClient, mission: SmallMission, report: str, **given: Any
) -> httpx.Response:
    """Place a report."""
    return await act(client, mission, report, "placement", **given)


async def accept(
    client: httpx.AsyncClient, mission: SmallMission, report: str, *reasons: str, **given: Any
) -> httpx.Response:
    """Accept a held report in spite of reasons."""
    return await act(client, mission, report, "acceptance", reasons=list(reasons), **given)


async def undo(
    client: httpx.AsyncClient, mission: SmallMission, act: str, who: str = "data_manager"
) -> httpx.Response:
    """Take an act back."""
    address = f"/api/v1/missions/{mission.slug}/acts/{act}/undo"
    return await client.post(address, headers=mission.bearer(who))


def standing(rows: Rows, report: str) -> tuple[str, int, list[str], str | None]:
    """A report's status, the number of its newest version, its reasons, and its station."""
    ((status, version, reasons, station),) = rows(
        "SELECT r.status, r.version, r.reasons, p.code FROM report r LEFT JOIN place p"
        " ON p.mission_id = r.mission_id AND p.id = r.place_id WHERE r.id = %s",
        report,
    )
    return status, version, [f"{each['field']}/{each['code']}" for each in reasons], station
