"""The matrix of codes: folded forward, it is what a rebuild would be."""

from dataclasses import replace
from uuid import UUID, uuid4

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.observation.code_matrix import KINDS, CodeMatrix, Reading, Readings
from schemas.mission import Kind
from schemas.report import COUNTED, ReportStatus
from tests.analytics.observation.matrices import Said, matrix_of

INDICATORS = ("VO-ID", "VO-GROUP", "VO-STUFF")


def a_reading(sequence: int = 1, **changes: object) -> Reading:
    row = Reading(
        sequence=sequence,
        report=UUID(int=1),
        version=1,
        codes=b"\x01\x12\x04",
        counted=True,
        kind=Kind.DOMESTIC,
        place=3,
        area=2,
        visit=UUID(int=99),
        arrived=7,
    )
    return replace(row, **changes)  # type: ignore[arg-type]


def folded(*batches: list[Reading]) -> Readings:
    readings = Readings(INDICATORS)
    for batch in batches:
        readings.fold(batch)
    return readings


def test_a_correction_replaces_the_row_of_its_report() -> None:
    readings = folded([a_reading()], [a_reading(2, version=2, codes=b"\x01\x01\x01")])
    assert len(readings) == 1
    assert readings.codes.tolist() == [[1, 1, 1]]


def test_what_came_earlier_by_the_clock_does_not_undo_what_came_later() -> None:
    readings = folded([a_reading(5, version=2, codes=b"\x01\x01\x01")], [a_reading(2)])
    assert readings.codes.tolist() == [[1, 1, 1]]


def test_a_quarantined_report_stops_counting_and_counts_again_when_released() -> None:
    readings = folded([a_reading(1)], [a_reading(2, counted=False)])
    assert readings.counted.tolist() == [False]
    readings.fold([a_reading(3)])
    assert readings.counted.tolist() == [True]


def test_judging_again_under_new_rules_changes_the_codes_of_the_same_version() -> None:
    readings = folded([a_reading(1)], [a_reading(2, codes=b"\x06\x06\x06")])
    assert readings.codes.tolist() == [[6, 6, 6]]


def test_a_revision_with_one_more_indicator_adds_a_column_and_keeps_the_old_rows() -> None:
    readings = folded([a_reading(1)])
    other = a_reading(2, report=UUID(int=2), codes=b"\x32\x01")
    readings.fold([other], order=("VO-INTIM", "VO-ID"))
    assert readings.indicators == (*INDICATORS, "VO-INTIM")
    assert readings.codes.tolist() == [[1, 18, 4, 0], [1, 0, 0, 50]]


def test_codes_of_another_length_are_refused_by_the_name_of_their_report() -> None:
    with pytest.raises(ValueError, match="codes: 2 in report"):
        folded([a_reading(codes=b"\x01\x01")])


def test_rows_remember_the_newest_clock_reading() -> None:
    assert folded([a_reading(4), a_reading(9, report=UUID(int=2))]).sequence == 9


def test_reports_of_one_visit_share_it_and_a_report_without_one_is_its_own() -> None:
    rows = [
        a_reading(1),
        a_reading(2, report=UUID(int=2)),
        a_reading(3, report=uuid4(), visit=None),
    ]
    visits = folded(rows).visits
    assert visits[0] == visits[1] != visits[2]


def visited(report: int, sequence: int = 1, **changes: object) -> Reading:
    own: dict[str, object] = {"visit": UUID(int=report), "assigned": True}
    return a_reading(sequence, report=UUID(int=report), **(own | changes))


def test_of_several_visits_the_first_of_the_team_that_was_sent_counts_alone() -> None:
    readings = Readings(INDICATORS, assigned_alone=True)
    readings.fold(
        [
            visited(1, arrived=20),
            visited(2, arrived=5, assigned=False),
            visited(3, arrived=30),
            visited(4, arrived=40, place=8),
        ]
    )
    assert readings.counted.tolist() == [True, False, False, True]
    assert folded([visited(1, arrived=20), visited(3, arrived=30)]).counted.all()


def test_a_visit_that_arrives_late_and_was_earlier_silences_the_one_that_counted() -> None:
    readings = Readings(INDICATORS, assigned_alone=True)
    readings.fold([visited(1, arrived=20)])
    seen = readings.folds
    readings.fold([visited(2, 2, arrived=10), visited(3, 2, arrived=11, visit=UUID(int=2))])
    assert readings.counted.tolist() == [False, True, True]
    assert readings.changed_after(seen).tolist() == [0, 1, 2]
    readings.fold([visited(2, 3, counted=False), visited(3, 3, counted=False)])
    assert readings.counted.tolist() == [True, False, False]


def test_a_place_to_which_nobody_was_sent_has_no_assigned_visit() -> None:
    readings = Readings(INDICATORS, assigned_alone=True)
    readings.fold([visited(1, assigned=False), visited(2, place=-1)])
    assert not readings.counted.any()


