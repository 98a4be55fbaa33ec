"""Verification: the chain against itself, its signatures, the rows, a head kept elsewhere."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection, sql

from api.audit.canonical import SETTINGS, SOURCES, Source, digest, gone_form
from api.audit.signing import GENESIS, SEALS, Head, chained
from api.database.clock import ENTER
from api.database.roles import APP

DIGESTS = "SELECT seal_number, digest FROM sealed_row WHERE mission_id = %s ORDER BY 1, position"
AT_ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
"""Seals, their rows and the tables are read as they stood together: others may be sealing."""
ROWS_NAMED = 20
"""Rows named for each table; of more the number is told."""


@dataclass(frozen=True)
class VerificationProblem:
    """Something that does not verify: ``subject`` names the seal or the row."""

    subject: str
    what: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.what}"


def read_heads(connection: Connection[Any], mission: UUID, slug: str) -> list[Head]:
    """Every seal of a mission, oldest first."""
    rows = connection.execute(SEALS, (mission,)).fetchall()
    return [Head(slug, *row) for row in map(_plain, rows)]


def _plain(row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(bytes(each) if isinstance(each, memoryview) else each for each in row)


def chain_amiss(
    heads: Sequence[Head], digests: Mapping[int, Sequence[bytes]], public_key: bytes
) -> Iterator[VerificationProblem]:
    """Seals that do not follow one another, do not hold their rows, or are not signed by us."""
    previous, number, upto = GENESIS, 0, 0
    for head in heads:
        subject = f"seal {head.number}"
        held = digests.get(head.number, ())
        if head.number != number + 1 or head.upto < upto:
            yield VerificationProblem(
                subject, f"follows seal {number}; one is missing or out of order"
            )
        if head.previous != previous:
            yield VerificationProblem(subject, "does not follow the head before it")
        if head.rows != len(held) or chained(head.previous, held) != head.head:
            yield VerificationProblem(subject, "its head is not that of its rows")
        if not head.signed_by(public_key):
            yield VerificationProblem(subject, "its signature is not this installation's")
        previous, number, upto = head.head, head.number, head.upto
    for stray in sorted(set(digests) - {head.number for head in heads}):
        yield VerificationProblem(f"seal {stray}", "has rows and no head")


def held_head_amiss(
    heads: Sequence[Head], kept: Head, public_key: bytes
) -> Iterator[VerificationProblem]:
    """Whether a head that was kept elsewhere is still part of the chain."""
    subject = f"the head kept of seal {kept.number}"
    if not kept.signed_by(public_key):
        yield VerificationProblem(subject, "its signature is not this installation's")
    standing = next((head for head in heads if head.number == kept.number), None)
    if standing is None:
        yield VerificationProblem(subject, "the chain no longer reaches it")
    elif (standing.head, standing.upto) != (kept.head, kept.upto):
        yield VerificationProblem(subject, "the chain was written anew: its head there is another")


def verify_mission(
    connection: Connection[Any], mission: UUID, slug: str, public_key: bytes
) -> tuple[list[Head], list[VerificationProblem]]:
    """Everything of one mission; ``connection`` may read every table.

    Gives the seals, and what does not verify. Takes the transaction for itself.
    """
    with connection.transaction():
        connection.execute(AT_ONE_MOMENT)
        connection.execute(SETTINGS)
        connection.execute("SET LOCAL enable_nestloop = off")
        connection.execute(ENTER, (str(mission),))
        heads = read_heads(connection, mission, slug)
        digests: dict[int, list[bytes]] = defaultdict(list)
        for number, each in connection.execute(DIGESTS, (mission,)).fetchall():
            digests[number].append(bytes(each))
        amiss = [*chain_amiss(heads, digests, public_key)]
        if heads:
            upto = heads[-1].upto
            for source in SOURCES:
                amiss += _some(source, _source_amiss(connection, source, mission, upto))
            amiss += _tombstones_amiss(connection, mission)
    return heads, amiss


def _some(source: Source, found: Iterable[VerificationProblem]) -> list[VerificationProblem]:
    every = list(found)
    more = (
        [VerificationProblem(source.table, f"{len(every) - ROWS_NAMED} more")]
        if len(every) > ROWS_NAMED
        else []
    )
    return every[:ROWS_NAMED] + more


def _source_amiss(
    connection: Connection[Any], source: Source, mission: UUID, upto: int
) -> Iterator[VerificationProblem]:
    values = {"mission": mission, "upto": upto, "app": APP, "source": source.table}
    for query in (_changed(source), _added(source)):
        rows = connection.execute(sql.SQL(query), values).fetchall()
        for row_key, what in rows:
            yield VerificationProblem(f"{source.table} {row_key}", what)


def _waiting(source: Source, row_key: str) -> str:
    """What the application has written since, and waits to be sealed, is not amiss."""
    if source.clock is not None:
        return f"coalesce({source.clock} > %(upto)s, false)"
    return f"""{row_key} IN (SELECT unnest(w.row_keys) FROM unsealed_write w
WHERE w.mission_id = %(mission)s AND w.source = %(source)s AND w.login = %(app)s)"""  # noqa: S608  our own names alone


def _changed(source: Source) -> str:
    """Sealed rows that stand otherwise, or no longer; of a standing source the newest state."""
    if source.standing:
        newest = "SELECT DISTINCT ON (row_key) *"
        order = "ORDER BY row_key, seal_number DESC, position DESC"
        pending = f"AND NOT ({_waiting(source, 's.row_key')})"
    else:
        newest, order, pending = "SELECT *", "", ""
    return f"""
