"""Sealing: what was written since the last seal is hashed, chained and signed.

The sealer reads committed rows in a transaction of its own, so intake never waits for it. What
another login than the application's wrote is not sealed: an alarm tells of it, and the doctor
names the row.
"""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection, IsolationLevel, sql

from api.audit.canonical import CLOCKED, SETTINGS, SOURCES, Source, digest, gone_form
from api.audit.signing import GENESIS, SEALS, Head, Signer, chained, signed
from api.database.clock import ENTER
from api.database.policies import RESTRICTED
from api.database.roles import APP, RESTRICTED_ROLE
from api.database.write_triggers import WATCHED, among, key_values, note_standing, read_through
from schemas.columns import new_id, now

LOCK = 7305226395
"""The advisory lock that the database's one sealer holds."""
STEP = 4_000
"""Clock readings in one seal at most: memory is bounded."""
NOTED = 10_000
"""Rows that triggers told of, in one seal at most, or one statement's more."""
ALARMS_PER_SEAL = 20
"""Alarms for each table and login in one seal; of more rows the number is told."""
TAKE = """
DELETE FROM unsealed_write WHERE mission_id = %(mission)s AND id IN (
  SELECT id FROM (SELECT id, cardinality(row_keys) AS own,
    sum(cardinality(row_keys)) OVER (ORDER BY id) AS rows
    FROM unsealed_write WHERE mission_id = %(mission)s) w WHERE rows - own < %(most)s)
RETURNING source, row_keys, login"""
FORGET = "DELETE FROM unsealed_write WHERE mission_id = %s"
HAS_UNSEALED = "SELECT EXISTS (SELECT FROM unsealed_write WHERE mission_id = %s)"
CHANGED = """
AND t.report_id IN (
  SELECT r.id FROM report r WHERE r.mission_id = %(mission)s AND r.changed > %(behind)s)"""
TAKEN = """
SELECT row_key FROM sealed_row WHERE mission_id = %s AND source = %s AND row_key = ANY (%s)"""
ALARM = """
INSERT INTO alarm (mission_id, id, kind, subject, detail, raised_at)
VALUES (%s, %s, 'written_outside', %s, %s, %s)"""
SEAL = """
INSERT INTO seal (mission_id, number, upto, rows, previous, head, signature, sealed_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"""
ROWS = """
INSERT INTO sealed_row (mission_id, seal_number, source, row_key, salt, digest, gone, position)
SELECT %s, %s, r.* FROM unnest(%s::text[], %s::text[], %s::bytea[], %s::bytea[], %s::bool[])
WITH ORDINALITY r"""
ERASE = """
UPDATE sealed_row SET salt = NULL, erased_at = %s
WHERE mission_id = %s AND source = %s AND row_key = ANY (%s) AND NOT gone AND salt IS NOT NULL"""


@dataclass(frozen=True)
class SealedRow:
    """One row as a seal holds it."""

    source: str
    row_key: str
    salt: bytes
    digest: bytes
    gone: bool = False


def seal_everything(
    conninfo: str, signer: Signer, *, wait: bool = False, most: int | None = None
) -> int:
    """Seal what every mission wrote; how many rows. 0 where another sealer is at it.

    ``conninfo`` is the application's login. With ``wait`` the other sealer is waited for. Where
    ``most`` rows of a mission are sealed the rest is left to whoever seals next.
    """
    lock = "SELECT pg_advisory_lock(%s)" if wait else "SELECT pg_try_advisory_lock(%s)"
    with psycopg.connect(conninfo, autocommit=True, connect_timeout=5) as connection:
        (held,) = connection.execute(lock, (LOCK,)).fetchone() or (False,)
        if held is False:
            return 0
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        missions = connection.execute("SELECT mission_id, slug FROM every_mission()").fetchall()
        return sum(
            _seal_mission(connection, signer, mission, slug, most) for mission, slug in missions
        )


def _seal_mission(
    connection: Connection[Any], signer: Signer, mission: UUID, slug: str, most: int | None
) -> int:
    total = 0
    while True:
        with connection.transaction():
            sealed, more = _seal_once(connection, signer, mission, slug)
        total += sealed
        if not more or (most is not None and total >= most):
            return total


def _seal_once(
    connection: Connection[Any], signer: Signer, mission: UUID, slug: str
) -> tuple[int, bool]:
    """One seal. Gives how many rows it holds, and whether more is waiting."""
    connection.execute(SETTINGS)
    connection.execute(ENTER, (str(mission),))
    last = _last(connection, mission)
    clock = connection.execute("SELECT seq FROM mission_clock WHERE mission_id = %s", (mission,))
    (seq,) = clock.fetchone() or (0,)
    behind = last[1] if last else 0
    upto = min(seq, behind + STEP)
    if last is None:
        _note_standing(connection, mission)
    noted = connection.execute(TAKE, {"mission": mission, "most": NOTED}).fetchall()
    rows = [*_clocked(connection, mission, behind, upto), *_noted(connection, mission, noted)]
    if rows or upto < seq:
        _write(
            connection,
            signer,
            mission,
            Head(
                slug,
                last[0] + 1 if last else 1,
                upto,
                len(rows),
                last[2] if last else GENESIS,
                b"",
                "",
                now(),
            ),
            rows,
        )
    (waiting,) = connection.execute(HAS_UNSEALED, (mission,)).fetchone() or (False,)
    return len(rows), upto < seq or waiting


