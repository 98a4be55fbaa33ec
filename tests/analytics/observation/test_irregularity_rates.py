"""Rates: an estimate only from a drawn sample that answered, a count from everything else."""

import numpy as np
import pytest

from analytics.numbers import Beside, Estimate, ObservedCount
from analytics.observation.code_matrix import CodeMatrix
from analytics.observation.drawn_sample import AreaGroups, DrawnSample
from analytics.observation.irregularity_rates import Rate, rates_of
from analytics.observation.visits import Grouping, count_visits
from analytics.survey.design import make_design
from analytics.survey.estimates import estimate_proportion
from schemas.checklist import Indicator
from schemas.codes import Status, pack
from schemas.mission import Kind
from schemas.report import COUNTED, ReportStatus
from tests.analytics.observation.matrices import Said, irregularities, matrix_of

GROUP = Indicator(
    code="VO-GROUP",
    stage="voting",
    severity=2,
    standards=("obl:7",),
    phrase={},
    positive_phrase={},
    sources=(),
)
FINE, SEEN, TOLD, BLIND = Status.FINE, Status.IRREGULAR, Status.IRREGULAR_TOLD, Status.NOT_OBSERVED
SAMPLE = DrawnSample(
    kind=Kind.DOMESTIC,
    place=np.arange(40),
    stratum=np.repeat([0, 1], 20),
    population=np.repeat([200, 400], 20),
    area=np.repeat([0, 1], 20),
)


