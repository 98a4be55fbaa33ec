"""Two kinds of observer: agreement as counts, a test only where one can be."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.agreement import Agreement, agree, difference
from analytics.design import DesignProblem
from analytics.numbers import Estimate

HALF = Estimate(0.5, 0.03, 0.44, 0.56, 0.95, 100, 90.0, 1.0, "t")


def test_only_stations_where_both_answered_count() -> None:
    found = agree(
        np.array([1, 0, 1, 0, -1, 1]),
        np.array([1, 0, 0, 1, 1, -1]),
    )
    assert found == Agreement(both=1, only_first=1, only_second=1, neither=1)
    assert (found.stations, found.agree) == (4, 2)


def test_a_difference_has_the_error_of_both() -> None:
    found = difference(replace(HALF, value=0.6, se=0.04), HALF, one_frame=True)
    assert (found.value, found.se) == pytest.approx((0.1, 0.05))
    assert found.df == pytest.approx(0.0025**2 / (0.0016**2 / 90 + 0.0009**2 / 90))
    # R: 2 * pt(-2, 166.9139465875371)
    assert found.p == pytest.approx(0.0471220969731, rel=1e-10)
    assert 0 < found.low < found.value < found.high


def test_samples_that_cannot_be_compared_are_refused() -> None:
    with pytest.raises(DesignProblem, match="two frames"):
        difference(HALF, HALF, one_frame=False)
    with pytest.raises(DesignProblem, match="levels"):
        difference(HALF, replace(HALF, level=0.9), one_frame=True)
    with pytest.raises(DesignProblem, match="standard error"):
        difference(replace(HALF, se=0.0), replace(HALF, se=0.0), one_frame=True)
