"""The day changes the plan: teams sent elsewhere, withdrawn, called; nothing sent is lost."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]
PLAN = """
WITH d AS (
  INSERT INTO deployment
    (mission_id, id, round_id, organisation_id, kind, place_id, expected, state_reason)
  SELECT o.mission_id, gen_random_uuid(), r.id, o.organisation_id, 'static', p.id,
    '{"voting": 1}', '' FROM observer o JOIN round r ON true JOIN place p ON p.code = '001'
  WHERE o.pseudonym = 'O-1' LIMIT 1 RETURNING mission_id, id)
INSERT INTO deployed_observer (mission_id, deployment_id, observer_id)
SELECT d.mission_id, d.id, o.id FROM d JOIN observer o ON o.pseudonym = 'O-1'
RETURNING deployment_id::text"""


@pytest.fixture
def team(mission: SmallMission, rows: Rows) -> str:
    """The address of the deployment that sends O-1 to station 001."""
    rows("""UPDATE round SET polling_days = '["2026-11-08"]' RETURNING 1""")
    ((deployment,),) = rows(PLAN)
    return f"/api/v1/missions/{mission.slug}/deployments/{deployment}"


async def dispositions(client: httpx.AsyncClient, mission: SmallMission) -> dict[str, int]:
    answer = await client.get(
        f"/api/v1/missions/{mission.slug}/coverage", headers=mission.bearer("lead")
    )
    plans: dict[str, int] = answer.json()["dispositions"]["plans"]
    return plans


async def test_a_team_sent_elsewhere_is_expected_there_and_no_longer_here(
    client: httpx.AsyncClient, mission: SmallMission, team: str, rows: Rows
) -> None:
    lead = mission.bearer("lead")
    given = {"station": "002", "reason": "the road is closed"}
    made = await client.post(f"{team}/redeploy", json=given, headers=lead)
    assert made.status_code == 201
    assert rows("SELECT state, replaces_id IS NULL FROM deployment ORDER BY state") == [
        ("cancelled", True),
        ("planned", False),
    ]
    assert sum((await dispositions(client, mission)).values()) == 1
    own = await client.get(team.rpartition("/")[0], headers=mission.bearer("observer"))
    assert {each["station"]["code"] for each in own.json()["items"]} >= {"002"}
    again = await client.post(f"{team}/redeploy", json=given, headers=lead)
    assert again.status_code == 422


async def test_what_came_from_the_old_place_stays_credited(
    client: httpx.AsyncClient, mission: SmallMission, team: str
) -> None:
    phone = mission.bearer("observer")
    assert (await client.post(mission.reports, json=mission.report(), headers=phone)).is_success
    lead = mission.bearer("lead")
    await client.post(f"{team}/redeploy", json={"station": "002"}, headers=lead)
    assert await dispositions(client, mission) == {"complete": 1, "missing": 1}


async def test_a_withdrawal_for_security_is_a_disposition_of_its_own(
    client: httpx.AsyncClient, mission: SmallMission, team: str
) -> None:
    lead = mission.bearer("lead")
    assert await dispositions(client, mission) == {"missing": 1}
    ending = {"state": "withdrawn_security", "reason": "shots were heard"}
    assert (await client.post(f"{team}/end", json=ending, headers=lead)).status_code == 200
    assert await dispositions(client, mission) == {"withdrawn": 1}
    shown = await client.get(f"/api/v1/missions/{mission.slug}/coverage", headers=lead)
    assert (shown.json()["nation"]["withdrawn"], shown.json()["nation"]["missing"]) == (1, 0)


async def test_a_team_that_nobody_reaches_is_unreachable_until_something_comes(
    client: httpx.AsyncClient, mission: SmallMission, team: str
) -> None:
    lead = mission.bearer("lead")
    await client.post(f"{team}/calls", json={"outcome": "no_answer"}, headers=lead)
    assert await dispositions(client, mission) == {"unreachable": 1}
    await client.post(mission.reports, json=mission.report(), headers=mission.bearer("observer"))
    assert await dispositions(client, mission) == {"complete": 1}


async def test_a_team_swaps_a_member_and_both_stay_on_record(
    client: httpx.AsyncClient, mission: SmallMission, team: str, rows: Rows
) -> None:
    lead = mission.bearer("lead")
    swapped = await client.post(f"{team}/team", json={"leave": "O-1", "join": "O-2"}, headers=lead)
    assert swapped.status_code == 200
    left = "SELECT pseudonym, left_at IS NULL FROM deployed_observer d JOIN observer o"
    assert rows(left + " ON o.id = d.observer_id ORDER BY 1") == [("O-1", False), ("O-2", True)]
    twice = await client.post(f"{team}/team", json={"join": "O-2"}, headers=lead)
    assert (twice.status_code, twice.json()["field"]) == (422, "join")


async def test_nobody_joins_who_cannot_go_and_nobody_leaves_a_team_of_one(
    as_lead: httpx.AsyncClient, team: str, rows: Rows
) -> None:
    rows("""WITH o AS (INSERT INTO organisation (mission_id, id, code, name, kind)
      SELECT mission_id, gen_random_uuid(), 'x', 'X', 'international' FROM mission RETURNING *)
    UPDATE observer SET organisation_id = o.id FROM o WHERE pseudonym = 'O-2' RETURNING 1""")
    for given, field, words in (
        ({"join": "O-2"}, "join", "of one organisation"),
        ({"join": "O-suspended"}, "join", "is suspended"),
        ({"leave": "O-1"}, "leave", "nobody would be left"),
        ({}, "join", "who leaves"),
    ):
        said = await as_lead.post(f"{team}/team", json=given)
        assert (said.status_code, said.json()["field"]) == (422, field), given
        assert words in said.json()["detail"]
    await as_lead.post(f"{team}/end", json={"state": "withdrawn_security", "reason": "shots"})
    late = await as_lead.post(f"{team}/team", json={"join": "O-unpledged"})
    assert (late.status_code, late.json()["detail"]) == (422, "This deployment has ended already.")
    assert rows("SELECT count(*), count(left_at) FROM deployed_observer") == [(1, 0)]


@pytest.mark.parametrize(
    ("verb", "given", "field"),
    [
        ("redeploy", {}, "station"),
        ("redeploy", {"station": "001"}, "station"),
        ("redeploy", {"station": "999"}, "station"),
        ("redeploy", {"area": "atlantis"}, "area"),
        ("end", {"state": "cancelled", "reason": " "}, "reason"),
        ("end", {"state": "lost", "reason": "x"}, "state"),
        ("calls", {"outcome": "shouted"}, "outcome"),
        ("team", {"join": "O-99"}, "join"),
    ],
)
async def test_what_cannot_be_done_is_refused_by_field(
    as_lead: httpx.AsyncClient, team: str, verb: str, given: dict[str, str], field: str
) -> None:
    answer = await as_lead.post(f"{team}/{verb}", json=given)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_observers_change_no_plan(
    client: httpx.AsyncClient, mission: SmallMission, team: str
) -> None:
    for persona in ("observer", "partner"):
        headers = mission.bearer(persona)
        ending = {"state": "cancelled", "reason": "x"}
        assert (await client.post(f"{team}/end", json=ending, headers=headers)).status_code == 404


async def test_access_denied_is_counted_apart_and_enters_no_rate(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    await client.post(mission.reports, json=mission.report(), headers=mission.bearer("observer"))
    rows("UPDATE report SET checklist = 'access_denied' RETURNING 1")
    lead = mission.bearer("lead")
    shown = await client.get(f"/api/v1/missions/{mission.slug}/coverage", headers=lead)
    assert shown.json()["access_denied"]["reports"] == 1
    assert shown.json()["access_denied"]["kinds"] == {"domestic": 1}
