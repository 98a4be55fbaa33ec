"""How far a mission is set up: what there is of each thing that it needs."""

from functools import partial

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from api.figures.mission_facts import MissionFacts, once

SETTING = text("""
SELECT (SELECT count(*) FROM place WHERE mission_id = :m AND kind = 'station') AS stations,
  (SELECT count(*) FROM deployment WHERE mission_id = :m AND state = 'planned') AS deployments""")
"""Hundreds of thousands of rows, that only a change of the reference data changes."""
COUNTS = text("""
SELECT (SELECT count(*) FROM area WHERE mission_id = :m) AS areas,
  (SELECT count(*) FROM round WHERE mission_id = :m) AS rounds,
  (SELECT count(*) FROM contest WHERE mission_id = :m) AS contests,
  (SELECT count(*) FROM rules WHERE mission_id = :m AND state = 'published') AS checklists,
  (SELECT count(*) FROM observer WHERE mission_id = :m AND state <> 'left') AS observers,
  (SELECT count(*) FROM code_text WHERE mission_id = :m) AS codes,
  (SELECT count(*) FROM sample WHERE mission_id = :m) AS samples,
  (SELECT count(*) FROM phone WHERE mission_id = :m AND revoked_at IS NULL) AS phones,
  (SELECT count(*) FROM phone WHERE mission_id = :m AND rehearsed_at IS NOT NULL) AS rehearsed""")


async def set_up(session: AsyncSession, facts: MissionFacts) -> dict[str, int]:
    """So many of each, by name."""
    setting = await once(facts, "set up", partial(_counted, session, facts, SETTING), session)
    return setting | await _counted(session, facts, COUNTS)


async def _counted(session: AsyncSession, facts: MissionFacts, query: TextClause) -> dict[str, int]:
    row = (await session.execute(query, {"m": facts.mission.mission_id})).mappings().one()
    return {name: int(value) for name, value in row.items()}
