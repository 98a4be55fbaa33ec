"""Both kinds side by side, areas in order, groups that are the visit's own."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.numbers import ObservedCount
from analytics.observation.agreement import Agreement
from analytics.observation.breakdowns import AreaSeverity, agreement_of, rank_areas
from analytics.observation.code_matrix import KINDS, CodeMatrix
from analytics.observation.drawn_sample import AreaGroups, DrawnSample
from analytics.observation.irregularity_rates import rates_in_groups
from analytics.observation.visits import Grouping, count_visits
from analytics.survey.estimates import estimate_ratio
from schemas.checklist import Indicator, Source
from schemas.codes import Status
from schemas.mission import Kind
from schemas.report import COUNTED, ReportStatus
from tests.analytics.observation.matrices import Said, irregularities, matrix_of

FINE, BAD, UNSEEN = Status.FINE, Status.IRREGULAR, Status.NOT_OBSERVED


def indicator(code: str, severity: int = 1) -> Indicator:
    return Indicator(
        code=code,
        stage="voting",
        severity=severity,
        standards=(),
        phrase={"en": code},
        positive_phrase={"en": code},
        sources=(Source(question="q"),),
    )


INDICATORS = (indicator("light", 1), indicator("grave", 3))


def matrix_of_rows(*rows: tuple[int, int, Kind, tuple[int, int]]) -> CodeMatrix:
    """Rows of place, area, kind and codes."""
    return matrix_of(
        ("light", "grave"),
        [Said(bytes(codes), kind, place, area, assigned=True) for place, area, kind, codes in rows],
    )


def ranked(
    matrix: CodeMatrix, sample: DrawnSample, areas: AreaGroups, threshold: float
) -> tuple[AreaSeverity, ...]:
    """Areas in order, of visits that were counted by area."""
    grouping = Grouping(areas.group(matrix["area"]), lambda each: each.area, areas.count)
    visits = count_visits(matrix, grouping, (sample,))
    return rank_areas(
        visits, INDICATORS, AreaGroups(np.arange(areas.count), areas.count), threshold
    )


def sample_of(stations: int, areas: int, population: int) -> DrawnSample:
    at = np.arange(stations)
    nothing = np.zeros(stations, dtype=np.int64)
    return DrawnSample(Kind.DOMESTIC, at, nothing, np.full(stations, population), at % areas)


def test_agreement_counts_stations_that_both_answered_and_any_visit_that_saw_it() -> None:
    home, abroad = Kind.DOMESTIC, Kind.INTERNATIONAL
    found = agreement_of(
        matrix_of_rows(
            (1, 0, home, (BAD, FINE)),
            (1, 0, home, (FINE, FINE)),
            (1, 0, abroad, (BAD, BAD)),
            (2, 0, home, (FINE, FINE)),
            (2, 0, abroad, (FINE, UNSEEN)),
            (3, 0, home, (BAD, BAD)),
            (4, 0, abroad, (BAD, BAD)),
        ),
        INDICATORS,
    )
    light, grave = (each.agreement for each in found)
    assert (light.both, light.only_first, light.only_second, light.neither) == (1, 0, 0, 1)
    assert (grave.stations, grave.only_second, grave.agree) == (1, 1, 0)


SOME = st.lists(
    st.builds(
        Said,
        st.binary(min_size=2, max_size=2).map(lambda each: bytes(code % 7 for code in each)),
        st.sampled_from(KINDS),
        st.integers(-1, 3),
        status=st.sampled_from([ReportStatus.VERIFIED, ReportStatus.HELD]),
    ),
    max_size=30,
)


@given(SOME)
def test_agreement_is_what_a_walk_from_place_to_place_gives(reports: list[Said]) -> None:
    found = {
        each.indicator: each.agreement
        for each in agreement_of(matrix_of(("light", "grave"), reports), INDICATORS)
    }
    for column, name in enumerate(("light", "grave")):
        pairs = Counter[tuple[bool, ...]]()
        for place in range(4):
            said = [
                [
                    each.codes[column]
                    for each in reports
                    if (each.place, each.kind) == (place, kind) and each.status in COUNTED
                ]
                for kind in KINDS
            ]
            if all(FINE in codes or BAD in codes for codes in said):
                pairs[tuple(BAD in codes for codes in said)] += 1
        either = pairs[True, True], pairs[True, False], pairs[False, True], pairs[False, False]
        assert found.get(name) == (Agreement(*either) if any(either) else None)


def test_nobody_met_is_no_agreement() -> None:
    assert agreement_of(matrix_of_rows(), INDICATORS) == ()
    alone = matrix_of_rows((1, 0, Kind.DOMESTIC, (BAD, BAD)))
    assert agreement_of(alone, INDICATORS) == ()


def test_areas_are_in_order_of_severity_and_overlapping_ones_are_not_different() -> None:
    rows = [
        (at, at % 3, Kind.DOMESTIC, (FINE, BAD if at % 3 == 2 and at % 2 else FINE))
        for at in range(150)
    ]
    areas = AreaGroups(np.arange(3), 3)
    found = ranked(matrix_of_rows(*rows), sample_of(150, 3, 900), areas, 0.8)
    assert [each.area for each in found] == [2, 0, 1]
    assert found[0].estimate.value == pytest.approx(25 * 3 / (50 * 4))
    assert [each.not_different for each in found] == [0, 1, 1]


def test_an_area_of_little_response_or_few_stations_has_no_place_in_the_order() -> None:
    rows = [(at, at % 3, Kind.DOMESTIC, (FINE, BAD)) for at in range(150) if at % 3 or at < 60]
    areas = AreaGroups(np.arange(3), 3)
    few = ranked(matrix_of_rows(*rows), sample_of(150, 3, 900), areas, 0.8)
    assert [each.area for each in few] == [1, 2]
    for some in (rows[:9], []):
        assert ranked(matrix_of_rows(*some), sample_of(9, 3, 90), areas, 0.0) == ()


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 149),
            st.sampled_from([FINE, BAD, UNSEEN]),
            st.sampled_from([FINE, BAD, UNSEEN]),
        ),
        min_size=150,
        max_size=260,
    )
)
def test_the_ratio_of_an_area_is_that_of_its_stations(rows: list[tuple[int, int, int]]) -> None:
    matrix = matrix_of_rows(*((at, at % 3, Kind.DOMESTIC, codes) for at, *codes in rows))  # type: ignore[arg-type]
    sample, areas = sample_of(150, 3, 900), AreaGroups(np.arange(3), 3)
    found = ranked(matrix, sample, areas, 0.0)
    severity, stations = np.array([1, 3]), range(150)
    said = [[{row[1 + at] for row in rows if row[0] == s} for at in (0, 1)] for s in stations]
    seen = np.array([[BAD in each for each in of] for of in said]) @ severity
    asked = np.array([[bool(each & {FINE, BAD}) for each in of] for of in said]) @ severity
    asked = np.where(asked, asked, np.nan)
    for each in found:
        within = np.arange(150) % 3 == each.area
        whole = estimate_ratio(sample.whole, seen.astype(float), asked, within)
        for name in ("value", "se", "low", "high", "n", "df", "missing"):
            assert getattr(each.estimate, name) == pytest.approx(getattr(whole, name), abs=1e-9)


def test_groups_of_visits_are_counts_of_observations() -> None:
    rows = [(at, 0, Kind.DOMESTIC, (BAD if at % 4 == 0 else FINE, FINE)) for at in range(40)]
    matrix, sample = matrix_of_rows(*rows), sample_of(40, 1, 400)
    hours = Grouping(np.arange(40) % 2, None, 2)
    early, _, late, _ = rates_in_groups(matrix, INDICATORS, hours, samples=(sample,))
    assert (early.area, late.area, early.why_count) == (0, 1, "by_hour")
    assert isinstance(early.number, ObservedCount)
    assert (early.number.seen, early.number.of, early.number.unit) == (10, 20, "observation")
    assert late.number.seen == 0


def test_groups_of_stations_are_those_of_areas() -> None:
    rows = [(at, at % 2, Kind.DOMESTIC, (BAD if at % 4 == 0 else FINE, FINE)) for at in range(40)]
    matrix, sample = matrix_of_rows(*rows), sample_of(40, 2, 400)
    areas = AreaGroups(np.arange(2), 2)
    same = Grouping(matrix["area"], lambda drawn: drawn.area, 2)
    assert rates_in_groups(matrix, INDICATORS, same, samples=(sample,)) == irregularities(
        matrix, INDICATORS, samples=(sample,), areas=areas
    )


def test_what_nobody_drew_stays_a_count_in_every_group() -> None:
    matrix = matrix_of_rows((1, 0, Kind.INTERNATIONAL, (BAD, FINE)))
    found = rates_in_groups(matrix, INDICATORS, Grouping(np.array([3]), None, 24))
    assert {each.area for each in found} == {3}
    assert all(isinstance(each.number, ObservedCount) for each in found)
