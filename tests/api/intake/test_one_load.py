"""What is not found is looked for once more; what does not exist makes nobody load or wait."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from api.database.sessions import make_pool
from api.intake.reference_cache import Registers
from mobile_forms.judgement import Judge
from tests.api.small import SmallMission
from tests.conftest import Database

Rows = Callable[..., list[tuple[Any, ...]]]
UNKNOWN_NAMES = (
    {"station": "none"},
    {"observer": "O-none", "who": "data_manager"},
    {"observer": "O-unpledged", "who": "data_manager"},
    {"checklist": "none"},
    {"version": "none"},
    {"round": "none"},
)


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each time that a view was loaded."""
    found: list[str] = []
    load = Registers._load

    async def counted(self: Registers, *values: Any) -> Any:
        found.append("loaded")
        return await load(self, *values)

    monkeypatch.setattr(Registers, "_load", counted)
    return found


async def test_an_outbox_of_reports_that_wait_loads_nothing_again(
    as_observer: httpx.AsyncClient, mission: SmallMission, loads: list[str]
) -> None:
    assert (await as_observer.post(mission.reports, json=mission.report())).status_code == 201
    loads.clear()
    outbox = "\n".join(json.dumps(mission.report(station=f"none-{n}")) for n in range(40))
    headers = {"Content-Type": "application/x-ndjson"}
    answer = await as_observer.post(mission.reports, content=outbox, headers=headers)
    assert {each["status"] for each in answer.json()["items"]} == {202}
    assert not loads


@pytest.mark.parametrize("named", UNKNOWN_NAMES, ids=str)
async def test_a_report_that_names_what_does_not_exist_loads_nothing_again(
    client: httpx.AsyncClient,
    mission: SmallMission,
    loads: list[str],
    named: dict[str, str],
) -> None:
    who = mission.bearer(named.get("who", "observer"))
    posted = await client.post(mission.reports, json=mission.report(), headers=who)
    assert posted.status_code == 201
    loads.clear()
    members = {name: value for name, value in named.items() if name != "who"}
    held = await client.post(mission.reports, json=mission.report(**members), headers=who)
    assert held.status_code == 202
    assert not loads


async def test_while_one_report_waits_for_another_look_the_others_are_taken_in(
    client: httpx.AsyncClient, mission: SmallMission, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = mission.bearer("observer")
    monkeypatch.setattr("api.intake.reference_cache.FRESH_SECONDS", 3600.0)
    monkeypatch.setattr("api.intake.reference_cache.SHARE", 1e9)
    monkeypatch.setattr("api.intake.reference_cache.LONGEST_WAIT_SECONDS", 3600.0)
    assert (await client.post(mission.reports, json=mission.report(), headers=mine)).is_success
    unknown = mission.report(station="none")
    waits = asyncio.create_task(client.post(mission.reports, json=unknown, headers=mine))
    try:
        await asyncio.sleep(0.2)
        assert not waits.done()
        monkeypatch.setattr("api.intake.reference_cache.FRESH_SECONDS", 0.0)
        post = client.post(mission.reports, json=mission.report(), headers=mine)
        assert (await asyncio.wait_for(post, 10)).status_code == 201
    finally:
        waits.cancel()
        await asyncio.gather(waits, return_exceptions=True)


async def test_a_round_whose_code_changed_is_known_at_once(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    assert (await as_observer.post(mission.reports, json=mission.report())).status_code == 201
    rows("UPDATE round SET code = 'renamed' RETURNING code")
    posted = await as_observer.post(mission.reports, json=mission.report(round="renamed"))
    assert posted.status_code == 201


async def test_people_change_without_the_places_being_read_again(
    mission: SmallMission, database: Database, monkeypatch: pytest.MonkeyPatch, rows: Rows
) -> None:
    monkeypatch.setattr("api.intake.reference_cache.FRESH_SECONDS", 0.0)
    async with make_pool(database.app_url) as pool:
        registers = Registers(pool, Judge)
        before = await registers.of(mission.mission_id)
        rows("UPDATE observer SET state = 'suspended' WHERE pseudonym = 'O-1' RETURNING id")
        after = await registers.of(mission.mission_id)
    assert after.observers["O-1"].closed == ("suspended",)
    assert after.places is before.places


async def test_a_view_in_use_is_compared_before_anybody_has_to_wait_for_it(
    mission: SmallMission, database: Database, monkeypatch: pytest.MonkeyPatch, rows: Rows
) -> None:
    monkeypatch.setattr("api.intake.reference_cache.FRESH_SECONDS", 3600.0)
    monkeypatch.setattr("api.intake.reference_cache.AHEAD_SECONDS", 0.0)
    async with make_pool(database.app_url) as pool:
        registers = Registers(pool, Judge)
        before = await registers.of(mission.mission_id)
        rows("UPDATE observer SET state = 'suspended' WHERE pseudonym = 'O-1' RETURNING id")
        after = before
        async with asyncio.timeout(30):
            while after is before:
                await asyncio.sleep(0.01)
                after = await registers.of(mission.mission_id)
    assert after.observers["O-1"].closed == ("suspended",)
