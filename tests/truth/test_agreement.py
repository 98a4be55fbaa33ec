"""Every number of a generated mission, as the product gives it, is what the oracle counts."""

import os
from pathlib import Path

import pytest

from tests.conftest import Database
from tests.truth.agreement import differences

SEEDS = int(os.environ.get("INDELIBLE_SEEDS", "10"))
"""How many missions: ten in ``make test``, two hundred in ``make oracle``."""


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_every_number_of_a_generated_mission_is_what_its_raw_reports_say(
    seed: int, database: Database, tmp_path: Path
) -> None:
    differ = await differences(seed, database, tmp_path)
    assert not differ, f"seed {seed}:\n" + "\n".join(map(str, differ))
