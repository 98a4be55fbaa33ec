"""The oracle's own examples of who counts, worked by hand."""

from dataclasses import replace
from typing import Any

from tests.truth.mission import Contest, Mission, Plan, Post
from tests.truth.settling import Settlement
from tests.truth.small import DAY, TEAM, decided, mission, phone, protocol, report


def standing(of: Mission) -> dict[str, str]:
    return {each.id: each.status for each in Settlement(of).kept}


def reasons(of: Mission) -> dict[str, list[tuple[str, str]]]:
    return {each.id: each.reasons for each in Settlement(of).kept if each.reasons}


def test_of_one_visit_the_newest_counts_and_earlier_ones_are_superseded() -> None:
    assert standing(mission(report(1), report(2))) == {"r1": "superseded", "r2": "received"}


def test_the_same_id_twice_is_one_report() -> None:
    assert standing(mission(report(1), report(1))) == {"r1": "received"}


def test_two_visits_are_two_reports() -> None:
    found = standing(mission(report(1), report(2, visit="v2")))
    assert found == {"r1": "received", "r2": "received"}


def test_without_a_visit_same_team_place_and_arrival_are_one() -> None:
    swapped = {"observer": "D-2", "with": ["D-1"], "visit": ...}
    found = standing(mission(report(1, visit=...), report(2, **swapped)))
    assert found == {"r1": "superseded", "r2": "received"}
    later = {"visit": ..., "arrived_at": f"{DAY}T10:00:00Z"}
    assert standing(mission(report(1, visit=...), report(2, **later)))["r1"] == "received"


def test_what_a_phone_had_sent_before_and_arrives_later_is_stale() -> None:
    found = standing(mission(report(2, **phone(2)), report(1, **phone(1))))
    assert found == {"r2": "received", "r1": "superseded"}
    another = standing(mission(report(2, **phone(2)), report(1, **phone(1, "another"))))
    assert another == {"r2": "superseded", "r1": "received"}


def test_where_the_newest_is_quarantined_the_next_counts_again() -> None:
    sent = (report(1), report(2), decided("r2", "quarantined"))
    assert standing(mission(*sent)) == {"r1": "received", "r2": "quarantined"}
    back = (*sent, decided("r2", "received"))
    assert standing(mission(*back)) == {"r1": "superseded", "r2": "received"}


def test_a_quarantined_report_makes_no_other_stale() -> None:
    sent = (report(2, **phone(2)), report(1, **phone(1)), decided("r2", "quarantined"))
    assert standing(mission(*sent)) == {"r2": "quarantined", "r1": "received"}


def test_what_comes_after_a_verified_report_is_held() -> None:
    of = mission(report(1), decided("r1", "verified"), report(2))
    assert standing(of) == {"r1": "verified", "r2": "held"}
    assert reasons(of) == {"r2": [("visit", "decided")]}


def test_a_correction_becomes_a_version_of_what_it_names() -> None:
    of = mission(report(1), report(2, replaces="r1", answers={"crowded": "yes"}))
    (kept,) = Settlement(of).kept
    assert (kept.ids, kept.status) == (["r1", "r2"], "received")
    assert kept.report["answers"] == {"crowded": "yes"}


def test_a_correction_waits_for_what_it_names_and_then_joins_it() -> None:
    of = mission(report(2, replaces="r1", answers={"crowded": "yes"}))
    assert reasons(of) == {"r2": [("replaces", "unknown")]}
    joined = Settlement(mission(*of.steps, report(1)))
    assert [(each.ids, each.status) for each in joined.kept] == [(["r1", "r2"], "received")]
    in_one_body = mission(Post((report(2, replaces="r1"), report(1))))
    assert [each.ids for each in Settlement(in_one_body).kept] == [["r1", "r2"]]


def test_a_correction_of_an_older_version_is_refused_and_of_a_decided_one_held() -> None:
    twice = Settlement(mission(report(1), report(2, replaces="r1"), report(3, replaces="r1")))
    assert (len(twice.kept), twice.refused) == (1, {"r3": 409})
    done = mission(report(1), decided("r1", "quarantined"), report(2, replaces="r1"))
    assert reasons(done) == {"r2": [("replaces", "decided")]}


def test_a_plan_for_several_at_a_station_makes_them_observations() -> None:
    plans = (Plan("first", "001", TEAM, {"voting": 3}),)
    hours = [report(at, finalised_at=f"{DAY}T{at:02}:00:00Z") for at in (10, 12, 14)]
    for at, each in enumerate(hours):
        each["answers"] = {"officials": at}
    assert set(standing(mission(*hours, plans=plans)).values()) == {"received"}
    assert list(standing(mission(*hours)).values()) == ["superseded", "superseded", "received"]


def test_equal_answers_of_one_phone_are_a_copy_of_an_observation() -> None:
    plans = (Plan("first", "001", TEAM, {"voting": 3}),)
    sent = [
        report(at, finalised_at=f"{DAY}T{at:02}:00:00Z", **phone(at, name))
        for at, name in ((10, "one"), (12, "one"), (14, "another"))
    ]
    found = standing(mission(*sent, plans=plans))
    assert list(found.values()) == ["superseded", "received", "received"]


COUNCIL = Contest("first", "council", ("mill", "bridge"), ("A1",))
PRESIDENT = Contest("first", "president", ("lantern", "harbour"))


def contest_of(sent: dict[str, Any]) -> Any:
    of = mission(sent, contests=(PRESIDENT, COUNCIL))
    (kept,) = Settlement(of).kept
    return kept.reasons[0] if kept.reasons else kept.contest


def test_a_protocol_is_of_the_contest_that_it_names_where_the_station_votes_in_it() -> None:
    votes = {"lantern": 3, "harbour": 4}
    assert contest_of(protocol(1, votes, contest="council")) == "council"
    there = {"station": "003", "contest": "council"}
    assert contest_of(protocol(1, votes, **there)) == ("contest", "contradicts")


def test_an_unnamed_contest_is_the_only_one_here_or_the_only_one_that_covers_every_line() -> None:
    mixed = {"lantern": 3, "mill": 4}
    assert contest_of(protocol(1, mixed, station="003")) == "president"
    assert contest_of(protocol(1, {"mill": 1, "bridge": 2})) == "council"
    assert contest_of(protocol(1, mixed)) == ("contest", "absent")


def test_each_contest_of_a_visit_has_its_own_protocol() -> None:
    both = [protocol(1, {"lantern": 3}, contest="president"), protocol(2, {"mill": 1})]
    found = standing(mission(*both, contests=(PRESIDENT, COUNCIL)))
    assert found == {"r1": "received", "r2": "received"}


def test_what_cannot_be_placed_is_held_and_what_is_dated_ahead_does_not_count_yet() -> None:
    of = mission(report(1, station="999"), report(2, visit="v2", observer="D-new"))
    assert set(standing(of).values()) == {"held"}
    unknown = mission(report(1, round=..., arrived_at="2026-12-24T09:00:00Z"))
    assert reasons(unknown) == {"r1": [("round", "unknown")]}
    ahead = mission(report(1, arrived_at="2026-12-01T09:00:00Z"))
    assert Settlement(ahead).counted() == []
    come = replace(ahead, now=ahead.now.replace(month=12))
    assert len(Settlement(come).counted()) == 1
