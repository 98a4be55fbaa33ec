"""Plans and reports of all kinds, as tests of coverage and dispositions are given them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from analytics.observation.dispositions import ExpectedReportState, Plan
from schemas.mission import Kind
from schemas.report import ReportStatus
from tests.analytics.observation.one_by_one import Expected, Received, match

OPENS = datetime(2026, 11, 22, 7, tzinfo=UTC)
PLACE = st.one_of(st.none(), st.integers(0, 3))
MOMENT = st.integers(0, 40).map(lambda quarter: OPENS + timedelta(minutes=15 * quarter))
TEAM, CHECKLIST = st.sampled_from(["t1", "t2", "t3"]), st.sampled_from(["opening", "voting"])
DUE = st.builds(
    Expected,
    place=PLACE,
    area=st.integers(-1, 2),
    checklist=CHECKLIST,
    due_at=MOMENT,
    kind=st.sampled_from(list(Kind)),
    observer=TEAM,
    stage=CHECKLIST,
    ended=st.sampled_from(["", "", "", "withdrawn", "cancelled"]),
)
RECEIVED = st.builds(
    Received,
    place=PLACE,
    area=st.integers(-1, 2),
    checklist=CHECKLIST,
    received_at=MOMENT,
    kind=st.sampled_from(list(Kind)),
    observer=TEAM,
    status=st.sampled_from(list(ReportStatus)),
    stage=CHECKLIST,
)
LATER = OPENS + timedelta(hours=5)
SAMPLED = frozenset({0, 2})
ENDED = {"d1": "withdrawn", "d2": "cancelled"}


def planned(
    observer: str, checklist: str, place: int | None, deployment: str, due: Any
) -> Expected:
    area, ended = (0 if place is None else place % 2), ENDED.get(deployment, "")
    kind = Kind.INTERNATIONAL if observer == "t2" else Kind.DOMESTIC
    return Expected(
        place, area, checklist, due, kind, observer, checklist, f"{observer} {deployment}", ended
    )  # type: ignore[arg-type]


EXPECTED = st.builds(
    planned,
    TEAM,
    st.sampled_from(["opening", "voting"]),
    st.one_of(st.none(), st.integers(0, 3)),
    st.sampled_from(["d0", "d0", "d1", "d2"]),
    MOMENT,
)
CONFLICTS = st.frozensets(st.tuples(st.integers(0, 3), st.sampled_from(["opening", "voting"])))
UNHEARD = st.dictionaries(
    st.tuples(TEAM, st.sampled_from(["d0", "d1"])).map(" ".join), MOMENT, max_size=4
)


def unreachable(unheard: dict[str, datetime], expected: Any, held: Any) -> set[str]:
    """Those of them of whom nothing came after the call."""
    met = match(expected, held).met
    return {
        who
        for who, at in unheard.items()
        if not any(due.deployment == who and came.received_at >= at for due, came in met)
    }


def fates_at(
    plans: Sequence[Plan], stations: list[int]
) -> dict[tuple[str, int], set[ExpectedReportState]]:
    """As the plans themselves say."""
    found: defaultdict[tuple[str, int], set[ExpectedReportState]] = defaultdict(set)
    for plan in plans:
        if plan.place in stations and plan.kind == Kind.DOMESTIC and +plan.fates:
            found[plan.checklist, plan.place].update(+plan.fates)
    return dict(found)
