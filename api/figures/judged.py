"""How many reports there are in all, and how many each revision of the rules has judged.

A mission of one round has them in memory; of several, those of each round are in another watch,
and they are counted in the database.
"""

from collections import Counter
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from api.figures.watch import Watch

IN_ALL = text("SELECT count(*) FROM report WHERE mission_id = :m")
JUDGED = text("""
SELECT rules_id, count(*) AS reports FROM report
WHERE mission_id = :m AND rules_id IS NOT NULL
GROUP BY rules_id""")


async def reports_in_all(session: AsyncSession, watch: Watch) -> int:
    """Every report of the mission, whatever became of it."""
    if len(watch.frame.rounds) == 1:
        return len(watch.received)
    return int((await session.execute(IN_ALL, _of(watch))).scalar_one())


async def judged_by(session: AsyncSession, watch: Watch) -> Counter[UUID]:
    """Reports by the revision that judged them."""
    if len(watch.frame.rounds) == 1:
        with watch.lock:
            return +watch.received.judged
    rows = (await session.execute(JUDGED, _of(watch))).all()
    return Counter({row.rules_id: row.reports for row in rows})


def _of(watch: Watch) -> dict[str, UUID]:
    return {"m": watch.frame.mission.mission_id}
