"""What a checklist says of two teams, and of repeated visits, is what the figures do."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.api.small import POLLING_DAY, SmallMission
from tests.mobile_forms.spreadsheets import SETTINGS, spreadsheet

Rows = Callable[..., list[tuple[Any, ...]]]
SENT = """
WITH o AS (SELECT mission_id, id, organisation_id FROM observer WHERE pseudonym = %s),
d AS (
  INSERT INTO deployment (mission_id, id, round_id, organisation_id, kind, place_id, expected)
  SELECT o.mission_id, gen_random_uuid(), r.id, o.organisation_id, 'static', p.id, '{"small": 1}'
  FROM o JOIN round r ON true JOIN place p ON p.code = '002' LIMIT 1 RETURNING mission_id, id)
INSERT INTO deployed_observer (mission_id, deployment_id, observer_id)
SELECT d.mission_id, d.id, o.id FROM d JOIN o ON true RETURNING 1"""


class Field:
    """A mission with a checklist of its own rules, and reports from station 002."""

    def __init__(self, client: httpx.AsyncClient, mission: SmallMission) -> None:
        self.client, self.mission = client, mission
        self.address = f"/api/v1/missions/{mission.slug}"
        self.writer = mission.bearer("data_manager")

    async def publish(self, **policy: str) -> None:
        workbook = spreadsheet(settings=[SETTINGS | policy])
        for path, body in (("checklists", workbook), ("checklists/small/versions/7/publish", b"")):
            answer = await self.client.post(
                f"{self.address}/{path}", content=body, headers=self.writer
            )
            assert answer.status_code < 300, answer.text

    async def send(self, observer: str, sealed: str, hour: int) -> None:
        report = self.mission.report(
            checklist="small",
            version="7",
            observer=observer,
            station="002",
            answers={"sealed": sealed},
            arrived_at=f"{POLLING_DAY}T{hour:02}:00:00Z",
        )
        answer = await self.client.post(self.mission.reports, json=report, headers=self.writer)
        assert answer.status_code == 201, answer.text

    async def get(self, path: str) -> Any:
        answer = await self.client.get(f"{self.address}/{path}", headers=self.writer)
        return answer.json()


@pytest.fixture
def field(client: httpx.AsyncClient, mission: SmallMission) -> Field:
    return Field(client, mission)


@pytest.mark.parametrize(("policy", "conflicts"), [("agree", 2), ("independent", 0)])
async def test_two_teams_that_differ_are_in_conflict_where_they_must_agree(
    field: Field, rows: Rows, policy: str, conflicts: int
) -> None:
    for observer in ("O-1", "O-2"):
        assert rows(SENT, observer)
    await field.publish(two_teams=policy)
    await field.send("O-1", "no", 8)
    await field.send("O-2", "yes", 9)
    found = (await field.get("coverage"))["dispositions"]["plans"]
    assert found.get("conflict", 0) == conflicts, found


async def test_a_station_visited_three_times_counts_once_and_its_observations_are_beside_it(
    field: Field, rows: Rows
) -> None:
    assert rows(SENT, "O-1")
    await field.publish()
    await field.send("O-1", "no", 8)
    await field.send("O-1", "yes", 11)
    await field.send("O-2", "yes", 7)
    items = (await field.get("irregularities?checklist=small"))["items"]
    (row,) = [each for each in items if each["indicator"] == "CO-SEAL"]
    number, other = row["number"], row["other"]
    assert (number["unit"], number["seen"], number["of"]) == ("station", 1, 1), row
    assert (other["unit"], other["seen"], other["of"]) == ("observation", 1, 3), row