SELECT s.row_key, CASE WHEN s.gone THEN 'was taken away and is there again'
  WHEN t.mission_id IS NULL THEN 'missing' ELSE 'altered' END
FROM ({newest} FROM sealed_row WHERE mission_id = %(mission)s AND source = %(source)s {order}) s
LEFT JOIN {source.table} t ON t.mission_id = s.mission_id AND {source.key} = s.row_key
WHERE CASE WHEN s.gone THEN t.mission_id IS NOT NULL
  ELSE s.salt IS NOT NULL AND (t.mission_id IS NULL OR {digest(source, "s.salt")} <> s.digest) END
{pending} ORDER BY 1"""  # noqa: S608  our own names alone


def _added(source: Source) -> str:
    sealed = f"{source.clock} <= %(upto)s" if source.clock else "true"
    return f"""
SELECT {source.key}, 'added, and not by the application' FROM {source.table} t {source.join}
WHERE t.mission_id = %(mission)s AND {sealed} AND NOT ({_waiting(source, source.key)})
AND NOT EXISTS (SELECT FROM sealed_row s WHERE s.mission_id = %(mission)s
  AND s.source = %(source)s AND s.row_key = {source.key}) ORDER BY 1"""  # noqa: S608


ERASED = """
SELECT e.source, e.row_key FROM sealed_row e WHERE e.mission_id = %s AND e.salt IS NULL
AND NOT EXISTS (SELECT FROM sealed_row g WHERE g.mission_id = e.mission_id
  AND g.source = e.source AND g.row_key = e.row_key AND g.gone
  AND (g.seal_number, g.position) > (e.seal_number, e.position)) ORDER BY 1, 2 LIMIT 20"""
GONE = """
SELECT source, row_key, salt, digest FROM sealed_row WHERE mission_id = %s AND gone"""


def _tombstones_amiss(connection: Connection[Any], mission: UUID) -> Iterator[VerificationProblem]:
    """An erasure counts only where the application's own taking away was sealed after it."""
    for source, row_key in connection.execute(ERASED, (mission,)).fetchall():
        yield VerificationProblem(
            f"{source} {row_key}", "its salt was erased, and no erasure was sealed"
        )
    for source, row_key, salt, said in connection.execute(GONE, (mission,)).fetchall():
        form = gone_form(source, row_key)
        if salt is None or hashlib.sha256(bytes(salt) + form).digest() != bytes(said):
            yield VerificationProblem(
                f"{source} {row_key}", "the word that it was taken away is not sealed"
            )
