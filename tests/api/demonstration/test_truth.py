"""What the mission concludes is held against what is true in the country."""

import re
from collections import Counter
from html import unescape
from typing import Any

import httpx
import numpy as np
from sqlmodel import select

from analytics.numbers import Estimate, ObservedCount
from analytics.observation.drawn_sample import DrawnSample
from analytics.observation.irregularity_rates import Rate
from analytics.statements.numbers_said import numbers_in_blocks
from analytics.statements.proposing import numbers_proposed, propose
from analytics.survey.draw import FrameUnit, draw
from api.audit.sealed_work import CommandContext
from api.checklists.publishing import library_workbook
from api.demonstration.country import (
    ACCESS,
    CONTESTANTS,
    RATES,
    Country,
    Truth,
    make_country,
    make_truth,
)
from api.demonstration.rehearsal import the_day
from api.demonstration.sending import HELD, SUPERSEDED, Planted, SentDay
from api.figures.coverage import coverage_of_all
from api.figures.edition import Edition
from api.figures.rates import rates
from api.results.quick_counts import quick_counts
from api.statements.blocks import BLOCK, rows_of_blocks
from api.statements.finding_list import round_findings
from mobile_forms.workbook import compile_workbook
from schemas.checklist import Indicator
from schemas.codes import Severity, Status, pack
from schemas.mission import Kind
from schemas.report import Report, ReportStatus, Submission
from schemas.statement import Snapshot, Statement
from tests.analytics.observation.matrices import Said, irregularities, matrix_of
from tests.api.demonstration.planted import (
    BASE,
    NOT_PLEDGED,
    PAGES,
    SEED,
    came_in,
    first_sent,
    ids_of,
    in_conflict,
    planned_of,
    that_count,
    unobserved,
    why_not,
    with_votes,
)


def test_over_many_draws_nineteen_in_twenty_intervals_hold_the_true_rate(truth: Truth) -> None:
    country = make_country(1000, SEED)
    definition = compile_workbook(library_workbook("voting")).definition
    asked = [each for each in definition.indicators if truth.rate(each.code) > 0]
    held = [
        each.number.low <= truth.rate(each.indicator) <= each.number.high
        for seed in range(30)
        for each in estimated(country, truth, asked, seed)
        if isinstance(each.number, Estimate)
    ]
    assert len(held) == 30 * len(asked)
    assert 0.93 <= sum(held) / len(held) <= 0.98


def estimated(
    country: Country, truth: Truth, asked: list[Indicator], seed: int
) -> tuple[Rate, ...]:
    """The rates from one draw of 500 stations, one in ten of which never reports."""
    regions = [each.code for each in country.regions]
    frame = [FrameUnit(each.code, regions[each.region]) for each in country.stations]
    drawn = draw(frame, 500, seed)
    place = np.array(sorted(int(code) - 1 for code in drawn.codes))
    region = np.array([each.region for each in country.stations])
    sizes = np.bincount(region)
    sample = DrawnSample(Kind.DOMESTIC, place, region[place], sizes[region[place]], region[place])
    columns = [truth.codes.index(each.code) for each in asked]
    silent = set(np.random.default_rng(seed).choice(place, 50, replace=False).tolist())
    bad, fine = pack(Status.IRREGULAR, Severity.SERIOUS), pack(Status.FINE)
    reports = [
        Said(
            bytes(bad if happened else fine for happened in truth.irregular[at, columns]),
            place=at,
            area=int(region[at]),
            assigned=True,
        )
        for at in place.tolist()
        if at not in silent
    ]
    matrix = matrix_of(tuple(each.code for each in asked), reports)
    return irregularities(matrix, asked, samples=(sample,))


def test_nearly_all_intervals_of_the_demonstration_hold_the_true_rate(
    edition: Edition, truth: Truth
) -> None:
    held = [
        each.number.low <= true_rate(truth, checklist, each.indicator) <= each.number.high
        for checklist in ("voting", "counting")
        for each in rates(edition, checklist)
        if isinstance(each.number, Estimate) and each.indicator in RATES
    ]
    assert len(held) >= 40
    assert sum(held) >= 0.88 * len(held)


