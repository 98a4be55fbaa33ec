"""One frozen snapshot per statement, under its hash."""

import pytest

from analytics.statements.snapshot import Snapshot, canonical, freeze, holds

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


def test_what_is_not_a_number_cannot_be_frozen() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical({"x": {"value": float("nan")}})
