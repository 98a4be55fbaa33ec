"""The matrix of codes: folded forward, it is what a rebuild would be."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.readings import KINDS, Reading, Readings
from schemas.mission import Kind

INDICATORS = ("VO-ID", "VO-GROUP", "VO-STUFF")


def a_reading(sequence: int = 1, **changes: object) -> Reading:
    row = Reading(
        sequence=sequence, report=UUID(int=1), version=1, codes=b"\x01\x12\x04",
        counted=True, kind=Kind.DOMESTIC, place=3, area=2, visit=UUID(int=99), arrived=7,
    )  # fmt: skip
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
        a_reading(1), a_reading(2, report=UUID(int=2)), a_reading(3, report=uuid4(), visit=None)
    ]  # fmt: skip
    visits = folded(rows).visits
    assert visits[0] == visits[1] != visits[2]


def test_the_matrix_takes_about_a_byte_per_code() -> None:
    rows = [a_reading(n, report=UUID(int=n + 1)) for n in range(5000)]
    readings = folded(rows)
    assert readings.nbytes() <= 2 * len(rows) * len(INDICATORS)


changes = st.lists(
    st.tuples(
        st.integers(1, 6), st.integers(1, 3), st.binary(min_size=3, max_size=3),
        st.booleans(), st.sampled_from(KINDS), st.integers(0, 4), st.integers(0, 3),
    ),
    max_size=40,
)  # fmt: skip


@given(changes, st.randoms(use_true_random=False), st.integers(1, 7))
def test_a_folded_matrix_equals_a_rebuilt_one(
    history: list[tuple[int, int, bytes, bool, Kind, int, int]], random: object, size: int
) -> None:
    rows = [
        Reading(
            sequence=clock, report=UUID(int=report), version=version, codes=codes,
            counted=counted, kind=kind, place=place, visit=UUID(int=visit) if visit else None,
        )
        for clock, (report, version, codes, counted, kind, place, visit) in enumerate(history, 1)
    ]  # fmt: skip
    rebuilt = folded(rows)
    random.shuffle(rows)  # type: ignore[attr-defined]
    piecewise = folded(*[rows[at : at + size] for at in range(0, len(rows), size)], rows[:size])
    assert piecewise.snapshot() == rebuilt.snapshot()
    assert piecewise.sequence == rebuilt.sequence
