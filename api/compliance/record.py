"""Counts of the mission's records that compliance is judged on, read in one transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection, sql

from api.database.roles import RESTRICTED_ROLE
from api.database.sessions import Pool, mission_connection
from api.figures.mission_facts import MissionFacts, once
from api.people.gates import GATES, SUBJECTS
from schemas.observer import WOMEN

PEOPLE = f"""
SELECT count(*) AS observers, count(*) FILTER (WHERE declaration = 'accepted') AS declared,
  count(*) FILTER (WHERE pledge = 'signed') AS pledged,
  count(*) FILTER (WHERE briefings >= %(briefings)s) AS briefed,
  count(*) FILTER (WHERE identity) AS identified,
  count(*) FILTER (WHERE accreditation = 'issued') AS accredited,
  count(*) FILTER (WHERE accreditation = 'refused') AS accreditation_refused,
  count(*) FILTER (WHERE instrument = 'gndem') AS citizen_observers,
  count(*) FILTER (WHERE instrument = 'gndem' AND pledge = 'signed') AS citizen_pledged
FROM ({GATES}) g WHERE g.state <> 'left'"""  # noqa: S608
THINGS = """
SELECT m.scope, m.state, m.kind, jsonb_array_length(m.phases) AS phases,
  jsonb_array_length(m.legal_pack) AS laws, m.embargo_until,
  (SELECT count(*) FROM funding) AS funding, (SELECT count(*) FROM departure) AS departures,
  (SELECT count(*) FROM recommendation) AS recommendations,
  (SELECT count(*) FROM contact WHERE party = 'authority') AS with_authority,
  (SELECT count(*) FROM contact WHERE party = 'citizen_group') AS with_citizens,
  (SELECT count(*) FROM contact WHERE party = 'contestant') AS with_contestants,
  (SELECT count(*) FROM statement WHERE released_at IS NOT NULL) AS released,
  (SELECT count(*) FROM complaint) AS complaints,
  (SELECT count(*) FROM complaint WHERE outcome = 'pending' AND decided_on IS NULL
     AND due_on < current_date) AS overdue,
  (SELECT count(*) FROM organisation WHERE kind = 'domestic') AS domestic,
  (SELECT count(*) FROM organisation WHERE kind = 'international') AS international,
  (SELECT count(*) FROM organisation) AS organisations,
  (SELECT count(*) FROM organisation WHERE endorsement <> 'not_endorsing') AS endorsing,
  (SELECT count(*) FROM contestant) AS contestants,
  (SELECT count(*) FROM contestant WHERE acceptance <> 'unknown') AS asked,
  (SELECT count(*) FROM contestant WHERE acceptance = 'refused') AS refusing,
  (SELECT count(*) FROM sample) AS samples,
  (SELECT count(*) FROM publication) AS published,
  (SELECT count(*) FROM publication WHERE announces) AS announcing,
  (SELECT count(*) FROM publication
     WHERE authority <> '' AND copied_at IS NOT NULL AND copied_how <> '') AS copied,
  least((SELECT min(released_at) FROM statement),
    (SELECT min(published_at) FROM publication WHERE kind <> 'presence')) AS first_said,
  (SELECT min(held_at) FROM contact WHERE party = 'citizen_group') AS first_consultation,
  (SELECT count(*) FROM observer
   WHERE state <> 'left' AND lower(gender) = ANY (%(women)s)) AS women,
  (SELECT count(*) FROM observer WHERE state <> 'left' AND gender IS NOT NULL) AS gendered,
  (SELECT count(DISTINCT c.value) FROM observer,
     jsonb_array_elements_text(citizenships) c) AS citizenships,
  (SELECT count(*) FROM seal) AS seals,
  (SELECT count(*) FROM round WHERE (polling_days ->> -1)::date < current_date) AS polled
