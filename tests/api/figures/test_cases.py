"""Cases are what the rules say of reports, one by one."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as some

from api.figures.incidents import EPOCH, Cases, Incident
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
SENT_ALL = some.lists(SENT, max_size=12, unique_by=lambda each: each.report)


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


@given(SENT_ALL)
def test_cases_are_what_the_rules_say_of_each_report(sent: list[Incident]) -> None:
    found, expected = Cases(sent), plainly({each.report: each for each in sent})
    assert found.listed(100) == expected
    assert len(found) == len(expected)
    assert found.open == sum(each.open for each in expected)
    assert found.urgent == sum(each.urgent for each in expected)
    counted = [each for each in expected if each.status != ReportStatus.QUARANTINED]
    assert {row["nature"]: row["cases"] for row in found.by_nature()} == Counter(
        each.nature for each in counted
    )


@given(SENT_ALL)
def test_a_list_read_piece_by_piece_is_the_whole_list(sent: list[Incident]) -> None:
    found, pieces = Cases(sent), list[Incident]()
    while piece := found.listed(3, pieces[-1].order if pieces else None):
        pieces += piece
    assert pieces == found.listed(100)


def test_a_second_team_bears_a_case_out_until_its_report_is_set_aside() -> None:
    both = Cases([one(1), one(2)])
    assert {each.evidence for each in both.listed(9)} == {"several_sources"}
    aside = Cases([one(1), one(2, status=ReportStatus.QUARANTINED)])
    assert [each.evidence for each in aside.listed(9)] == ["reported", "reported"]


def test_reports_of_no_place_bear_out_nothing() -> None:
    found = Cases(one(each, place=None) for each in (1, 2))
    assert [each.evidence for each in found.listed(9)] == ["reported", "reported"]
