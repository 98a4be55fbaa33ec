"""One frozen snapshot per statement, and what has moved since."""

import pytest

from analytics.statements.snapshot import Snapshot, canonical, freeze, holds, moved

NUMBERS: dict[str, dict[str, object]] = {
    "VO-GROUP/domestic": {"text": "13% ±2", "value": 0.131, "n": 981},
    "VO-STUFF/domestic": {"text": "0 ≤0.3%", "value": 0.0, "n": 981},
}


def test_the_hash_does_not_depend_on_the_order_in_which_numbers_were_made() -> None:
    turned = {key: dict(reversed(value.items())) for key, value in reversed(NUMBERS.items())}
    assert freeze(NUMBERS).sha256 == freeze(turned).sha256


def test_a_changed_number_no_longer_holds_under_the_old_hash() -> None:
    frozen = freeze(NUMBERS)
    assert holds(frozen)
    forged = {**NUMBERS, "VO-STUFF/domestic": {"text": "0", "value": 0.0, "n": 9810}}
    assert not holds(Snapshot(forged, frozen.sha256))


def test_a_number_that_moved_says_what_it_was_and_what_it_is() -> None:
    now = {**NUMBERS, "VO-GROUP/domestic": {"text": "15% ±2", "value": 0.149, "n": 1012}}
    (change,) = moved(freeze(NUMBERS), now)
    assert (change.number_id, change.was, change.now) == ("VO-GROUP/domestic", "13% ±2", "15% ±2")
    assert change.visible


def test_a_number_that_moved_beneath_its_rounding_is_told_but_not_visible() -> None:
    now = {**NUMBERS, "VO-GROUP/domestic": {"text": "13% ±2", "value": 0.132, "n": 990}}
    (change,) = moved(freeze(NUMBERS), now)
    assert not change.visible


def test_numbers_that_are_gone_or_new_have_moved() -> None:
    now: dict[str, dict[str, object]] = {
        "VO-GROUP/domestic": NUMBERS["VO-GROUP/domestic"],
        "VO-ID/domestic": {"text": "9 of 40"},
    }
    assert [(each.number_id, each.was, each.now) for each in moved(freeze(NUMBERS), now)] == [
        ("VO-ID/domestic", None, "9 of 40"),
        ("VO-STUFF/domestic", "0 ≤0.3%", None),
    ]


def test_what_is_not_a_number_cannot_be_frozen() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical({"x": {"value": float("nan")}})