def test_the_matrix_takes_about_a_byte_per_code() -> None:
    rows = [a_reading(n, report=UUID(int=n + 1)) for n in range(5000)]
    readings = folded(rows)
    assert readings.nbytes() <= 2 * len(rows) * len(INDICATORS)


changes = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.integers(1, 3),
        st.binary(min_size=3, max_size=3),
        st.booleans(),
        st.sampled_from(KINDS),
        st.integers(0, 4),
        st.integers(0, 3),
    ),
    max_size=40,
)


@given(changes, st.randoms(use_true_random=False), st.integers(1, 7), st.booleans())
def test_a_folded_matrix_equals_a_rebuilt_one(
    history: list[tuple[int, int, bytes, bool, Kind, int, int]],
    random: object,
    size: int,
    assigned_alone: bool,
) -> None:
    rows = [
        Reading(
            sequence=clock,
            report=UUID(int=report),
            version=version,
            codes=codes,
            counted=counted,
            kind=kind,
            place=place,
            visit=UUID(int=visit) if visit else None,
            arrived=visit - 1,
            assigned=report % 2 == 0,
        )
        for clock, (report, version, codes, counted, kind, place, visit) in enumerate(history, 1)
    ]
    rebuilt, piecewise = (Readings(INDICATORS, assigned_alone=assigned_alone) for _ in range(2))
    rebuilt.fold(rows)
    random.shuffle(rows)  # type: ignore[attr-defined]
    for batch in [*(rows[at : at + size] for at in range(0, len(rows), size)), rows[:size]]:
        piecewise.fold(batch)
    assert piecewise.snapshot() == rebuilt.snapshot()
    assert piecewise.sequence == rebuilt.sequence


def a_visit(visit: int, **changes: object) -> Said:
    own = Said(b"\x01\x12\x04", place=3, area=2, visit=visit, assigned=True)
    return replace(own, **changes)  # type: ignore[arg-type]


def test_a_matrix_refuses_codes_of_another_shape_and_an_indicator_twice() -> None:
    columns, at = matrix_of(INDICATORS, [a_visit(1)]).columns, np.arange(1)
    with pytest.raises(ValueError, match="codes"):
        CodeMatrix.of(INDICATORS, np.zeros((1, 2), dtype=np.uint8), columns, at)
    with pytest.raises(ValueError, match="once"):
        CodeMatrix.of(("A", "A"), np.zeros((1, 2), dtype=np.uint8), columns, at)


def test_held_quarantined_and_superseded_reports_do_not_count() -> None:
    matrix = matrix_of(INDICATORS, [a_visit(1, status=each) for each in ReportStatus])
    assert matrix.counted.tolist() == [each in COUNTED for each in ReportStatus]


def test_a_matrix_of_some_reports_of_a_record_reads_their_rows_alone() -> None:
    every = matrix_of(INDICATORS, [a_visit(at, place=at) for at in range(4)])
    some = CodeMatrix.of(INDICATORS, every.codes[[1, 3]], every.columns, np.array([1, 3]))
    assert some["place"].tolist() == [1, 3]
    assert some["sequence"].tolist() == [2, 4]
    assert some.ids(np.array([1])).tobytes() == (4).to_bytes(16)


def test_of_several_visits_the_first_that_was_sent_there_counts_with_all_its_reports() -> None:
    visits = [
        a_visit(1, arrived=20),
        a_visit(2, arrived=5, assigned=False),
        a_visit(3, arrived=10),
        a_visit(3, arrived=11),
        a_visit(4, arrived=40, place=8),
        a_visit(5, place=-1),
    ]
    matrix = matrix_of(INDICATORS, visits, assigned_alone=True)
    assert matrix.counted.tolist() == [False, False, True, True, True, False]
    held = [replace(each, status=ReportStatus.HELD) if each.visit == 3 else each for each in visits]
    matrix = matrix_of(INDICATORS, held, assigned_alone=True)
    assert matrix.counted.tolist() == [True, False, False, False, True, False]


some_visits = st.lists(
    st.builds(
        a_visit,
        st.integers(0, 5),
        place=st.integers(-1, 3),
        arrived=st.integers(-1, 3),
        assigned=st.booleans(),
        status=st.sampled_from([ReportStatus.RECEIVED, ReportStatus.HELD]),
        changed=st.integers(1, 9),
    ),
    max_size=20,
)


@given(some_visits)
def test_the_first_visit_of_a_place_is_what_a_walk_over_its_reports_finds(
    visits: list[Said],
) -> None:
    def first(place: int) -> int | None:
        able = [
            (each.arrived if each.arrived >= 0 else 99, each.changed, at)
            for at, each in enumerate(visits)
            if each.place == place and each.assigned and each.status in COUNTED
        ]
        return visits[min(able)[2]].visit if able else None

    counted = [
        each.place >= 0
        and each.assigned
        and each.status in COUNTED
        and each.visit == first(each.place)
        for each in visits
    ]
    assert matrix_of(INDICATORS, visits, assigned_alone=True).counted.tolist() == counted
