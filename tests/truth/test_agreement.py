"""Every number of a generated mission, as the product gives it, is what the oracle counts."""

import os
from pathlib import Path

import pytest

from tests.conftest import Database
from tests.truth.comparing import of_figures
from tests.truth.counting import Count
from tests.truth.feeding import found, serving
from tests.truth.generator import make_mission
from tests.truth.pages import of_pages
from tests.truth.settling import Settlement
from tests.truth.statements import of_statement

SEEDS = int(os.environ.get("INDELIBLE_SEEDS", "10"))
"""How many missions: ten in ``make test``, two hundred in ``make oracle``."""

NOT_YET = frozenset(
    {
        ("sentence", "outside the sample"),
    }
)
"""Kinds of figures and their fields in which the product is known to differ; README.md says why."""


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_every_number_of_a_generated_mission_is_what_its_raw_reports_say(
    seed: int, database: Database, tmp_path: Path
) -> None:
    mission = make_mission(seed)
    fed = found(database, tmp_path, mission)
    async with serving(fed, database) as asking:
        await asking.feed(mission)
        settlement = Settlement(mission)
        differ = await of_figures(asking, settlement)
        for each in mission.rounds:
            count = Count(settlement, each.code)
            differ += await of_pages(asking, count)
            differ += await of_statement(asking, count)
    known = {(each.what, name) for each in differ for name in ("*", each.field)} & NOT_YET
    left = [each for each in differ if not {(each.what, "*"), (each.what, each.field)} & known]
    assert not left, f"seed {seed}:\n" + "\n".join(map(str, left))
