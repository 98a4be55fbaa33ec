"""Two kinds of observer: agreement as counts."""

from analytics.observation.agreement import Agreement


def test_an_agreement_says_at_how_many_stations_both_say_the_same() -> None:
    found = Agreement(both=1, only_first=2, only_second=3, neither=4)
    assert (found.stations, found.agree) == (10, 5)