def _note_standing(connection: Connection[Any], mission: UUID) -> None:
    """The first seals of a mission take what they find, whoever wrote it."""
    connection.execute(FORGET, (mission,))
    for table in WATCHED:
        with _opened(connection, table):
            connection.execute(note_standing(table, read_through(table)))


@contextmanager
def _opened(connection: Connection[Any], table: str) -> Iterator[None]:
    """The role taken on that may read this table."""
    if table in RESTRICTED:
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(RESTRICTED_ROLE)))
    yield
    if table in RESTRICTED:
        connection.execute("RESET ROLE")


def _last(connection: Connection[Any], mission: UUID) -> tuple[int, int, bytes] | None:
    newest = SEALS + " DESC LIMIT 1"
    row = connection.execute(newest, (mission,)).fetchone()
    return (row[0], row[1], row[4]) if row else None


def _clocked(
    connection: Connection[Any], mission: UUID, behind: int, upto: int
) -> Iterable[SealedRow]:
    for source in CLOCKED:
        between = f"AND {source.clock} > %(behind)s AND {source.clock} <= %(upto)s"
        if source.of_reports:
            between += CHANGED
        values = {"mission": mission, "behind": behind, "upto": upto}
        rows = _read(connection, source, between, values)
        yield from _not_yet(connection, mission, rows) if source.once else rows


def _not_yet(
    connection: Connection[Any], mission: UUID, rows: Sequence[SealedRow]
) -> Iterable[SealedRow]:
    """Those of one source that no seal has taken."""
    if not rows:
        return ()
    keys = [each.row_key for each in rows]
    taken = connection.execute(TAKEN, (mission, rows[0].source, keys)).fetchall()
    already = {key for (key,) in taken}
    return (each for each in rows if each.row_key not in already)


def _watched(
    connection: Connection[Any], mission: UUID, keys: dict[str, list[str]]
) -> Iterable[SealedRow]:
    """Rows that a trigger told of."""
    for source in SOURCES:
        if wanted := keys.get(source.table):
            values = {"mission": mission, **key_values(source.table, wanted)}
            with _opened(connection, source.table):
                yield from _read(connection, source, f"AND {among(source.table)}", values)


def _read(
    connection: Connection[Any], source: Source, chosen: str, values: dict[str, Any]
) -> list[SealedRow]:
    order = f"{source.clock}, 1" if source.clock else "1"
    query = f"""
SELECT {source.key}, s.salt, {digest(source, "s.salt")}
FROM {read_through(source.table)} t {source.join}
CROSS JOIN LATERAL (SELECT uuid_send(gen_random_uuid()) AS salt WHERE t.mission_id IS NOT NULL
  OFFSET 0) s
WHERE t.mission_id = %(mission)s {chosen} ORDER BY {order}"""  # noqa: S608  our own names alone
    rows = connection.execute(sql.SQL(query), values).fetchall()
    return [SealedRow(source.table, *row) for row in rows]


def _noted(
    connection: Connection[Any], mission: UUID, noted: Sequence[tuple[str, list[str], str]]
) -> list[SealedRow]:
    """What the application wrote or took away; what another login wrote raises an alarm."""
    keys: dict[str, dict[str, None]] = defaultdict(dict)
    outside: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for source, row_keys, login in noted:
        (keys[source] if login == APP else outside[source, login]).update(dict.fromkeys(row_keys))
    for (source, login), strange in outside.items():
        _alarm(connection, mission, source, login, [*strange])
        keys[source] = {each: None for each in keys[source] if each not in strange}
    rows = [*_watched(connection, mission, {each: list(keys[each]) for each in keys})]
    there = {(row.source, row.row_key) for row in rows}
    for source, wanted in sorted(keys.items()):
        taken = sorted(each for each in wanted if (source, each) not in there)
        rows += _tombstones(connection, mission, source, taken)
    return rows


def _alarm(
    connection: Connection[Any], mission: UUID, source: str, login: str, row_keys: list[str]
) -> None:
    told = [(f"{source} {each}", f"Written by {login}.") for each in row_keys[:ALARMS_PER_SEAL]]
    if more := len(row_keys) - len(told):
        told.append((source, f"{more} more written by {login}."))
    for subject, detail in told:
        connection.execute(ALARM, (mission, new_id(), subject, detail, now()))


def _tombstones(
    connection: Connection[Any], mission: UUID, source: str, taken: list[str]
) -> list[SealedRow]:
    """The word that rows were taken away; their salts go with them, so that nobody can guess."""
    if taken:
        connection.execute(ERASE, (now(), mission, source, taken))
    tombstones = []
    for row_key in taken:
        salt = secrets.token_bytes(16)
        said = hashlib.sha256(salt + gone_form(source, row_key)).digest()
        tombstones.append(SealedRow(source, row_key, salt, said, gone=True))
    return tombstones


def _write(
    connection: Connection[Any],
    signer: Signer,
    mission: UUID,
    head: Head,
    rows: Sequence[SealedRow],
) -> None:
    head = replace(head, head=chained(head.previous, (row.digest for row in rows)))
    values = (head.number, head.upto, head.rows, head.previous, head.head)
    connection.execute(SEAL, (mission, *values, signed(signer, head), head.sealed_at))
    columns = [list(each) for each in zip(*map(astuple, rows), strict=True)] or [[]] * 5
    connection.execute(ROWS, (mission, head.number, *columns))
