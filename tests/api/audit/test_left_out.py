"""Snapshots that an earlier version left unsealed are sealed at the upgrade."""

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb
from sqlalchemy.dialects import postgresql
from sqlmodel import SQLModel

from analytics.statements.snapshot import canonical
from api.audit.sealer import seal_everything
from api.audit.unit_of_work import LOG, log_values
from api.audit.verify import verify_mission
from api.database import opening
from api.database.roles import app_url
from api.database.write_triggers import WATCHED
from tests.api.audit.conftest import SIGNER
from tests.conftest import SECRET
from tests.older import older_database

VERSIONS = Path(opening.__file__).parents[1] / "migrations" / "versions"
MISSION, ELECTION, ROUND = UUID(int=7), UUID(int=8), UUID(int=9)
NUMBERS = {"a": {"text": "12%", "value": 0.12}}
STOOD = f"""
SET session_replication_role = replica;
INSERT INTO mission_slug VALUES ('old', '{MISSION}');
INSERT INTO mission_clock (mission_id, seq) VALUES ('{MISSION}', 3);
INSERT INTO mission (mission_id, slug, title, country, kind, scope, state, languages, zone,
  response_threshold, demonstration, created_at)
VALUES ('{MISSION}', 'old', 'M', 'C', 'domestic', 'full', 'active', '[]', 'UTC', 0.8, false,
  now());
INSERT INTO election (mission_id, id, code, name) VALUES ('{MISSION}', '{ELECTION}', 'e', 'E');
INSERT INTO round (mission_id, id, election_id, code, name, polling_days, opens, closes,
  zone) VALUES ('{MISSION}', '{ROUND}', '{ELECTION}', 'first', 'First', '[]', '07:00', '20:00',
  'UTC')"""  # noqa: S608  our own names alone""
SNAPSHOT = """
INSERT INTO snapshot (mission_id, id, round_id, sequence, frozen_at, sha256, numbers)
VALUES (%s, %s, %s, %s, now(), %s, %s)"""
STATEMENT = """
INSERT INTO statement (mission_id, id, round_id, snapshot_id, kind, language, title, state, blocks,
  drafted_at, drafted_by) VALUES (%s, %s, %s, %s, 'preliminary', 'en', 'T', 'draft', '[]', now(),
  %s)"""
DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
Draft = Callable[[], UUID]


def draft_as_before(url: str) -> UUID:
    """What drafting a statement did: the snapshot has the reading that was counted at."""
    with psycopg.connect(app_url(url, SECRET)) as connection:
        connection.execute("SELECT set_config('app.mission_id', %s, true)", (str(MISSION),))
        tick = "UPDATE mission_clock SET seq = seq + 1 RETURNING seq"
        (sequence,) = connection.execute(tick).fetchone() or (0,)
        sha256 = hashlib.sha256(canonical(NUMBERS)).hexdigest()
        snapshot, statement = uuid4(), uuid4()
        values = (MISSION, snapshot, ROUND, sequence - 1, sha256, Jsonb(NUMBERS))
        connection.execute(SNAPSHOT, values)
        connection.execute(STATEMENT, (MISSION, statement, ROUND, snapshot, uuid4()))
        act = ("statement.draft", str(statement), sha256.encode())
        connection.execute(LOG, log_values(MISSION, sequence, *act))
    seal(url)
    return snapshot


def seal(url: str) -> int:
    """Seal what is there; how many rows."""
    return seal_everything(app_url(url, SECRET), SIGNER)


def amiss(url: str) -> list[str]:
    """What the doctor would say of the mission."""
    with psycopg.connect(url, autocommit=True) as connection:
        return [
            str(each) for each in verify_mission(connection, MISSION, "old", SIGNER.public_key)[1]
        ]


def alter(url: str, snapshot: UUID) -> None:
    """Another number, written past the application."""
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE snapshot SET numbers = '{}' WHERE id = %s", (snapshot,))


def add_later_tables(url: str) -> None:
    """Tables that came later, empty: the sealer of today, which stands in for that of then, reads
    every table of today."""
    with psycopg.connect(url) as connection:
        for table in WATCHED:
            (found,) = connection.execute("SELECT to_regclass(%s)", (table,)).fetchone() or (None,)
            if found is None:
                columns = SQLModel.metadata.tables[table].columns
                each = ", ".join(
                    f"{column.name} {column.type.compile(DIALECT)}" for column in columns
                )
                connection.execute(f"CREATE TABLE {table} ({each})".encode())
                connection.execute(f"COMMENT ON TABLE {table} IS 'later'".encode())
                connection.execute(f"GRANT SELECT ON {table} TO indelible_app".encode())


