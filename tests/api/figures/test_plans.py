"""What a plan asks for: as it says itself, else as the checklists say."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx

from api.figures.load_plan import Planned, reports_of
from api.figures.reference_data import Polling
from schemas.checklist import Definition, Policy
from tests.api.small import SmallMission
from tests.mobile_forms.spreadsheets import SETTINGS, spreadsheet

Rows = Callable[..., list[tuple[Any, ...]]]
TWO_DAYS = Polling(
    uuid4(),
    "first",
    "First",
    ("2027-03-14", "2027-03-15"),
    datetime(2027, 3, 14, 7, tzinfo=UTC),
    datetime(2027, 3, 15, 19, tzinfo=UTC),
    "UTC",
)
DEPLOYED = """
INSERT INTO deployment (mission_id, id, round_id, organisation_id, kind, place_id, expected)
SELECT o.mission_id, gen_random_uuid(), r.id, o.organisation_id, 'static', p.id, '{}'
FROM observer o JOIN round r ON true JOIN place p ON p.code = '002'
WHERE o.pseudonym = 'O-1' LIMIT 1 RETURNING 1"""


def due(plan: dict[str, int], kind: str = "static", stage: Any = "voting", **policy: Any) -> Any:
    definition = Definition(
        name="form",
        version="1",
        title={"en": "Form"},
        languages=("en",),
        stage=stage,
        questions=(),
        indicators=(),
        checks=(),
        policy=Policy.model_validate(policy),
    )
    found = reports_of(Planned(kind, plan), TWO_DAYS, None, {"form": definition})
    return [f"{at:%d %H}" for _, _, at in found]


def test_a_number_per_visit_is_spread_over_the_whole_poll() -> None:
    assert due({"form": 2}) == ["14 19", "15 07"]


def test_a_number_per_day_is_due_on_each_polling_day() -> None:
    assert due({"form": 2}, expected_per="day") == ["14 11", "14 15", "15 11", "15 15"]
    assert due({"form": 1}, stage="opening", expected_per="day") == ["14 08", "15 08"]
    assert due({"form": 1}, stage="counting", expected_per="day") == ["14 22", "15 22"]


def test_a_plan_that_names_no_report_asks_for_what_the_checklist_expects() -> None:
    assert due({}) == []
    assert len(due({}, expected=3)) == 3
    assert len(due({}, expected=3, expected_per="day")) == 6
    assert len(due({"form": 1}, expected=3)) == 1


def test_a_checklist_of_tabulation_is_looked_for_at_centres() -> None:
    assert due({}, "centre", expected=1) == []
    assert due({}, "static", stage="tabulation", expected=1) == []
    assert len(due({}, "centre", stage="tabulation", expected=1)) == 1


async def test_coverage_asks_for_what_a_published_checklist_expects(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    assert rows(DEPLOYED)
    workbook = spreadsheet(settings=[SETTINGS | {"expected": 3}])
    address, writer = f"/api/v1/missions/{mission.slug}", mission.bearer("data_manager")
    await client.post(f"{address}/checklists", content=workbook, headers=writer)
    await client.post(f"{address}/checklists/small/versions/7/publish", headers=writer)
    found = (await client.get(f"{address}/coverage", headers=writer)).json()
    assert found["nation"]["expected"] == 3, found


async def test_a_team_sent_to_an_area_is_looked_for_there(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rows("""WITH north AS (INSERT INTO area (mission_id, id, code, name, level)
        SELECT mission_id, gen_random_uuid(), 'north', 'North', 'region' FROM mission RETURNING *),
      other AS (INSERT INTO area (mission_id, id, code, name, level)
        SELECT mission_id, gen_random_uuid(), 'south', 'South', 'region' FROM mission)
      INSERT INTO deployment (mission_id, id, round_id, organisation_id, kind, area_id, expected)
      SELECT o.mission_id, gen_random_uuid(), r.id, o.organisation_id, 'mobile', north.id,
        '{"voting": 3}' FROM observer o JOIN round r ON true JOIN north ON true
      WHERE o.pseudonym = 'O-1' LIMIT 1 RETURNING 1""")
    address, lead = f"/api/v1/missions/{mission.slug}", mission.bearer("lead")
    found = (await client.get(f"{address}/coverage", headers=lead)).json()
    assert [(each["area"]["code"], each["expected"]) for each in found["areas"]] == [("north", 3)]
    parts = found["dispositions"]["areas"]
    assert [each["area"]["code"] for each in parts] == ["north"]
