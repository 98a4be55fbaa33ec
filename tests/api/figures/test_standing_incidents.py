"""Incidents kept up say what counting all of them anew says."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as some

from api.figures.standing_incidents import EPOCH, Incident, StandingIncidents
from schemas.report import ReportStatus

HERE = UUID(int=900)
STATUSES = [each for each in ReportStatus if each != ReportStatus.SUPERSEDED]
SENT = some.builds(
    Incident,
    report=some.integers(1, 12).map(lambda number: UUID(int=number)),
    status=some.sampled_from(STATUSES),
    at=some.integers(0, 5).map(lambda hours: EPOCH + timedelta(hours=hours)),
    place=some.sampled_from([None, HERE, UUID(int=901)]),
    observer=some.sampled_from([None, UUID(int=1), UUID(int=2)]),
    nature=some.sampled_from(["fraud", "secrecy"]),
    severity=some.integers(0, 4),
    codes=some.just(()),
    evidence=some.sampled_from(["documented", "observed", "reported"]),
    source=some.just(""),
    danger=some.booleans(),
    affected=some.just(()),
)
STEPS = some.lists(some.tuples(SENT, some.booleans()), max_size=40)


def one(report: int = 1, **said: object) -> Incident:
    plain = Incident(
        UUID(int=report),
        ReportStatus.RECEIVED,
        EPOCH,
        HERE,
        UUID(int=report),
        "fraud",
        1,
        (),
        "reported",
        "",
        False,
        (),
    )
    return replace(plain, **said)  # type: ignore[arg-type]


def told(found: StandingIncidents) -> tuple[object, ...]:
    return found.listed(100), found.by_nature(), found.open, found.urgent, len(found)


def plainly(sent: dict[UUID, Incident]) -> list[Incident]:
    """What the rules say of reports, counted without any shortcut."""
    aside = (ReportStatus.HELD, ReportStatus.QUARANTINED)
    teams = Counter(
        {
            (each.place, each.nature, each.observer): 1
            for each in sent.values()
            if each.observer and each.status not in aside
        }
    )
    many = Counter((place, nature) for place, nature, _ in teams)
    found = [
        replace(each, evidence="several_sources")
        if each.place and many[each.place, each.nature] > 1
        else each
        for each in sent.values()
    ]
    return sorted(found, key=lambda each: each.order)


@given(STEPS)
def test_incidents_taken_one_by_one_are_those_taken_at_once(
    steps: list[tuple[Incident, bool]],
) -> None:
    kept, now = StandingIncidents(), dict[UUID, Incident]()
    for sent, gone in steps:
        now.pop(sent.report, None)
        if not gone:
            now[sent.report] = sent
        kept.take({sent.report: None if gone else sent})
    anew = StandingIncidents()
    anew.take(now)
    assert told(kept) == told(anew)
    expected = plainly(now)
    assert kept.listed(100) == expected
    assert kept.open == sum(each.open for each in expected)
    assert kept.urgent == sum(each.urgent for each in expected)


@given(STEPS)
def test_a_list_read_piece_by_piece_is_the_whole_list(steps: list[tuple[Incident, bool]]) -> None:
    kept = StandingIncidents()
    kept.take({sent.report: sent for sent, _ in steps})
    pieces: list[Incident] = []
    while piece := kept.listed(3, pieces[-1].order if pieces else None):
        pieces += piece
    assert pieces == kept.listed(100)


def test_a_second_team_bears_a_case_out_until_its_report_is_set_aside() -> None:
    kept = StandingIncidents()
    kept.take({UUID(int=each): one(each) for each in (1, 2)})
    assert {each.evidence for each in kept.listed(9)} == {"several_sources"}
    kept.take({UUID(int=2): one(2, status=ReportStatus.QUARANTINED)})
    assert [each.evidence for each in kept.listed(9)] == ["reported", "reported"]


def test_reports_of_no_place_bear_out_nothing() -> None:
    kept = StandingIncidents()
    kept.take({UUID(int=each): one(each, place=None) for each in (1, 2)})
    assert [each.evidence for each in kept.listed(9)] == ["reported", "reported"]
