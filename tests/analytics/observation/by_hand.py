"""A record of reports that a test names one by one, as it would be read."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np

from analytics.observation.code_matrix import KIND_INDEX, NOWHERE
from analytics.observation.expected_reports import ENDED, ExpectedReports, Matched, match
from analytics.observation.ids import micro
from analytics.observation.record import ROW, STATUS_INDEX, Batch, Record
from tests.analytics.observation.one_by_one import Expected, Received


def stage_rules(stage: str) -> UUID:
    """Rules of a stage: one revision for each."""
    return UUID(int=int.from_bytes(stage.encode()))


def expected_of(expected: Sequence[Expected]) -> ExpectedReports:
    """The columns of reports that a test expects one by one."""
    names = {
        "checklist": [one.checklist for one in expected],
        "stage": [one.stage for one in expected],
        "team": [one.observer for one in expected],
        "deployment": [one.deployment for one in expected],
    }
    lists = {name: tuple(sorted(set(said))) for name, said in names.items()}
    columns: dict[str, Any] = {
        name: [index[one] for one in said]
        for name, said in names.items()
        for index in [{one: at for at, one in enumerate(lists[name])}]
    }
    columns |= {
        "place": [NOWHERE if one.place is None else one.place for one in expected],
        "area": [one.area for one in expected],
        "due": [micro(one.due_at) for one in expected],
        "kind": [KIND_INDEX[one.kind] for one in expected],
        "ended": [ENDED.index(one.ended) for one in expected],
    }
    return ExpectedReports.from_columns(
        columns, lists["checklist"], lists["stage"], lists["team"], lists["deployment"]
    )


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
    plan = expected_of(expected)
    stages = {stage_rules(each.stage): each.stage for each in received}
    return match(plan, record_of(plan, received), stages)
