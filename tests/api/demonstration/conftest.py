"""The demonstration mission, made once for the tests that only look at it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.audit.sealed_work import CommandContext, office
from api.commands.demo import make_or_find
from api.figures.edition import Edition
from api.figures.follower import Follower
from api.settings import Settings
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
