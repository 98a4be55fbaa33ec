"""A station has one voice, whatever the order and number of its reports."""

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.observation.voices import MISSING, Silence, answered, voices, voices_of_drawn
from schemas.codes import Status

statuses = st.sampled_from(list(Status))
stations = st.lists(st.lists(statuses, min_size=1, max_size=5), min_size=1, max_size=8)


def voice_of(said: list[Status]) -> Status:
    """The rule, word by word."""
    if Status.IRREGULAR in said:
        return Status.IRREGULAR
    if Status.FINE in said:
        return Status.FINE
    if Status.IRREGULAR_TOLD in said:
        return Status.IRREGULAR_TOLD
    if Status.NOT_OBSERVED in said:
        return Status.NOT_OBSERVED
    if Status.UNANSWERED in said:
        return Status.UNANSWERED
    return Status.NOT_APPLICABLE if Status.NOT_APPLICABLE in said else Status.NOT_RELEVANT


@given(stations, st.randoms())
def test_a_station_s_voice_is_the_rule_s_in_any_order(
    reports: list[list[Status]], chance: Random
) -> None:
    shuffled = [sorted(each, key=lambda _: chance.random()) for each in reports]
    status = np.array([[code] for each in shuffled for code in each], dtype=np.uint8)
    first = np.cumsum([0, *map(len, shuffled)][:-1])
    found = voices(status, first)[:, 0].tolist()
    assert found == [voice_of(each) for each in reports]
    assert answered(voices(status, first))[:, 0].tolist() == [
        voice_of(each) in (Status.FINE, Status.IRREGULAR) for each in reports
    ]


def test_a_drawn_station_from_which_nothing_came_is_missing_or_what_is_known_of_it() -> None:
    spoken = np.array([[Status.FINE, Status.IRREGULAR]], dtype=np.uint8)
    found = voices_of_drawn(spoken, np.array([1]), Silence.of(3, 2).voices)
    assert found.tolist() == [[MISSING, MISSING], [1, 2], [MISSING, MISSING]]
    refused = np.full((3, 2), MISSING, dtype=np.uint8)
    refused[:2, 0] = Status.IRREGULAR
    found = voices_of_drawn(spoken, np.array([1]), refused)
    assert found.tolist() == [[2, MISSING], [1, 2], [MISSING, MISSING]]
