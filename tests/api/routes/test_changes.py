"""The feed of changes passes nothing over."""

import httpx
import psycopg

from tests.api.routes.people import get, post
from tests.api.small import SmallMission
from tests.conftest import Database

Client = httpx.AsyncClient


async def test_every_report_is_told_once_in_the_order_of_the_clock(
    client: Client, mission: SmallMission
) -> None:
    sent = [(await post(client, mission))["id"] for _ in range(7)]
    seen, behind = [], ""
    for _ in range(10):
        page = (await get(client, mission, f"changes?limit=3{behind}")).json()
        seen += page["items"]
        if page["next"] is None:
            break
        behind = f"&after={page['next']}"
    assert [each["id"] for each in seen] == sent
    assert [each["sequence"] for each in seen] == sorted(each["sequence"] for each in seen)


async def test_a_report_that_changes_comes_again_behind_the_last_cursor(
    client: Client, mission: SmallMission
) -> None:
    first = await post(client, mission)
    await post(client, mission)
    last = (await get(client, mission, "changes")).json()["items"][-1]["cursor"]
    assert (await get(client, mission, f"changes?after={last}")).json()["items"] == []
    given = {"status": "quarantined", "reason": "Two forms, one visit."}
    where = f"{mission.reports}/{first['id']}/decision"
    assert (await client.post(where, json=given, headers=mission.bearer("lead"))).status_code == 200
    again = (await get(client, mission, f"changes?after={last}")).json()["items"]
    assert [(each["id"], each["status"]) for each in again] == [(first["id"], "quarantined")]


async def test_an_observer_hears_only_of_its_own_reports(
    client: Client, mission: SmallMission
) -> None:
    own = await post(client, mission, "observer", observer=...)
    await post(client, mission, "observer2", observer=...)
    heard = (await get(client, mission, "changes", "observer")).json()["items"]
    assert [each["id"] for each in heard] == [own["id"]]


async def test_several_changes_under_one_reading_of_the_clock_are_all_told(
    client: Client, mission: SmallMission, database: Database
) -> None:
    sent = {(await post(client, mission))["id"] for _ in range(5)}
    with psycopg.connect(database.admin_url) as connection:
        connection.execute("UPDATE mission_clock SET seq = 50")
        connection.execute("UPDATE report SET changed = 50")
    seen, behind = [], ""
    for _ in range(5):
        page = (await get(client, mission, f"changes?limit=1{behind}")).json()
        seen += [each["id"] for each in page["items"]]
        behind = f"&after={page['next']}"
    assert (set(seen), len(seen)) == (sent, 5)
