"""Importing contests: a row a contestant, the contest's own columns in each of its rows."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from api.audit.unit_of_work import Work
from api.imports.cells import whole_number
from api.imports.preview import TableKind
from api.imports.run import Importer, Outcome, RefusedRow
from api.imports.table import CellProblem, Table, TableRow
from api.places.voting import next_position, set_areas
from schemas.election import Acceptance, Contest, Contestant, ContestArea, Denominator, Round
from schemas.place import Area
from schemas.words import LANGUAGES

THRESHOLD = re.compile(r"(?P<name>[^=]+)=(?P<share>\d+([.,]\d+)?)(?P<percent>%?)")
ROUND, CONTEST, CONTESTANT = ("round",), ("contest",), ("contestant", "candidate", "list")
COLUMNS = (
    ("contest_name",),
    ("area", "constituency", "area_code"),
    ("denominator",),
    ("choices", "choices_per_ballot"),
    ("thresholds", "threshold"),
    ("acceptance",),
    ("name", "contestant_name"),
    *((f"contest_name:{each}",) for each in LANGUAGES),
    *((f"name:{each}",) for each in LANGUAGES),
)
Key = tuple[str, str]


def import_contests(work: Work, table: Table) -> Outcome:
    """Add or change contests and who stands in them. Columns: round, contest (its code),
    contest_name, area (its constituencies by code, parted by semicolons; a contest without any is
    voted on everywhere), denominator, choices, thresholds (``majority=50%``, parted likewise),
    contestant (its code), name, acceptance; contest_name and name with a language behind it
    (``name:fr``) are the same in that language.

    Nobody who stands is taken away. Raises TableProblem where a column is missing.
    """
    register = _Register(work, table)
    outcome = Outcome(table.encoding)
    for row in table.rows:
        try:
            before, after = register.take(row)
        except CellProblem as problem:
            outcome.refused.append(RefusedRow(row.line, register.named(row), problem.reason))
            continue
        if not before:
            outcome.added.append(register.named(row))
        elif before == after:
            outcome.unchanged += 1
        else:
            outcome.change(row.line, register.named(row), before, after)
    work.session.flush()
    outcome.note(work, "contests.import")
    return outcome


class _Register:
    """The contests and contestants there are, and the columns of the file."""

    def __init__(self, work: Work, table: Table) -> None:
        self._work, session = work, work.session
        self._round, self._contest = table.require(*ROUND), table.require(*CONTEST)
        self._code = table.require(*CONTESTANT)
        self._table = table
        for names in COLUMNS:
            table.column(*names)
        rounds = session.exec(select(Round).order_by(col(Round.code))).all()
        self._rounds = {each.code: each.id for each in rounds}
        codes = {each.id: each.code for each in rounds}
        self._areas = dict(session.exec(select(Area.code, Area.id)).all())
        contests = session.exec(select(Contest)).all()
        self._contests = {(codes[each.round_id], each.code): each for each in contests}
        keys = {each.id: key for key, each in self._contests.items()}
        self._places = _constituencies(session, self._areas)
        self._people: dict[Key, dict[str, Contestant]] = {key: {} for key in self._contests}
        for person in session.exec(select(Contestant).order_by(col(Contestant.position))):
            self._people[keys[person.contest_id]][person.code] = person
        self._said: dict[Key, dict[str, Any]] = {}
        self._seen: set[tuple[Key, str]] = set()

    def named(self, row: TableRow) -> str:
        """A row as it is spoken of: round, contest and contestant."""
        return "/".join(
            row.cells.get(each, "") for each in (self._round, self._contest, self._code)
        )[:200]

    def take(self, row: TableRow) -> tuple[dict[str, Any], dict[str, Any]]:
        """What a row speaks of, as it was (nothing where the contestant is new) and as it is.

        Raises :class:`CellProblem`.
        """
        key, code = self._key(row), self._needed(row, self._code)
        if (key, code) in self._seen:
            raise CellProblem(row, self._code, "the contestant stands twice in this contest.")
        members, own = self._members(row), self._own(row)
        if self._said.setdefault(key, members) != members:
            raise CellProblem(row, self._contest, "another row of this contest says otherwise.")
        self._seen.add((key, code))
        contest, before = self._keep(key, members)
        person = self._people[key].get(code)
        if person is None:
            person = Contestant(
                mission_id=self._work.mission_id,
                contest_id=contest.id,
                code=code,
                position=len(self._people[key]) + 1,
                **{"name": code} | own,
            )
            self._people[key][code] = person
            self._work.session.add(person)
            return {}, {}
        before |= {name: getattr(person, name) for name in own}
        _set(person, own)
        return before, members | own

    def _keep(self, key: Key, members: dict[str, Any]) -> tuple[Contest, dict[str, Any]]:
        contest = self._contests.get(key)
        if contest is None:
            contest = Contest(
                mission_id=self._work.mission_id,
                round_id=self._rounds[key[0]],
                code=key[1],
                position=next_position(self._work.session, self._rounds[key[0]]),
                **{"name": key[1], "thresholds": []} | _without_areas(members),
            )
            self._contests[key], self._people[key] = contest, {}
            self._work.session.add(contest)
            self._work.session.flush()
        before = {name: getattr(contest, name) for name in _without_areas(members)}
        _set(contest, _without_areas(members))
        if "areas" in members:
            before["areas"] = self._places.get(contest.id, [])
        if "areas" in members and members["areas"] != before["areas"]:
            self._places[contest.id] = members["areas"]
            areas = {self._areas[each] for each in members["areas"]}
            set_areas(self._work.session, contest, areas)
        return contest, before

    def _key(self, row: TableRow) -> Key:
        round_, contest = self._needed(row, self._round), self._needed(row, self._contest)
        if round_ not in self._rounds:
            known = ", ".join(self._rounds)
            raise CellProblem(row, self._round, f"no round {round_!r}. There are: {known}.")
        return round_, contest

    def _needed(self, row: TableRow, column: str) -> str:
        text = row.cells.get(column, "")
        if not text or len(text) > 200:
            raise CellProblem(row, column, "a code of at most 200 letters is needed.")
        return text

    def _cell(self, row: TableRow, *names: str) -> tuple[str | None, str]:
        column = self._table.column(*names)
        return column, row.cells.get(column or "", "")

    def _members(self, row: TableRow) -> dict[str, Any]:
        """What the row says of its contest; nothing where a cell is empty."""
        members: dict[str, Any] = {}
        if name := self._cell(row, "contest_name")[1]:
            members["name"] = name
        if names := self._in_languages(row, "contest_name"):
            members["names"] = names
        column, areas = self._cell(row, "area", "constituency", "area_code")
        if areas:
            codes = sorted({each.strip() for each in areas.split(";") if each.strip()})
            if strange := [each for each in codes if each not in self._areas]:
                raise CellProblem(row, column, f"no area {strange[0][:200]!r}.")
            members["areas"] = codes
        column, denominator = self._cell(row, "denominator")
        if denominator:
            members["denominator"] = _one_of(row, column, denominator, Denominator)
        column, choices = self._cell(row, "choices", "choices_per_ballot")
        if choices:
            members["choices_per_ballot"] = _choices(row, column)
        column, thresholds = self._cell(row, "thresholds", "threshold")
        if thresholds:
            members["thresholds"] = [
                _threshold(row, column, each) for each in thresholds.split(";") if each.strip()
            ]
        return members

    def _in_languages(self, row: TableRow, name: str) -> dict[str, str]:
        given = {each: self._cell(row, f"{name}:{each}")[1] for each in LANGUAGES}
        return {language: text for language, text in given.items() if text}

    def _own(self, row: TableRow) -> dict[str, Any]:
        column, acceptance = self._cell(row, "acceptance")
        own: dict[str, Any] = {}
        if name := self._cell(row, "name", "contestant_name")[1]:
            own["name"] = name
        if names := self._in_languages(row, "name"):
            own["names"] = names
        if acceptance:
            own["acceptance"] = _one_of(row, column, acceptance, Acceptance)
        return own


def _constituencies(session: Session, areas: Mapping[str, UUID]) -> dict[UUID, list[str]]:
    """The codes of each contest's areas, sorted."""
    codes = {area: code for code, area in areas.items()}
    found: dict[UUID, list[str]] = {}
    for each in session.exec(select(ContestArea)):
        found[each.contest_id] = sorted([*found.get(each.contest_id, []), codes[each.area_id]])
    return found


