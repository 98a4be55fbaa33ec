"""Importing official results: one source's figures, a row a station, a column a contestant."""

import json
from uuid import UUID

from sqlmodel import select

from api.audit.unit_of_work import Work
from api.imports.cells import whole_number
from api.imports.options import TableProblem
from api.imports.preview import TableKind
from api.imports.run import Outcome, RefusedRow
from api.imports.table import CellProblem, Table, TableRow
from api.places.contests import contests_by
from schemas.columns import now
from schemas.election import Contest, Contestant, Round
from schemas.place import Place, PlaceKind
from schemas.results import OfficialResult, ResultSource

STATION = ("station", "station_code", "code", "polling_station", "ps_code")
SHAPE = TableKind((STATION,))
FIGURES = {
    "registered": ("registered", "registered_voters", "electors"),
    "cast": ("cast", "votes_cast", "in_box", "turnout_count"),
    "valid": ("valid", "valid_votes"),
    "invalid": ("invalid", "invalid_votes", "spoiled"),
}


def import_results(
    work: Work, table: Table, *, contest: str, source: ResultSource, round_code: str | None = None
) -> Outcome:
    """Add or change one source's results of a contest. Columns: the station's code, each
    contestant's code or name, and where given registered, cast, valid, invalid.

    An empty cell is missing, not 0. Raises :class:`TableProblem` where the contest is not known,
    or no column is a contestant's.
    """
    register = _Register(work, table, _contest(work, contest, round_code), source)
    outcome = Outcome(table.encoding)
    for row in table.rows:
        register.take(row, outcome)
    outcome.note(work, f"results.import.{source.value}")
    return outcome


def _contest(work: Work, code: str, round_code: str | None) -> Contest:
    found = [
        contest
        for contest, round_ in work.session.exec(
            select(Contest, Round).where(
                Contest.round_id == Round.id, Contest.mission_id == Round.mission_id
            )
        )
        if contest.code == code and round_code in (None, round_.code)
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise TableProblem(f"Several rounds have a contest {code!r}: name the round.")
    raise TableProblem(f"The mission has no contest {code!r}.")


class _Register:
    """The stations and contestants that a row may name, and the results there are."""

    def __init__(self, work: Work, table: Table, contest: Contest, source: ResultSource) -> None:
        self._work, self._contest, self._source = work, contest, source
        session = work.session
        self._code = table.require(*STATION)
        self._figures = {name: table.column(*known) for name, known in FIGURES.items()}
        people = session.exec(select(Contestant).where(Contestant.contest_id == contest.id))
        self._votes = {each.code: table.column(each.code, each.name) for each in people}
        if not any(self._votes.values()):
            known = ", ".join(self._votes)
            raise TableProblem(f"Row 1: no column is a contestant's. There are: {known}.")
        stations = select(Place.code, Place.id, Place.area_id).where(
            Place.kind == PlaceKind.STATION
        )
        self._places = {code: (place, area) for code, place, area in session.exec(stations)}
        self._contests = contests_by(session, contest.mission_id)
        standing = select(OfficialResult).where(
            OfficialResult.contest_id == contest.id, OfficialResult.source == source
        )
        self._standing = {each.place_id: each for each in session.exec(standing)}
        self._seen: set[str] = set()

    def take(self, row: TableRow, outcome: Outcome) -> None:
        """Add or change one station's result, or say why not."""
        code = row.cells.get(self._code, "")
        try:
            place = self._place(code)
            figures, votes = self._read(row, self._figures), self._read(row, self._votes)
        except CellProblem as problem:
            outcome.refused.append(RefusedRow(row.line, code, problem.reason))
            return
        except LookupError as problem:
            outcome.refused.append(RefusedRow(row.line, code, str(problem.args[0])))
            return
        self._seen.add(code)
        self._keep(place, row, figures, votes, outcome)

    def _place(self, code: str) -> UUID:
        if code in self._seen:
            raise LookupError("The station stands twice in the file.")
        if code not in self._places:
            raise LookupError("The mission knows no station by this code.")
        place, area = self._places[code]
        voted = self._contests.at(self._contest.round_id, place, area, station=True)
        if all(each.id != self._contest.id for each in voted):
            raise LookupError("This contest is not voted on at this station.")
        return place

    def _keep(
        self,
        place: UUID,
        row: TableRow,
        figures: dict[str, int],
        votes: dict[str, int],
        outcome: Outcome,
    ) -> None:
        standing = self._standing.get(place)
        if standing is not None and (standing.figures, standing.votes) == (figures, votes):
            outcome.unchanged += 1
            return
        code = row.cells[self._code]
        said = json.dumps([code, figures, votes], sort_keys=True)
        if standing is None:
            outcome.added.append(said)
        else:
            before, after = standing.figures | standing.votes, figures | votes
            outcome.change(row.line, code, before, after, said=said)
        made = standing or OfficialResult(
            mission_id=self._work.mission_id,
            contest_id=self._contest.id,
            place_id=place,
            source=self._source,
            figures={},
            votes={},
            imported_at=now(),
        )
        made.figures, made.votes, made.imported_at = figures, votes, now()
        self._work.session.add(made)

    def _read(self, row: TableRow, columns: dict[str, str | None]) -> dict[str, int]:
        found = {name: whole_number(row, header) for name, header in columns.items() if header}
        return {name: value for name, value in found.items() if value is not None}
