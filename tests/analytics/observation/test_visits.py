"""Rates of visits that were counted are what a walk over the reports gives."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.numbers import Beside, Domain, Estimate, ObservedCount, Unit
from analytics.observation import visits as counting
from analytics.observation.code_matrix import KINDS
from analytics.observation.drawn_sample import AreaGroups, DrawnSample, came_from
from analytics.observation.irregularity_rates import (
    Part,
    Rate,
    rates_in_groups,
    rates_of,
)
from analytics.observation.supporting_reports import SupportingReports, rows_behind
from analytics.observation.visits import Grouping, count_visits
from analytics.survey.estimates import estimate_proportion
from analytics.survey.methods import Weighting
from schemas.checklist import Indicator
from schemas.codes import Status
from schemas.mission import Kind
from schemas.report import COUNTED, ReportStatus
from tests.analytics.observation.matrices import Said, irregularities, matrix_of

PLACES, AREAS = 12, 4
PLACE_AREA = np.array([at % (AREAS - 1) for at in range(PLACES - 1)] + [-1])
BY_AREA = AreaGroups(np.array([0, 0, 2, 3]), AREAS)
CODES = ("a", "b", "c")
INDICATORS = tuple(
    Indicator(
        code=each,
        stage="voting",
        severity=1,
        standards=(),
        phrase={},
        positive_phrase={},
        sources=(),
        among={"en": "where it opened late"} if each == "c" else {},
    )
    for each in CODES
)
ORDER = (
    Status.IRREGULAR,
    Status.FINE,
    Status.IRREGULAR_TOLD,
    Status.NOT_OBSERVED,
    Status.UNANSWERED,
    Status.NOT_APPLICABLE,
    Status.NOT_RELEVANT,
)
DRAWN = np.array([0, 1, 2, 3, 5, 8])
SAMPLE = DrawnSample(
    Kind.DOMESTIC,
    DRAWN,
    np.array([0, 0, 1, 1, 1, 0]),
    np.array([5, 5, 7, 7, 7, 5]),
    PLACE_AREA[DRAWN],
)
ABROAD = DrawnSample(
    Kind.INTERNATIONAL,
    np.array([2, 5, 9, 11]),
    np.array([0, 0, 1, 1]),
    np.array([6, 6, 6, 6]),
    PLACE_AREA[[2, 5, 9, 11]],
)
UNEQUAL = replace(SAMPLE, weighting=Weighting(np.linspace(0.1, 0.6, 6), 20, np.arange(6) // 2))
SAMPLES = [(SAMPLE,), (UNEQUAL,), (), (SAMPLE, ABROAD), (ABROAD, UNEQUAL)]
NEAR = ("value", "se", "low", "high", "df")


def said(place: int, codes: list[int], **changes: Any) -> Said:
    return Said(
        bytes(codes), place=place, area=int(PLACE_AREA[place]) if place >= 0 else -1, **changes
    )


REPORTS = st.lists(
    st.builds(
        said,
        st.integers(-1, PLACES - 1),
        st.lists(st.integers(0, 6), min_size=3, max_size=3),
        kind=st.sampled_from(KINDS),
        assigned=st.booleans(),
        status=st.sampled_from([*COUNTED, ReportStatus.HELD, ReportStatus.QUARANTINED]),
        arrived=st.integers(-1, 3),
    ),
    max_size=40,
)


@dataclass(frozen=True)
class Walk:
    """The rates of one group (None: the nation) by walking over the reports: ``own`` says which
    are of it, and ``at`` which stations drawn (None where they are no group's)."""

    reports: list[Said]
    samples: tuple[DrawnSample, ...]
    area: int | None
    own: Callable[[Said], bool]
    at: Callable[[int], bool] | None

    def rates(self) -> list[Rate]:
        """Every rate of the group."""
        found: list[Rate] = []
        for kind in KINDS:
            sample = next((each for each in self.samples if each.kind is kind), None)
            drawn = set() if sample is None else set(sample.place.tolist())
            counted = [
                each for each in self.reports if each.kind is kind and each.status in COUNTED
            ]
            sent = [each for each in counted if each.assigned and each.place in drawn]
            others = [each for each in counted if not (each.assigned and each.place in drawn)]
            if sample is not None and self._speaks_of(sample, sent):
                found += [self._estimated(at, sample, sent) for at in range(len(CODES))]
            if any(map(self.own, others)):
                found += [self._counted(at, kind, "visits", others) for at in range(len(CODES))]
        return found

    def _speaks_of(self, sample: DrawnSample, sent: list[Said]) -> bool:
        at = self.at
        if at is None:
            return any(map(self.own, sent))
        return any(at(each) for each in sample.place.tolist())

    def _counted(self, column: int, kind: Kind, part: Part, reports: list[Said]) -> Rate:
        """A count in stations, each with one voice, or of observations where no report of the
        group was at a station."""
        here = [each for each in reports if self.own(each)]
        said = [Status(each.codes[column]) for each in here]
        by_place: dict[int, set[Status]] = {}
        for each, status in zip(here, said, strict=True):
            if each.place >= 0:
                by_place.setdefault(each.place, set()).add(status)
        voices = [next(each for each in ORDER if each in own) for own in by_place.values()]
        stations = counted(column, voices, "station")
        observations = counted(column, said, "observation", stations.of)
        number = stations if (by_place or part == "sample") and self.at else observations
        asked = number.of + number.beside.not_asked
        return Rate(
            *(CODES[column], "voting", 1, kind, part, self.area),
            *(number, stations, observations, number.seen / asked if asked else None),
            *(None, "not_a_sample"),
        )

    def _estimated(self, column: int, sample: DrawnSample, sent: list[Said]) -> Rate:
        plain, at = self._counted(column, sample.kind, "sample", sent), self.at
        if at is None:
            return replace(plain, why_count="by_hour")
        stations = sample.place.tolist()
        came, within = {each.place for each in sent}, [each for each in stations if at(each)]
        response = len(came & set(within)) / len(within)
        missing = len(set(within) - came)
        count = replace(plain.by_station, missing=missing)
        plain = replace(plain, response=response, number=count, by_station=count)
        if not count.of:
            return replace(plain, why_count="nobody_answered")
        if response < 0.3 or len(came) / len(stations) < 0.3:
            return replace(plain, why_count="response")
        design = sample.design(np.arange(len(stations)))
        voices = [
            next(
                (v for v in ORDER if any(e.place == at and e.codes[column] == v for e in sent)),
                None,
            )
            for at in stations
        ]
        domain = np.array([at(each) for each in stations])
        one = estimate_proportion(design, is_so(voices, {Status.FINE: 0.0}), domain)
        number = Estimate(
            **{name: getattr(one, name) for name in NEAR},
            level=0.95,
            n=count.of,
            deff=None,
            method="beta",
            missing=missing,
            seen=count.seen,
            population=sample.frame_size if self.area is None else None,
            design=design.describes,
            domain=count.domain,
            beside=count.beside,
            drawn=len(within),
        )
        fine = {Status.FINE: 0.0, Status.NOT_RELEVANT: 0.0}
        of_all = estimate_proportion(design, is_so(voices, fine), domain).value
        share = of_all if count.domain else one.value
        return replace(plain, number=number, why_count=None, ranked_share=share)


def is_so(voices: list[Status | None], no: dict[Status, float]) -> Any:
    """1 where it was seen, 0 where one of these was said, and nothing elsewhere."""
    values = {Status.IRREGULAR: 1.0, **no}
    return np.array([np.nan if each is None else values.get(each, np.nan) for each in voices])


def counted(
    column: int, said: list[Status], unit: Unit, stations: int | None = None
) -> ObservedCount:
    """What so many units said, one by one."""
    many = {status: said.count(status) for status in Status}
    of = many[Status.IRREGULAR] + many[Status.FINE]
    among = INDICATORS[column].among
    return ObservedCount(
        many[Status.IRREGULAR],
        of,
        of if stations is None else stations,
        unit=unit,
        domain=Domain(among, len(said) - many[Status.NOT_RELEVANT]) if among else None,
        beside=Beside(
            many[Status.IRREGULAR_TOLD],
            many[Status.NOT_OBSERVED],
            many[Status.UNANSWERED],
            many[Status.NOT_APPLICABLE],
            many[Status.NOT_RELEVANT],
        ),
    )


def same(one: tuple[Rate, ...], other: list[Rate]) -> None:
    """Equal in all but the last digits of floating point."""
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        if isinstance(a.number, Estimate) and isinstance(b.number, Estimate):
            near = {name: getattr(b.number, name) for name in NEAR}
            for name, value in near.items():
                assert getattr(a.number, name) == pytest.approx(value, abs=1e-9), name
            a = replace(a, number=replace(a.number, **near))
        assert (a.ranked_share is None) == (b.ranked_share is None)
        if a.ranked_share is not None and b.ranked_share is not None:
            assert a.ranked_share == pytest.approx(b.ranked_share, abs=1e-9)
            a = replace(a, ranked_share=b.ranked_share)
        assert a == b


def walked(reports: list[Said], samples: tuple[DrawnSample, ...]) -> list[Rate]:
    """The nation's."""
    return Walk(reports, samples, None, lambda each: True, lambda station: True).rates()


def walked_areas(reports: list[Said], samples: tuple[DrawnSample, ...]) -> list[Rate]:
    """Those of each group of areas."""

    def group(place: int) -> int:
        area = int(PLACE_AREA[place]) if place >= 0 else -1
        return int(BY_AREA.of[area]) if area >= 0 else -1

    def of_area(area: int) -> list[Rate]:
        return Walk(
            reports,
            samples,
            area,
            lambda each: group(each.place) == area,
            lambda station: group(station) == area,
        ).rates()

    return [each for area in range(AREAS) for each in of_area(area)]


def walked_hours(reports: list[Said], samples: tuple[DrawnSample, ...]) -> list[Rate]:
    """Those of each hour of arrival."""

    def of_hour(hour: int) -> list[Rate]:
        return Walk(reports, samples, hour, lambda each: each.arrived == hour, None).rates()

    return [each for hour in range(4) for each in of_hour(hour)]


@pytest.mark.parametrize("samples", SAMPLES)
@settings(max_examples=60)
@given(REPORTS)
def test_rates_of_the_nation_and_of_areas_are_what_a_walk_gives(
    samples: tuple[DrawnSample, ...], reports: list[Said]
) -> None:
    matrix = matrix_of(CODES, reports)
    asked: dict[str, Any] = {"samples": samples, "threshold": 0.3}
    nation, areas = walked(reports, samples), walked_areas(reports, samples)
    same(irregularities(matrix, INDICATORS, **asked), nation)
    same(irregularities(matrix, INDICATORS, areas=BY_AREA, **asked), areas)
    by_place = count_visits(matrix, places(matrix["place"]), samples)
    same(rates_of(by_place, INDICATORS, threshold=0.3), nation)
    of_place = AreaGroups(BY_AREA.group(PLACE_AREA), AREAS)
    same(rates_of(by_place, INDICATORS, of_place, threshold=0.3), areas)


def places(place: Any) -> Grouping:
    """Every place is a group of its own; the last is of none."""
    return Grouping(
        np.append(np.arange(PLACES), PLACES)[place], lambda each: each.place, PLACES + 1
    )


@pytest.mark.parametrize("samples", SAMPLES)
@settings(max_examples=60)
@given(REPORTS)
def test_rates_by_the_hour_of_each_visit_are_what_a_walk_gives(
    samples: tuple[DrawnSample, ...], reports: list[Said]
) -> None:
    matrix = matrix_of(CODES, reports)
    hours = Grouping(matrix["arrived"], None, 4)
    found = rates_in_groups(matrix, INDICATORS, hours, samples=samples, threshold=0.3)
    same(found, walked_hours(reports, samples))


@settings(max_examples=60)
@given(
    REPORTS,
    st.sampled_from([*KINDS, None]),
    st.sampled_from(["sample", "visits", None]),
    st.sampled_from([0, 2, None]),
)
def test_beneath_a_rate_are_the_reports_in_which_it_was_seen(
    reports: list[Said], kind: Kind | None, part: Part | None, area: int | None
) -> None:
    matrix, samples = matrix_of(CODES, reports), (SAMPLE, ABROAD)
    found = rows_behind(
        matrix, SupportingReports("b", kind, part, area), samples=samples, areas=BY_AREA
    )
    drawn = {each.kind: set(each.place.tolist()) for each in samples}

    def is_behind(each: Said) -> bool:
        sent = each.assigned and each.place in drawn[each.kind]
        return (
            each.status in COUNTED
            and each.codes[1] == Status.IRREGULAR
            and kind in (None, each.kind)
            and part in (None, "sample" if sent else "visits")
            and (area is None or BY_AREA.group(np.array([each.area]))[0] == area)
        )

    assert found.tolist() == [at for at, each in enumerate(reports) if is_behind(each)]


@given(REPORTS)
def test_a_station_came_that_sent_a_report_of_the_sample_that_counts(reports: list[Said]) -> None:
    own = [
        each.place
        for each in reports
        if each.status in COUNTED and each.assigned and each.kind is SAMPLE.kind
    ]
    came = came_from(SAMPLE, matrix_of(CODES, reports))
    assert came.tolist() == [place in own for place in SAMPLE.place.tolist()]


@given(REPORTS)
def test_it_makes_no_difference_how_many_reports_are_looked_at_together(
    reports: list[Said],
) -> None:
    matrix = matrix_of(CODES, reports)
    whole = irregularities(matrix, INDICATORS, samples=(SAMPLE,), areas=BY_AREA)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "CHUNK", 3)
        assert irregularities(matrix, INDICATORS, samples=(SAMPLE,), areas=BY_AREA) == whole


def test_an_indicator_that_the_matrix_does_not_hold_has_no_rate() -> None:
    matrix = matrix_of(("b",), [said(0, [Status.IRREGULAR])])
    assert [each.indicator for each in irregularities(matrix, INDICATORS)] == ["b"]
