"""What the desk has made of a report, for a correction that its sender sends later.

A phone knows nothing of where the desk placed its report, and sends its correction with the same
names as before. Where it says the same as before, what the desk said stands; what the desk
accepted stays accepted. Where the desk changed answers, the correction waits for the desk.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

PLACED = ("station", "place", "round", "contest", "observer")
"""The members of a report that say where it belongs."""
KEEP_ANSWERS = ("report.placement", "report.acceptance")
"""Acts of the desk that make a version with the same answers."""
DESK_VERSION = """
SELECT n.number, n.envelope, coalesce(n.accepted, '[]'), b.envelope,
  EXISTS (SELECT FROM report_version v
    WHERE v.mission_id = r.mission_id AND v.report_id = r.id AND v.number > b.number
      AND v.reason <> 'undone' AND NOT EXISTS (SELECT FROM desk_act d
        WHERE d.mission_id = r.mission_id AND d.subject = r.id::text
          AND d.before ->> 'made' = v.number::text
          AND (d.undone_at IS NOT NULL OR d.kind = ANY (%(kinds)s))))
FROM report r
LEFT JOIN LATERAL (SELECT e.number FROM edit e
  WHERE e.mission_id = r.mission_id AND e.report_id = r.id ORDER BY e.number DESC LIMIT 1) e ON true
JOIN report_version b ON b.mission_id = r.mission_id AND b.report_id = r.id
  AND b.number = coalesce(e.number, 1)
JOIN report_version n ON n.mission_id = r.mission_id AND n.report_id = r.id
  AND n.number = r.version AND n.number > b.number
WHERE r.mission_id = %(mission)s AND r.id = coalesce((SELECT e.report_id FROM edit e
  WHERE e.mission_id = %(mission)s AND e.instance_id = %(named)s), %(named)s)"""
"""The newest version of a report, where the desk made it, beside the last that its sender sent;
and whether the desk changed answers."""


@dataclass(frozen=True)
class DeskVersion:
    """The desk's newest version of a report, and the envelope as its sender had sent it."""

    number: int
    envelope: Mapping[str, Any]
    accepted: Sequence[str]
    sent: Mapping[str, Any]
    other_answers: bool

    def carried_to(self, report: Mapping[str, Any]) -> dict[str, Any]:
        """A correction with what the desk said where it says the same as before."""
        moved = [
            each
            for each in PLACED
            if self.envelope.get(each) != self.sent.get(each)
            and report.get(each) == self.sent.get(each)
        ]
        carried = {name: value for name, value in report.items() if name not in moved}
        return carried | {name: self.envelope[name] for name in moved if name in self.envelope}


async def desk_version(
    connection: AsyncConnection[Any], mission_id: UUID, named: UUID
) -> DeskVersion | None:
    """What the desk made of the report that a correction names; None where it made nothing."""
    values = {"mission": mission_id, "named": named, "kinds": list(KEEP_ANSWERS)}
    row = await (await connection.execute(DESK_VERSION, values)).fetchone()
    return None if row is None else DeskVersion(*row)
