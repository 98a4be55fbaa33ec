"""The oracle's own examples of voices, domains, silence and estimates, worked by hand."""

from typing import Any

import pytest
from scipy import stats

from tests.truth.counting import Count, Number, voice
from tests.truth.drawing import allocate
from tests.truth.estimating import Drawn, proportion, ratio
from tests.truth.forms import form
from tests.truth.mission import Contest, Mission, Plan
from tests.truth.protocols import quick_count
from tests.truth.settling import Settlement
from tests.truth.small import DAY, TEAM, census, mission, protocol, report


def number(of: Mission, code: str, part: str = "sample", area: str | None = None) -> Number:
    return Count(Settlement(of), "first").irregularities()["voting", code, "domestic", part, area]


def visit(at: int, station: str, **answers: Any) -> dict[str, Any]:
    members = {"station": station, "visit": f"v{at}", "answers": {"access_given": "freely"}}
    return report(at, **members) | {"answers": members["answers"] | answers}


def test_what_was_seen_is_a_station_s_voice_then_fine_then_told() -> None:
    assert voice([1, 2, 3]) == 2
    assert voice([3, 1, 4]) == 1
    assert voice([3, 4]) == 3
    assert voice([0, 6, 5, 4]) == 4
    assert voice([0]) == 0


def test_within_one_report_told_stands_before_fine() -> None:
    answers = {"access_given": "freely", "removed": ["internationals"], "removed__known": "told"}
    assert form("voting").judge({"answers": answers})["AC-OBS"] == 3
    said = {"answers": {"crowded": "yes"}, "observed": {"crowded": "reported"}}
    assert form("voting").judge(said)["VO-CROWD"] == 3


def test_a_question_is_asked_fine_unanswered_or_not_observed() -> None:
    def judged(**answers: Any) -> dict[str, int]:
        return form("voting").judge({"answers": {"access_given": "freely"} | answers})

    assert judged()["VO-CROWD"] == 5
    assert judged(crowded="no")["VO-CROWD"] == 1
    assert judged(crowded="not_observed")["VO-CROWD"] == 4
    assert judged(device_failed="not_applicable")["VO-TECH"] == 6
    assert judged(complaint_made="no", complaint_accepted="no")["DR-REFUSE"] in (0, 1)
    assert judged(complaint_made="yes", complaint_accepted="no")["DR-REFUSE"] == 2
    assert judged(access_given="denied", id_checked="never")["VO-ID"] in (0, 1)


def test_a_station_of_the_sample_that_was_visited_often_has_one_voice() -> None:
    many = [visit(at, "001", crowded="yes" if at == 7 else "no") for at in range(1, 42)]
    found = number(mission(*many, visit(50, "002", crowded="no"), **census()), "VO-CROWD")
    assert (found.unit, found.n, found.of, found.missing) == ("station", 2, 4, 2)
    assert found.interval is not None
    assert found.interval.value == 0.5


def test_without_a_sample_stations_are_counted_and_not_visits() -> None:
    sent = [visit(1, "001", crowded="no"), visit(2, "001", crowded="yes"), visit(3, "002")]
    found = number(mission(*sent), "VO-CROWD", "visits")
    assert (found.unit, found.n, found.of, found.interval) == ("station", 1, 1, None)
    assert found.beside["unanswered"] == 1
    assert number(mission(*sent), "VO-CROWD", "visits", "A1").of == 1


def test_who_was_not_asked_is_in_no_domain_and_not_missing() -> None:
    made = visit(1, "001", complaint_made="yes", complaint_accepted="no")
    none = visit(2, "002", complaint_made="no")
    found = number(mission(made, none, **census()), "DR-REFUSE")
    assert found.domain is not None
    assert (found.domain[1], found.n, found.missing, found.beside["not_asked"]) == (1, 1, 2, 1)


def refusal(at: int, station: str, hour: int = 10) -> dict[str, Any]:
    members = {"station": station, "visit": f"v{at}", "arrived_at": f"{DAY}T{hour}:00:00Z"}
    return report(at, checklist="access_denied", answers={"access": "denied"}, **members)


def test_a_refused_station_answers_the_indicators_of_access_and_is_not_missing() -> None:
    of = mission(visit(1, "001", crowded="no", removed=["nobody"]), refusal(2, "002"), **census())
    access = number(of, "AC-OBS")
    assert (access.n, access.missing) == (2, 2)
    assert access.interval is not None
    assert access.interval.value == 0.5
    assert (number(of, "VO-CROWD").n, number(of, "VO-CROWD").missing) == (1, 2)


