"""Retention: names and photos are deleted on their dates; the audit log keeps that they existed.

A mission that was closed can be reopened for a day: until then nothing of it is deleted, and its
names get their date only after that.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection, sql

from api.audit.unit_of_work import LOG, log_values
from api.closing.freezing import DAY
from api.database.clock import ENTER, TICK
from api.database.roles import RESTRICTED_ROLE
from api.intake.photo_store import PhotoStore
from schemas.columns import now

LOCK = 7305226397
"""The advisory lock of the one who deletes."""
AS_RESTRICTED = sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(RESTRICTED_ROLE))
DUE = "SELECT count(*) FROM identity WHERE mission_id = %s AND delete_on <= %s"
DELETE = "DELETE FROM identity WHERE mission_id = %s AND delete_on <= %s"
UNDATED = """
SELECT count(*) FROM identity WHERE mission_id = %s AND (delete_on IS NULL OR delete_on > %s)"""
DATE = """
UPDATE identity SET delete_on = %(last)s
WHERE mission_id = %(m)s AND (delete_on IS NULL OR delete_on > %(last)s)"""
CLOSED = """
SELECT closed_at, coalesce((retention_days ->> 'identities')::int, %s),
  (retention_days ->> 'photos')::int
FROM mission WHERE state = 'closed'"""
IDENTITIES_DAYS = 90
"""How long names are kept after the closing of a mission that does not say."""


@dataclass(frozen=True)
class DeletedCounts:
    """How many identities and photos were deleted."""

    identities: int = 0
    photos: int = 0

    def __add__(self, other: "DeletedCounts") -> "DeletedCounts":
        return DeletedCounts(self.identities + other.identities, self.photos + other.photos)


def retire(conninfo: str, photos: PhotoStore, at: datetime | None = None) -> DeletedCounts:
    """Delete what every mission keeps no longer: identities on their dates, photos so many days
    after the closing as the mission's file says.

    ``conninfo`` is the application's login; the date is that of ``at`` (now) in UTC. Nothing is
    deleted where somebody else is at it.
    """
    at = at or now()
    with psycopg.connect(conninfo, autocommit=True, connect_timeout=5) as connection:
        (held,) = connection.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone() or (
            False,
        )
        if not held:
            return DeletedCounts()
        missions = connection.execute("SELECT mission_id FROM every_mission()").fetchall()
        each = (_retire(connection, mission, photos, at) for (mission,) in missions)
        return sum(each, DeletedCounts())


def _retire(
    connection: Connection[Any], mission: UUID, photos: PhotoStore, at: datetime
) -> DeletedCounts:
    """One transaction a mission. The clock is taken only where a date has come. Photos go after
    the log says so: broken off between, the next round finds and says what is still there."""
    with connection.transaction():
        connection.execute(ENTER, (str(mission),))
        closed = connection.execute(CLOSED, (IDENTITIES_DAYS,)).fetchone()
        closed_at, days, photo_days = closed or (None, 0, None)
        if closed_at is not None and at < closed_at + DAY:
            return DeletedCounts()
        last = closed_at.date() + timedelta(days=days) if closed_at else None
        undated = _restricted(connection, UNDATED, (mission, last)) if last else 0
        names = _restricted(connection, DUE, (mission, at.date()))
        names += undated if last and last <= at.date() else 0
        gone = photos.count(mission) if _are_over(closed_at, photo_days, at) else 0
        if not names and not gone and not undated:
            return DeletedCounts()
        (sequence,) = connection.execute(TICK, (1, mission)).fetchone() or (0,)
        if undated:
            _restricted(connection, DATE, {"m": mission, "last": last})
        if names:
            names = _restricted(connection, DELETE, (mission, at.date()))
            _log(connection, mission, sequence, "identity.delete", names)
        if gone:
            _log(connection, mission, sequence, "photos.delete", gone)
    if gone:
        photos.forget(mission)
    return DeletedCounts(names, gone)


def _log(connection: Connection[Any], mission: UUID, sequence: int, act: str, deleted: int) -> None:
    note = f"{deleted} deleted on their date."
    connection.execute(LOG, log_values(mission, sequence, act, "retention", note=note))


def _are_over(closed_at: datetime | None, days: int | None, at: datetime) -> bool:
    """Whether so many days have gone by since the closing."""
    if closed_at is None or days is None:
        return False
    return (closed_at + timedelta(days=days)).date() <= at.date()


def _restricted(connection: Connection[Any], query: str, values: Any) -> int:
    """What a query counts, or how many rows it takes away."""
    connection.execute(AS_RESTRICTED)
    found = connection.execute(query, values)
    row = found.fetchone() if found.description else (found.rowcount,)
    connection.execute("RESET ROLE")
    return int(row[0]) if row else 0
