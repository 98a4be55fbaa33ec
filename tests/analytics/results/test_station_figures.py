"""What observers copied at stations: all of them at once is each station by itself."""

from collections import defaultdict

from hypothesis import given

from analytics.observation.protocols import FIGURES, MISSING, ProtocolRow, Protocols
from analytics.results.station_figures import StationFigures, copies_alike, newest_copies
from schemas.report import COUNTED, ReportStatus
from tests.analytics.results.test_inclusion import CONTESTANTS, NEWS, protocol, votes_of

NOTHING = Protocols.empty()


def told(found: StationFigures) -> dict[int, dict[str, int]]:
    return {
        place: {
            name: int(column[row])
            for name, column in found.columns.items()
            if column[row] != MISSING
        }
        for row, place in enumerate(found.place.tolist())
    }


def by_code(row: ProtocolRow) -> dict[str, int]:
    votes = votes_of(row)
    said = {code: votes.get(code, votes.get(name)) for code, name in CONTESTANTS}
    return {code: count for code, count in said.items() if count is not None}


def figures(row: ProtocolRow) -> dict[str, int]:
    assert row.answers is not None
    return {name: row.answers[name] for name in FIGURES if row.answers.get(name) is not None}


@given(NEWS)
def test_copies_are_those_of_each_station_by_itself(rows: list[ProtocolRow]) -> None:
    held = NOTHING.with_rows(rows)
    at = defaultdict[int, list[ProtocolRow]](list)
    for row in sorted(rows, key=lambda row: (row.came, row.report)):
        if row.place >= 0:
            at[row.place].append(row)
    counted = {
        place: [row for row in here if row.status in COUNTED and not row.counts_from]
        for place, here in at.items()
    }
    newest = {
        place: figures(here[-1]) | by_code(here[-1]) for place, here in counted.items() if here
    }
    assert told(newest_copies(held, CONTESTANTS)) == newest
    alike = {}
    for place, here in at.items():
        whole = [
            row for row in here if row.status in COUNTED and None not in votes_of(row).values()
        ]
        said = [figures(row) | {"A": 0, "B": 0} | by_code(row) for row in whole]
        if said and all(each == said[0] for each in said):
            alike[place] = said[0]
    assert told(copies_alike(held, CONTESTANTS)) == alike


def test_of_two_copies_that_differ_neither_is_looked_at_and_the_newest_is_compared() -> None:
    two = [protocol(1, 3, {"A": 60, "B": 40}, in_box=103), protocol(2, 3, {"A": 61, "B": 39})]
    held = NOTHING.with_rows(two)
    assert told(copies_alike(held, CONTESTANTS)) == {}
    first = {"valid": 100, "invalid": 3, "cast": 103, "A": 60, "B": 40}
    newest = {"valid": 100, "invalid": 3, "A": 61, "B": 39}
    assert told(newest_copies(held, CONTESTANTS)) == {3: newest}
    righted = held.with_rows([two[1]._replace(status=ReportStatus.QUARANTINED)])
    assert [*told(copies_alike(righted, CONTESTANTS))] == [3]
    assert told(newest_copies(righted, CONTESTANTS)) == {3: first}
    gone = held.with_rows([], held["id"])
    assert told(newest_copies(gone, CONTESTANTS)) == {}
