"""“Observed at N polling stations”: distinct stations with an election-day report that counts."""

import re
from typing import Any

import httpx

from tests.api.small import SmallMission

CENTRE = """
INSERT INTO place (mission_id, id, kind, code, name, address, attributes)
SELECT mission_id, gen_random_uuid(), 'counting_centre', 'C-1', 'Hall', '', '{}' FROM mission
RETURNING id"""


async def send(client: httpx.AsyncClient, mission: SmallMission, **members: Any) -> str:
    report = mission.report(**members)
    answer = await client.post(mission.reports, json=report, headers=mission.bearer("data_manager"))
    assert answer.status_code == 201, answer.text
    return str(report["id"])


async def test_a_station_counts_once_and_centres_cases_and_quarantine_do_not(
    as_lead: httpx.AsyncClient, mission: SmallMission, rows: Any
) -> None:
    rows(CENTRE)
    for observer in ("O-1", "O-1", "O-2"):
        await send(as_lead, mission, station="001", observer=observer)
    await send(as_lead, mission, station=..., place={"kind": "counting_centre", "code": "C-1"})
    case = await send(as_lead, mission, station="002")
    gone = await send(as_lead, mission, station="003")
    rows("UPDATE report SET checklist = 'incident' WHERE id = %s RETURNING id", case)
    rows("UPDATE report SET status = 'quarantined' WHERE id = %s RETURNING id", gone)
    made = await as_lead.post(
        f"/missions/{mission.slug}/statements", headers={"Origin": "http://indelible"}
    )
    assert made.status_code == 303, made.text
    page = re.sub(r"<sup>.*?</sup>|<[^>]+>", "", (await as_lead.get(made.headers["location"])).text)
    assert re.search(r"observed at one polling station\.", page)
    identity = made.headers["location"].rsplit("/", 1)[1]
    found = await as_lead.get(f"/api/v1/missions/{mission.slug}/statements/{identity}")
    assert found.json()["snapshot"]["numbers"]["mission/domestic/stations"]["value"] == 1


async def drafted(client: httpx.AsyncClient, mission: SmallMission) -> str:
    made = await client.post(
        f"/missions/{mission.slug}/statements", headers={"Origin": "http://indelible"}
    )
    assert made.status_code == 303, made.text
    return (await client.get(made.headers["location"])).text


async def test_nothing_of_election_day_is_stated_before_the_day_has_come(
    as_lead: httpx.AsyncClient, mission: SmallMission, rows: Any
) -> None:
    await send(as_lead, mission, answers={"sealed": "no", "sealed__known": "saw"})
    assert "The ballot box was not sealed" in await drafted(as_lead, mission)
    rows("""UPDATE round SET polling_days = '["2999-01-01"]' RETURNING id""")
    rows("UPDATE mission_clock SET seq = seq + 1 RETURNING seq")
    rows(
        "INSERT INTO audit_entry (mission_id, id, sequence, at, act, subject, salt, digest, note)"
        " SELECT mission_id, gen_random_uuid(), seq, now(), 'round.change', 'x', '', '', ''"
        " FROM mission_clock RETURNING id"
    )
    page = await drafted(as_lead, mission)
    assert "1 January 2999" in page
    assert "Election day" not in page
    assert "The ballot box was not sealed" not in page
    assert "not yet enough to conclude" in page
