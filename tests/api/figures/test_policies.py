"""What a checklist says of two teams, and of repeated visits, is what the figures do."""

import csv
import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.small import POLLING_DAY, SmallMission
from tests.mobile_forms.spreadsheets import CHOICES, INDICATORS, SETTINGS, SURVEY, spreadsheet

Rows = Callable[..., list[tuple[Any, ...]]]
Sheets = dict[str, list[dict[str, Any]]]
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

    async def publish(self, sheets: Sheets | None = None, **policy: str) -> None:
        workbook = spreadsheet(settings=[SETTINGS | policy], **(sheets or {}))
        for path, body in (("checklists", workbook), ("checklists/small/versions/7/publish", b"")):
            answer = await self.client.post(
                f"{self.address}/{path}", content=body, headers=self.writer
            )
            assert answer.status_code < 300, answer.text

    async def send(self, observer: str, sealed: str, hour: int, **more: Any) -> None:
        report = self.mission.report(
            **{
                "checklist": "small",
                "version": "7",
                "observer": observer,
                "station": "002",
                "answers": {"sealed": sealed},
                "arrived_at": f"{POLLING_DAY}T{hour:02}:00:00Z",
            }
            | more
        )
        answer = await self.client.post(self.mission.reports, json=report, headers=self.writer)
        assert answer.status_code == 201, answer.text

    async def get(self, path: str) -> Any:
        answer = await self.client.get(f"{self.address}/{path}", headers=self.writer)
        return answer.json()

    async def text(self, path: str) -> str:
        answer = await self.client.get(f"{self.address}/{path}", headers=self.writer)
        return answer.text


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


@pytest.mark.parametrize(
    ("per", "unit", "of", "hours"),
    [
        ("visit", "station", 1, {"08:00": 1}),
        ("observation", "observation", 2, {"09:00": 1, "15:00": 1}),
    ],
)
async def test_a_static_team_s_observations_count_each_by_the_hour_of_finishing_where_asked(
    field: Field, rows: Rows, per: str, unit: str, of: int, hours: dict[str, int]
) -> None:
    assert rows(SENT, "O-1")
    await field.publish(per=per)
    visit = str(uuid4())
    for hour in (9, 15):
        await field.send(
            "O-1", "no", 8, visit=visit, finalised_at=f"{POLLING_DAY}T{hour:02}:00:00Z"
        )
    items = (await field.get("irregularities?checklist=small"))["items"]
    (row,) = [each for each in items if each["indicator"] == "CO-SEAL"]
    assert (row["number"]["unit"], row["number"]["n"], row["number"]["of"]) == (unit, of, of)
    by_hour = (await field.get("breakdowns/hour?checklist=small"))["items"]
    found = {each["hour"]: each["number"] for each in by_hour if each["indicator"] == "CO-SEAL"}
    assert {name: each["of"] for name, each in found.items()} == hours
    assert {each["unit"] for each in found.values()} == {"observation"}


async def test_four_silences_are_four_counts_and_a_condition_is_a_domain(
    field: Field, rows: Rows
) -> None:
    assert rows(SENT, "O-1")
    question = {
        "type": "select_one accepted",
        "name": "accepted",
        "label": "Was it accepted?",
        "relevant": "selected(${seen}, 'crowd')",
    }
    options = [
        {"list_name": "accepted", "name": "yes", "label": "Yes"},
        {"list_name": "accepted", "name": "no", "label": "No", "irregularity": "DR-REFUSE"},
        {"list_name": "accepted", "name": "not_observed", "label": "Not observed"},
    ]
    told = INDICATORS[0] | {"code": "DR-REFUSE", "among": "where it was crowded"}
    await field.publish(
        per="observation",
        sheets={
            "survey": [*SURVEY, question],
            "choices": [*CHOICES, *options],
            "indicators": [*INDICATORS, told],
        },
    )
    crowd: dict[str, Any] = {"seen": ["crowd"]}
    for hour, answers in enumerate(
        (
            {"seen": ["nothing"]},
            crowd | {"accepted": "no"},
            crowd | {"accepted": "not_observed"},
            crowd,
        ),
        8,
    ):
        await field.send("O-1", "yes", hour, answers=answers)
    items = (await field.get("irregularities?checklist=small"))["items"]
    (row,) = [each for each in items if each["indicator"] == "DR-REFUSE"]
    number = row["number"]
    assert number["domain"] == {"text": {"en": "where it was crowded"}, "n": 3}
    silent = ("missing", "not_asked", "not_observed", "unanswered")
    assert [number[name] for name in silent] == [0, 1, 1, 1]
    assert (number["n"], number["of"], row["ranked_share"]) == (1, 1, 0.5)
    (line,) = [
        each
        for each in csv.DictReader(
            io.StringIO((await field.text("irregularities.csv")).removeprefix("\ufeff"))
        )
        if each["indicator"] == "DR-REFUSE"
    ]
    assert (line["unit"], line["domain"], line["domain_n"]) == (
        "observation",
        "where it was crowded",
        "3",
    )
    assert [line[name] for name in silent] == ["0", "1", "1", "1"]
