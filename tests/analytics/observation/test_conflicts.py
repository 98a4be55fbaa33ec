"""Places in conflict, kept up, are those that a look at everything finds."""

from typing import Any
from uuid import UUID

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.observation.agreement import in_conflict
from analytics.observation.code_matrix import Reading, Readings
from analytics.observation.conflicts import StandingConflicts, places_in_conflict
from schemas.codes import STATUS_MASK
from schemas.mission import Kind
from schemas.report import COUNTED, ReportStatus
from tests.analytics.observation.matrices import Said, matrix_of

ROW = st.tuples(
    st.integers(0, 9),
    st.integers(-1, 3),
    st.booleans(),
    st.integers(0, 2),
    st.lists(st.sampled_from([1, 2, 3, 0x12]), min_size=2, max_size=2),
)


def team_of(report: UUID) -> str:
    return f"team {report.int % 3}"


@settings(max_examples=150)
@given(st.lists(st.lists(ROW, max_size=8), max_size=5))
def test_what_stands_is_what_comparing_everything_gives(batches: list[list[Any]]) -> None:
    readings, clock, held = Readings(("a", "b")), 0, dict[int, Any]()
    standing = StandingConflicts(readings, team_of)
    for batch in batches:
        rows = []
        for report, place, counted, arrived, codes in batch:
            clock += 1
            held[report] = (arrived, clock, report, place, counted, codes)
            rows.append(
                Reading(
                    clock,
                    UUID(int=report),
                    1,
                    bytes(codes),
                    counted,
                    Kind.DOMESTIC,
                    place=place,
                    arrived=arrived,
                )
            )
        readings.fold(rows)
        counting = [each for each in sorted(held.values()) if each[4]]
        whole = in_conflict(
            np.array([each[3] for each in counting], dtype=np.int64),
            [team_of(UUID(int=each[2])) for each in counting],
            np.array([each[5] for each in counting], dtype=np.uint8).reshape(-1, 2) & STATUS_MASK,
        )
        assert standing.update().places == whole


REPORTS = st.lists(
    st.builds(
        Said,
        st.lists(st.sampled_from([1, 2, 3, 0x12]), min_size=2, max_size=2).map(bytes),
        place=st.integers(-1, 3),
        status=st.sampled_from([ReportStatus.RECEIVED, ReportStatus.QUARANTINED]),
        arrived=st.integers(-1, 2),
        team=st.integers(-1, 2),
    ),
    max_size=16,
)


@settings(max_examples=150)
@given(REPORTS)
def test_places_in_conflict_are_what_a_walk_over_the_reports_finds(reports: list[Said]) -> None:
    last = dict[tuple[int, int], Said]()
    for _, each in sorted(enumerate(reports), key=lambda one: (one[1].arrived, one[0])):
        if each.status in COUNTED and each.place >= 0:
            last[each.place, each.team] = each
    differ = {
        place
        for (place, _), one in last.items()
        for (there, _), other in last.items()
        for a, b in zip(one.codes, other.codes, strict=True)
        if place == there and {a & STATUS_MASK, b & STATUS_MASK} == {1, 2}
    }
    matrix = matrix_of(("a", "b"), reports)
    assert places_in_conflict(matrix, matrix["team"]) == differ
