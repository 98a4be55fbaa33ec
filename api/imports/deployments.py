"""Importing deployments: who is sent where, and which reports are expected of them."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import col, select

from api.database.work import Work
from api.imports.outcome import Outcome, Refused
from api.imports.table import CellProblem, Table, TableRow, whole_number
from schemas.deployment import DeployedObserver, Deployment
from schemas.election import Round
from schemas.observer import Observer
from schemas.place import Area, Place, PlaceKind
from schemas.published import Checklist

KINDS = frozenset({"static", "mobile", "centre"})
EXPECT = "expect"
MOST = 100

Key = tuple[UUID, UUID | None, UUID | None, frozenset[UUID]]
"""A deployment is the same where round, place, area and team are."""


def import_deployments(work: Work, table: Table) -> Outcome:
    """Add deployments: round, kind, station or area, observers (parted by spaces), and a column
    for each checklist with the number of reports expected, such as ``expect voting``.

    The same team at the same place again may expect other reports. Raises TableProblem where a
    column is missing.
    """
    plan = _Plan(work, table)
    outcome = Outcome(table.encoding)
    for row in table.rows:
        plan.take(row, outcome)
    outcome.note(work, "deployments.import")
    return outcome


class _Plan:
    """What a deployment may refer to, and the deployments there are."""

    def __init__(self, work: Work, table: Table) -> None:
        self._work, session = work, work.session
        self._team = table.require("observers", "observer", "team")
        self._station = table.column("station", "station_code", "code") or ""
        self._expect = {
            header: header.replace("_", " ").split(maxsplit=1)[1]
            for header in table.headers
            if len(words := header.replace("_", " ").split()) > 1 and words[0].casefold() == EXPECT
        }
        stations = select(Place).where(col(Place.kind) == PlaceKind.STATION)
        self._rounds = {each.code: each.id for each in session.exec(select(Round))}
        self._places = {each.code: each.id for each in session.exec(stations)}
        self._areas = {each.code: each.id for each in session.exec(select(Area))}
        self._observers = {each.pseudonym: each for each in session.exec(select(Observer))}
        self._checklists = set(session.exec(select(Checklist.name)))
        self._standing = self._deployed()

    def _deployed(self) -> dict[Key, Deployment]:
        teams: dict[UUID, set[UUID]] = {}
        for each in self._work.session.exec(select(DeployedObserver)):
            teams.setdefault(each.deployment_id, set()).add(each.observer_id)
        return {
            (each.round_id, each.place_id, each.area_id, frozenset(teams.get(each.id, ()))): each
            for each in self._work.session.exec(select(Deployment))
        }

    def take(self, row: TableRow, outcome: Outcome) -> None:
        """Add or change one row's deployment, or say why not."""
        station = row.cells.get(self._station, "")
        named = station or row.cells.get("area", "")
        reason = self._reason(row, station)
        try:
            expected = {} if reason else self._expected(row)
        except CellProblem as problem:
            reason = problem.reason
        if reason is not None:
            outcome.refused.append(Refused(row.line, named, reason))
            return
        key = self._key(row, station)
        found = self._standing.get(key)
        if found is None:
            self._standing[key] = self._add(row, key, expected)
            outcome.added.append(named)
        elif expected != found.expected:
            found.expected = expected
            self._work.session.add(found)
            outcome.changed.append(named)
        else:
            outcome.unchanged += 1

    def _reason(self, row: TableRow, station: str) -> str | None:
        team, area = self._names(row), row.cells.get("area", "")
        unknown = [*self._unknown(row, station, area, team)]
        if unknown:
            return f"Not known: {', '.join(unknown)}."
        if not team or bool(station) == bool(area):
            return "A team is needed, and a station or an area."
        if len({self._observers[name].organisation_id for name in team}) > 1:
            return "A team is of one organisation."
        if row.cells.get("kind", "") not in KINDS | {""}:
            return f"column kind: {row.cells['kind']!r} is not static, mobile or centre."
        return None

    def _names(self, row: TableRow) -> list[str]:
        return row.cells.get(self._team, "").replace(",", " ").replace(";", " ").split()

    def _round(self, row: TableRow) -> str:
        """The round named; where none is, the only one."""
        only = next(iter(self._rounds)) if len(self._rounds) == 1 else ""
        return row.cells.get("round", "") or only

    def _unknown(self, row: TableRow, station: str, area: str, team: list[str]) -> Iterable[str]:
        if self._round(row) not in self._rounds:
            yield f"round {self._round(row) or '(none is named)'}"
        if station and station not in self._places:
            yield f"station {station}"
        if area and area not in self._areas:
            yield f"area {area}"
        yield from (f"observer {name}" for name in team if name not in self._observers)
        for header, checklist in self._expect.items():
            if row.cells.get(header) and checklist not in self._checklists:
                yield f"checklist {checklist}"

    def _key(self, row: TableRow, station: str) -> Key:
        people = frozenset(self._observers[name].id for name in self._names(row))
        area = row.cells.get("area", "")
        return (
            self._rounds[self._round(row)], self._places[station] if station else None,
            self._areas[area] if area else None, people,
        )  # fmt: skip

    def _expected(self, row: TableRow) -> dict[str, int]:
        expected = {}
        for header, checklist in self._expect.items():
            count = whole_number(row, header)
            if count and count > MOST:
                raise CellProblem(row, header, f"at most {MOST} reports are expected of a team.")
            if count:
                expected[checklist] = count
        return expected

    def _add(self, row: TableRow, key: Key, expected: dict[str, int]) -> Deployment:
        round_id, place_id, area_id, people = key
        kind = row.cells.get("kind", "") or ("static" if place_id else "mobile")
        first = self._observers[self._names(row)[0]]
        deployment = Deployment(
            mission_id=self._work.mission_id, round_id=round_id, area_id=area_id,
            organisation_id=first.organisation_id, kind=kind, place_id=place_id,
            expected=expected,
        )  # fmt: skip
        session = self._work.session
        session.add(deployment)
        session.flush()
        for observer in people:
            session.add(DeployedObserver(
                mission_id=self._work.mission_id, deployment_id=deployment.id,
                observer_id=observer,
            ))  # fmt: skip
        return deployment
