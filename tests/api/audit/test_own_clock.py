"""Whatever the application writes after a quiet seal is sealed by the next, in every table."""

# ruff: noqa: S608

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from api.audit.canonical import CLOCKED
from api.database.clock_triggers import COLUMNS, OF_REPORTS
from api.database.policies import RESTRICTED, granted
from api.database.roles import RESTRICTED_ROLE
from schemas.tables import metadata
from tests.api.audit.conftest import Insider, Verify
from tests.api.audit.test_every_source import (
    CHANGEABLE,
    KEYS_ALONE,
    TABLES,
    VALUES,
    changed_column,
    everywhere,
    kind,
    other_than,
    row_of,
    unnamed,
)
from tests.api.small import SmallMission
from tests.conftest import Database

__all__ = ["everywhere"]
REFERENCES = """
SELECT conrelid::regclass::text, conname FROM pg_constraint
WHERE contype IN ('f', 'c', 'u') AND connamespace = 'public'::regnamespace"""
NEWEST = """
SELECT DISTINCT source FROM sealed_row
WHERE seal_number = (SELECT max(number) FROM seal WHERE NOT gone)"""
Write = Callable[..., None]


@pytest.fixture
def alone(everywhere: None, database: Database, written_in: Write) -> Write:
    """Every table has a sealed row; whatever is written may refer to nothing. Gives the pen."""
    with psycopg.connect(database.admin_url) as connection:
        for table, name in connection.execute(REFERENCES).fetchall():
            connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    return written_in


@pytest.fixture
def written_in(database: Database, mission: SmallMission) -> Write:
    """Writes one statement about a table as the application does, with the role it needs."""

    def write(table: str, statement: str, *values: object) -> None:
        with psycopg.connect(database.app_url) as connection:
            enter = "SELECT set_config('app.mission_id', %s, true)"
            connection.execute(enter, (str(mission.mission_id),))
            if table in RESTRICTED:
                connection.execute(f"SET LOCAL ROLE {RESTRICTED_ROLE}")
            connection.execute(statement, values)  # type: ignore[arg-type]

    return write


def another(table: str, mission: SmallMission) -> dict[str, Any]:
    """One more row of a table, under a reading of the clock that was sealed long ago."""
    row = row_of(metadata.tables[table], mission.mission_id)
    new = {
        name: f"another {value}" if isinstance(value, str) and value == "a" else value
        for name, value in row.items()
    }
    new |= {name: 2 for name in ("number", "revision") if row.get(name) == 1}
    new |= {"sha256": b"c" * 32} if row.get("sha256") == b"b" * 32 else {}
    new |= {"token_hash": b"c" * 32} if "token_hash" in new else {}
    return new | ({COLUMNS[table]: 1} if table in COLUMNS else {})


def write_one_more(write: Write, mission: SmallMission, report: str) -> list[str]:
    """A row more in every table that takes one; the tables."""
    tables = [name for name in TABLES if name != "mission"]
    for name in tables:
        row = another(name, mission)
        if name in OF_REPORTS:
            row |= {"report_id": report}
        places = ", ".join("%s" for _ in row)
        columns = ", ".join(row)
        write(name, f"INSERT INTO {name} ({columns}) VALUES ({places})", *row.values())
    return tables


def test_every_table_sealed_by_its_clock_is_given_the_clock_of_its_transaction(
    database: Database,
) -> None:
    with psycopg.connect(database.admin_url) as connection:
        found = connection.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger"
            " WHERE tgname LIKE '%has_its_clock' OR tgname LIKE '%changes_its_report'"
        ).fetchall()
    assert {name for (name,) in found} == {source.table for source in CLOCKED}


def test_a_row_of_any_table_written_after_a_quiet_seal_is_sealed_and_watched(
    alone: Write,
    mission: SmallMission,
    seal: Callable[[], int],
    verify: Verify,
    insider: Insider,
    rows: Callable[..., list[tuple[Any, ...]]],
) -> None:
    assert (seal(), verify()[1]) == (0, [])
    (report,) = rows("SELECT id FROM report")[0]
    tables = write_one_more(alone, mission, report)
    assert verify()[1] == []
    assert seal() >= len(tables)
    assert verify()[1] == []
    assert {name for (name,) in rows(NEWEST)} >= {*tables}
    for name in {*CHANGEABLE} - {"mission"}:
        column = changed_column(metadata.tables[name])
        assert insider(
            f"UPDATE {name} SET {column.name} = {other_than(column)}", VALUES[kind(column)]()
        )
    assert {*unnamed(verify()[1], "altered")} == {"mission", *KEYS_ALONE}
    for name in tables:
        assert insider(f"DELETE FROM {name}")
    assert unnamed(verify()[1], "missing") == ["mission"]


def test_a_row_of_any_table_changed_after_a_quiet_seal_is_sealed_anew(
    alone: Write,
    seal: Callable[[], int],
    verify: Verify,
    rows: Callable[..., list[tuple[Any, ...]]],
) -> None:
    assert seal() == 0
    tables = [
        name
        for name in CHANGEABLE
        if name not in ("credential", "alarm") and "UPDATE" in granted(name)
    ]
    for name in tables:
        column = changed_column(metadata.tables[name])
        alone(
            name, f"UPDATE {name} SET {column.name} = {other_than(column)}", VALUES[kind(column)]()
        )
    assert verify()[1] == []
    assert seal() >= len(tables)
    assert verify()[1] == []
    assert {name for (name,) in rows(NEWEST)} >= {*tables}


@pytest.mark.parametrize("steps", [1, 3])
def test_readings_that_the_transaction_took_stand_as_they_were_given(
    database: Database, mission: SmallMission, steps: int
) -> None:
    """Also where the clock is taken twice: all readings since the first are its own."""
    with psycopg.connect(database.app_url) as connection:
        connection.execute(
            "SELECT set_config('app.mission_id', %s, true)", (str(mission.mission_id),)
        )
        for _ in range(2):
            connection.execute("UPDATE mission_clock SET seq = seq + %s", (steps,))
        for reading in (1, 2 * steps, 2 * steps + 1, 0):
            connection.execute(
                "INSERT INTO audit_entry (mission_id, id, sequence, at, act, subject, salt, digest,"
                " note) VALUES (%s, gen_random_uuid(), %s, now(), 'x', %s, '', '', '')",
                (mission.mission_id, reading, str(reading)),
            )
        found = connection.execute("SELECT subject, sequence FROM audit_entry").fetchall()
    assert dict(found) == {
        "1": 1,
        str(2 * steps): 2 * steps,
        str(2 * steps + 1): 2 * steps,
        "0": 2 * steps,
    }


def test_a_reading_of_another_transaction_is_not_its_own(
    database: Database, mission: SmallMission
) -> None:
    with psycopg.connect(database.app_url) as connection:
        for _ in range(2):
            with connection.transaction():
                connection.execute(
                    "SELECT set_config('app.mission_id', %s, true)", (str(mission.mission_id),)
                )
                connection.execute("UPDATE mission_clock SET seq = seq + 1")
                connection.execute(
                    "INSERT INTO audit_entry (mission_id, id, sequence, at, act, subject, salt,"
                    " digest, note) VALUES (%s, gen_random_uuid(), 1, now(), 'x', '', '', '', '')",
                    (mission.mission_id,),
                )
        found = connection.execute(
            "SELECT set_config('app.mission_id', %s, false)", (str(mission.mission_id),)
        ).fetchall()
        found = connection.execute("SELECT sequence FROM audit_entry ORDER BY 1").fetchall()
    assert found == [(1,), (2,)]
