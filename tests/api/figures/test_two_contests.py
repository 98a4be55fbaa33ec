"""Two contests on one day: what is expected, and what met it."""

from collections.abc import Callable
from typing import Any

import httpx

from tests.api.small import SmallMission
from tests.api.two_contests import hold_two_contests, protocol, votes

Rows = Callable[..., list[tuple[Any, ...]]]
SENT = """
WITH d AS (
  INSERT INTO deployment (mission_id, id, round_id, organisation_id, kind, place_id, expected)
  SELECT o.mission_id, gen_random_uuid(), r.id, o.organisation_id, 'static', p.id,
    '{"results": 1, "voting": 1}'
  FROM observer o JOIN round r ON true JOIN place p ON p.code IN ('001', '003')
  WHERE o.pseudonym = 'O-1' RETURNING mission_id, id)
INSERT INTO deployed_observer (mission_id, deployment_id, observer_id)
SELECT d.mission_id, d.id, o.id FROM d JOIN observer o ON o.pseudonym = 'O-1' RETURNING 1"""


async def test_a_protocol_is_expected_of_each_contest_that_the_station_votes_in(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    await hold_two_contests(client, mission, rows)
    rows(SENT)

    async def covered() -> tuple[int, int]:
        answer = await client.get(
            f"/api/v1/missions/{mission.slug}/coverage", headers=mission.bearer("lead")
        )
        nation = answer.json()["nation"]
        return nation["expected"], nation["received"]

    async def send(answers: dict[str, Any], **members: Any) -> None:
        report = protocol(mission, answers, **members)
        await client.post(mission.reports, json=report, headers=mission.bearer("observer"))

    plans = await client.get(
        f"/api/v1/missions/{mission.slug}/deployments", headers=mission.bearer("observer")
    )
    voted = {
        each["station"]["code"]: [one["code"] for one in each["contests"]]
        for each in plans.json()["items"]
    }
    assert voted == {"001": ["president", "council"], "003": ["president"]}
    assert await covered() == (5, 0)
    await send(votes(Z=1))
    assert await covered() == (5, 1), "what is held for its contest has come"
    await send(votes(A=3, B=1))
    await send(votes(A=3, B=1))
    assert await covered() == (5, 2)
    await send(votes(X=3))
    assert await covered() == (5, 2), "each contest has its own by now"
    await send(votes(A=2), station="003")
    assert await covered() == (5, 3)


async def test_no_protocol_is_expected_of_a_station_that_votes_in_no_contest(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    await hold_two_contests(client, mission, rows)
    rows(
        "DELETE FROM contestant USING contest c"
        " WHERE c.code = 'president' AND c.id = contest_id RETURNING 1"
    )
    rows("DELETE FROM contest WHERE code = 'president' RETURNING 1")
    rows(SENT)
    answer = await client.get(
        f"/api/v1/missions/{mission.slug}/coverage", headers=mission.bearer("lead")
    )
    assert answer.json()["nation"]["expected"] == 3
