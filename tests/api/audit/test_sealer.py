"""The sealer: one at a time, by itself while the application runs, told of every write."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import httpx
import psycopg
import pytest

from api.audit import sealer
from api.audit import verify as verifying
from api.audit.sealer import LOCK, seal_everything
from api.background.tasks import rounds
from api.database.write_triggers import BY_STATEMENT, LATER_BY_STATEMENT, WATCHED
from tests.api.audit.conftest import SIGNER, Verify, Written
from tests.api.routes.people import post
from tests.api.small import SmallMission
from tests.conftest import Database


def test_every_watched_table_tells_of_its_writes(database: Database) -> None:
    with psycopg.connect(database.admin_url) as connection:
        rows = connection.execute(
            "SELECT tgrelid::regclass || ' ' || tgname FROM pg_trigger"
            " WHERE tgname LIKE '%is_sealed'"
        ).fetchall()
    by_row = {
        f"{table} {table}_is_sealed" for table in {*WATCHED} - {*BY_STATEMENT, *LATER_BY_STATEMENT}
    }
    by_statement = {
        f"{table} {table}_{event}_is_sealed"
        for table in (*BY_STATEMENT, *LATER_BY_STATEMENT)
        for event in ("insert", "update", "delete")
    }
    assert {name for (name,) in rows} == by_row | by_statement


async def test_several_sealers_at_once_make_one_chain(
    client: httpx.AsyncClient, mission: SmallMission, database: Database, verify: Verify
) -> None:
    await post(client, mission)
    with ThreadPoolExecutor(6) as threads:
        made = [
            threads.submit(seal_everything, database.app_url, SIGNER, wait=True) for _ in range(6)
        ]
        rows = sorted(each.result() for each in made)
    assert rows[:5] == [0] * 5
    heads, amiss = verify()
    assert (len(heads), heads[0].rows, amiss) == (1, rows[5], [])


def test_a_sealer_does_not_wait_for_another_unless_told(
    database: Database, mission: SmallMission
) -> None:
    with psycopg.connect(database.app_url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        assert seal_everything(database.app_url, SIGNER) == 0
    assert seal_everything(database.app_url, SIGNER, wait=True) > 0


async def test_much_is_sealed_in_several_seals(
    client: httpx.AsyncClient,
    mission: SmallMission,
    seal: Callable[[], int],
    verify: Verify,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sealer, "STEP", 2)
    for _ in range(5):
        await post(client, mission)
    seal()
    heads, amiss = verify()
    assert [head.upto for head in heads] == [2, 4, 5]
    assert amiss == []


async def test_sealing_goes_on_in_rounds(
    client: httpx.AsyncClient, mission: SmallMission, database: Database, verify: Verify
) -> None:
    await post(client, mission)
    seal_all = partial(seal_everything, database.app_url, SIGNER)
    async with rounds("seal", 0.02, seal_all):
        for _ in range(200):
            await asyncio.sleep(0.05)
            if verify()[0]:
                break
    heads, amiss = verify()
    assert (len(heads), amiss) == (1, [])


def test_the_doctor_finds_nothing_amiss_though_somebody_seals_meanwhile(
    mission: SmallMission,
    seal: Callable[[], int],
    verify: Verify,
    written: Written,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seal()
    read = verifying.read_heads

    def read_and_let_seal(*of: Any) -> Any:
        heads = read(*of)
        written("UPDATE mission SET title = 'Anew'")
        assert seal() == 1
        return heads

    monkeypatch.setattr(verifying, "read_heads", read_and_let_seal)
    assert verify()[1] == []
