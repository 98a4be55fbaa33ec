"""A row of every table whose writes are sealed is changed, and taken away: each is named."""

# ruff: noqa: S608

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import Column, Table
from sqlalchemy.dialects.postgresql import dialect

from api.audit.canonical import SOURCES
from api.database.write_triggers import PASSING
from schemas.tables import metadata
from tests.api.audit.conftest import Insider, Verify, Written
from tests.api.routes.people import post
from tests.api.small import SmallMission

TABLES = [source.table for source in SOURCES]
VALUES: dict[str, Callable[[], Any]] = {
    "UUID": uuid4,
    "VARCHAR": lambda: "a",
    "TEXT": lambda: "a",
    "INTEGER": lambda: 1,
    "BIGINT": lambda: 1,
    "BOOLEAN": lambda: True,
    "FLOAT": lambda: 0.5,
    "BYTEA": lambda: b"b" * 32,
    "JSONB": lambda: "{}",
    "TIMESTAMP": lambda: datetime(2026, 11, 8, tzinfo=UTC),
    "DATE": lambda: date(2026, 11, 8),
    "TIME": lambda: time(7),
}
OTHER = {
    "UUID": "gen_random_uuid()",
    "VARCHAR": "{0} || ' and more'",
    "TEXT": "{0} || ' and more'",
    "INTEGER": "{0} + 1",
    "BIGINT": "{0} + 1",
    "BOOLEAN": "NOT {0}",
    "FLOAT": "{0} + 1",
    "BYTEA": "{0} || 'x'",
    "JSONB": "'[\"other\"]'::jsonb",
    "TIMESTAMP": "{0} + interval '1 day'",
    "DATE": "{0} + 1",
    "TIME": "{0} + interval '1 hour'",
}


def kind(column: Column[Any]) -> str:
    """What PostgreSQL calls a column's type, without its size."""
    return column.type.compile(dialect()).split("(")[0].split(" ")[0]


def other_than(column: Column[Any]) -> str:
    """An expression for something else than what stands in a column, or for the parameter where
    nothing does."""
    return f"coalesce({OTHER[kind(column)].format(column.name)}, %s)"


def row_of(table: Table, mission: UUID) -> dict[str, Any]:
    """A row with something in every column that may not be empty."""
    filled = {each.name: VALUES[kind(each)]() for each in table.columns if not each.nullable}
    return filled | {"mission_id": mission}


def free_columns(table: Table) -> list[Column[Any]]:
    """The columns that are no key and no reading of the clock."""
    keys = {each.name for each in table.primary_key} | {"mission_id", "sequence", "changed"}
    return [each for each in table.columns if each.name not in keys]


KEYS_ALONE = [name for name in TABLES if not free_columns(metadata.tables[name])]
"""Tables in whose rows nothing can change but what names them: such a row is gone."""
CHANGEABLE = [name for name in TABLES if name not in KEYS_ALONE]


def changed_column(table: Table) -> Column[Any]:
    """A column that can change: words where there are any."""
    return min(free_columns(table), key=lambda each: (each.nullable, kind(each) != "VARCHAR"))


@pytest.fixture
async def everywhere(
    client: httpx.AsyncClient, mission: SmallMission, insider: Insider, seal: Callable[[], int]
) -> None:
    """Every table has a row of the mission, and the first seal holds them all."""
    await post(client, mission)
    for name in TABLES:
        if not insider(f"SELECT FROM {name}"):
            row = row_of(metadata.tables[name], mission.mission_id)
            places = ", ".join("%s" for _ in row)
            insider(f"INSERT INTO {name} ({', '.join(row)}) VALUES ({places})", *row.values())
    assert seal() >= len(TABLES)


def unnamed(amiss: list[str], what: str) -> list[str]:
    """The tables of which nothing is said to be amiss in this way."""
    return [
        name
        for name in TABLES
        if not any(each.startswith(f"{name} ") and what in each for each in amiss)
    ]


async def test_a_changed_row_of_every_sealed_table_is_named(
    everywhere: None, insider: Insider, verify: Verify
) -> None:
    assert verify()[1] == []
    for name in CHANGEABLE:
        column = changed_column(metadata.tables[name])
        value = VALUES[kind(column)]()
        assert insider(f"UPDATE {name} SET {column.name} = {other_than(column)}", value)
    assert unnamed(verify()[1], "altered") == KEYS_ALONE


async def test_a_row_taken_from_every_sealed_table_is_named(
    everywhere: None, insider: Insider, verify: Verify
) -> None:
    for name in TABLES:
        assert insider(f"DELETE FROM {name}")
    assert unnamed(verify()[1], "missing") == []


async def test_a_use_of_a_way_in_is_no_write_of_consequence(
    everywhere: None, insider: Insider, written: Written, verify: Verify, seal: Callable[[], int]
) -> None:
    for name, columns in PASSING.items():
        for column in columns:
            value = VALUES[kind(metadata.tables[name].columns[column])]()
            assert insider(f"UPDATE {name} SET {column} = %s", value)
    written("UPDATE account SET totp_step = totp_step + 1")
    assert verify()[1] == []
    assert seal() == 0


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE account SET password_hash = 'known to another'",
        "UPDATE account SET totp_secret = 'known to another'",
        "UPDATE passkey SET public_key = 'another''s'",
        "UPDATE linked_account SET subject = 'another'",
        "UPDATE credential SET revoked_at = NULL, used_at = NULL, expires_at = now()",
        "UPDATE credential SET role = 'lead' WHERE role = 'observer'",
        "UPDATE phone SET token_hash = 'another''s'",
        "INSERT INTO credential (token_hash, mission_id, role, purpose, holder_id, created_at)"
        " SELECT sha256('mine'), mission_id, 'lead', 'bearer', gen_random_uuid(), now()"
        " FROM mission",
    ],
)
async def test_a_way_in_that_somebody_made_with_sql_is_named(
    everywhere: None, insider: Insider, verify: Verify, change: str
) -> None:
    assert insider(change)
    table = change.split()[1 if change.startswith("UPDATE") else 2]
    found = verify()[1]
    assert found
    assert all(each.startswith(f"{table} ") for each in found)
