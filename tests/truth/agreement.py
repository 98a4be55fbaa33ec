"""Feeds the mission of a seed to the product and gives all in which the two counts differ."""

from pathlib import Path

from tests.conftest import Database
from tests.truth.comparing import Found, of_figures
from tests.truth.counting import Count
from tests.truth.feeding import found, serving
from tests.truth.generator import make_mission
from tests.truth.pages import of_pages
from tests.truth.settling import Settlement
from tests.truth.statements import of_statement

NOT_YET: frozenset[tuple[str, str]] = frozenset()
"""Kinds of figures and their fields in which the product is known to differ; README.md says why."""


async def differences(seed: int, database: Database, home: Path) -> Found:
    """What the product says of the mission of a seed otherwise than it was counted."""
    mission = make_mission(seed)
    fed = found(database, home, mission)
    async with serving(fed, database) as asking:
        await asking.feed(mission)
        settlement = Settlement(mission)
        differ = await of_figures(asking, settlement)
        for each in mission.rounds:
            count = Count(settlement, each.code)
            differ += await of_pages(asking, count)
            differ += await of_statement(asking, count)
    return [each for each in differ if not {(each.what, "*"), (each.what, each.field)} & NOT_YET]
