"""Rules published since a statement was drafted, of the checklist versions that it uses."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

LATER = text("""
SELECT c.name, v.version, max(r.revision) AS revision FROM rules r
JOIN checklist_version v ON v.mission_id = r.mission_id AND v.id = r.version_id
JOIN checklist c ON c.mission_id = v.mission_id AND c.id = v.checklist_id
WHERE r.mission_id = :mission AND r.state = 'published' AND r.published_at > :since
  AND EXISTS (SELECT FROM rules e WHERE e.mission_id = r.mission_id
    AND e.version_id = r.version_id AND e.state = 'published' AND e.published_at <= :since)
GROUP BY c.name, v.version ORDER BY c.name, v.version""")


@dataclass(frozen=True)
class LaterRules:
    """A version whose reports were judged again since, and by which revision."""

    checklist: str
    version: str
    revision: int


async def rules_since(
    session: AsyncSession, mission_id: UUID, drafted_at: datetime
) -> list[LaterRules]:
    """The rules that were changed since a statement was drafted."""
    found = await session.execute(LATER, {"mission": mission_id, "since": drafted_at})
    return [LaterRules(*row) for row in found.all()]