def matrix(
    statuses: list[Status],
    *,
    kind: Kind = Kind.DOMESTIC,
    assigned: bool = True,
    places: list[int] | None = None,
) -> CodeMatrix:
    return matrix_of(
        ("VO-GROUP",),
        [
            Said(bytes([pack(status)]), kind, (places or range(99))[n], n // 20, assigned)
            for n, status in enumerate(statuses)
        ],
    )


def one(rates: tuple[Rate, ...]) -> Rate:
    (rate,) = rates
    return rate


def test_a_sample_that_answered_gives_an_estimate_that_the_oracle_agrees_with() -> None:
    statuses = [SEEN] * 5 + [FINE] * 30 + [BLIND] * 3
    rate = one(irregularities(matrix(statuses), [GROUP], samples=(SAMPLE,)))
    design = make_design(
        40,
        strata=SAMPLE.stratum,
        weights=SAMPLE.population / 20,
        fpc=SAMPLE.population.astype(float),
    )
    is_so = np.array([1.0] * 5 + [0.0] * 30 + [np.nan] * 5)
    oracle = estimate_proportion(design, is_so)
    assert isinstance(rate.number, Estimate)
    assert rate.number.value == pytest.approx(oracle.value)
    assert (rate.number.low, rate.number.high) == pytest.approx((oracle.low, oracle.high))
    assert (rate.seen, rate.stations, rate.missing) == (5, 35, 2)
    assert rate.beside.not_observed == 3


def test_reports_nobody_drew_are_a_count_without_any_interval() -> None:
    readings = matrix([SEEN, FINE, FINE], assigned=False)
    silent, rate = irregularities(readings, [GROUP], samples=(SAMPLE,))
    assert (silent.part, silent.missing, silent.why_count) == ("sample", 40, "nobody_answered")
    assert rate.number == ObservedCount(seen=1, of=3, stations=3, unit="station")
    assert rate.why_count == "not_a_sample"
    assert rate.part == "visits"


def test_without_a_sample_every_rate_is_a_count() -> None:
    rate = one(irregularities(matrix([SEEN] * 40), [GROUP]))
    assert isinstance(rate.number, ObservedCount)


def test_under_the_mission_s_response_the_sample_is_counted_and_says_why() -> None:
    rate = one(irregularities(matrix([SEEN] * 31), [GROUP], samples=(SAMPLE,), threshold=0.8))
    assert rate.number == ObservedCount(31, 31, 31, missing=9, unit="station")
    assert rate.why_count == "response"
    assert rate.response == pytest.approx(31 / 40)


def test_domestic_and_international_stand_side_by_side_and_are_never_pooled() -> None:
    home = [Said(bytes([SEEN]), place=n, area=n // 20, assigned=True) for n in range(40)]
    abroad = Said(bytes([FINE]), Kind.INTERNATIONAL, place=3, area=0, assigned=True)
    readings = matrix_of(("VO-GROUP",), [*home, abroad])
    domestic, international = irregularities(readings, [GROUP], samples=(SAMPLE,))
    assert (domestic.kind, domestic.observations) == (Kind.DOMESTIC, 40)
    assert (international.kind, international.observations) == (Kind.INTERNATIONAL, 1)
    assert isinstance(international.number, ObservedCount)


def test_what_was_told_or_not_observed_is_beside_the_rate_and_not_in_it() -> None:
    statuses = [SEEN, FINE, TOLD, BLIND, Status.UNANSWERED, Status.NOT_APPLICABLE]
    rate = one(irregularities(matrix(statuses, assigned=False), [GROUP]))
    assert rate.observations == 2
    beside = rate.beside
    assert (beside.told, beside.not_observed, beside.unanswered, beside.not_applicable) == (
        1,
        1,
        1,
        1,
    )


def test_a_second_visit_is_no_new_station() -> None:
    readings = matrix([FINE] * 40 + [SEEN, SEEN], places=[*range(40), 0, 0])
    rate = one(irregularities(readings, [GROUP], samples=(SAMPLE,)))
    assert isinstance(rate.number, Estimate)
    assert (rate.observations, rate.stations) == (42, 40)
    assert (rate.number.n, rate.number.seen) == (40, 1)


def test_a_sampled_station_visited_41_times_counts_once() -> None:
    readings = matrix([FINE] * 40 + [SEEN] * 40, places=[*range(40), *[0] * 40])
    (rate,) = irregularities(readings, [GROUP], samples=(SAMPLE,))
    assert isinstance(rate.number, Estimate)
    assert (rate.number.seen, rate.number.n, rate.number.unit) == (1, 40, "station")
    assert (rate.other.seen, rate.other.of, rate.other.unit) == (40, 80, "observation")


def test_outside_a_sample_a_station_counts_once_too_and_its_observations_are_beside_it() -> None:
    readings = matrix([FINE, SEEN, FINE, FINE], assigned=False, places=[3, 3, 3, 5])
    (rate,) = irregularities(readings, [GROUP])
    assert isinstance(rate.number, ObservedCount)
    assert (rate.number.seen, rate.number.of, rate.number.unit) == (1, 2, "station")
    assert (rate.other.seen, rate.other.of, rate.other.unit) == (1, 4, "observation")
    (of_visits,) = irregularities(readings, [GROUP], unit="observation")
    assert (of_visits.number, of_visits.other) == (rate.by_observation, rate.by_station)


def test_a_centre_is_no_polling_station() -> None:
    readings = matrix([SEEN, FINE], assigned=False, places=[1, 2])
    nation = Grouping(np.zeros(2, dtype=np.int64), lambda sample: sample.area * 0, 1)
    stations = np.array([False, True, False])
    (rate,) = rates_of(count_visits(readings, nation, (), stations), [GROUP])
    assert (rate.by_station.seen, rate.by_station.of) == (1, 1)
    (centres,) = rates_of(count_visits(readings, nation, (), np.zeros(3, dtype=bool)), [GROUP])
    assert (centres.number.unit, centres.observations) == ("observation", 2)


def test_an_area_s_error_comes_from_the_full_design() -> None:
    """Areas that cut across strata: the units outside stay in with a score of zero."""
    sample = DrawnSample(
        SAMPLE.kind, SAMPLE.place, SAMPLE.stratum, SAMPLE.population, np.arange(40) % 2
    )
    statuses = [SEEN if n % 7 == 0 else FINE for n in range(40)]
    areas = AreaGroups(of=np.array([0, 1]), count=2)
    rates = irregularities(matrix(statuses), [GROUP], samples=(sample,), areas=areas)
    design = make_design(
        40,
        strata=SAMPLE.stratum,
        weights=SAMPLE.population / 20,
        fpc=SAMPLE.population.astype(float),
    )
    is_so = np.array([float(n % 7 == 0) for n in range(40)])
    for area, rate in enumerate(rates):
        oracle = estimate_proportion(design, is_so, np.arange(40) % 2 == area)
        assert isinstance(rate.number, Estimate)
        assert rate.area == area
        assert rate.number.se == pytest.approx(oracle.se)


def test_none_seen_has_an_upper_bound() -> None:
    rate = one(irregularities(matrix([FINE] * 40), [GROUP], samples=(SAMPLE,)))
    assert isinstance(rate.number, Estimate)
    assert rate.number.value == rate.number.low == 0
    assert 0 < rate.number.high < 0.2


def test_where_nobody_could_observe_it_there_is_no_estimate_of_nothing() -> None:
    rate = one(irregularities(matrix([BLIND] * 40), [GROUP], samples=(SAMPLE,)))
    assert rate.number == ObservedCount(0, 0, 0, unit="station", beside=Beside(not_observed=40))
    assert rate.why_count == "nobody_answered"


@pytest.mark.parametrize("status", sorted(set(ReportStatus) - COUNTED))
def test_what_is_held_in_quarantine_or_superseded_says_nothing(status: ReportStatus) -> None:
    report = Said(bytes([SEEN]), place=0, status=status)
    assert irregularities(matrix_of(("VO-GROUP",), [report]), [GROUP]) == ()