def test_a_refusal_is_of_the_checklist_that_was_due_at_its_hour_and_had_not_come() -> None:
    came = [visit(1, "001", removed=["nobody"]), refusal(2, "002", 19), refusal(3, "001")]
    access = number(mission(*came, **census()), "AC-OBS")
    assert access.interval is not None
    assert (access.n, access.interval.value, access.missing) == (1, 0.0, 2)


def test_a_closed_station_is_out_of_the_frame_and_a_refused_one_is_not_due() -> None:
    of = mission(visit(1, "001"), refusal(2, "002"), **census(closed=("003",)))
    assert number(of, "VO-CROWD").missing == 1
    assert Count(Settlement(of), "first").coverage()[None] == (3, 1, 1)


def test_coverage_counts_what_came_of_a_plan_and_no_more_than_it_asked() -> None:
    plans = (Plan("first", "001", TEAM, {"voting": 2, "results": 1}),)
    contests = (Contest("first", "president", ("a",)), Contest("first", "council", ("b",)))
    sent = [visit(1, "001"), protocol(2, {"a": 1}), protocol(3, {"b": 1}), visit(4, "002")]
    found = Count(Settlement(mission(*sent, plans=plans, contests=contests)), "first").coverage()
    assert found == {None: (4, 3, 1), "A1": (4, 3, 1), "A2": (0, 0, 0)}


def test_below_the_threshold_of_response_there_is_no_estimate() -> None:
    sent = [visit(1, "001", crowded="no"), visit(2, "002", crowded="yes")]
    assert number(mission(*sent, **census()), "VO-CROWD").interval is not None
    found = number(mission(*sent, **census(threshold=0.6)), "VO-CROWD")
    assert (found.interval, found.n, found.of) == (None, 1, 2)


def test_a_quick_count_is_of_one_contest_and_of_the_stations_that_vote_in_it() -> None:
    contests = (
        Contest("first", "president", ("lantern", "harbour")),
        Contest("first", "council", ("mill", "bridge"), ("A1",)),
    )
    sent = [
        protocol(at, {"lantern": at, "harbour": 1}, station=f"00{at}", visit=f"v{at}")
        for at in (1, 2, 3, 4)
    ]
    sent.append(protocol(9, {"mill": 1, "bridge": 3}, visit="v1"))
    count = Count(Settlement(mission(*sent, **census(contests=contests))), "first")
    shares = quick_count(count, "president")
    assert shares["lantern"].value == pytest.approx(10 / 14)
    assert shares["lantern"].low == shares["lantern"].high  # a census has no margin
    assert quick_count(count, "council")["bridge"].value == 0.75


def test_allocation_is_whole_and_no_stratum_has_less_than_two() -> None:
    assert allocate({"a": 50, "b": 30, "c": 3}, 10) == {"a": 5, "b": 3, "c": 2}
    assert allocate({"a": 1, "b": 9}, 5) == {"a": 1, "b": 4}
    assert sum(allocate({"a": 17, "b": 17, "c": 17}, 20).values()) == 20


def test_a_proportion_and_a_ratio_as_worked_by_hand() -> None:
    """Two strata of ten, four drawn of each: p = 3/8, Σ(1 − f)·n/(n − 1)·Σ(t − t̄)² by hand."""
    design = [Drawn(f"{s}{at}", s, 10, 4) for s in "ab" for at in range(4)]
    seen = {each.code: each.code in ("a0", "a1", "b0") for each in design}
    found = proportion(design, seen)
    assert found.value == 0.375
    # a score is (y − p)/8; Σ(y − ȳ)² is 1 in the first stratum and 3/4 in the second
    variance = 0.6 * 4 / 3 * (1 / 64 + 3 / 4 / 64)
    effective = 0.375 * 0.625 / variance * (2.3646242515928 / 2.446911851144969) ** 2
    ends = (0.375 * effective, 0.625 * effective)
    assert found.low == pytest.approx(stats.beta.ppf(0.025, ends[0], ends[1] + 1))
    assert found.high == pytest.approx(stats.beta.ppf(0.975, ends[0] + 1, ends[1]))
    votes = {each.code: (2.0, 5.0) for each in design}
    assert ratio(design, votes).value == pytest.approx(0.4)
    assert ratio(design, votes).low == pytest.approx(0.4)


def test_none_seen_is_an_upper_bound() -> None:
    design = [Drawn(str(at), "a", 60, 30) for at in range(30)]
    found = proportion(design, {each.code: False for each in design})
    assert (found.value, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(1 - 0.025 ** (1 / 60))
