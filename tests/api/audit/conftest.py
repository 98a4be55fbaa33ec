"""A small mission with a report, sealed, and what the doctor would say of it."""

from collections.abc import Callable
from typing import Any

import httpx
import psycopg
import pytest

from api.audit.sealer import seal_everything
from api.audit.signing import Head, Signer
from api.audit.verify import verify_mission
from tests.api.routes.people import post
from tests.api.small import SmallMission
from tests.conftest import SECRET, Database

SIGNER = Signer.from_secret(SECRET)
Verify = Callable[[], tuple[list[Head], list[str]]]
Insider = Callable[..., int]
Written = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def verify(database: Database, mission: SmallMission) -> Verify:
    """Gives the mission's seals, and what is amiss, in words."""

    def verified() -> tuple[list[Head], list[str]]:
        with psycopg.connect(database.admin_url, autocommit=True) as connection:
            heads, amiss = verify_mission(
                connection, mission.mission_id, mission.slug, SIGNER.public_key
            )
        return heads, [str(each) for each in amiss]

    return verified


@pytest.fixture
def seal(database: Database) -> Callable[[], int]:
    """Seals what was written; how many rows."""
    return lambda: seal_everything(database.app_url, SIGNER)


@pytest.fixture
def insider(database: Database) -> Insider:
    """Writes with SQL as a superuser, past the application; how many rows."""

    def write(statement: str, *values: object) -> int:
        with psycopg.connect(database.admin_url) as connection:
            connection.execute("SET session_replication_role = replica")
            return connection.execute(statement, values).rowcount  # type: ignore[arg-type]

    return write


@pytest.fixture
def written(database: Database, mission: SmallMission) -> Written:
    """Writes with SQL as the application does; the rows it gives back, if any."""

    def write(statement: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(database.app_url) as connection:
            enter = "SELECT set_config('app.mission_id', %s, true)"
            connection.execute(enter, (str(mission.mission_id),))
            cursor = connection.execute(statement, values)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

    return write


@pytest.fixture
async def report(client: httpx.AsyncClient, mission: SmallMission, seal: Callable[[], int]) -> str:
    """A report that was received and sealed; its id."""
    sent = await post(client, mission)
    assert seal() > 0
    return str(sent["id"])
