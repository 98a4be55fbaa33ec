"""The record: followed step by step it is what is read at once."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.observation.ids import moment_of
from analytics.observation.protocols import ProtocolRow
from analytics.observation.received import last, newest, statuses
from analytics.observation.record import ROW, Batch, Coded, MatrixShape, Record
from schemas.report import ReportStatus

INDICATORS = {"opening": ("a", "b"), "voting": ("a", "b", "c")}
SHAPES = {name: MatrixShape(each) for name, each in INDICATORS.items()}
Said = dict[str, Any]
REPORT = st.fixed_dictionaries(
    {
        "received": st.integers(1, 30),
        "status": st.integers(0, 5),
        "checklist": st.sampled_from(["opening", "voting", "unknown"]),
        "rules": st.sampled_from([None, UUID(int=5), UUID(int=6)]),
        "team": st.sampled_from(["", "t1", "t2"]),
        "visit": st.sampled_from([None, UUID(int=101), UUID(int=102)]),
        "place": st.integers(-1, 5),
        "codes": st.none() | st.integers(0, 200),
        "elsewhere": st.sampled_from([False, False, False, True]),
    }
)
NEWS = st.lists(st.tuples(st.integers(1, 12), REPORT), max_size=10)


def batch_of(reports: dict[int, Said], clock: int) -> Batch:
    """Reports by number, each with the clock of its last change, as a batch."""
    gone = [each for each, said in reports.items() if said["elsewhere"]]
    here = {each: said for each, said in reports.items() if not said["elsewhere"]}
    rows = np.zeros(len(here), dtype=ROW)
    lists: dict[str, list[Any]] = {"checklist": [], "rules": [], "team": []}
    visits = np.zeros(len(here), dtype="V16")
    codes: dict[str, list[tuple[int, list[int]]]] = {}
    for at, (number, said) in enumerate(here.items()):
        rows[at]["id"] = np.void(UUID(int=number).bytes)
        visits[at] = np.void((said["visit"] or UUID(int=number)).bytes)
        for name in ("received", "changed", "status", "place"):
            rows[at][name] = said[name]
        for name, names in lists.items():
            if said[name] is not None and said[name] not in names:
                names.append(said[name])
            rows[at][name] = -1 if said[name] is None else names.index(said[name])
        if said["codes"] is not None and said["checklist"] in INDICATORS:
            wide = len(INDICATORS[said["checklist"]])
            codes.setdefault(said["checklist"], []).append((at, [said["codes"]] * wide))
    return Batch(
        rows,
        clock,
        visits,
        tuple(lists["checklist"]),
        tuple(lists["rules"]),
        tuple(lists["team"]),
        {
            name: Coded(
                np.array([at for at, _ in each]), np.array([it for _, it in each], dtype=np.uint8)
            )
            for name, each in codes.items()
        },
        gone=np.array([np.void(UUID(int=each).bytes) for each in gone], dtype="V16"),
    )


@settings(max_examples=200)
@given(st.lists(NEWS, min_size=1, max_size=5))
def test_followed_it_is_what_is_read_at_once(batches: list[list[tuple[int, Said]]]) -> None:
    followed, stands = Record.empty(SHAPES), dict[int, Said]()
    for clock, news in enumerate(batches, 1):
        changed = {
            number: {
                **said,
                "changed": clock,
                "received": stands.get(number, said)["received"],
            }
            for number, said in news
        }
        stands |= changed
        batch = batch_of(changed, clock)
        followed = followed.with_rows(batch)
        again = followed.with_rows(batch)
        assert again.snapshot() == followed.snapshot()
    at_once = Record.empty(SHAPES).with_rows(batch_of(stands, len(batches)))
    assert followed.snapshot() == at_once.snapshot()
    assert followed.clock == at_once.clock
    assert (np.diff(followed["received"]) >= 0).all()
    assert followed.find(followed["id"]).tolist() == list(range(len(followed)))
    for name, matrix in followed.matrices.items():
        assert set(matrix.row.tolist()) <= set(followed.of(name).tolist())
        assert (np.diff(matrix.row) > 0).all()


def report(**said: Any) -> Said:
    """A report that says nothing special."""
    usual = {
        "received": 1,
        "changed": 1,
        "version": 1,
        "status": 1,
        "checklist": "voting",
        "rules": None,
        "team": "",
        "visit": None,
        "place": 0,
        "codes": 7,
        "elsewhere": False,
    }
    return usual | said


def test_an_older_word_on_a_report_changes_nothing() -> None:
    held = Record.empty(SHAPES).with_rows(batch_of({1: report(changed=5)}, 5))
    again = held.with_rows(batch_of({1: report(changed=4, status=4, codes=0)}, 5))
    assert again.snapshot() == held.snapshot()


def test_what_is_no_longer_judged_has_no_codes() -> None:
    held = Record.empty(SHAPES).with_rows(batch_of({1: report(), 2: report()}, 1))
    again = held.with_rows(batch_of({1: report(changed=2, codes=None)}, 2))
    assert len(held.matrices["voting"]) == 2
    assert again.matrices["voting"].row.tolist() == [1]


def test_a_record_never_changes() -> None:
    held = Record.empty(SHAPES).with_rows(batch_of({1: report()}, 1))
    before = held.snapshot()
    held.with_rows(batch_of({1: report(changed=2, status=4, codes=0), 2: report()}, 2))
    assert held.snapshot() == before


def test_what_is_dated_ahead_is_not_what_came_last() -> None:
    batch = batch_of({each: report(received=each) for each in range(1, 4)}, 1)
    batch.rows["came"] = [5, 9, 7]
    record = Record.empty(SHAPES).with_rows(replace(batch))
    assert newest(record, 2, moment_of(8)).tolist() == [2, 0]
    assert last(record, moment_of(8)) == moment_of(7)
    assert last(record, moment_of(4)) is None


def test_the_newest_come_first_and_statuses_are_counted() -> None:
    batch = batch_of({each: report(received=each) for each in range(1, 6)}, 1)
    batch.rows["came"] = [5, 9, 9, 1, 2]
    record = Record.empty(SHAPES).with_rows(replace(batch))
    assert newest(record, 3, moment_of(9)).tolist() == [2, 1, 0]
    assert newest(record, 9, moment_of(9)).tolist() == [2, 1, 0, 4, 3]
    assert statuses(record) == {ReportStatus.RECEIVED: 5}


def test_a_report_dated_ahead_counts_by_itself_from_the_moment_that_it_names() -> None:
    batch = batch_of({1: report(), 2: report()}, 1)
    batch.rows["counts_from"][0] = 500
    answers = {"contestant_votes": [{"contestant": "A", "votes": 1}]}
    protocols = [
        ProtocolRow(UUID(int=1).bytes, 0, ReportStatus.RECEIVED, 0, answers, counts_from=500)
    ]
    held = Record.empty(SHAPES).with_rows(replace(batch, protocols=protocols))
    assert held.due(499) is held
    for record, counts in ((held, False), (held.due(500), True)):
        assert record.counted.tolist() == [counts, True]
        assert record.matrices["voting"].counted.tolist() == [counts, True]
        assert record.protocols.counted.tolist() == [counts]
    assert held.counted.tolist() == [False, True]
