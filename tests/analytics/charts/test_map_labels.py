"""Where the labels of a map stand: in their area, clear of what is there already."""

from analytics.charts.areas import label
from analytics.charts.canvas import LIGHT
from analytics.charts.map_geometry import is_over, projection_of, room_for

TRIANGLE = ((0.0, 0.0), (200.0, 0.0), (0.0, 200.0))
SMALL = ((0.0, 0.0), (30.0, 0.0), (30.0, 30.0), (0.0, 30.0))


def test_a_label_stands_where_its_area_has_room_for_it() -> None:
    (x, y), room = room_for(TRIANGLE, 30, 100)
    assert room >= 100
    assert x >= 50
    assert x + 50 + (y + 15) <= 200


def test_a_label_gives_way_to_what_is_there_already() -> None:
    free, _ = room_for(TRIANGLE, 30, 60)
    taken = (free[0] - 20, free[1] - 10, free[0] + 20, free[1] + 10)
    (x, y), room = room_for(TRIANGLE, 30, 60, [taken])
    assert room >= 60
    assert abs(x - free[0]) >= 50 or abs(y - free[1]) >= 25


def test_an_area_that_is_too_small_has_its_number_alone_on_a_plate() -> None:
    large = label(TRIANGLE, ("Dorrin", "22/66"), LIGHT.sheet, LIGHT, ground=LIGHT.violet)
    small = label(SMALL, ("Dorrin", "422/466"), LIGHT.sheet, LIGHT, ground=LIGHT.violet)
    assert "Dorrin" in large
    assert "<rect" not in large
    assert "Dorrin" not in small
    assert "<rect" in small
    assert "422/466" in small


def test_a_map_is_drawn_within_the_room_that_it_has() -> None:
    _, wide, high = projection_of([SMALL], 250, height=160, margin=3)
    assert round(high) == 160
    assert wide <= 250


def test_a_label_stands_beside_what_is_taken_in_the_middle() -> None:
    low, taken = [(0.0, 0.0), (100.0, 0.0), (100.0, 30.0), (0.0, 30.0)], [(40.0, 0.0, 60.0, 30.0)]
    at, _ = room_for(low, 28, 38, taken)
    assert not is_over(at, 38, 28, taken)
    assert is_over((50.0, 15.0), 38, 28, taken)


def test_a_label_is_smaller_rather_than_under_a_mark() -> None:
    low, lines = [(0.0, 0.0), (130.0, 0.0), (130.0, 40.0), (0.0, 40.0)], ("Farwick", "407/448")
    mark = [(52.0, 0.0, 78.0, 40.0)]
    assert 'font-size="12"' in label(low, lines, LIGHT.ink, LIGHT)
    assert 'font-size="10"' in label(low, lines, LIGHT.ink, LIGHT, taken=mark)
