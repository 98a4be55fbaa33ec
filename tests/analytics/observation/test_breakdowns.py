"""Both kinds side by side, areas in order, groups that are the visit's own."""

from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.numbers import Estimate, ObservedCount
from analytics.observation.breakdowns import agreement_of, rank_areas
from analytics.observation.code_matrix import Reading, Readings
from analytics.observation.drawn_sample import AreaGroups, DrawnSample
from analytics.observation.irregularity_rates import Grouping, irregularities, irregularities_in
from analytics.observation.standing import Standing
from analytics.survey.estimates import estimate_ratio
from schemas.checklist import Indicator, Source
from schemas.codes import Status
from schemas.mission import Kind

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


def readings_of(*rows: tuple[int, int, Kind, tuple[int, int]]) -> Readings:
    """Rows of place, area, kind and codes."""
    made = Readings(("light", "grave"))
    made.fold(
        Reading(
            at + 1,
            UUID(int=at),
            1,
            bytes(codes),
            counted=True,
            kind=kind,
            place=place,
            area=area,
            assigned=True,
        )
        for at, (place, area, kind, codes) in enumerate(rows)
    )
    return made


def standing_of(readings: Readings, sample: DrawnSample | None = None, areas: int = 3) -> Standing:
    """Tallies by place, each in the area of its number."""
    place_area = np.arange(200) % areas
    return Standing(readings, place_area, areas, (sample,) if sample else ()).update()


def sample_of(stations: int, areas: int, population: int) -> DrawnSample:
    at = np.arange(stations)
    nothing = np.zeros(stations, dtype=np.int64)
    return DrawnSample(Kind.DOMESTIC, at, nothing, np.full(stations, population), at % areas)


def test_agreement_counts_stations_that_both_answered_and_any_visit_that_saw_it() -> None:
    home, abroad = Kind.DOMESTIC, Kind.INTERNATIONAL
    found = agreement_of(
        standing_of(
            readings_of(
                (1, 0, home, (BAD, FINE)),
                (1, 0, home, (FINE, FINE)),
                (1, 0, abroad, (BAD, BAD)),
                (2, 0, home, (FINE, FINE)),
                (2, 0, abroad, (FINE, UNSEEN)),
                (3, 0, home, (BAD, BAD)),
                (4, 0, abroad, (BAD, BAD)),
            )
        ),
        INDICATORS,
    )
    light, grave = (each.agreement for each in found)
    assert (light.both, light.only_first, light.only_second, light.neither) == (1, 0, 0, 1)
    assert (grave.stations, grave.only_second, grave.agree) == (1, 1, 0)


def test_nobody_met_is_no_agreement() -> None:
    assert agreement_of(standing_of(readings_of()), INDICATORS) == ()
    alone = readings_of((1, 0, Kind.DOMESTIC, (BAD, BAD)))
    assert agreement_of(standing_of(alone), INDICATORS) == ()


def test_areas_are_in_order_of_severity_and_overlapping_ones_are_not_different() -> None:
    rows = [
        (at, at % 3, Kind.DOMESTIC, (FINE, BAD if at % 3 == 2 and at % 2 else FINE))
        for at in range(150)
    ]
    areas = AreaGroups(np.arange(3), 3)
    found = rank_areas(
        standing_of(readings_of(*rows), sample_of(150, 3, 900)), INDICATORS, areas, 0.8
    )
    assert [each.area for each in found] == [2, 0, 1]
    assert found[0].estimate.value == pytest.approx(25 * 3 / (50 * 4))
    assert [each.not_different for each in found] == [0, 1, 1]


def test_an_area_of_little_response_or_few_stations_has_no_place_in_the_order() -> None:
    rows = [(at, at % 3, Kind.DOMESTIC, (FINE, BAD)) for at in range(150) if at % 3 or at < 60]
    areas = AreaGroups(np.arange(3), 3)
    few = rank_areas(
        standing_of(readings_of(*rows), sample_of(150, 3, 900)), INDICATORS, areas, 0.8
    )
    assert [each.area for each in few] == [1, 2]
    for some in (rows[:9], []):
        standing = standing_of(readings_of(*some), sample_of(9, 3, 90))
        assert rank_areas(standing, INDICATORS, areas, 0.0) == ()


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
def test_the_ratio_of_an_area_is_that_of_its_visits(rows: list[tuple[int, int, int]]) -> None:
    readings = readings_of(*((at, at % 3, Kind.DOMESTIC, codes) for at, *codes in rows))  # type: ignore[arg-type]
    sample, areas = sample_of(150, 3, 900), AreaGroups(np.arange(3), 3)
    found = rank_areas(standing_of(readings, sample), INDICATORS, areas, 0.0)
    design, nothing = sample.design(np.r_[[at for at, *_ in rows], np.arange(150)]), [np.nan] * 150
    codes, severity = np.array([codes for _, *codes in rows]), np.array([1, 3])
    seen, asked = (codes == BAD) @ severity, np.isin(codes, (FINE, BAD)) @ severity
    asked = np.where(asked, asked, np.nan)
    for each in found:
        within = np.r_[[at % 3 for at, *_ in rows], np.arange(150) % 3] == each.area
        whole = estimate_ratio(design, np.r_[seen, nothing], np.r_[asked, nothing], within)
        for name in ("value", "se", "low", "high", "n", "df", "missing"):
            assert getattr(each.estimate, name) == pytest.approx(getattr(whole, name), abs=1e-9)


def test_groups_of_visits_are_domains_of_the_whole_sample() -> None:
    rows = [(at, 0, Kind.DOMESTIC, (BAD if at % 4 == 0 else FINE, FINE)) for at in range(40)]
    readings, sample = readings_of(*rows), sample_of(40, 1, 400)
    hours = Grouping(np.arange(40) % 2, None, 2)
    early, _, late, _ = irregularities_in(readings, INDICATORS, hours, samples=(sample,))
    assert (early.area, late.area, early.missing, early.response) == (0, 1, 0, 1.0)
    assert isinstance(early.number, Estimate)
    assert isinstance(late.number, Estimate)
    assert (early.number.value, late.number.value) == (0.5, 0.0)
    assert late.number.high > 0


def test_groups_of_stations_are_those_of_areas() -> None:
    rows = [(at, at % 2, Kind.DOMESTIC, (BAD if at % 4 == 0 else FINE, FINE)) for at in range(40)]
    readings, sample = readings_of(*rows), sample_of(40, 2, 400)
    areas = AreaGroups(np.arange(2), 2)
    same = Grouping(readings["area"], lambda drawn: drawn.area, 2)
    assert irregularities_in(readings, INDICATORS, same, samples=(sample,)) == irregularities(
        readings, INDICATORS, samples=(sample,), areas=areas
    )


def test_what_nobody_drew_stays_a_count_in_every_group() -> None:
    readings = readings_of((1, 0, Kind.INTERNATIONAL, (BAD, FINE)))
    found = irregularities_in(readings, INDICATORS, Grouping(np.array([3]), None, 24))
    assert {each.area for each in found} == {3}
    assert all(isinstance(each.number, ObservedCount) for each in found)
