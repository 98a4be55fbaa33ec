"""A small mission whose round has two contests: one everywhere, one in the hills alone."""

from collections.abc import Callable
from typing import Any

import httpx

from api.checklists.publishing import library_workbook
from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]
HILLS = """
WITH hill AS (
  INSERT INTO area (mission_id, id, code, name, level)
  SELECT mission_id, gen_random_uuid(), 'H', 'The Hills', 'district' FROM mission
  RETURNING mission_id, id)
UPDATE place p SET area_id = hill.id FROM hill WHERE p.code IN ('001', '002') RETURNING 1"""
PRESIDENT = {
    "round": "first",
    "code": "president",
    "name": "President",
    "contestants": [{"code": "A", "name": "Ada Grove"}, {"code": "B", "name": "Bo Lake"}],
}
COUNCIL = {
    "round": "first",
    "code": "council",
    "name": "Council of the Hills",
    "areas": ["H"],
    "contestants": [{"code": "X", "name": "The Mill"}, {"code": "Y", "name": "The Well"}],
}


async def hold_two_contests(client: httpx.AsyncClient, mission: SmallMission, rows: Rows) -> None:
    """A president everywhere and a council at 001 and 002; the library's results protocol."""
    rows(HILLS)
    base, lead = f"/api/v1/missions/{mission.slug}", mission.bearer("lead")
    for contest in (PRESIDENT, COUNCIL):
        made = await client.post(f"{base}/contests", json=contest, headers=lead)
        assert made.status_code == 201, made.text
    await publish(client, mission, "results")


async def publish(client: httpx.AsyncClient, mission: SmallMission, name: str) -> None:
    """Publish a checklist of the library."""
    place, lead = f"/api/v1/missions/{mission.slug}/checklists", mission.bearer("lead")
    drafted = await client.post(place, content=library_workbook(name), headers=lead)
    assert drafted.status_code == 201, drafted.text
    version = drafted.json()["version"]
    done = await client.post(f"{place}/{name}/versions/{version}/publish", headers=lead)
    assert done.status_code < 300, done.text


def votes(**given: int) -> dict[str, Any]:
    """The answers of a protocol with these votes."""
    lines = [{"contestant": name, "votes": count} for name, count in given.items()]
    valid = sum(given.values())
    return {"in_box": valid, "valid": valid, "invalid": 0, "contestant_votes": lines}


def protocol(mission: SmallMission, answers: dict[str, Any], **members: Any) -> dict[str, Any]:
    """A results protocol as an observer sends it."""
    return mission.report(
        **{"checklist": "results", "version": "2", "answers": answers} | members,
    )
