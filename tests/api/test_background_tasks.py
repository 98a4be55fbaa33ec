"""A worker that has a background process beside it does no periodic task."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from api.settings import Settings
from tests.api.conftest import awake

TASKS = {
    "seal",
    "judge again",
    "contests",
    "heads",
    "retention",
    "unfinished photos",
    "release",
}


def running() -> set[str]:
    """The names of the tasks of this process."""
    return {each.get_name() for each in asyncio.all_tasks()}


@pytest.mark.parametrize("beside", [False, True])
async def test_tasks_are_the_background_process_s_where_there_is_one(
    serving: Settings, tmp_path: Path, *, beside: bool
) -> None:
    socket = tmp_path / "figures.sock" if beside else None
    app: Any = create_app(replace(serving, figures_socket=socket))
    async with awake(app):
        assert running() & TASKS == (set() if beside else TASKS)
