"""What the mission concludes is held against what is true in the country."""

import pytest
from sqlmodel import select

from analytics.numbers import Estimate, ObservedCount
from api.database.work import Office
from api.demonstration.country import make_country
from api.demonstration.truth import RATES, Truth, make_truth
from api.reading.figures import coverage_of_all, quick_counts, rates
from api.reading.watch import Watch
from schemas.mission import Kind
from schemas.statement import Statement

SEED = 7


@pytest.fixture(scope="module")
def truth() -> Truth:
    """What nobody in the mission knows."""
    return make_truth(make_country(1000, SEED), SEED)


def test_nine_in_ten_intervals_hold_the_true_rate(watch: Watch, truth: Truth) -> None:
    held = [
        each.number.low <= truth.rate(each.indicator) <= each.number.high
        for checklist in ("voting", "counting")
        for each in rates(watch, checklist)
        if isinstance(each.number, Estimate) and each.indicator in RATES
    ]
    assert len(held) >= 40
    assert sum(held) >= 0.9 * len(held)


def test_the_intervals_are_narrow_enough_to_be_wrong(watch: Watch, truth: Truth) -> None:
    """Against another country's truth far fewer of them would hold."""
    other = make_truth(make_country(1000, SEED + 1), SEED + 1)
    voting = [each for each in rates(watch, "voting") if isinstance(each.number, Estimate)]
    frequent = [each for each in voting if truth.rate(each.indicator) > 0.03]
    held = [each.number.low <= other.rate(each.indicator) <= each.number.high for each in frequent]
    assert sum(held) < 0.8 * len(held)


def test_the_quick_count_holds_every_candidate_s_true_share(watch: Watch, truth: Truth) -> None:
    (counted,) = quick_counts(watch)
    assert counted.count is not None
    assert counted.may_speak
    held = [
        share.estimate.low <= true <= share.estimate.high
        for share, true in zip(counted.count.shares, truth.shares, strict=True)
    ]
    assert sum(held) >= 3
    assert counted.count.shares[0].estimate.se < 0.004


def test_what_teams_on_the_road_saw_is_counted_and_never_estimated(watch: Watch) -> None:
    abroad = [each for each in rates(watch, "voting") if each.kind is Kind.INTERNATIONAL]
    assert abroad
    assert all(isinstance(each.number, ObservedCount) for each in abroad)


def test_the_day_has_all_that_a_desk_must_deal_with(watch: Watch) -> None:
    coverage = coverage_of_all(watch)
    (counted,) = quick_counts(watch)
    conflicts = {each.place for each in counted.included.entries if each.why_not == "conflict"}
    assert 3900 <= len(watch.received) <= 4000
    assert coverage.held >= 5
    assert coverage.flagged >= 10
    assert 0.02 < coverage.missing / coverage.expected < 0.15
    assert len(conflicts) == 2
    beside = [each.beside for each in rates(watch, "voting")]
    assert sum(each.told for each in beside) > 0
    assert sum(each.not_observed for each in beside) > 0


def test_a_newcomer_finds_a_drafted_statement(demonstration: Office) -> None:
    with demonstration.reading(demonstration.mission("sarelia")) as session:
        (statement,) = session.exec(select(Statement))
    assert (statement.kind, statement.language, statement.state) == ("preliminary", "en", "draft")
    assert len(statement.blocks) > 10
