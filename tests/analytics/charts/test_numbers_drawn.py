"""Two kinds of number, two pictures: an interval cannot be drawn for a count."""

from xml.etree import ElementTree

import pytest

from analytics.charts import (
    LIGHT,
    Axis,
    IntervalRow,
    axis_for,
    dot_and_interval,
    interval_chart,
    squares,
)
from analytics.numbers import Estimate, ObservedCount

AXIS = Axis(0.0, 0.4, 0.1)


def an_estimate(value: float, low: float, high: float) -> Estimate:
    return Estimate(
        value=value,
        se=0.01,
        low=low,
        high=high,
        level=0.95,
        n=981,
        df=969.0,
        deff=None,
        method="korn-graubard",
        seen=round(value * 981),
    )


def test_the_dot_and_its_interval_stand_where_the_axis_puts_them() -> None:
    drawn = dot_and_interval(an_estimate(0.118, 0.1, 0.2), axis=AXIS, label="Group voting")
    assert 'd="M30 8H60M60 4v8M30 4v8"' in drawn
    assert 'cx="35.4"' in drawn


def test_none_seen_is_a_hollow_dot_with_its_upper_bound() -> None:
    drawn = dot_and_interval(an_estimate(0, 0, 0.003), axis=AXIS, label="Stuffing")
    assert 'fill="var(--sheet)"' in drawn
    assert "Stuffing: 0 ≤0.3%" in drawn


def test_no_whisker_can_be_drawn_for_a_count() -> None:
    count = ObservedCount(3, 9, 9, unit="station")
    with pytest.raises(TypeError, match="draw a count as squares"):
        dot_and_interval(count, axis=AXIS, label="x")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="draw a count as squares"):
        interval_chart([IntervalRow("x", count)], title="x")  # type: ignore[arg-type]


def test_no_squares_can_be_drawn_for_an_estimate() -> None:
    with pytest.raises(TypeError, match="ObservedCount"):
        squares(an_estimate(0.1, 0.1, 0.2), label="x")  # type: ignore[arg-type]


def test_one_square_stands_for_one_station_and_filled_ones_for_what_was_seen() -> None:
    drawn = squares(ObservedCount(23, 164, 160, unit="observation"), label="Group voting")
    filled, hollow = ElementTree.fromstring(drawn)[2:]
    assert filled.attrib["d"].count("z") == 23
    assert hollow.attrib["d"].count("z") == 141


def test_over_a_few_hundred_one_square_stands_for_ten_and_says_so() -> None:
    drawn = squares(ObservedCount(3, 981, 900, unit="observation"), label="Group voting")
    filled, hollow = ElementTree.fromstring(drawn)[2:]
    assert filled.attrib["d"].count("z") == 1
    assert hollow.attrib["d"].count("z") == 98
    assert "One square stands for ten" in drawn


def test_a_chart_for_a_document_labels_every_row_and_resolves_its_colours() -> None:
    rows = [
        IntervalRow("Not accessible <1>", an_estimate(0.31, 0.28, 0.34)),
        IntervalRow("Stuffing", an_estimate(0.0, 0.0, 0.003)),
        IntervalRow("Group voting", an_estimate(0.11, 0.08, 0.13)),
    ]
    drawn = interval_chart(rows, title="Access fell short", palette=LIGHT)
    words = [each.text for each in ElementTree.fromstring(drawn).iter() if each.text]
    assert "Not accessible <1>" in words
    assert {"31% ±3", "11% (8–13%)"} <= set(words)
    assert "var(" not in drawn


@pytest.mark.parametrize(
    ("high", "end"), [(0.0, 0.1), (0.1, 0.1), (0.34, 0.4), (0.5, 0.6), (0.9, 1.0)]
)
def test_the_axis_reaches_as_far_as_its_widest_interval(high: float, end: float) -> None:
    assert axis_for([an_estimate(high / 2, 0, high)]).end == end
