"""A team's report meets the team's plan, whichever of its members sent it."""

from uuid import UUID, uuid4

import numpy as np

from analytics.observation.code_matrix import NOWHERE
from analytics.observation.ids import Ids, ids_of
from api.figures.reference import ObserverPostings

FIRST, SECOND, ALONE = (uuid4() for _ in range(3))
TEAMS = ("team", "patrol")
POSTED = ObserverPostings(
    Ids.of(ids_of([FIRST, SECOND])),
    observer=np.array([0, 1, 1]),
    place=np.array([3, 3, NOWHERE]),
    team=np.array([0, 0, 1]),
)


def team_of(observer: UUID, place: int) -> tuple[str | None, bool]:
    """The team that an observer reports from at a place, and whether it was sent there."""
    (team,), (sent,) = POSTED.teams_of(ids_of([observer]), np.array([place], dtype=np.int32))
    return None if team < 0 else TEAMS[team], bool(sent)


def test_any_member_of_a_team_speaks_for_it_at_its_station() -> None:
    assert team_of(FIRST, 3) == team_of(SECOND, 3) == ("team", True)


def test_elsewhere_a_member_speaks_for_the_team_that_goes_where_it_likes() -> None:
    assert team_of(SECOND, 7) == ("patrol", False)
    assert team_of(SECOND, NOWHERE) == ("patrol", True)


def test_somebody_who_was_sent_nowhere_is_of_no_team_of_the_plan() -> None:
    assert team_of(ALONE, 3) == (None, False)
    assert team_of(FIRST, 4) == (None, False)


def test_of_several_plans_alike_the_last_stands() -> None:
    one = np.array([0, 0])
    posted = ObserverPostings(Ids.of(ids_of([FIRST])), one, np.array([3, 3]), np.array([0, 1]))
    assert posted.teams_of(ids_of([FIRST]), np.array([3], dtype=np.int32))[0].tolist() == [1]
