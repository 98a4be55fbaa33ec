"""The two kinds of number never mix, not even by force."""

from dataclasses import FrozenInstanceError, fields, replace

import pytest

from analytics.numbers import Estimate, ObservedCount

COUNT = ObservedCount(seen=3, of=40, stations=31, missing=2, unit="observation")
ESTIMATE = Estimate(
    value=0.3, se=0.02, low=0.26, high=0.34, level=0.95, n=300, df=290.0, deff=1.1, method="beta"
)


def test_a_count_of_what_was_visited_has_no_place_for_an_interval() -> None:
    spread = {"se", "low", "high", "level", "df", "deff", "margin", "value"}
    assert not spread & ({each.name for each in fields(ObservedCount)} | set(dir(COUNT)))
    for name in spread:
        with pytest.raises((FrozenInstanceError, AttributeError, TypeError)):
            setattr(COUNT, name, 0.1)
        with pytest.raises(TypeError):
            replace(COUNT, **{name: 0.1})  # type: ignore[arg-type]


def test_neither_is_the_other() -> None:
    assert not isinstance(COUNT, Estimate)
    assert not isinstance(ESTIMATE, ObservedCount)
    assert ObservedCount.__mro__[1:] == Estimate.__mro__[1:] == (object,)


@pytest.mark.parametrize(
    "wrong", [{"seen": 41}, {"seen": -1}, {"of": -1}, {"stations": -1}, {"missing": -1}]
)
def test_a_count_that_cannot_be_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="observations"):
        replace(COUNT, **wrong)


def test_the_margin_is_half_of_the_interval() -> None:
    assert ESTIMATE.margin == pytest.approx(0.04)
