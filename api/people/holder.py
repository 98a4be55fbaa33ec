"""What the holder of a credential is told of themselves: mission, gates, the round to observe."""

from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from api.auth.principal import Principal
from api.database.roles import RESTRICTED_ROLE
from api.people import gates
from api.problems import NOT_FOUND, Problem
from schemas.credential import Role

MISSION = """
SELECT title, kind, languages, demonstration, zone FROM mission WHERE mission_id = %s"""
PERSON = """
SELECT g.name, (SELECT min(p.signed_at) FROM pledge p
  WHERE p.mission_id = o.mission_id AND p.observer_id = o.id), g.kind, a.state, a.number, a.issuer
FROM observer o JOIN organisation g ON g.mission_id = o.mission_id AND g.id = o.organisation_id
LEFT JOIN accreditation a ON a.mission_id = o.mission_id AND a.observer_id = o.id
WHERE o.mission_id = %s AND o.id = %s"""
COORDINATOR = """
SELECT coordinator_telephone FROM identity WHERE mission_id = %s AND holder_id = %s"""
ROUND = """
SELECT code, name, polling_days, opens, closes, zone FROM round WHERE mission_id = %s
ORDER BY polling_days ->> -1 < to_char(now() AT TIME ZONE zone, 'YYYY-MM-DD'),
  abs((polling_days ->> 0)::date - current_date), code LIMIT 1"""


async def holder_of(connection: AsyncConnection[Any], who: Principal) -> dict[str, Any]:
    """The holder, and the round that is on or comes next, as ``/api/v1/me`` answers it.

    The mission is entered already. Problem: NOT_FOUND where the mission is gone.
    """
    mission = await _row(connection, MISSION, who.mission_id)
    round_ = await _row(connection, ROUND, who.mission_id)
    person, standing, coordinator = None, None, ""
    if who.role == Role.OBSERVER:
        person = await _row(connection, PERSON, who.mission_id, who.holder_id)
        found = await connection.execute(
            f"{gates.GATES} AND o.id = %(o)s", {"m": who.mission_id, "o": who.holder_id}
        )
        own = await found.fetchone()
        standing = own and gates.standing_of(own).as_sent()
        coordinator = await _coordinator(connection, who)
    if mission is None:
        raise Problem(NOT_FOUND)
    return {
        "role": who.role,
        "mission": who.slug,
        "pseudonym": who.pseudonym,
        "mission_title": mission[0],
        "organisation": person and person[0],
        "kind": person[2] if person else mission[1],
        "languages": mission[2],
        "pledged_at": person and person[1],
        "gates": standing,
        "accreditation": person and _accreditation(*person[3:]),
        "coordinator_telephone": coordinator,
        "round": None if round_ is None else _round(round_),
    }


async def _coordinator(connection: AsyncConnection[Any], who: Principal) -> str:
    """The telephone of the observer's own coordinator, to call; empty where none is known. For a
    moment, the right to the tables that few may open, and to no other."""
    await connection.execute(f"SET LOCAL ROLE {RESTRICTED_ROLE}")
    row = await _row(connection, COORDINATOR, who.mission_id, who.holder_id)
    await connection.execute("RESET ROLE")
    return row[0] if row else ""


async def _row(
    connection: AsyncConnection[Any], query: str, *values: UUID
) -> tuple[Any, ...] | None:
    row: tuple[Any, ...] | None = await (await connection.execute(query, values)).fetchone()
    return row


def _accreditation(state: str | None, number: str, issuer: str) -> dict[str, str] | None:
    return {"state": state, "number": number, "issuer": issuer} if state else None


def _round(row: tuple[Any, ...]) -> dict[str, Any]:
    code, name, days, opens, closes, zone = row
    return {
        "code": code,
        "name": name,
        "polling_days": days,
        "opens": f"{opens:%H:%M}",
        "closes": f"{closes:%H:%M}",
        "zone": zone,
    }
