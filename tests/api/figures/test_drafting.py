"""A draft: its numbers frozen under one hash, its findings kept, the act in the log."""

from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from analytics.statements import Snapshot, holds
from api.auth.principal import Principal
from api.database.sessions import mission_session
from api.figures.ask import LocalFigures
from api.figures.follower import Follower
from api.settings import Settings
from api.statements.draft import draft_statement
from schemas.columns import new_id
from schemas.credential import Purpose, Role
from schemas.problems import Refusal
from schemas.statement import Statement
from tests.api.figures.conftest import SmallCountry
from tests.api.figures.test_official import LEAVE, PUBLISH
from tests.api.figures.test_ways_to_draw import NOTE
from tests.api.small import SmallMission
from tests.api.statements.conftest import all_findings


@pytest.fixture
async def drafted(country: SmallCountry, engine: AsyncEngine, follower: Follower) -> Statement:
    """A statement drafted from the country's reports."""
    figures = LocalFigures(follower)
    who = Principal(country.mission_id, country.slug, Role.LEAD, new_id(), None, Purpose.BEARER)
    async with mission_session(engine, country.mission_id) as session:
        return await draft_statement(session, figures, who, "en")


async def test_every_number_of_a_draft_is_in_its_snapshot(
    asking: httpx.AsyncClient, drafted: Statement
) -> None:
    shown = (await asking.get(f"statements/{drafted.id}")).json()
    frozen = shown["snapshot"]
    assert shown["state"] == "draft"
    assert holds(Snapshot(frozen["numbers"], frozen["sha256"]))
    assert bound(shown["blocks"]) <= frozen["numbers"].keys()
    assert bound(shown["blocks"])


def bound(value: object) -> set[str]:
    """The ids of all numbers bound anywhere in the blocks."""
    if isinstance(value, dict):
        own = {value["number_id"]} if "number_id" in value else set()
        return own.union(*(bound(each) for each in value.values()))
    return set().union(*(bound(each) for each in value)) if isinstance(value, list) else set()


async def test_what_a_draft_says_is_what_the_figures_say_at_that_moment(
    asking: httpx.AsyncClient, drafted: Statement
) -> None:
    frozen = (await asking.get(f"statements/{drafted.id}")).json()["snapshot"]["numbers"]
    rows = (await asking.get("irregularities")).json()["items"]
    current = {tuple(row[each] for each in RATE): row["number"] for row in rows}
    said = {
        code: each for code, each in frozen.items() if each["query"].get("polarity") == "negative"
    }
    assert said
    for each in said.values():
        assert same(each, current[tuple(each["query"][name] for name in RATE)])


RATE = ("checklist", "indicator", "kind", "part")


def same(frozen: dict[str, Any], shown: dict[str, Any]) -> bool:
    """Whether two numbers are of one type and agree in all that both tell."""
    both = frozen.keys() & shown.keys() - {"text"}
    return "type" in both and all(frozen[name] == shown[name] for name in both)


async def test_a_draft_holds_what_was_published_of_every_station_against_the_quick_count(
    country: SmallCountry, engine: AsyncEngine, follower: Follower
) -> None:
    country.execute("UPDATE mission SET response_threshold = 0")
    verdicts = []
    for stations in (1_000_000, 3):
        country.execute("DELETE FROM official_result")
        country.execute(PUBLISH, 99)
        country.execute(LEAVE, stations)
        country.execute(NOTE, country.mission_id, country.tick())
        figures = LocalFigures(follower)
        who = Principal(country.mission_id, country.slug, Role.LEAD, new_id(), None, Purpose.BEARER)
        async with mission_session(engine, country.mission_id) as session:
            made = await draft_statement(session, figures, who, "en")
        rows = country.execute(
            "SELECT contents -> 'en' FROM statement_block WHERE statement_id = %s", made.id
        )
        told = [each for (each,) in rows if each.get("against") == "official"]
        verdicts.append(len(told))
    country.execute("DELETE FROM official_result")
    country.execute("UPDATE mission SET response_threshold = 0.8")
    country.execute(NOTE, country.mission_id, country.tick())
    contestants = len(country.execute("SELECT code FROM contestant"))
    assert verdicts == [contestants, 0]


async def test_the_numbers_of_a_draft_are_of_the_clock_just_before_its_own(
    country: SmallCountry, drafted: Statement
) -> None:
    found = country.execute(
        "SELECT sequence, as_of FROM snapshot WHERE id = %s", drafted.snapshot_id
    )
    assert found[0][1] == found[0][0] - 1


async def test_findings_carry_their_number_and_the_desk_sees_the_reports_beneath(
    asking: httpx.AsyncClient, drafted: Statement
) -> None:
    found = await all_findings(asking)
    own = [each for each in found if each["snapshot"] == str(drafted.snapshot_id)]
    assert own
    assert all(each["standards"] for each in own)
    assert all(each["number"]["type"] in ("estimate", "count") for each in own)
    assert any(each["reports"] for each in own)


async def test_a_draft_is_there_for_the_desk_alone_until_it_is_released_and_out_of_embargo(
    asking: httpx.AsyncClient, drafted: Statement, country: SmallCountry
) -> None:
    partner = country.bearer("partner")

    async def seen() -> tuple[int, bool]:
        read = await asking.get(f"statements/{drafted.id}", headers=partner)
        found = (await asking.get("findings?limit=1000", headers=partner)).json()["items"]
        return read.status_code, str(drafted.snapshot_id) in {
            each.get("snapshot") for each in found
        }

    assert await seen() == (404, False)
    release = "UPDATE statement SET state = 'released', embargo_until = now() + %s::interval"
    country.execute(f"{release} WHERE id = %s", "1 hour", drafted.id)
    assert await seen() == (404, False)
    country.execute(f"{release} WHERE id = %s", "-1 hour", drafted.id)
    assert await seen() == (200, True)
    told = (await asking.get("findings?limit=1000", headers=partner)).json()["items"]
    assert not any("reports" in each for each in told)
    country.execute("UPDATE statement SET state = 'draft' WHERE id = %s", drafted.id)


async def test_a_draft_is_told_in_the_feed_and_in_the_log(
    asking: httpx.AsyncClient, drafted: Statement, country: SmallCountry
) -> None:
    told, after = [], ""
    while True:
        page = (await asking.get(f"changes?limit=1000{after}")).json()
        told += [each for each in page["items"] if each["what"] == "statement"]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert (str(drafted.id), "draft") in [(each["id"], each["act"]) for each in told]
    logged = country.execute("SELECT count(*) FROM audit_entry WHERE subject = %s", str(drafted.id))
    assert logged == [(1,)]


async def test_where_nothing_has_come_there_is_nothing_to_state(
    client: httpx.AsyncClient, mission: SmallMission, serving: Settings
) -> None:
    transport = client._transport
    state = transport.app._app.framework.state  # type: ignore[attr-defined]
    who = Principal(
        mission.mission_id, mission.slug, Role.LEAD, mission.holders["lead"], None, Purpose.BEARER
    )
    async with mission_session(state.engine, mission.mission_id) as session:
        with pytest.raises(Refusal, match="No report"):
            await draft_statement(session, state.figures, who, "en")
