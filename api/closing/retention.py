"""Retention: names are deleted on their dates; the sealed log keeps that they were there."""

from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection, sql

from api.audit import LOG, log_values
from api.database.roles import RESTRICTED_ROLE
from schemas.columns import now

LOCK = 7305226397
"""The advisory lock of the one who deletes."""
ENTER = "SELECT set_config('app.mission_id', %s, true)"
TICK = "UPDATE mission_clock SET seq = seq + 1 WHERE mission_id = %s RETURNING seq"
AS_RESTRICTED = sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(RESTRICTED_ROLE))
DUE = "SELECT count(*) FROM identity WHERE mission_id = %s AND delete_on <= %s"
DELETE = "DELETE FROM identity WHERE mission_id = %s AND delete_on <= %s"


def retire(conninfo: str, at: datetime | None = None) -> int:
    """Delete the identities of every mission whose date has come; how many they were.

    ``conninfo`` is the application's login; the date is that of ``at`` (now) in UTC. 0 where
    somebody else is at it.
    """
    at = at or now()
    with psycopg.connect(conninfo, autocommit=True, connect_timeout=5) as connection:
        (held,) = connection.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone() or (
            False,
        )
        if not held:
            return 0
        missions = connection.execute("SELECT mission_id FROM every_mission()").fetchall()
        return sum(_retire(connection, mission, at) for (mission,) in missions)


def _retire(connection: Connection[Any], mission: UUID, at: datetime) -> int:
    """One transaction a mission. The clock is taken only where a date has come."""
    with connection.transaction():
        connection.execute(ENTER, (str(mission),))
        if not _restricted(connection, DUE, mission, at):
            return 0
        (sequence,) = connection.execute(TICK, (mission,)).fetchone() or (0,)
        deleted = _restricted(connection, DELETE, mission, at)
        note = f"{deleted} deleted on their date."
        entry = log_values(mission, sequence, "identity.delete", "retention", note=note)
        connection.execute(LOG, entry)
        return deleted


def _restricted(connection: Connection[Any], query: str, mission: UUID, at: datetime) -> int:
    """What a query counts, or how many rows it takes away."""
    connection.execute(AS_RESTRICTED)
    found = connection.execute(query, (mission, at.date()))
    row = found.fetchone() if found.description else (found.rowcount,)
    connection.execute("RESET ROLE")
    return int(row[0]) if row else 0
