"""Every number of a generated mission, as the product gives it, is what the oracle counts."""

import os
from pathlib import Path

import pytest

from tests.conftest import Database
from tests.truth.comparing import of_figures
from tests.truth.counting import Count
from tests.truth.feeding import found, serving
from tests.truth.generator import make_mission
from tests.truth.settling import Settlement
from tests.truth.statements import of_statement

SEEDS = int(os.environ.get("INDELIBLE_SEEDS", "10"))
"""How many missions: ten in ``make test``, two hundred in ``make oracle``."""

NOT_YET = frozenset({"irregularities", "statement", "sentence", "quick counts", "copies"})
"""What the product does not say yet as the rules have it."""


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
            differ += await of_statement(asking, Count(settlement, each.code))
    left = [each for each in differ if each.what not in NOT_YET]
    assert not left, f"seed {seed}:\n" + "\n".join(map(str, left))
