"""Posting and asking as different people through one client."""

from typing import Any

import httpx

from schemas.statement import Shared
from tests.api.small import SmallMission


async def post(
    client: httpx.AsyncClient, mission: SmallMission, who: str = "data_manager", **members: Any
) -> dict[str, Any]:
    """Post one report; the report as it was sent."""
    report = mission.report(**members)
    answer = await client.post(mission.reports, json=report, headers=mission.bearer(who))
    assert answer.status_code in (201, 202), answer.text
    return report


async def get(
    client: httpx.AsyncClient, mission: SmallMission, path: str, who: str = "lead", **headers: str
) -> httpx.Response:
    """Ask for an address under the mission."""
    address = f"/api/v1/missions/{mission.slug}/{path}"
    return await client.get(address, headers=mission.bearer(who) | headers)


async def share(
    client: httpx.AsyncClient,
    mission: SmallMission,
    *what: str,
    who: str = "lead",
    reason: str = "The daily release",
) -> httpx.Response:
    """Share with partners, everything unless some of it is named."""
    body = {"what": what or [each.value for each in Shared], "reason": reason}
    address = f"/api/v1/missions/{mission.slug}/shares"
    return await client.post(address, json=body, headers=mission.bearer(who))
