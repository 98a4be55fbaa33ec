"""Protocols as columns hold what each report says, however it came together."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from numpy.typing import NDArray

from analytics.observation.ids import ID
from analytics.observation.protocols import FIGURES, MISSING, UNSAID, ProtocolRow, Protocols
from schemas.report import LARGEST_COUNT, ReportStatus

COUNT: Any = some.sampled_from([0, 60, 61, 2**53, 2**53 + 1, -1, True, None, "7", 1.5])
NAME: Any = some.sampled_from(["A", " A", "B", "Party of A", "", "  ", None, 7])
LINE = some.fixed_dictionaries({}, optional={"contestant": NAME, "votes": COUNT})
LISTED = some.lists(LINE | some.just("no line"), max_size=4) | some.none() | some.just("none")
ANSWERS = some.none() | some.fixed_dictionaries(
    {"contestant_votes": LISTED}, optional=dict.fromkeys(FIGURES, COUNT)
)
ROWS = some.builds(
    ProtocolRow,
    some.integers(1, 9).map(lambda number: number.to_bytes(16)),
    some.integers(-1, 4),
    some.sampled_from(list(ReportStatus)),
    some.integers(0, 5),
    ANSWERS,
    counts_from=some.integers(0, 5),
    contest=some.integers(-1, 2),
)
BATCH = some.lists(ROWS, max_size=6, unique_by=lambda row: row.report)
STEPS = some.lists(some.tuples(BATCH, some.sets(some.integers(10, 12) | some.integers(1, 3))))


def read_plainly(row: ProtocolRow) -> tuple[Any, ...]:
    """One protocol as it is to be read: what is missing is left out, not 0."""
    assert row.answers is not None
    votes, complete = dict[str, Any](), True
    listed = row.answers["contestant_votes"]
    for line in listed if isinstance(listed, list) else []:
        if not isinstance(line, dict):
            continue
        name, count = str(line.get("contestant") or "").strip(), line.get("votes")
        whole = isinstance(count, int) and 0 <= count <= LARGEST_COUNT
        if name and whole and name not in votes:
            votes[name] = count
        else:
            complete = False
    said = [row.answers.get(name) for name in FIGURES]
    figures = [
        each if isinstance(each, int) and abs(each) <= LARGEST_COUNT else MISSING for each in said
    ]
    status = list(ReportStatus).index(row.status)
    ends = row.counts_from, row.contest, sorted(votes.items())
    return row.report, row.place, status, row.came, complete, *figures, *ends


def ids(reports: set[bytes]) -> NDArray[np.void]:
    return np.frombuffer(b"".join(reports), dtype=ID)


def bytes_of(numbers: set[int]) -> set[bytes]:
    return {number.to_bytes(16) for number in numbers}


@given(STEPS)
def test_protocols_that_followed_are_those_of_what_stands(
    steps: list[tuple[list[ProtocolRow], set[int]]],
) -> None:
    found, now = Protocols.empty(), dict[bytes, ProtocolRow]()
    for batch, numbers in steps:
        changed = {row.report for row in batch}
        gone = bytes_of(numbers) - changed
        before, whole = found, found.snapshot()
        found = found.with_rows(batch, ids(gone))
        now = {key: row for key, row in now.items() if key not in gone | changed}
        now |= {row.report: row for row in batch if row.answers is not None}
        assert found.snapshot() == sorted(map(read_plainly, now.values()))
        assert before.snapshot() == whole
    assert found.snapshot() == Protocols.empty().with_rows([*now.values()]).snapshot()


@given(BATCH, some.lists(some.sampled_from(["A", "B", "C", "Party of A"]), max_size=5))
def test_votes_lie_under_the_names_that_are_asked_for(
    batch: list[ProtocolRow], names: list[str]
) -> None:
    found = Protocols.empty().with_rows(batch)
    read = [dict(read_plainly(row)[-1]) for row in batch if row.answers is not None]
    expected = [[votes.get(name, UNSAID) for name in names] for votes in read]
    assert found.written(names).tolist() == expected
    people = list(zip(names, reversed(names), strict=True))
    votes, said = found.votes(people)
    assert votes.tolist() == [
        [each.get(code, each.get(name, 0)) for code, name in people] for each in read
    ]
    assert said.tolist() == [
        [code in each or name in each for code, name in people] for each in read
    ]


@given(BATCH, some.sets(some.integers(0, 4)), some.integers(0, 2))
def test_protocols_of_a_contest_are_those_of_places_where_it_is_voted_on(
    batch: list[ProtocolRow], places: set[int], contest: int
) -> None:
    voting = np.isin(np.arange(5), [*places])
    found = Protocols.empty().with_rows(batch).of_contest(contest, voting)
    here = [row for row in batch if row.contest == contest and row.place in {*places, -1}]
    assert found.snapshot() == Protocols.empty().with_rows(here).snapshot()


@given(BATCH)
def test_the_order_is_by_place_then_as_they_came(batch: list[ProtocolRow]) -> None:
    found = Protocols.empty().with_rows(batch)
    lines = list(zip(*(found[each].tolist() for each in ("place", "came", "id")), strict=True))
    assert [lines[at] for at in found.order] == sorted(lines)
    came = [lines[at][1:] for at in np.argsort(found.arrival)]
    assert came == sorted(came)


@pytest.mark.parametrize("many", [1, 3])
def test_a_large_table_finds_every_report_again(many: int) -> None:
    answers = {"contestant_votes": [{"contestant": "A", "votes": 1}], "valid": 1}
    rows = [
        ProtocolRow(number.to_bytes(16), number, ReportStatus.RECEIVED, number, answers)
        for number in range(2000)
    ]
    found = Protocols.empty().with_rows(rows)
    held = [row._replace(status=ReportStatus.HELD) for row in rows[::many]]
    found = found.with_rows(held)
    assert len(found) == 2000
    assert int(found.counted.sum()) == 2000 - len(held)
