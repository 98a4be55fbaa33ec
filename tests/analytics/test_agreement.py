"""Two kinds of observer: agreement as counts."""

import numpy as np

from analytics.agreement import Agreement, agree


def test_only_stations_where_both_answered_count() -> None:
    found = agree(
        np.array([1, 0, 1, 0, -1, 1]),
        np.array([1, 0, 0, 1, 1, -1]),
    )
    assert found == Agreement(both=1, only_first=1, only_second=1, neither=1)
    assert (found.stations, found.agree) == (4, 2)
