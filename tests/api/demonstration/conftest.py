"""The demonstration mission, made once for the tests that only look at it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from api.app import create_app
from api.audit.sealed_work import CommandContext, office
from api.commands.demo import make_or_find
from api.demonstration.country import Truth, make_country, make_truth
from api.demonstration.rehearsal import whole_day
from api.demonstration.sending import SentDay
from api.figures.edition import Edition
from api.figures.follower import Follower
from api.missions.create import issue_secret
from api.settings import Settings
from schemas.credential import Purpose, Role
from schemas.mission import Member
from tests.api.conftest import awake
from tests.api.demonstration.planted import MOST, SEED
from tests.conftest import SECRET, _fresh


@pytest.fixture(scope="module")
def demonstration(
    server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CommandContext]:
    """An installation with the demonstration mission of a newcomer: 1,000 stations."""
    home: Path = tmp_path_factory.mktemp("home")
    for database in _fresh(server):
        settings = Settings(home=home, secret=SECRET, database_url=database.admin_url)
        with office(settings) as at:
            make_or_find(at)
            yield at


@pytest.fixture(scope="module")
def edition(demonstration: CommandContext) -> Edition:
    """The demonstration mission as it stands."""
    return asyncio.run(_edition(demonstration))


async def _edition(at: CommandContext) -> Edition:
    follower = Follower(at.database.app_url)
    try:
        return await follower.of(at.mission("sarelia"))
    finally:
        await follower.stop()


@pytest.fixture(scope="module")
def truth() -> Truth:
    """What nobody in the mission knows."""
    return make_truth(make_country(1000, SEED), SEED)


@pytest.fixture(scope="module")
def day(demonstration: CommandContext) -> SentDay:
    """What the phones sent."""
    with demonstration.reading(demonstration.mission("sarelia")) as session:
        return whole_day(session, MOST)


@pytest.fixture(scope="module")
def kept(demonstration: CommandContext) -> dict[str, dict[str, Any]]:
    """Every report of the mission as it stands: its status, and how many versions it has."""
    with psycopg.connect(demonstration.database.admin_url) as connection:
        rows = connection.execute("SELECT id::text, status, version FROM report").fetchall()
    return {each: {"status": status, "versions": versions} for each, status, versions in rows}


@pytest.fixture(scope="module")
def token(demonstration: CommandContext) -> str:
    """What a lead of the demonstration signs in with."""
    mission_id = demonstration.mission("sarelia")
    with demonstration.work(mission_id) as work:
        member = Member(mission_id=mission_id, handle="a lead of the test", role=Role.LEAD)
        work.session.add(member)
        work.session.flush()
        return issue_secret(work.session, mission_id, Role.LEAD, Purpose.BEARER, member.id)


@pytest.fixture
async def lead(demonstration: CommandContext, token: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the demonstration, signed in as its lead."""
    serving = replace(demonstration.settings, database_url=demonstration.database.app_url)
    app: Any = create_app(serving)
    async with awake(app):
        headers = {"Authorization": f"Bearer {token}"}
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, headers=headers) as client:
            yield client
