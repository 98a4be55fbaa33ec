"""Where domestic and international observers were both: do they say the same? In counts.

Their figures are never pooled. A test of a difference is for two probability samples of one frame
(:mod:`analytics.comparison`); here are stations that both visited in the same stage, and nothing
is concluded about others.
"""

from dataclasses import dataclass

from analytics.design import Ints


@dataclass(frozen=True)
class Agreement:
    """Stations of one stage at which both answered: both saw it, only one did, neither."""

    both: int
    only_first: int
    only_second: int
    neither: int

    @property
    def stations(self) -> int:
        """Stations at which both answered."""
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def agree(self) -> int:
        """Stations of which both say the same."""
        return self.both + self.neither


def agree(first_at: Ints, first: Ints, second_at: Ints, second: Ints) -> Agreement:
    """Agreement of two kinds of observer in one stage.

    ``first_at`` numbers the station of each answer, ``first`` is 1 seen, 0 not, −1 no answer. A
    station counts once a kind: as seen where any of its visits saw it.
    """
    one, other = _by_station(first_at, first), _by_station(second_at, second)
    pairs = [(one[station], other[station]) for station in one.keys() & other.keys()]
    return Agreement(*(pairs.count(each) for each in ((1, 1), (1, 0), (0, 1), (0, 0))))


def _by_station(at: Ints, answers: Ints) -> dict[int, int]:
    found: dict[int, int] = {}
    for station, answer in zip(at.tolist(), answers.tolist(), strict=True):
        if answer >= 0:
            found[station] = max(found.get(station, 0), answer)
    return found
