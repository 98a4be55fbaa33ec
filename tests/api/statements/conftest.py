"""A draft of the small country, and the people who write it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from api.auth.principal import Principal
from api.database.sessions import mission_session
from api.figures.ask import LocalFigures
from api.figures.follower import Follower
from api.statements.draft import draft_statement
from schemas.columns import new_id
from schemas.credential import Purpose, Role
from schemas.statement import Statement
from tests.api.figures.conftest import SmallCountry, asking, country, engine, follower

__all__ = ["asking", "country", "engine", "follower"]
Shown = dict[str, Any]
Block = Callable[[str], Shown]


@pytest.fixture
async def drafted(country: SmallCountry, engine: AsyncEngine, follower: Follower) -> Statement:
    """A statement drafted from the country's reports by somebody else than the tests' people."""
    who = Principal(country.mission_id, country.slug, Role.LEAD, new_id(), None, Purpose.BEARER)
    async with mission_session(engine, country.mission_id) as session:
        return await draft_statement(session, LocalFigures(follower), who, "en")


Excluding = Callable[[str], Awaitable[None]]


@pytest.fixture
async def excluding(asking: httpx.AsyncClient) -> AsyncIterator[Excluding]:
    """Leaves a report of the country out of what counts, until the test is over."""
    left_out = []

    async def decide(report: str, status: str) -> None:
        number = (await asking.get(f"reports/{report}")).json()["versions"][-1]["number"]
        given = {"status": status, "scope": "all", "reason": "Of another day.", "number": number}
        answer = await asking.post(f"reports/{report}/decision", json=given)
        assert answer.status_code == 200, answer.text

    async def exclude(report: str) -> None:
        await decide(report, "quarantined")
        left_out.append(report)

    yield exclude
    for report in left_out:
        await decide(report, "received")


async def shown(asking: httpx.AsyncClient, statement: UUID) -> Shown:
    """A statement as the API shows it."""
    answer = await asking.get(f"statements/{statement}")
    assert answer.status_code == 200, answer.text
    found: Shown = answer.json()
    return found


async def all_findings(asking: httpx.AsyncClient) -> list[Shown]:
    """The findings of every draft that was made in the country, page after page."""
    found: list[Shown] = []
    after = ""
    while True:
        page = (await asking.get(f"findings?limit=1000{after}")).json()
        found += page["items"]
        if page["next"] is None:
            return found
        after = f"&after={page['next']}"


def first(statement: Shown, kind: str, *, bound: bool = False) -> Shown:
    """The first block of a type; ``bound``: one that says a number."""
    found: Shown = next(
        each
        for each in statement["blocks"]
        if each["type"] == kind
        and (not bound or any(part["type"] == "bound" for part in each["text"]))
    )
    return found
