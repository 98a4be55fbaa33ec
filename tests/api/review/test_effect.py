"""What an act would change is said before it is done, and is what it then changes."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select

from api.audit.unit_of_work import dry_run, in_work
from api.database.sessions import driver_connection
from api.figures.follower import Follower
from api.figures.uncommitted import changes_reading, read_changes
from api.review.decide import decide
from api.review.effect import effect_of
from schemas.report import Report
from tests.api.figures.conftest import (
    SmallCountry,
    asking,
    engine,
    follower,
    make_small_country,
    speaking,
)

__all__ = ["asking", "engine", "follower", "speaking"]
PARTS = ("coverage", "irregularities", "quick-counts/president")
SEED = 19


@pytest.fixture(scope="module")
def country(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCountry]:
    """A mission of its own: every report of it may be decided on."""
    yield from make_small_country(server, tmp_path_factory.mktemp("effect"), 120, 300)


async def figures(client: httpx.AsyncClient) -> dict[str, Any]:
    """The figures that an act may move, as the API gives them."""
    coverage, rates, count = [(await client.get(each)).json() for each in PARTS]
    return {
        "nation": coverage["nation"],
        "areas": {
            each["area"] and each["area"]["code"]: without_area(each) for each in coverage["areas"]
        },
        "rates": {
            (each["checklist"], each["indicator"], each["kind"], each["part"]): each["number"]
            for each in rates["items"]
        },
        "received": count["received"],
        "shares": {each["contestant"]: each["number"] for each in count["shares"]},
    }


def without_area(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "area"}


def moved(before: dict[Any, Any], after: dict[Any, Any]) -> dict[Any, tuple[Any, Any]]:
    """What is another value afterwards."""
    return {
        key: (before.get(key), after.get(key))
        for key in {**before, **after}
        if before.get(key) != after.get(key)
    }


def said_of(effect: dict[str, Any]) -> dict[str, Any]:
    """The same as an effect has it."""
    counts = [each for each in effect["quick_counts"] if each["contest"]["code"] == "president"]
    return {
        "nation": pair(effect["coverage"]["nation"]) if effect["coverage"]["nation"] else None,
        "areas": {
            each["area"] and each["area"]["code"]: pair(each)
            for each in effect["coverage"]["areas"]
        },
        "rates": {
            (each["checklist"], each["indicator"], each["kind"], each["part"]): pair(each)
            for each in effect["indicators"]
        },
        "shares": {each["contestant"]: pair(each) for count in counts for each in count["shares"]},
        "received": pair(counts[0]["received"]) if counts else None,
    }


def pair(row: dict[str, Any]) -> tuple[Any, Any]:
    return row["before"], row["after"]


async def act(
    client: httpx.AsyncClient, report: str, name: str, given: dict[str, Any], **query: Any
) -> httpx.Response:
    said = {"reason": "Called the team."} | given
    return await client.post(f"reports/{report}/{name}", json=said, params=query)


def acts_on(drawn: random.Random, answers: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Some acts on a report, one after the other."""
    one, other = drawn.sample(sorted(answers), 2) if len(answers) > 1 else answers * 2
    yield "corrections", {"answers": {one: None}}
    yield "decision", {"status": "quarantined"}
    yield "decision", {"status": drawn.choice(["received", "verified"])}
    if other != one:
        yield "decision", {"status": "quarantined", "questions": [other]}


async def test_what_is_foretold_is_the_difference_of_the_figures_before_and_after(
    country: SmallCountry, speaking: None, asking: httpx.AsyncClient
) -> None:
    drawn = random.Random(SEED)
    reports = country.execute(
        "SELECT r.id::text, r.checklist, array(SELECT jsonb_object_keys(v.answers)) FROM report r"
        " JOIN report_version v ON v.report_id = r.id AND v.number = r.version"
        " WHERE r.status IN ('received', 'flagged') ORDER BY r.id"
    )
    chosen = [
        drawn.choice([each for each in reports if each[1] == name])
        for name in sorted({name for _, name, _ in reports})
    ]
    chosen += drawn.sample(reports, 3)
    changed: set[str] = set()
    for report, _, answers in {each[0]: each for each in chosen}.values():
        for name, given in acts_on(drawn, answers):
            changed |= await foretold(asking, report, name, given)
    assert changed >= {"nation", "areas", "rates", "shares", "received"}, changed


async def foretold(
    client: httpx.AsyncClient, report: str, name: str, given: dict[str, Any]
) -> set[str]:
    """Hold what an act says it would change against what it changes; which figures these are."""
    before = await figures(client)
    told = await act(client, report, name, given, preview=True)
    assert await figures(client) == before
    done = await act(client, report, name, given)
    if done.status_code != 200:  # an answer that only goes with another one
        assert (done.status_code, done.json()) == (told.status_code, told.json())
        assert done.status_code in (409, 422), done.text
        return set()
    assert told.status_code == 200, told.text
    after, said = await figures(client), said_of(told.json()["effect"])
    changed = set()
    for part in ("areas", "rates", "shares"):
        assert said[part] == moved(before[part], after[part]), (report, name, given, part)
        changed |= {part for _ in said[part]}
    for part in ("nation", "received"):
        told_of = said[part] or (before[part], before[part])
        assert told_of == (before[part], after[part]), (report, name, given, part)
        changed |= {part for _ in (0,) if before[part] != after[part]}
    return changed


async def test_an_effect_is_not_said_of_reports_that_changed_meanwhile(
    country: SmallCountry, follower: Follower, engine: AsyncEngine
) -> None:
    ((one, visit),) = country.execute(
        "SELECT id, visit_id FROM report WHERE status = 'received' ORDER BY id DESC LIMIT 1"
    )
    who = Deciding(country.mission_id, uuid4())
    reading = changes_reading(await follower.of(country.mission_id))
    async with dry_run(engine, who) as work:
        await in_work(
            work,
            lambda plain: decide(plain, one, "quarantined", "Called the team.", select(Report)),
        )
        found = await read_changes(
            await driver_connection(work.session),
            reading,
            country.mission_id,
            work.clock - 1,
            work.clock,
        )
    assert country.execute("SELECT status FROM report WHERE id = %s", one) == [("received",)]
    assert effect_of(await follower.of(country.mission_id), found) is not None
    country.execute(
        "UPDATE report SET status = 'flagged', changed = %s WHERE visit_id = %s",
        country.tick(),
        visit,
    )
    assert effect_of(await follower.of(country.mission_id), found) is None


@dataclass(frozen=True)
class Deciding:
    """Whoever writes in a mission."""

    mission_id: UUID
    holder_id: UUID
