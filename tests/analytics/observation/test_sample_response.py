"""What became of each station drawn: one fate each, and they add up to what was drawn."""

from collections.abc import Collection, Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.observation.dispositions import (
    FATES,
    ExpectedReportState,
    SampledStations,
    StationOutcome,
    in_all,
    response_by_class,
)
from analytics.survey.design import Truths

STATIONS = 31
PLACES = st.sets(st.integers(0, STATIONS - 1))
NONE: frozenset[int] = frozenset()


def known(
    received: Collection[int] = NONE,
    aside: Collection[int] = NONE,
    closed: Collection[int] = NONE,
    refused: Collection[int] = NONE,
    unsafe: Collection[int] = NONE,
    planned: Mapping[ExpectedReportState, Collection[int]] | None = None,
) -> SampledStations:
    """What is known, by the places of which it is true."""

    def truths(places: Collection[int]) -> Truths:
        return np.isin(np.arange(STATIONS), [*places])

    by_fate = {fate: truths(places) for fate, places in (planned or {}).items()}
    return SampledStations(
        truths(received), truths(aside), truths(closed), truths(refused), truths(unsafe), by_fate
    )


@pytest.mark.parametrize(
    ("found", "fate"),
    [
        (known(received={1}, aside={1}, closed={1}), StationOutcome.RECEIVED),
        (known(aside={1}, refused={1}), StationOutcome.SET_ASIDE),
        (known(closed={1}, refused={1}), StationOutcome.CLOSED),
        (known(refused={1}, planned={ExpectedReportState.MISSING: {1}}), StationOutcome.REFUSED),
        (known(unsafe={1}, planned={ExpectedReportState.MISSING: {1}}), StationOutcome.UNSAFE),
        (
            known(planned={ExpectedReportState.WITHDRAWN: {1}, ExpectedReportState.MISSING: {1}}),
            StationOutcome.WITHDRAWN,
        ),
        (known(planned={ExpectedReportState.UNREACHABLE: {1}}), StationOutcome.UNREACHED),
        (
            known(planned={ExpectedReportState.MISSING: {1}, ExpectedReportState.AWAITED: {1}}),
            StationOutcome.MISSING,
        ),
        (known(planned={ExpectedReportState.AWAITED: {1}}), StationOutcome.AWAITED),
        (known(planned={ExpectedReportState.RECEIVED: {1}}), StationOutcome.RECEIVED),
        (
            known(received={2}, planned={ExpectedReportState.MISSING: {3}}),
            StationOutcome.NOBODY_SENT,
        ),
    ],
)
def test_a_station_has_the_first_fate_that_holds_of_it(
    found: SampledStations, fate: StationOutcome
) -> None:
    assert FATES[found.fates[1]] is fate


@given(
    st.lists(st.integers(0, 4), min_size=STATIONS, max_size=STATIONS),
    PLACES,
    PLACES,
    PLACES,
    PLACES,
    st.dictionaries(st.sampled_from(ExpectedReportState), PLACES),
)
def test_the_fates_add_up_to_what_was_drawn_in_every_class(
    group: list[int],
    received: set[int],
    aside: set[int],
    closed: set[int],
    refused: set[int],
    planned: dict[ExpectedReportState, set[int]],
) -> None:
    said = known(received, aside, closed, refused, planned)
    found = response_by_class(np.array(group), ["a", "b", "c", "d", "e"], said)
    assert {each.name: each.drawn for each in found} == {
        name: count for at, name in enumerate("abcde") if (count := group.count(at))
    }
    whole = in_all(found)
    assert whole.drawn == STATIONS == sum(whole.fates.values())
    assert whole.fates[StationOutcome.RECEIVED] >= len(received)
    gone = whole.fates[StationOutcome.CLOSED] + whole.fates[StationOutcome.WITHDRAWN]
    assert whole.expected == STATIONS - gone
