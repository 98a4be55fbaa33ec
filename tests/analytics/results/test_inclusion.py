"""Which results protocols enter the quick count, and why the others do not."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from analytics.observation.protocols import ProtocolRow, Protocols
from analytics.results.inclusion import WAITING, Entry, Included, Inclusion, include
from analytics.results.sampled_results import SampledStratum
from schemas.election import Denominator
from schemas.report import COUNTED, ReportStatus

CONTESTANTS = (("A", "Party of A"), ("B", "Party of B"))
STRATA = [SampledStratum("north", 40, 2), SampledStratum("south", 60, 2)]
STRATUM = {1: 0, 2: 0, 3: 1, 4: 1}
RULES = Inclusion(CONTESTANTS, Denominator.VALID, STRATUM)
NOTHING = Protocols.empty()


def protocol(
    number: int,
    place: int,
    votes: Mapping[str, Any],
    valid: int | None = 100,
    status: ReportStatus = ReportStatus.RECEIVED,
    **figures: Any,
) -> ProtocolRow:
    lines = [{"contestant": name, "votes": count} for name, count in votes.items()]
    answers = {"contestant_votes": lines, "valid": valid, "invalid": 3} | figures
    return ProtocolRow(number.to_bytes(16), place, status, number, answers)


def sorted_out(*protocols: ProtocolRow, rules: Inclusion = RULES) -> Included:
    return include(NOTHING.with_rows(protocols), rules, STRATA)


def why(included: Included) -> dict[int, str | None]:
    return {each.report.int: each.why_not for each in included.entries}


def test_every_report_is_told_why_it_did_not_enter() -> None:
    included = sorted_out(
        protocol(1, 1, {"A": 60, "B": 40}),
        protocol(2, 9, {"A": 60, "B": 40}),
        protocol(3, 2, {"A": 60, "B": 40}, status=ReportStatus.HELD),
        protocol(4, 3, {"A": 60, "B": 40}, status=ReportStatus.QUARANTINED),
        protocol(5, 4, {"A": 60, "B": 40}, valid=None),
    )
    assert why(included) == {1: None, 2: "not_sampled", 3: "held", 4: "set_aside", 5: "incomplete"}
    assert included.results.votes.tolist() == [[60, 40]]
    assert included.results.set_aside == 3


def test_two_teams_that_say_the_same_enter_once() -> None:
    included = sorted_out(
        protocol(1, 1, {"A": 60, "B": 40}), protocol(2, 1, {"Party of B": 40, "A": 60})
    )
    assert why(included) == {1: None, 2: "same"}
    assert len(included.arrivals) == 1
    assert included.results.set_aside == 0


def test_two_teams_that_differ_keep_their_station_out() -> None:
    included = sorted_out(
        protocol(1, 1, {"A": 60, "B": 40}),
        protocol(2, 1, {"A": 61, "B": 39}),
        protocol(3, 2, {"A": 50, "B": 50}),
    )
    assert why(included) == {1: "conflict", 2: "conflict", 3: None}
    assert included.results.set_aside == 1


def test_a_contestant_left_out_is_not_taken_for_nobody_s_vote() -> None:
    assert why(sorted_out(protocol(1, 1, {"A": 60})))[1] == "incomplete"
    assert why(sorted_out(protocol(1, 1, {"A": 100})))[1] is None


def test_a_line_without_a_count_or_written_twice_is_incomplete() -> None:
    lines = [{"contestant": "A", "votes": 60}, {"contestant": "A", "votes": 40}]
    twice = protocol(1, 1, {}, contestant_votes=lines)
    blank = protocol(2, 2, {"A": 60, "B": None})
    assert why(sorted_out(twice, blank)) == {1: "incomplete", 2: "incomplete"}


@pytest.mark.parametrize(
    ("denominator", "figures", "below"),
    [
        (Denominator.VALID, {}, 100),
        (Denominator.VALID_WITHOUT_BLANK, {}, 100),
        (Denominator.CAST, {}, 103),
        (Denominator.CAST, {"in_box": 104}, 104),
        (Denominator.CAST, {"invalid": None, "in_box": 104}, 104),
        (Denominator.CAST, {"invalid": None}, None),
        (Denominator.REGISTERED, {}, None),
        (Denominator.REGISTERED, {"supplementary": 5}, None),
        (Denominator.REGISTERED, {"registered": 900}, 900),
        (Denominator.REGISTERED, {"registered": 900, "supplementary": 5}, 905),
    ],
)
def test_what_shares_are_out_of_is_what_the_law_says(
    denominator: str, figures: dict[str, Any], below: int | None
) -> None:
    rules = Inclusion(CONTESTANTS, denominator, STRATUM)
    found = sorted_out(protocol(1, 1, {"A": 60, "B": 40}, **figures), rules=rules)
    assert found.results.below.tolist() == ([] if below is None else [below])


NEWS = some.lists(
    some.builds(
        protocol,
        some.integers(1, 6),
        some.integers(-1, 4),
        some.fixed_dictionaries(
            {"A": some.sampled_from([60, 61, None])},
            optional={"B": some.just(40), "Party of B": some.sampled_from([40, 41])},
        ),
        some.sampled_from([100, 101, None]),
        some.sampled_from(list(ReportStatus)),
    ),
    max_size=6,
    unique_by=lambda row: row.report,
)


def plainly(
    rows: Sequence[ProtocolRow], rules: Inclusion
) -> tuple[list[Entry], list[ProtocolRow], int]:
    """What became of each report, station by station; those that entered in order of arrival; and
    how many stations wait."""
    at = defaultdict[int, list[ProtocolRow]](list)
    for row in sorted(rows, key=lambda row: (row.came, row.report)):
        at[row.place].append(row)
    entries, entered, waiting = list[Entry](), list[ProtocolRow](), 0
    for place in sorted(at):
        here, first = sort_out(at[place], rules)
        entries += here
        if first is not None:
            entered.append(first)
        elif place in rules.stratum:
            waiting += any(each.why_not in WAITING for each in here)
    return entries, sorted(entered, key=lambda row: (row.came, row.report)), waiting


def sort_out(
    here: Sequence[ProtocolRow], rules: Inclusion
) -> tuple[list[Entry], ProtocolRow | None]:
    """What became of one station's protocols, and the one that enters, if any: the first, where
    all say the same."""
    alone = {row.report: why_not(row, rules) for row in here}
    fit = [row for row in here if alone[row.report] is None]
    agree = len({figures(row) for row in fit}) == 1
    entries = [
        Entry(UUID(bytes=row.report), row.place, entered=False, why_not=alone[row.report])  # type: ignore[arg-type]
        for row in here
        if row not in fit
    ]
    for row in fit:
        enters = agree and row is fit[0]
        told: Any = None if enters else "same" if agree else "conflict"
        entries.append(Entry(UUID(bytes=row.report), row.place, enters, told))
    return entries, fit[0] if agree else None


def votes_of(row: ProtocolRow) -> dict[str, int | None]:
    assert row.answers is not None
    return {each["contestant"]: each["votes"] for each in row.answers["contestant_votes"]}


def figures(row: ProtocolRow) -> tuple[int, int, Any]:
    assert row.answers is not None
    votes = votes_of(row)
    a, b = (votes.get(code, votes.get(name, 0)) or 0 for code, name in CONTESTANTS)
    return a, b, row.answers["valid"]


def why_not(row: ProtocolRow, rules: Inclusion) -> str | None:
    if row.status == ReportStatus.HELD:
        return "held"
    if row.status not in COUNTED:
        return "set_aside"
    if row.place not in rules.stratum:
        return "not_sampled"
    votes = votes_of(row)
    a, b, valid = figures(row)
    named = [code in votes or name in votes for code, name in CONTESTANTS]
    whole = all(named) or (any(named) and a + b == valid)
    return None if None not in votes.values() and valid is not None and whole else "incomplete"


@given(some.lists(NEWS, min_size=1, max_size=4))
def test_what_enters_is_what_each_station_says_by_itself(batches: list[list[ProtocolRow]]) -> None:
    held, now = NOTHING, dict[bytes, ProtocolRow]()
    told: list[tuple[Any, list[Any]]] = []
    for batch in batches:
        held = held.with_rows(batch)
        now |= {row.report: row for row in batch}
        found = include(held, RULES, STRATA)
        entries, entered, waiting = plainly([*now.values()], RULES)
        assert list(found.entries) == entries
        assert list(found.since(2)) == [each for each in entries if each.place >= 2]
        assert found.arrivals.tolist() == [row.came for row in entered]
        assert found.results.stratum.tolist() == [STRATUM[row.place] for row in entered]
        assert found.results.votes.tolist() == [[*figures(row)[:2]] for row in entered]
        assert found.results.below.tolist() == [figures(row)[2] for row in entered]
        assert found.results.set_aside == waiting
        assert sorted(found.entered.tolist()) == sorted(row.place for row in entered)
        assert set(found.left_out) == {each for each in entries if each.why_not in WAITING}
        reasons = [each.why_not for each in entries]
        assert found.beside == (reasons.count("not_sampled"), reasons.count("same"))
        told += [(each, each.tolist()) for each in (found.results.votes, found.arrivals)]
    assert all(one.tolist() == said for one, said in told)


@given(some.permutations([1, 2, 3, 4, 5]))
def test_the_order_in_which_reports_are_read_changes_nothing(order: list[int]) -> None:
    made = {
        1: protocol(1, 1, {"A": 60, "B": 40}),
        2: protocol(2, 1, {"A": 60, "B": 40}),
        3: protocol(3, 3, {"A": 10, "B": 90}),
        4: protocol(4, 4, {"A": 30, "B": 70}),
        5: protocol(5, 4, {"A": 31, "B": 69}),
    }
    included = sorted_out(*(made[number] for number in order))
    assert why(included) == {1: None, 2: "same", 3: None, 4: "conflict", 5: "conflict"}
    assert included.results.votes.tolist() == [[60, 40], [10, 90]]


@pytest.mark.parametrize("mistyped", [2**17 + 1, 10**9, 10**15])
def test_a_figure_that_was_mistyped_leaves_no_mark_once_it_is_put_right(mistyped: int) -> None:
    held = NOTHING.with_rows(
        [
            protocol(1, 1, {"A": 61, "B": 39}),
            protocol(2, 2, {"A": mistyped, "B": 40}, valid=mistyped + 40),
        ]
    )
    assert include(held, RULES, STRATA).results.votes.tolist() == [[61, 39], [mistyped, 40]]
    righted = held.with_rows([protocol(2, 2, {"A": 60, "B": 40})])
    assert include(righted, RULES, STRATA).results.votes.tolist() == [[61, 39], [60, 40]]


def test_a_held_result_that_moves_to_another_station_is_still_told() -> None:
    held = NOTHING
    for place in (4, 1, 4):
        two = ((1, place), (2, 5 - place))
        held = held.with_rows(
            [protocol(each, at, {"A": 60, "B": 40}, status=ReportStatus.HELD) for each, at in two]
        )
        left = include(held, RULES, STRATA).left_out
        assert {each.report.int: each.place for each in left} == dict(two)
