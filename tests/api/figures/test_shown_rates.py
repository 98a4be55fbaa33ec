"""A rate that did not move is shown as it was; one that moved is never shown as it was."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from analytics.numbers import ObservedCount
from analytics.observation.irregularity_rates import Beside, Rate
from api.figures import shown_rates
from api.figures.shown_rates import ShownRates
from schemas.mission import Kind

RATE = Rate(
    indicator="A1",
    stage="voting",
    severity=2,
    kind=Kind.DOMESTIC,
    part="visits",
    area=None,
    number=ObservedCount(1, 3, 2, 0),
    seen=1,
    observations=3,
    stations=2,
    missing=0,
    beside=Beside(0, 0, 0, 0),
    response=None,
    why_count="not_a_sample",
)
FRAME: Any = SimpleNamespace(areas=[])


def row(shown: ShownRates, rate: Rate, *, exact: bool = True) -> dict[str, Any]:
    return shown.row("voting", None, rate, exact=exact)


def test_a_rate_that_moved_is_shown_as_it_is_now() -> None:
    shown = ShownRates(FRAME)
    assert row(shown, RATE) is row(shown, RATE)
    moved = replace(RATE, number=ObservedCount(2, 4, 2, 0), seen=2, observations=4)
    assert row(shown, moved)["number"]["seen"] == 2
    assert row(shown, RATE)["number"]["seen"] == 1


def test_what_is_for_a_partner_is_kept_apart() -> None:
    shown = ShownRates(FRAME)
    assert "beside" in row(shown, RATE)
    assert "beside" not in row(shown, RATE, exact=False)
    assert "beside" in row(shown, RATE)


def test_no_more_rows_are_kept_than_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown_rates, "MOST", 2)
    shown = ShownRates(FRAME)
    first = row(shown, RATE)
    for code in ("A2", "A3"):
        row(shown, replace(RATE, indicator=code))
    assert row(shown, RATE) is not first
    assert row(shown, RATE) == first
