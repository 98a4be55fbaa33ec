"""What stations without a report say of a rate: the refused speak, the closed are out of it."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.numbers import Estimate, ObservedCount
from analytics.observation.code_matrix import CodeMatrix
from analytics.observation.drawn_sample import AreaGroups, DrawnSample
from analytics.observation.irregularity_rates import Rate, rates_of
from analytics.observation.unobserved import Refusals
from analytics.observation.visits import Grouping, count_visits
from analytics.observation.voices import UNOBSERVED, Silence
from schemas.checklist import Indicator
from schemas.codes import Status
from schemas.mission import Kind
from tests.analytics.observation.matrices import Said, matrix_of

ACCESS, OTHER = (
    Indicator(
        code=code, stage="all", severity=2, standards=(), phrase={}, positive_phrase={}, sources=()
    )
    for code in ("AC-OBS", "VO-CROWD")
)
CODES = ("AC-OBS", "VO-CROWD")


def in_all(matrix: CodeMatrix) -> Grouping:
    """Everything is one group."""
    return Grouping(
        np.zeros(len(matrix), dtype=np.int64),
        lambda sample: np.zeros(len(sample), dtype=np.int64),
        1,
        lambda places: np.zeros(len(places), dtype=np.int64),
    )


def sample_of(stations: int) -> DrawnSample:
    """A census of stations, all of one stratum."""
    place = np.arange(stations)
    return DrawnSample(
        Kind.DOMESTIC, place, 0 * place, np.full(stations, stations), np.zeros(stations, dtype=int)
    )


def fine_at(*places: int, assigned: bool = True) -> list[Said]:
    """Reports that find everything in order."""
    return [Said(bytes([1, 1]), place=place, assigned=assigned) for place in places]


def only(rates: tuple[Rate, ...], code: str) -> Rate:
    """The one rate of an indicator."""
    (found,) = [each for each in rates if each.indicator == code]
    return found


def test_a_refused_station_answers_the_indicators_of_access_and_is_missing_from_no_other() -> None:
    """Of four drawn one was fine, one refused, one closed, and of one nothing is known."""
    matrix, known = matrix_of(CODES, fine_at(0)), Silence.of(4, 2)
    known.voices[[1, 2]] = UNOBSERVED
    known.voices[1, 0] = Status.IRREGULAR
    known.gone[2] = True
    visits = count_visits(matrix, in_all(matrix), (sample_of(4),), None, lambda sample: known)
    found = rates_of(visits, [ACCESS, OTHER], threshold=0.3)
    access, other = (only(found, code).number for code in CODES)
    assert isinstance(access, Estimate)
    assert (access.n, access.seen, access.missing, access.value) == (2, 1, 1, 0.5)
    assert (other.missing, only(found, "VO-CROWD").stations) == (1, 1)
    assert only(found, "AC-OBS").response == pytest.approx(1 / 3)


def test_a_station_that_sent_its_report_speaks_for_itself() -> None:
    matrix, known = matrix_of(CODES, fine_at(0, 1)), Silence.of(2, 2)
    known.voices[:, 0], known.gone[:] = Status.IRREGULAR, True
    visits = count_visits(matrix, in_all(matrix), (sample_of(2),), None, lambda sample: known)
    access = only(rates_of(visits, [ACCESS]), "AC-OBS")
    assert (access.by_station.seen, access.by_station.of, access.response) == (0, 2, 1)


def test_outside_a_sample_a_refused_station_is_counted_beside_those_that_were_observed() -> None:
    matrix = matrix_of(CODES, fine_at(0, 1, assigned=False))
    refused = Refusals(np.array([2, 3]), np.array([0, 0]), ("AC-OBS",))
    found = rates_of(count_visits(matrix, in_all(matrix), refusals=refused), [ACCESS, OTHER])
    access, other = (only(found, code) for code in CODES)
    assert (access.by_station.seen, access.by_station.of) == (2, 4)
    assert (other.by_station.seen, other.by_station.of) == (0, 2)
    assert access.by_observation.of == 2
    stations = np.array([True, True, True, False])
    at_stations = count_visits(matrix, in_all(matrix), (), stations, None, refused)
    assert only(rates_of(at_stations, [ACCESS]), "AC-OBS").by_station.of == 3


def test_no_share_is_estimated_while_one_class_of_stratum_sent_too_little() -> None:
    """Nine of ten came, and none of the two of the second class: neither the nation nor the area
    that answered has an estimate."""
    sample = replace(sample_of(12), response_class=np.array([0] * 10 + [1] * 2))
    matrix, groups = matrix_of(CODES, fine_at(*range(10))), AreaGroups(np.array([0, 1]), 2)
    area = (np.arange(12) >= 10).astype(np.int64)
    by_area = Grouping(area[matrix["place"]], lambda sample: area[sample.place], 2)
    visits = count_visits(matrix, by_area, (sample,))
    for where in (None, groups):
        for each in rates_of(visits, [OTHER], where, threshold=0.8):
            assert isinstance(each.number, ObservedCount)
            assert each.why_count in ("response", "nobody_answered")
    whole = count_visits(matrix, by_area, (replace(sample, response_class=None),))
    assert isinstance(rates_of(whole, [OTHER], threshold=0.8)[0].number, Estimate)
