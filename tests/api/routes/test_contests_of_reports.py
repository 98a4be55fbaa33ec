"""The contest of a report, where reports are read."""

from collections.abc import Callable
from typing import Any

import httpx

from tests.api.small import SmallMission
from tests.api.two_contests import hold_two_contests, protocol, votes

Rows = Callable[..., list[tuple[Any, ...]]]


async def test_a_protocol_is_shown_with_its_contest_and_found_by_it(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    await hold_two_contests(client, mission, rows)
    ids = {}
    for contest, answers in (("president", votes(A=1)), ("council", votes(X=1))):
        report = protocol(mission, answers)
        ids[contest] = report["id"]
        await client.post(mission.reports, json=report, headers=mission.bearer("observer"))
    lead = mission.bearer("lead")
    one = await client.get(f"{mission.reports}/{ids['council']}", headers=lead)
    assert one.json()["contest"] == "council"
    found = await client.get(mission.reports, params={"contest": "president"}, headers=lead)
    assert [each["id"] for each in found.json()["items"]] == [ids["president"]]
    page = await client.get(
        f"/missions/{mission.slug}/reports", params={"contest": "council"}, headers=lead
    )
    assert ids["council"] in page.text
    assert ids["president"] not in page.text
    assert "Council of the Hills" in page.text
    partner = await client.get(
        mission.reports, params={"contest": "council"}, headers=mission.bearer("partner")
    )
    assert (partner.status_code, partner.json()["field"]) == (403, "contest")
