"""What is kept of the reports that came is what counting them gives."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from analytics.observation.coverage import Received
from api.figures.received import ReceivedReports
from schemas.mission import Kind
from schemas.report import COUNTED, ReportStatus

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CAME = st.builds(
    Received,
    place=st.one_of(st.none(), st.integers(0, 3)),
    area=st.integers(-1, 2),
    checklist=st.sampled_from(["voting", "access_denied"]),
    received_at=st.integers(0, 9).map(lambda minute: NOON + timedelta(minutes=minute)),
    kind=st.sampled_from(list(Kind)),
    observer=st.just("a"),
    status=st.sampled_from(list(ReportStatus)),
)


@given(st.lists(st.lists(st.tuples(st.integers(0, 6), CAME), max_size=8), max_size=4))
def test_counts_are_of_the_reports_as_they_stand(
    batches: list[list[tuple[int, Received]]],
) -> None:
    reports, held, moments = ReceivedReports(), dict[int, Received](), [None]
    for batch in batches:
        for number, came in batch:
            assert reports.take(UUID(int=number), came) is held.get(number)
            held[number] = came
            moments.append(came.received_at)  # type: ignore[arg-type]
        known = held.values()
        assert +reports.statuses == Counter(each.status for each in known)
        assert reports.last == max((at for at in moments if at), default=None)
        denied = [each for each in known if each.checklist == "access_denied"]
        assert reports.counted("access_denied") == Counter(
            (each.area, each.kind) for each in denied if each.status in COUNTED
        )
        for kind in Kind:
            places = {each.place for each in known if each.kind is kind}
            assert reports.places(kind) == places - {None}
