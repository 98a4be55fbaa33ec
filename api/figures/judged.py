"""How many reports each revision of the rules has judged.

A mission of one round has them in memory; of several, those of other rounds are not among them,
and all are counted in the database.
"""

from collections import Counter
from uuid import UUID

from sqlalchemy import text

from analytics.observation.received import judged
from api.figures.ask import figure
from api.figures.edition import Edition

JUDGED = text("""
SELECT rules_id, count(*) AS reports FROM report
WHERE mission_id = :m AND rules_id IS NOT NULL
GROUP BY rules_id""")


@figure
def judged_by(edition: Edition) -> Counter[UUID]:
    """Reports by the revision that judged them."""
    if len(edition.reference.rounds) == 1:
        return judged(edition.record)
    rows = edition.rows_of(JUDGED, {"m": edition.reference.mission.mission_id})
    return Counter({row.rules_id: row.reports for row in rows})
