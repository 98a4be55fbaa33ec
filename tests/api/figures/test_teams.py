"""A team's report meets the team's plan, whichever of its members sent it."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

from analytics.observation.code_matrix import NOWHERE
from api.figures.folding import Folding
from api.figures.report_row import ReportRow
from schemas.report import ReportStatus

FIRST, SECOND, ALONE = (str(uuid4()) for _ in range(3))
POSTED = {(FIRST, 3): "team", (SECOND, 3): "team", (SECOND, NOWHERE): "patrol"}


def team_of(observer: str | None, place: int) -> str:
    frame = SimpleNamespace(
        expected=(),
        posted=POSTED,
        rules={},
        organisations={},
        place_index={},
        mission=SimpleNamespace(kind="international"),
        places=(),
    )
    at = datetime(2027, 3, 14, tzinfo=UTC)
    row = ReportRow(
        id=uuid4(),
        changed=1,
        status=ReportStatus.RECEIVED,
        version=1,
        checklist="voting",
        rules_id=None,
        place_id=None,
        visit_id=None,
        observer_id=observer,
        organisation_id=None,
        arrived=None,
        came_at=at,
        codes=None,
        figures=None,
    )
    return Folding(cast(Any, frame))._team(row, place)[0]


def test_any_member_of_a_team_speaks_for_it_at_its_station() -> None:
    assert team_of(FIRST, 3) == team_of(SECOND, 3) == "team"


def test_elsewhere_a_member_speaks_for_the_team_that_goes_where_it_likes() -> None:
    assert team_of(SECOND, 7) == "patrol"


def test_somebody_who_was_sent_nowhere_speaks_for_themselves() -> None:
    assert team_of(ALONE, 3) == ALONE
    assert team_of(None, 3) == ""
