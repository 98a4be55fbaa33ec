"""A statement says which rules were changed since it was drafted."""

import httpx

from tests.api.small import SmallMission
from tests.mobile_forms.spreadsheets import INDICATORS, SETTINGS, changed, spreadsheet

SAME = {"Sec-Fetch-Site": "same-origin"}


async def publish(client: httpx.AsyncClient, place: str, workbook: bytes, version: str) -> None:
    assert (await client.post(place, content=workbook)).status_code == 201
    answer = await client.post(f"{place}/small/versions/{version}/publish")
    assert answer.status_code == 200, answer.text


async def test_a_statement_says_whose_rules_changed_after_it_was_drafted(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    base = f"/api/v1/missions/{mission.slug}"
    await publish(as_lead, f"{base}/checklists", spreadsheet(), "7")
    assert (await as_lead.post(mission.reports, json=mission.report())).status_code == 201
    pages = f"/missions/{mission.slug}/statements"
    drafted = await as_lead.post(pages, headers=SAME)
    assert drafted.status_code == 303, drafted.text
    page = drafted.headers["location"]
    one = f"{base}/statements/{page.rsplit('/', 1)[-1]}"
    assert (await as_lead.get(one)).json()["rules_since"] == []
    assert "rules changed" not in (await as_lead.get(page)).text
    new_version = spreadsheet(settings=[SETTINGS | {"version": "8"}])
    await publish(as_lead, f"{base}/checklists", new_version, "8")
    assert (await as_lead.get(one)).json()["rules_since"] == []
    graver = spreadsheet(indicators=changed(INDICATORS, "CO-SEAL", severity=3))
    await publish(as_lead, f"{base}/checklists", graver, "7")
    said = (await as_lead.get(one)).json()["rules_since"]
    assert said == [{"checklist": "small", "version": "7", "revision": 2}]
    assert "The rules changed after this was drafted." in (await as_lead.get(page)).text
    anew = (await as_lead.post(pages, headers=SAME)).headers["location"]
    assert "rules changed after this" not in (await as_lead.get(anew)).text
