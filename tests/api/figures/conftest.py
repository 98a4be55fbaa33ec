"""The demonstration country in small: a drawn sample, teams, two checklists, a contest."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from uuid import UUID

import httpx
import psycopg
import pytest
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from api.app import create_app
from api.audit.sealed_work import CommandContext
from api.database.opening import OpenDatabase
from api.database.sessions import open_engine
from api.demonstration.mission import SLUG
from api.demonstration.rehearsal import play, stage
from api.figures.client import SOCKET
from api.figures.edition import Edition
from api.figures.follower import Follower
from api.missions.create import issue_secret
from api.settings import Settings
from schemas.credential import Purpose, Role
from schemas.mission import Member
from schemas.statement import Shared
from tests.api.conftest import awake
from tests.api.figures.mission_of_clock import GO_ON, MADE, Tables
from tests.conftest import SECRET, Database, _fresh

T = TypeVar("T")
STATIONS, REPORTS, SEED = 120, 300, 7
PEOPLE = (Role.LEAD, Role.DEPUTY, Role.DATA_MANAGER, Role.PARTNER)


@dataclass(frozen=True)
class SmallCountry:
    """A demonstration mission in a database of its own, and tokens of its people."""

    database: Database
    settings: Settings
    mission_id: UUID
    tokens: dict[str, str]
    slug: str = SLUG

    def bearer(self, persona: str) -> dict[str, str]:
        """The header of a persona's token."""
        return {"Authorization": f"Bearer {self.tokens[persona]}"}

    def execute(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Run one statement as the superuser: what a colleague's command would have done."""
        with psycopg.connect(self.database.admin_url) as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def tick(self) -> int:
        """Move the mission's clock and give its reading."""
        clock = "UPDATE mission_clock SET seq = seq + 1 WHERE mission_id = %s RETURNING seq"
        return int(self.execute(clock, self.mission_id)[0][0])

    def act(self, name: str, subject: str = "x") -> None:
        """Write an act into the audit log."""
        self.execute(
            "INSERT INTO audit_entry (mission_id, id, sequence, at, act, subject, salt, digest,"
            " note) VALUES (%s, gen_random_uuid(), %s, now(), %s, %s, '', '', '')",
            self.mission_id,
            self.tick(),
            name,
            subject,
        )


@pytest.fixture(scope="session")
def country(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCountry]:
    """Made once: tests may change reports in it, so none may count on single ones."""
    yield from make_small_country(server, tmp_path_factory.mktemp("country"), STATIONS, REPORTS)


def make_small_country(
    server: str, home: Path, stations: int, reports: int
) -> Iterator[SmallCountry]:
    """The demonstration of a size, in a database that is dropped at the end."""
    for database in _fresh(server):
        settings = Settings(home=home, secret=SECRET, database_url=database.admin_url)
        url = database.app_url.replace("postgresql://", "postgresql+psycopg://", 1)
        engine = create_engine(url, poolclass=NullPool)
        at = CommandContext(settings, OpenDatabase(database.admin_url, database.app_url), engine)
        mission_id = stage(at, stations, SEED, _nothing)
        play(at, mission_id, reports, _nothing)
        with at.work(mission_id) as work:
            tokens = {role.value: _token(work.session, mission_id, role) for role in PEOPLE}
        engine.dispose()
        serving = replace(settings, database_url=database.app_url)
        yield SmallCountry(database, serving, mission_id, tokens)


def _nothing(said: str) -> None:
    """Progress is of no interest here."""


def _token(session: Session, mission_id: UUID, role: Role) -> str:
    member = Member(mission_id=mission_id, handle=f"{role} of the test", role=role)
    session.add(member)
    session.flush()
    return issue_secret(session, mission_id, role, Purpose.BEARER, member.id)


async def share_everything(client: httpx.AsyncClient, country: SmallCountry) -> None:
    """Let partners read what stands now."""
    body = {"what": [each.value for each in Shared], "reason": "For the tests"}
    address = f"http://indelible/api/v1/missions/{country.slug}/shares"
    answer = await client.post(address, json=body, headers=country.bearer("lead"))
    assert answer.status_code == 201, answer.text


@pytest.fixture
async def engine(country: SmallCountry) -> AsyncIterator[AsyncEngine]:
    """An engine on the country, signed in as the application."""
    made = open_engine(country.database.app_url)
    yield made
    await made.dispose()


@pytest.fixture
async def asking(country: SmallCountry) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application on the country, signed in as its lead."""
    app: Any = create_app(country.settings)
    async with awake(app):
        transport = httpx.ASGITransport(app=app)
        base = f"http://indelible/api/v1/missions/{country.slug}/"
        async with httpx.AsyncClient(
            transport=transport, base_url=base, headers=country.bearer("lead")
        ) as client:
            yield client


@pytest.fixture
def speaking(country: SmallCountry) -> Iterator[None]:
    """The mission is content with whatever came, so that its quick count may speak."""
    country.execute("UPDATE mission SET response_threshold = 0")
    yield
    country.execute("UPDATE mission SET response_threshold = 0.8, embargo_until = NULL")


@pytest.fixture
async def follower(country: SmallCountry) -> AsyncIterator[Follower]:
    """A follower of the country that does not listen: it reads when it is asked."""
    made = Follower(country.database.app_url)
    yield made
    await made.stop()


@pytest.fixture
async def edition(country: SmallCountry, follower: Follower) -> Edition:
    """The country as of its last commit."""
    return await follower.of(country.mission_id)


async def read_anew(country: SmallCountry, round_code: str | None = None) -> Edition:
    """The mission as a process that has just begun reads it."""
    made = Follower(country.database.app_url)
    try:
        return await made.of(country.mission_id, round_code)
    finally:
        await made.stop()


async def asked_anew(country: SmallCountry, figure: Callable[[Edition], T]) -> T:
    """A figure as a process that has just begun makes it."""
    made = Follower(country.database.app_url)
    try:
        return await asyncio.to_thread(figure, await made.of(country.mission_id))
    finally:
        await made.stop()


@pytest.fixture
def tables() -> Tables:
    MADE.clear()
    GO_ON.clear()
    return Tables()


@pytest.fixture
def path() -> Any:
    """Where a socket may be: a short path."""
    with TemporaryDirectory() as folder:
        yield Path(folder) / SOCKET
