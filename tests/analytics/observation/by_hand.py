"""A record of reports that a test names one by one, as it would be read."""

from collections.abc import Sequence
from uuid import UUID

import numpy as np

from analytics.observation.code_matrix import KIND_INDEX, NOWHERE
from analytics.observation.coverage import Expected, Received
from analytics.observation.expected_reports import ExpectedReports, Matched, match
from analytics.observation.ids import micro
from analytics.observation.record import ROW, STATUS_INDEX, Batch, Record


def stage_rules(stage: str) -> UUID:
    """Rules of a stage: one revision for each."""
    return UUID(int=int.from_bytes(stage.encode()))


def record_of(expected: ExpectedReports, received: Sequence[Received]) -> Record:
    """The record of reports, in the order given."""
    rows = np.zeros(len(received), dtype=ROW)
    checklists = tuple(dict.fromkeys(each.checklist for each in received))
    teams = tuple(dict.fromkeys(each.observer for each in received))
    stages = tuple(dict.fromkeys(each.stage for each in received))
    for at, each in enumerate(received):
        rows[at]["id"] = np.void(UUID(int=at + 1).bytes)
        rows[at]["received"] = rows[at]["changed"] = at + 1
        rows[at]["status"] = STATUS_INDEX[each.status]
        rows[at]["checklist"] = checklists.index(each.checklist)
        rows[at]["rules"] = stages.index(each.stage)
        rows[at]["place"] = NOWHERE if each.place is None else each.place
        rows[at]["area"], rows[at]["kind"] = each.area, KIND_INDEX[each.kind]
        rows[at]["team"] = teams.index(each.observer)
        rows[at]["came"] = micro(each.received_at)
    batch = Batch(
        rows, len(rows), rows["id"], checklists, tuple(stage_rules(each) for each in stages), teams
    )
    empty = Record.empty({}, checklists=expected.checklists, teams=expected.teams)
    return empty.with_rows(batch)


def matched(expected: Sequence[Expected], received: Sequence[Received]) -> Matched:
    """A plan of single reports held against single ones that came."""
    plan = ExpectedReports.of(expected)
    stages = {stage_rules(each.stage): each.stage for each in received}
    return match(plan, record_of(plan, received), stages)
