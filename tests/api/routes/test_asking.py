"""How the JSON API is asked: parameters that an operation does not have are refused by name."""

import httpx
import pytest

from tests.api.small import SmallMission


@pytest.mark.parametrize("path", ["coverage", "reports", "queues", "irregularities", "checklists"])
async def test_an_unknown_parameter_is_refused_by_its_name(
    as_lead: httpx.AsyncClient, mission: SmallMission, path: str
) -> None:
    address = f"/api/v1/missions/{mission.slug}/{path}"
    assert (await as_lead.get(address, params={"round": "first"})).status_code == 200
    answer = await as_lead.get(address, params={"statoin": "0417"})
    assert (answer.status_code, answer.json()["field"]) == (422, "statoin")