def true_rate(truth: Truth, checklist: str, code: str) -> float:
    """Of the stations that opened; observers are refused entry while people vote."""
    if (checklist, code) == ("voting", ACCESS):
        return truth.rate_with_refusals(code)
    return truth.rate(code)


def test_the_intervals_are_narrow_enough_to_be_wrong(edition: Edition, truth: Truth) -> None:
    """Against another country's truth far fewer of them would hold."""
    other = make_truth(make_country(1000, SEED + 1), SEED + 1)
    held = [
        each.number.low <= other.rate(each.indicator) <= each.number.high
        for each in rates(edition, "voting")
        if isinstance(each.number, Estimate) and truth.rate(each.indicator) > 0.03
    ]
    assert held
    assert sum(held) < 0.8 * len(held)


def test_each_quick_count_holds_every_contestant_s_true_share(
    edition: Edition, truth: Truth
) -> None:
    counts = quick_counts(edition)
    assert [each.contest.code for each in counts] == list(CONTESTANTS)
    held = []
    for counted in counts:
        assert counted.count is not None
        assert counted.may_speak
        true = truth.results[counted.contest.code].shares
        held += [
            share.estimate.low <= each <= share.estimate.high
            for share, each in zip(counted.count.shares, true, strict=True)
        ]
        assert counted.count.shares[0].estimate.se < 0.004
    assert sum(held) >= 7


def test_what_teams_on_the_road_saw_is_counted_and_never_estimated(edition: Edition) -> None:
    abroad = [each for each in rates(edition, "voting") if each.kind is Kind.INTERNATIONAL]
    assert abroad
    assert all(isinstance(each.number, ObservedCount) for each in abroad)


def test_the_day_has_all_that_a_desk_must_deal_with(edition: Edition) -> None:
    coverage = coverage_of_all(edition)
    conflicts = {
        (counted.contest.code, each.place)
        for counted in quick_counts(edition)
        for each in counted.included.entries
        if each.why_not == "conflict"
    }
    assert 3900 <= len(edition.record) <= 4000
    assert coverage.held >= 5
    assert coverage.flagged >= 10
    assert 0.02 < coverage.missing / coverage.expected < 0.15
    assert len(conflicts) == 3
    beside = [each.beside for each in rates(edition, "voting")]
    assert sum(each.told for each in beside) > 0
    assert sum(each.not_observed for each in beside) > 0


def test_two_incidents_are_of_one_station_and_bear_each_other_out(
    demonstration: CommandContext,
) -> None:
    with demonstration.reading(demonstration.mission("sarelia")) as session:
        found = session.exec(select(Report).where(Report.checklist == "incident")).all()
    assert len(found) == 6
    assert [each.reasons for each in found] == [[]] * 6
    assert max(Counter(each.place_id for each in found).values()) == 2


def test_what_a_team_sends_waits_while_one_of_it_has_not_pledged(
    demonstration: CommandContext,
) -> None:
    with demonstration.reading(demonstration.mission("sarelia")) as session:
        held = session.exec(select(Report).where(Report.status == ReportStatus.HELD)).all()
    waiting = [each for each in held if NOT_PLEDGED in [one["code"] for one in each.reasons]]
    assert len(waiting) >= 5
    assert len({each.observer_id for each in waiting}) == 1


def test_of_the_reports_that_were_sent_none_is_lost(demonstration: CommandContext) -> None:
    with demonstration.reading(demonstration.mission("sarelia")) as session:
        sent = the_day(session, 4000)
        kept = {str(each) for each in session.exec(select(Report.id))}
        arrived = Counter(str(each) for each in session.exec(select(Submission.report_id)))
    assert len(kept) == 4000
    assert kept == {each["id"] for each in sent if "replaces" not in each}
    different = {each["id"]: each.get("replaces", each["id"]) for each in sent}
    assert arrived == Counter(different.values())