def _without_areas(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if name != "areas"}


def _set(noun: Any, members: Mapping[str, Any]) -> None:
    for name, value in members.items():
        setattr(noun, name, value)


def _one_of(row: TableRow, column: str | None, text: str, kinds: Any) -> str:
    found = text.casefold().replace(" ", "_").replace("-", "_")
    if found not in list(kinds):
        raise CellProblem(row, column, f"{text[:40]!r} is none of {', '.join(kinds)}.")
    return found


def _choices(row: TableRow, column: str | None) -> int:
    number = whole_number(row, column)
    if not number or number > 1000:
        raise CellProblem(row, column, "choices per ballot are 1 to 1000.")
    return number


def _threshold(row: TableRow, column: str | None, text: str) -> dict[str, Any]:
    found = THRESHOLD.fullmatch(text.strip())
    share = float(found["share"].replace(",", ".")) if found else 0
    share /= 100 if found and found["percent"] else 1
    if not found or not 0 < share < 1:
        raise CellProblem(row, column, f"{text.strip()[:40]!r} is not like majority=50%.")
    return {"name": found["name"].strip(), "share": share}


CONTESTS = Importer(
    import_contests,
    TableKind((ROUND, CONTEST, CONTESTANT), (("area", "constituency", "area_code"),)),
)