FROM mission m WHERE m.mission_id = %(m)s"""
ASKED_INDICATORS = """
SELECT coalesce(array_agg(DISTINCT i.value ->> 'code'), '{}') AS codes,
  coalesce(array_agg(DISTINCT s.value), '{}') AS named,
  coalesce(array_agg(DISTINCT r.definition ->> 'name'), '{}') AS checklists,
  coalesce(array_agg(DISTINCT r.definition ->> 'stage'), '{}') AS stages
FROM rules r
LEFT JOIN LATERAL jsonb_array_elements(r.definition -> 'indicators') i ON true
LEFT JOIN LATERAL jsonb_array_elements_text(i.value -> 'standards') s ON true
WHERE r.mission_id = %(m)s AND r.state = 'published'"""
CONDITIONS = """
SELECT DISTINCT ON (letter) letter, state, stood_on FROM condition
WHERE mission_id = %(m)s ORDER BY letter, stood_on DESC, recorded_at DESC"""
REPORTS = "SELECT count(*) AS reports FROM report WHERE mission_id = %(m)s"
CONDUCT = "SELECT count(*), count(*) FILTER (WHERE closed_at IS NULL) FROM conduct_case"


@dataclass(frozen=True)
class Record:
    """Counts by name; conditions by letter; what the published checklists ask."""

    counts: dict[str, Any]
    conditions: dict[str, str]
    codes: frozenset[str]
    standards: frozenset[str]
    checklists: frozenset[str]
    stages: frozenset[str]

    def __getitem__(self, name: str) -> Any:
        if name == "conditions_met":
            return sum(each == "met" for each in self.conditions.values())
        return self.counts[name]

    @property
    def consulted_first(self) -> bool:
        """Whether citizen groups were consulted before the mission said what it found."""
        said: datetime | None = self["first_said"]
        consulted: datetime | None = self["first_consultation"]
        return consulted is not None and (said is None or consulted <= said)


async def read_record(pool: Pool, facts: MissionFacts) -> Record:
    """Read it."""
    mission_id = facts.mission.mission_id
    values = {"m": mission_id, "briefings": len(SUBJECTS), "women": [*WOMEN]}

    async def read_asked() -> dict[str, Any]:
        async with mission_connection(pool, mission_id) as connection:
            return await _one(connection, ASKED_INDICATORS, values)

    asked = await once(facts, "what is asked", read_asked)
    async with mission_connection(pool, mission_id) as connection:
        return await _record(connection, values, asked, facts)


async def _record(
    connection: AsyncConnection[Any],
    values: dict[str, Any],
    asked: dict[str, Any],
    facts: MissionFacts,
) -> Record:
    counts = await _one(connection, PEOPLE, values) | await _one(connection, THINGS, values)
    counts |= await _reports(connection, values, facts)
    conditions = await (await connection.execute(CONDITIONS, values)).fetchall()
    role = sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(RESTRICTED_ROLE))
    await connection.execute(role)
    row = await (await connection.execute(CONDUCT)).fetchone()
    await connection.execute("RESET ROLE")
    counts["cases"], counts["open_cases"] = row or (0, 0)
    return Record(
        counts,
        {letter: state for letter, state, _ in conditions},
        *(
            frozenset(each for each in asked[name] if each)
            for name in ("codes", "named", "checklists", "stages")
        ),
    )


async def _reports(
    connection: AsyncConnection[Any], values: dict[str, Any], facts: MissionFacts
) -> dict[str, Any]:
    """Every report of the mission: of one round as counted, of several as stored."""
    if len(facts.rounds) == 1:
        return {"reports": facts.reports}
    return await _one(connection, REPORTS, values)


async def _one(
    connection: AsyncConnection[Any], query: str, values: dict[str, Any]
) -> dict[str, Any]:
    cursor = await connection.execute(query, values)
    row = await cursor.fetchone()
    names = [column.name for column in cursor.description or ()]
    return dict(zip(names, row or (None,) * len(names), strict=True))
