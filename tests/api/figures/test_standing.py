"""A draft reads the registers: what is on record is said in it."""

import httpx

from tests.api.small import SmallMission


async def test_what_is_written_into_the_registers_stands_in_the_next_draft(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    lead, base = mission.bearer("lead"), f"/api/v1/missions/{mission.slug}"
    for register, row in (
        ("departures", {"standard": "dop:19", "explanation": "Two regions were out of reach."}),
        ("funding", {"funder": "The Harbour Fund"}),
        (
            "conditions",
            {
                "letter": "b",
                "state": "partly",
                "evidence": "Tabulation was closed.",
                "stood_on": "2025-11-08",
            },
        ),
        (
            "contacts",
            {
                "party": "citizen_group",
                "body": "Lantern Watch",
                "subject": "Findings",
                "held_at": "2026-11-08T10:00:00Z",
            },
        ),
    ):
        said = await client.post(f"{base}/registers/{register}", json=row, headers=lead)
        assert said.status_code == 201
    observer = mission.bearer("observer")
    await client.post(mission.reports, json=mission.report(), headers=observer)
    await client.post(f"/missions/{mission.slug}/statements", headers=lead)
    (draft,) = (await client.get(f"{base}/statements", headers=lead)).json()["items"]
    text = (
        await client.get(f"/missions/{mission.slug}/statements/{draft['id']}", headers=lead)
    ).text
    for words in (
        "Two regions were out of reach.",
        "The Harbour Fund",
        "Tabulation was closed.",
        "Lantern Watch",
        "Where this mission departs",
    ):
        assert words in text
