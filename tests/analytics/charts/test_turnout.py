"""The picture of turnout against share."""

from xml.etree import ElementTree

import numpy as np

from analytics.charts import LIGHT
from analytics.charts.squares import turnout_picture
from analytics.results.forensics import TurnoutByShare

SVG = "{http://www.w3.org/2000/svg}"


def drawn(cells: list[list[int]]) -> ElementTree.Element:
    counted = TurnoutByShare(np.array(cells), 3, 1)
    return ElementTree.fromstring(
        turnout_picture(counted, title="A <b>", across="Turnout", up="Share", palette=LIGHT)
    )


def test_each_square_with_stations_is_drawn_darker_where_more_lie() -> None:
    squares = drawn([[1, 0], [0, 100]]).findall(f"{SVG}path")
    assert [each.get("fill") for each in squares] == [LIGHT.coverage[0], LIGHT.coverage[4]]
    assert squares[0].get("d") == "M48 112h100v100h-100z"


def test_it_is_named_and_says_what_it_leaves_out() -> None:
    root = drawn([[0, 0], [0, 1]])
    assert root.findtext(f"{SVG}title") == "A <b>"
    assert "3 with turnout above 100%, 1 without" in (root.findtext(f"{SVG}desc") or "")
    assert not drawn([[0, 0], [0, 0]]).findall(f"{SVG}path")
