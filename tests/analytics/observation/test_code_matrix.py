"""The matrix of codes: what every report of a checklist says, and which of them speak."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.observation.code_matrix import CodeMatrix
from schemas.report import COUNTED, ReportStatus
from tests.analytics.observation.matrices import Said, matrix_of

INDICATORS = ("VO-ID", "VO-GROUP", "VO-STUFF")


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


def test_of_a_visits_reports_of_several_contests_those_of_the_first_alone_count() -> None:
    reports = [
        replace(a_visit(visit), contest=contest)
        for visit, contest in ((1, 1), (1, 0), (1, 0), (2, 1), (3, -1), (3, 0))
    ]
    matrix = matrix_of(INDICATORS, reports, first_contest=True)
    assert matrix.counted.tolist() == [False, True, True, True, True, False]
    held = [
        replace(each, status=ReportStatus.HELD) if each.contest == 0 else each for each in reports
    ]
    matrix = matrix_of(INDICATORS, held, first_contest=True)
    assert matrix.counted.tolist() == [True, False, False, True, True, False]
    assert matrix_of(INDICATORS, reports).counted.all()
