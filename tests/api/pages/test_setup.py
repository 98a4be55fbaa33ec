"""Set-up: what there is, and one next action."""

import httpx

from tests.api.small import SmallMission


async def test_the_next_step_is_the_first_that_is_not_done(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    where = f"/missions/{mission.slug}/setup"
    page = await client.get(where, headers=mission.bearer("lead"))
    assert "Start with places" in page.text
    assert "3 stations in 0 areas" in page.text
    assert (await client.get(where, headers=mission.bearer("observer"))).status_code == 404
