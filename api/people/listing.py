"""Observers with their gates, a page at a time: whoever lacks something first, if asked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from api.people.gates import GATES, GateState, standing_of

CLOSED = """
(q.declaration <> 'accepted' OR q.pledge <> 'signed' OR q.state = 'suspended')"""
WHICH = {
    "": "true",
    "closed": CLOSED,
    "pending": "q.declaration = 'pending'",
    "no_pledge": "q.pledge <> 'signed'",
    "not_enrolled": "q.enrolled_at IS NULL",
    "not_rehearsed": "q.rehearsed_at IS NULL",
    "suspended": "q.state = 'suspended'",
}
"""The filters of the page, by name."""
ONLY = "(%(only)s::uuid[] IS NULL OR q.id = ANY (%(only)s::uuid[]))"
EVERYONE = f"""
WITH everyone AS MATERIALIZED (SELECT q.*, f.enrolled_at, f.rehearsed_at FROM ({GATES}) q
LEFT JOIN (SELECT p.observer_id, max(p.enrolled_at) AS enrolled_at,
    max(p.rehearsed_at) AS rehearsed_at
  FROM phone p WHERE p.mission_id = %(m)s AND p.revoked_at IS NULL GROUP BY 1) f
  ON f.observer_id = q.id),
counts AS (SELECT {", ".join(f"count(*) FILTER (WHERE {each})" for each in WHICH.values())}
  FROM everyone q WHERE {ONLY})"""  # noqa: S608
ROWS = f"""
SELECT counts.*, r.* FROM counts LEFT JOIN (
  SELECT q.*, (SELECT count(*) FROM report r WHERE r.mission_id = %(m)s AND r.observer_id = q.id
      AND r.status = 'held'),
    (SELECT d.answers FROM interest_declaration d WHERE d.mission_id = %(m)s
      AND d.id = q.declaration_id)
  FROM everyone q WHERE {ONLY} AND {{which}} AND q.pseudonym > %(after)s
  ORDER BY q.pseudonym LIMIT %(limit)s) r ON true ORDER BY r.pseudonym"""  # noqa: S608
"""A page of observers, each beside the counts; these alone where the page is empty."""


@dataclass(frozen=True)
class Person:
    """One observer as the page lists it."""

    id: UUID
    pseudonym: str
    standing: GateState
    declaration_id: UUID | None
    declared: bool
    enrolled_at: datetime | None
    rehearsed_at: datetime | None
    held: int


@dataclass(frozen=True)
class People:
    """A page of observers, and how many each filter has."""

    rows: tuple[Person, ...]
    counts: dict[str, int]
    more: bool


async def people(
    connection: AsyncConnection[Any],
    mission_id: UUID,
    which: str,
    *,
    only: Collection[UUID] | None,
    after: str = "",
    limit: int = 50,
) -> People:
    """Observers after a pseudonym, filtered; ``only`` these, where somebody sees not all.

    The mission is entered already. Raises KeyError for an unknown filter.
    """
    of = {
        "m": mission_id,
        "only": None if only is None else list(only),
        "after": after,
        "limit": limit + 1,
    }
    query = EVERYONE + ROWS.format(which=WHICH[which])
    rows = await (await connection.execute(query, of)).fetchall()
    counts = dict(zip(WHICH, rows[0], strict=False))
    found = [_person(row) for each in rows if (row := each[len(WHICH) :])[0] is not None]
    return People(tuple(found[:limit]), counts, len(found) > limit)


def _person(row: tuple[Any, ...]) -> Person:
    declared = any(str(text).strip() for text in (row[14] or {}).values())
    return Person(row[0], row[1], standing_of(row), row[10], declared, row[11], row[12], row[13])
