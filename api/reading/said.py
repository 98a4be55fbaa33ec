"""Who was present, who refused, how it was rated: plain counts of what was answered.

No rate: these questions raise no irregularity. Kinds of observers stand side by side.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from api.reading.watch import Watch
from schemas.mission import Kind

PRESENT = ("chair_present", "agents_present", "citizens_present", "present")
REFUSED = ("refused_by",)
RATED = ("rating", "grasp")
LOOKED_AWAY = "not_observed"
ROWS = text("""
SELECT r.checklist, r.organisation_id, q.name AS question, c.choice,
  count(DISTINCT r.id) AS reports
FROM report r
JOIN report_version v ON v.mission_id = r.mission_id AND v.report_id = r.id
  AND v.number = r.version
CROSS JOIN LATERAL unnest(CAST(:names AS text[])) q(name)
CROSS JOIN LATERAL jsonb_array_elements_text(
  CASE jsonb_typeof(v.answers -> q.name) WHEN 'array' THEN v.answers -> q.name
    WHEN 'string' THEN jsonb_build_array(v.answers -> q.name) ELSE '[]' END) c(choice)
WHERE r.mission_id = :m AND r.round_id = :round
  AND r.status IN ('received', 'flagged', 'verified') AND v.answers ?| :names
GROUP BY GROUPING SETS ((1, 2, 3, 4), (1, 2, 3))""")


@dataclass(frozen=True)
class Answered:
    """One question of one checklist: of how many reports that looked, how many said each."""

    checklist: str
    question: str
    kind: Kind
    of: int
    counts: dict[str, int]


async def answered(
    session: AsyncSession, watch: Watch, sections: Sequence[str] = ()
) -> list[Answered]:
    """Every question that was answered, of the round under watch, in the order of checklists.
    ``sections`` are the stages of whoever is bounded to some."""
    frame = watch.frame
    values = {"m": frame.mission.mission_id, "round": frame.polling.round_id,
              "names": [*PRESENT, *REFUSED, *RATED]}  # fmt: skip
    sums: defaultdict[tuple[str, str, Kind], dict[str | None, int]] = defaultdict(dict)
    for row in (await session.execute(ROWS, values)).all():
        here = sums[row.checklist, row.question, watch.frame.kind_of(row.organisation_id)]
        here[row.choice] = here.get(row.choice, 0) + row.reports
    order = {name: at for at, name in enumerate(frame.checklists)}
    found = [_answered(*key, counts) for key, counts in sums.items()
             if key[0] in order and _may_see(watch, key[0], sections)]  # fmt: skip
    return sorted(found, key=lambda each: (order[each.checklist], each.question, each.kind))


def _may_see(watch: Watch, checklist: str, sections: Sequence[str]) -> bool:
    rules = watch.frame.newest(checklist)
    return not sections or (rules is not None and rules.definition.stage in sections)


def _answered(checklist: str, question: str, kind: Kind, counts: dict[str | None, int]) -> Answered:
    """Whoever did not look is not among those that the count is of."""
    said = {name: count for name, count in counts.items() if name and name != LOOKED_AWAY}
    of = counts.get(None, 0) - counts.get(LOOKED_AWAY, 0)
    return Answered(checklist, question, kind, max(of, *said.values(), 0), said)


def answered_out(found: Answered) -> dict[str, Any]:
    """One question's counts as JSON."""
    return {
        "checklist": found.checklist, "question": found.question, "kind": found.kind,
        "of": found.of, "counts": found.counts,
    }  # fmt: skip
