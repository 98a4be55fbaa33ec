"""How many reports each revision of the rules has judged.

A mission of one round has them in memory; of several, those of other rounds are not among them,
and all are counted in the database.
"""

from collections import Counter
from uuid import UUID

from sqlalchemy import text

from api.figures.ask import figure
from api.figures.watch import Watch

JUDGED = text("""
SELECT rules_id, count(*) AS reports FROM report
WHERE mission_id = :m AND rules_id IS NOT NULL
GROUP BY rules_id""")


@figure
def judged_by(watch: Watch) -> Counter[UUID]:
    """Reports by the revision that judged them."""
    if len(watch.frame.rounds) == 1:
        return +watch.received.judged
    rows = watch.rows_of(JUDGED, {"m": watch.frame.mission.mission_id})
    return Counter({row.rules_id: row.reports for row in rows})