def test_a_newcomer_finds_a_statement_in_review_in_three_languages(
    demonstration: CommandContext,
) -> None:
    """Nothing is in review while the lint finds an error."""
    with demonstration.reading(demonstration.mission("sarelia")) as session:
        (statement,) = session.exec(select(Statement))
        blocks = rows_of_blocks(session, statement)
    assert len(blocks) > 10
    assert (statement.kind, statement.written_in) == ("preliminary", ["en", "fr", "ar"])
    assert statement.state == "review"
    headline = next(each for each in blocks if each.id == "headline")
    assert all(headline.contents[each]["text"] for each in statement.written_in)


def test_its_text_has_no_more_numbers_than_a_reader_can_hold(
    demonstration: CommandContext,
) -> None:
    with demonstration.reading(demonstration.mission("sarelia")) as session:
        (statement,) = session.exec(select(Statement))
        blocks = rows_of_blocks(session, statement)
    texts = [BLOCK.validate_python(each.contents["en"]) for each in blocks]
    assert 15 <= len(numbers_in_blocks(texts)) <= 25
    assert 5 <= len(numbers_in_blocks(texts, {"conclusions"})) <= 10
    assert "quick/president/A" in numbers_in_blocks(texts, {"conclusions"})


def test_the_desk_proposes_few_of_all_findings_in_the_numbers_of_the_text(edition: Edition) -> None:
    found = round_findings(edition)
    places = [each.place for each in propose(found.findings, (), found.own, found.besides)]
    assert len(places) > 120
    assert 10 <= sum(each != "annex" for each in places) <= 28
    assert 15 <= numbers_proposed(found.findings, found.own, found.besides) <= 25


def test_the_shares_of_its_statement_are_those_of_the_quick_count(
    demonstration: CommandContext, edition: Edition
) -> None:
    with demonstration.reading(demonstration.mission("sarelia")) as session:
        (snapshot,) = session.exec(select(Snapshot))
    counts = [
        share.estimate
        for counted in quick_counts(edition)
        if counted.count is not None
        for share in counted.count.shares
    ]
    assert len(counts) == 8
    votes = [each for each in snapshot.numbers.values() if each.get("speaks") == "votes"]
    known = {(each.value, each.low, each.high, each.n, each.missing) for each in counts}
    said = [
        tuple(each[name] for name in ("value", "low", "high", "n", "missing"))
        for each in votes
        if each["type"] == "estimate"
    ]
    assert said
    assert set(said) <= known


def test_everything_that_makes_field_data_messy_is_planted(day: SentDay) -> None:
    assert set(day.planted) == set(Planted)
    for kind in (
        Planted.RETURN,
        Planted.RESENT,
        Planted.COPIED,
        Planted.CORRECTED,
        Planted.REFUSED,
    ):
        assert len(day.planted[kind]) >= 12, kind
    voting = Counter(
        (each["observer"], each["station"])
        for each in that_count(day)
        if each["checklist"] == "voting" and each["observer"].startswith("S-")
    )
    assert sum(each == 3 for each in voting.values()) > 600
    assert any("complaint_accepted" in each["answers"] for each in that_count(day))


def test_what_is_planted_stands_as_it_should_and_nothing_else_does(
    day: SentDay, kept: dict[str, dict[str, Any]], truth: Truth
) -> None:
    sent = first_sent(day)
    assert set(kept) == set(sent)
    assert ids_of(kept, "held") == day.ids(HELD)
    assert ids_of(kept, "superseded") == day.ids(SUPERSEDED)
    off = {
        name
        for name, each in sent.items()
        if each["checklist"] == "counting"
        and name not in day.ids(HELD)
        and truth.happened("CO-ARITH", int(each["station"]) - 1)
    }
    assert off
    assert ids_of(kept, "flagged") == off | day.ids({Planted.AHEAD})
    versions = {each for each, said in kept.items() if said["versions"] > 1}
    assert versions == day.ids({Planted.CORRECTED})