def upgrade(url: str) -> None:
    """To the newest revision, without the tables that were only there for the sealer."""
    later = """
    SELECT c.relname FROM pg_class c JOIN pg_description d ON d.objoid = c.oid
    WHERE d.description = 'later'"""
    with psycopg.connect(url) as connection:
        for (table,) in connection.execute(later).fetchall():
            connection.execute(f"DROP TABLE {table}".encode())
    opening.upgrade(url)


@pytest.fixture
def older(server: str) -> Iterator[str]:
    """A sealed mission of the version before; the superuser's address."""
    with older_database(server, "0019") as url:
        with psycopg.connect(url) as connection:
            connection.execute(STOOD)
        add_later_tables(url)
        seal(url)
        yield url


def test_a_snapshot_that_was_left_out_is_sealed_and_watched_from_the_upgrade_on(
    older: str,
) -> None:
    drafted = [draft_as_before(older), draft_as_before(older)]
    wolf = {f"snapshot {each}: added, and not by the application" for each in drafted}
    assert {*amiss(older)} == wolf
    upgrade(older)
    assert amiss(older) == []
    assert seal(older) == 3  # both, and the entry that says so
    assert amiss(older) == []
    with psycopg.connect(older) as connection:
        said = "SELECT act, subject FROM audit_entry ORDER BY sequence DESC LIMIT 1"
        assert connection.execute(said).fetchone() == ("seal.repair", "snapshot")
        stands = connection.execute("SELECT as_of, sequence FROM snapshot ORDER BY 1").fetchall()
        assert stands == [(3, 6), (4, 6)]
    alter(older, drafted[0])
    assert amiss(older) == [f"snapshot {drafted[0]}: altered"]


def test_one_that_was_altered_before_the_upgrade_is_still_named(older: str) -> None:
    drafted = draft_as_before(older)
    alter(older, drafted)
    upgrade(older)
    seal(older)
    assert amiss(older) == [f"snapshot {drafted}: added, and not by the application"]


def test_a_snapshot_that_a_seal_holds_already_stays_under_it(older: str) -> None:
    with psycopg.connect(older) as connection:
        connection.execute("UPDATE mission_clock SET seq = seq + 1")  # and nobody sealed meanwhile
    drafted = draft_as_before(older)
    assert amiss(older) == []
    alter(older, drafted)
    upgrade(older)
    seal(older)
    assert amiss(older) == [f"snapshot {drafted}: altered"]


def test_columns_that_later_versions_add_are_empty_in_what_was_sealed_before() -> None:
    """Another value would be in the digest, and the doctor would call every old row altered."""
    given = re.compile(r"server_default='([^']*)'")
    later = [each for each in VERSIONS.glob("0*.py") if each.name > "0036"]
    assert later
    for each in later:
        assert set(given.findall(each.read_text())) <= {"", "{}", "[]", "false"}, each.name


def test_the_constituency_that_a_contest_had_is_taken_over_and_the_doctor_finds_nothing(
    server: str,
) -> None:
    area, contest = uuid4(), uuid4()
    with older_database(server, "0021") as url:
        with psycopg.connect(url) as connection:
            connection.execute(STOOD)
            connection.execute(
                "INSERT INTO area (mission_id, id, code, name, level) VALUES (%s, %s, 'N', 'N', 0)",
                (MISSION, area),
            )
            connection.execute(
                "INSERT INTO contest (mission_id, id, round_id, area_id, code, name, denominator,"
                " choices_per_ballot, thresholds)"
                " VALUES (%s, %s, %s, %s, 'c', 'C', 'valid', 1, '[]')",
                (MISSION, contest, ROUND, area),
            )
        add_later_tables(url)
        seal(url)
        upgrade(url)
        seal(url)
        assert amiss(url) == []
        with psycopg.connect(url) as connection:
            taken = connection.execute("SELECT contest_id, area_id FROM contest_area").fetchall()
        assert taken == [(contest, area)]
        with psycopg.connect(url) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("DELETE FROM contest_area")
        assert amiss(url)
