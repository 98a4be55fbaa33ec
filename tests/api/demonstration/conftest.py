"""The demonstration mission, made once for the tests that only look at it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.audit.sealed_work import Office, office
from api.commands.demo import make_or_find
from api.database.sessions import open_engine
from api.figures.follower import Follower
from api.figures.watch import Watch
from api.settings import Settings
from tests.conftest import SECRET, _fresh


@pytest.fixture(scope="module")
def demonstration(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An installation with the demonstration mission of a newcomer: 1,000 stations."""
    home: Path = tmp_path_factory.mktemp("home")
    for database in _fresh(server):
        settings = Settings(home=home, secret=SECRET, database_url=database.admin_url)
        with office(settings) as at:
            make_or_find(at)
            yield at


@pytest.fixture(scope="module")
def watch(demonstration: Office) -> Watch:
    """The demonstration mission, folded."""
    return asyncio.run(_watched(demonstration))


async def _watched(at: Office) -> Watch:
    engine = open_engine(at.database.app_url, size=2)
    try:
        return await Follower(engine, at.database.app_url).of(at.mission("sarelia"))
    finally:
        await engine.dispose()
