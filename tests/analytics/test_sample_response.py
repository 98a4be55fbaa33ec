"""What became of each station drawn: one fate each, and they add up to what was drawn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.dispositions import Fate
from analytics.sample_response import Known, StationFate, in_all, response_by_class

PLACES = st.sets(st.integers(0, 30))


@pytest.mark.parametrize(
    ("known", "fate"),
    [
        (Known(received={1}, set_aside={1}, closed={1}), StationFate.RECEIVED),
        (Known(set_aside={1}, refused={1}), StationFate.SET_ASIDE),
        (Known(closed={1}, refused={1}), StationFate.CLOSED),
        (Known(refused={1}, planned={1: {Fate.MISSING}}), StationFate.REFUSED),
        (Known(planned={1: {Fate.WITHDRAWN, Fate.MISSING}}), StationFate.WITHDRAWN),
        (Known(planned={1: {Fate.UNREACHABLE}}), StationFate.UNREACHED),
        (Known(planned={1: {Fate.MISSING, Fate.AWAITED}}), StationFate.MISSING),
        (Known(planned={1: {Fate.AWAITED}}), StationFate.AWAITED),
        (Known(planned={1: {Fate.RECEIVED}}), StationFate.RECEIVED),
        (Known(), StationFate.NOBODY_SENT),
    ],
)
def test_a_station_has_the_first_fate_that_holds_of_it(known: Known, fate: StationFate) -> None:
    assert known.fate(1) is fate


@given(
    st.dictionaries(st.integers(0, 30), st.integers(0, 4)), PLACES, PLACES, PLACES, PLACES,
    st.dictionaries(st.integers(0, 30), st.sets(st.sampled_from(Fate))),
)  # fmt: skip
def test_the_fates_add_up_to_what_was_drawn_in_every_class(
    drawn: dict[int, int], received: set[int], aside: set[int], closed: set[int],
    refused: set[int], planned: dict[int, set[Fate]],
) -> None:  # fmt: skip
    known = Known(received, aside, closed, refused, planned)
    found = response_by_class(drawn.items(), ["a", "b", "c", "d", "e"], known)
    assert {each.name: each.drawn for each in found} == {
        name: count for at, name in enumerate("abcde") if (count := [*drawn.values()].count(at))
    }
    whole = in_all(found)
    assert whole.drawn == len(drawn) == sum(whole.fates.values())
    assert whole.fates[StationFate.RECEIVED] >= len(drawn.keys() & received)
    gone = whole.fates[StationFate.CLOSED] + whole.fates[StationFate.WITHDRAWN]
    assert whole.expected == len(drawn) - gone
