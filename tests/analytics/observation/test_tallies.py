"""Counting statuses: every report once, every station once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.observation.visits import tally
from schemas.codes import Severity, Status, pack


def test_statuses_are_counted_by_group_whatever_their_severity() -> None:
    codes = np.array([[pack(Status.IRREGULAR, Severity.INTEGRITY)], [1], [3]], dtype=np.uint8)
    said = tally(codes, np.array([0, 0, 1]), np.array([5, 6, 7]), 2).said
    assert said[0, 0, Status.IRREGULAR] == 1
    assert said[0, 0, Status.FINE] == 1
    assert said[1, 0, Status.IRREGULAR_TOLD] == 1


def test_two_answers_at_one_station_are_two_observations_at_one_station() -> None:
    codes = np.array([[2], [1], [1], [4]], dtype=np.uint8)
    counted = tally(codes, np.zeros(4, dtype=int), np.array([5, 5, 6, 7]), 1)
    assert counted.said[0, 0, 1:3].sum() == 3
    assert counted.voiced[0, 0, 1:3].sum() == 2


def test_reports_outside_every_group_are_left_out() -> None:
    codes = np.array([[2], [2]], dtype=np.uint8)
    assert tally(codes, np.array([-1, 0]), np.array([1, 2]), 1).said.sum() == 1


def test_no_report_at_all_gives_zeros() -> None:
    counted = tally(np.zeros((0, 3), dtype=np.uint8), np.zeros(0, int), np.zeros(0, int), 2)
    assert counted.said.shape == (2, 3, 7)
    assert not counted.voiced.any()


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 2), st.integers(0, 4))))
def test_the_vectors_agree_with_a_slow_count(rows: list[tuple[int, int, int]]) -> None:
    codes = np.array([[status] for status, _, _ in rows], dtype=np.uint8).reshape(-1, 1)
    group = np.array([each for _, each, _ in rows], dtype=np.int64)
    place = np.array([each for _, _, each in rows], dtype=np.int64)
    counted = tally(codes, group, place, 3)
    for one in range(3):
        places = {p for status, g, p in rows if g == one and status in (1, 2)}
        assert counted.voiced[one, 0, 1:3].sum() == len(places)
        assert counted.voiced[one, 0].sum() == len({p for _, g, p in rows if g == one})
        assert counted.said[one, 0].sum() == sum(g == one for _, g, _ in rows)
