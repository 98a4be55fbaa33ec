"""Bars and ratings say what they are out of, in words as well."""

import re
from html import unescape
from itertools import pairwise

import pytest

from analytics.charts import IntervalRow, interval_chart
from analytics.charts.bars import STEPS, Bar, RatingRow, bar_chart, rating_chart
from analytics.charts.canvas import LIGHT, contrast
from analytics.numbers import Estimate
from analytics.wording import FRENCH

GRADES = ("very good", "good", "bad", "very bad")


def test_every_bar_says_what_it_is_out_of_and_none_seen_is_drawn_empty() -> None:
    drawn = bar_chart([Bar("Queue", 0, 40), Bar("Noise", 10, 20)], title="Seen", palette=LIGHT)
    assert "0 of 40" in drawn
    assert "<desc" in drawn
    assert "Queue 0 of 40; Noise 10 of 20." in drawn
    assert drawn.count(f'fill="{LIGHT.ink}"/>') == 1


def test_a_count_that_cannot_be_is_refused_and_no_rows_are_said() -> None:
    with pytest.raises(ValueError, match="5 of 4"):
        Bar("Queue", 5, 4)
    assert "Nothing was counted." in bar_chart([], title="Seen")
    assert "Noise 0 of 0" in bar_chart([Bar("Noise", 0, 0)], title="Seen")


def test_ratings_are_parts_of_one_whole_with_their_counts() -> None:
    drawn = rating_chart(
        [RatingRow("Opening", (30, 50, 15, 5))], GRADES, title="Rated", palette=LIGHT
    )
    assert "Opening: very good 30, good 50, bad 15, very bad 5." in drawn
    assert "n 100" in drawn
    assert ">50</" in drawn


def test_grades_next_to_each_other_differ_in_grey() -> None:
    for steps in STEPS.values():
        shades = [LIGHT.coverage[step] for step in steps]
        assert all(contrast(a, b) >= 1.3 for a, b in pairwise(shades))


def test_ratings_that_cannot_be_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="Opening"):
        rating_chart([RatingRow("Opening", (1, 2))], GRADES, title="Rated")
    with pytest.raises(ValueError, match="grades: 6"):
        rating_chart([], ("a",) * 6, title="Rated")
    assert "n 0" in rating_chart([RatingRow("Opening", (0, 0, 0, 0))], GRADES, title="Rated")


def test_labels_are_escaped() -> None:
    assert "<b>" not in bar_chart([Bar("<b>", 1, 2)], title="<b>")


def test_long_labels_get_room_and_numbers_are_written_in_the_language() -> None:
    row = Bar("Observateurs internationaux", 1200, 4500)
    drawn = bar_chart([row], title="Présents", style=FRENCH, palette=LIGHT)
    assert "1\u202f200 sur 4\u202f500" in drawn
    assert "\u2068" in drawn
    short = bar_chart([Bar("Présidents", 1, 2)], title="Présents", palette=LIGHT)
    assert left_of(short) > 6 * len("Présidents")
    assert left_of(drawn) == 0
    assert top_of(drawn) > top_of(short)


def left_of(drawn: str) -> float:
    return float(re.findall(r'<rect x="([^"]+)"', drawn)[0])


def top_of(drawn: str) -> float:
    return float(re.findall(r'<rect x="[^"]+" y="([^"]+)"', drawn)[0])


LONG = "The ballot papers were not counted one by one in the sight of everybody who was present"


def test_no_chart_is_wider_than_a_phone_has_room_for_whatever_its_labels() -> None:
    estimate = Estimate(0.2, 0.01, 0.18, 0.22, 0.95, 400, 399.0, None, "beta")
    for label in ("Queue", "Citizens' observers", LONG):
        charts = (
            bar_chart([Bar(label, 12_345, 67_890)], title="Seen"),
            rating_chart([RatingRow(label, (30, 50, 15, 5))], GRADES, title="Rated"),
            interval_chart([IntervalRow(label, estimate)], title="Seen"),
        )
        for drawn in charts:
            assert float(re.findall(r'<svg[^>]* width="([^"]+)"', drawn)[0]) <= 328
            words = [unescape(each) for each in re.findall(r">([^<]+)</(?:text|tspan)>", drawn)]
            assert max(map(len, words)) * 6.6 <= 328
            assert " ".join(words).count(label) >= 1
