"""Numbers of a draft that are others now: values are compared, not their wording."""

from analytics.numbers import ObservedCount
from analytics.statements.ledger import as_data
from analytics.statements.snapshot import MovedNumber, numbers_moved

SEEN = ObservedCount(3, 40, 40, 0, unit="station")


def test_a_number_that_was_worded_otherwise_when_it_was_frozen_has_not_moved() -> None:
    frozen = {"VO-QUEUE": {"text": "3 out of forty", **as_data(SEEN)}}
    assert numbers_moved(frozen, {"VO-QUEUE": SEEN}) == []


def test_a_number_of_another_value_has_moved_and_one_that_was_not_frozen_is_not_named() -> None:
    frozen = {"VO-QUEUE": {"text": "3 of 40", **as_data(SEEN)}}
    now = {"VO-QUEUE": ObservedCount(3, 41, 41, 0, unit="station"), "VO-CAMPAIGN": SEEN}
    assert numbers_moved(frozen, now) == [MovedNumber("VO-QUEUE", "3 of 40", "3 of 41")]