async def test_the_plan_is_met_by_as_many_reports_as_phones_sent(
    day: SentDay, lead: httpx.AsyncClient, demonstration: CommandContext
) -> None:
    planned, came = planned_of(demonstration), came_in(day)
    met = planned & came
    missed = Counter[str | None]()
    for (observer, _, _, station), many in (planned - came).items():
        missed[why_not(day, observer, station)] += many
    nation = (await lead.get(f"{BASE}coverage")).json()["nation"]
    assert {name: nation[name] for name in ("refused", "closed", "unsafe", "missing")} == {
        "refused": missed["refused"],
        "closed": missed["closed"],
        "unsafe": missed["unsafe"],
        "missing": missed[None],
    }
    assert nation["received"] == met.total()
    assert nation["expected"] == planned.total() - missed["closed"] - missed["unsafe"]
    assert nation["unplanned"] == came.total() - met.total()
    assert nation["held"] == len(day.ids(HELD))
    page = unescape((await lead.get(PAGES)).text)
    assert f"<bdi>{met.total():,}</bdi></strong>" in page
    assert f"received of {nation['expected']:,}" in page


async def test_stations_that_could_not_be_observed_are_named_by_their_reasons(
    day: SentDay, lead: httpx.AsyncClient
) -> None:
    stations = unobserved(day)
    said = (await lead.get(f"{BASE}coverage")).json()["stations_unobserved"]
    assert said == {reason: len(codes) for reason, codes in stations.items()}
    page = (await lead.get(f"{PAGES}coverage")).text
    note = page.partition('id="unobserved">')[2].partition("</p>")[0]
    assert re.findall(r"<b class=\"num\">(\d+)</b>", note) == [
        str(len(codes)) for codes in stations.values()
    ]


async def test_cases_are_as_many_as_were_planted(day: SentDay, lead: httpx.AsyncClient) -> None:
    said = (await lead.get(f"{BASE}incidents")).json()
    known = [each for each in that_count(day) if each["checklist"] == "incident"]
    assert len(said["items"]) == len(known) == len(day.planted[Planted.INCIDENT])
    refused = day.ids({Planted.REFUSED}) - day.ids(HELD)
    assert said["access_denied"]["reports"] == len(refused)


async def test_what_counts_of_a_report_that_was_corrected_is_the_correction(
    day: SentDay, lead: httpx.AsyncClient
) -> None:
    corrections = [each for each in day.reports if "replaces" in each]
    assert {each["checklist"] for each in corrections} >= {"voting", "counting"}
    for each in corrections:
        found = (await lead.get(f"{BASE}reports/{each['replaces']}")).json()
        for name, said in each["answers"].items():
            assert found["answers"][name] in (said, [said]), name


def test_a_quick_count_has_the_true_votes_of_every_station_that_entered(
    day: SentDay, edition: Edition, truth: Truth
) -> None:
    sampled = {edition.reference.places[each].code for each in edition.reference.sampled}
    for counted in quick_counts(edition):
        contest = counted.contest.code
        stations = {each["station"] for each in with_votes(day, contest)}
        entered = [
            edition.reference.places[each].code for each in counted.included.entered.tolist()
        ]
        assert set(entered) == (stations & sampled) - in_conflict(day, contest)
        at = [int(each) - 1 for each in entered]
        votes = sorted(counted.included.results.votes.tolist())
        assert votes == sorted(truth.results[contest].votes[at].tolist())
        waiting = {"held", "conflict"}
        left_out = {each.why_not for each in counted.included.left_out}
        assert left_out <= waiting


def test_a_contest_is_counted_where_it_is_voted_on(edition: Edition) -> None:
    country = make_country(1000, SEED)
    for counted in quick_counts(edition):
        assert counted.count is not None
        here = {
            each.code
            for number, each in enumerate(country.stations)
            if counted.contest.code in country.contests_at(number)
        }
        sampled = {edition.reference.places[each].code for each in edition.reference.sampled}
        assert counted.count.planned == len(here & sampled)


async def test_conflicts_and_photographed_protocols_wait_at_the_desk(
    lead: httpx.AsyncClient,
) -> None:
    found = (await lead.get(f"{BASE}queues")).json()["items"]
    waiting = {each["name"]: each["count"] for each in found}
    assert (waiting["conflicts"], waiting["typing"]) == (3, 6)
