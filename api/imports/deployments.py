"""Importing deployments: who is sent where, and which reports are expected of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session, col, select

from api.audit.unit_of_work import Work
from api.imports.deployment_rows import TARGETS, DeploymentRows, Names, Sent
from api.imports.options import TableProblem
from api.imports.preview import TableKind
from api.imports.run import Importer, Outcome, RefusedRow
from api.imports.table import CellProblem, Table, TableRow
from api.places.stations import NoGo
from schemas.columns import new_id, now
from schemas.deployment import DeployedObserver, Deployment, DeploymentState
from schemas.election import Round
from schemas.observer import Observer
from schemas.place import Area, Place
from schemas.published import Checklist, ChecklistVersion, Rules

Key = tuple[UUID, UUID | None, UUID | None, frozenset[UUID]]
"""A deployment is the same where round, place, area and team are."""


def import_deployments(work: Work, table: Table) -> Outcome:
    """Add deployments: round, kind, one of station, centre and area, observers (parted by
    spaces), state with its reason, and quotas such as ``expect voting``.

    The same team at the same place again may expect other reports, or end. What a later
    deployment replaced is not changed. Raises TableProblem where a column is missing.
    """
    rows = DeploymentRows(table, _names(work.session))
    plan = _Plan(work)
    outcome = Outcome(table.encoding)
    for row in table.rows:
        _take(plan, rows, row, outcome)
    plan.write()
    outcome.note(work, "deployments.import")
    return outcome


def _take(plan: "_Plan", rows: DeploymentRows, row: TableRow, outcome: Outcome) -> None:
    """Add or change one row's deployment, or say why not."""
    named = rows.named(row)
    try:
        sent = rows.read(row)
        done = plan.take(sent, row)
    except CellProblem as problem:
        outcome.refused.append(RefusedRow(row.line, named, problem.reason))
    except RowRefused as problem:
        outcome.refused.append(RefusedRow(row.line, named, str(problem)))
    else:
        if not done:
            outcome.unchanged += 1
        elif done is True:
            outcome.added.append(named)
        elif done:
            outcome.change(row.line, named, *done)


def _names(session: Session) -> Names:
    places: dict[str, dict[str, UUID]] = {}
    for kind, code, identity in session.exec(select(Place.kind, Place.code, Place.id)):
        places.setdefault(kind, {})[code] = identity
    return Names(
        rounds=dict(session.exec(select(Round.code, Round.id)).all()),
        places=places,
        areas=dict(session.exec(select(Area.code, Area.id)).all()),
        observers={each.pseudonym: each for each in session.exec(select(Observer))},
        stages=stages_of_checklists(session),
    )


def stages_of_checklists(session: Session) -> dict[str, str]:
    """The stage of each checklist of the mission by name, as its newest rules say."""
    query = (
        select(Checklist.name, col(Rules.definition)["stage"].astext)
        .outerjoin(ChecklistVersion, col(ChecklistVersion.checklist_id) == col(Checklist.id))
        .outerjoin(Rules, col(Rules.version_id) == col(ChecklistVersion.id))
        .order_by(Checklist.name, col(Rules.published_at).nulls_first())
    )
    return {name: stage or "" for name, stage in session.exec(query)}


class RowRefused(Exception):
    """A row that can be read and is not taken as things stand."""


@dataclass
class _Plan:
    """The deployments there are, and those that a file adds."""

    work: Work

    def __post_init__(self) -> None:
        session = self.work.session
        self._no_go = NoGo.of(session, self.work.mission_id)
        self._new: list[tuple[Deployment, frozenset[UUID]]] = []
        self._lines: dict[Key | UUID, int] = {}
        deployments = session.exec(select(Deployment)).all()
        self._replaced = {each.replaces_id for each in deployments}
        self._standing: dict[Key, Deployment] = {}
        first, present = _teams(session)
        for teams in (first, present):
            for each in sorted(deployments, key=self._is_current):
                self._standing[_key(each, teams.get(each.id, frozenset()))] = each

    def _is_current(self, each: Deployment) -> tuple[bool, bool]:
        return each.id not in self._replaced, each.state == DeploymentState.PLANNED

    def take(
        self, sent: Sent, row: TableRow
    ) -> tuple[dict[str, Any], dict[str, Any]] | bool | None:
        """True where a row adds a deployment, what it was and is where it changes one; None where
        it does neither.

        Raises :class:`RowRefused`, and TableProblem where an earlier row sent the same team there.
        """
        key = (sent.round_id, sent.place_id, sent.area_id, sent.team)
        found = self._standing.get(key)
        before_ = self._lines.setdefault(found.id if found else key, row.line)
        if before_ != row.line:
            raise TableProblem(
                f"The same team is sent to the same place in rows {before_} and {row.line}: what "
                "names a deployment is not unique. Nothing was written."
            )
        if found is None:
            if sent.absent:
                raise RowRefused(f"Not active: observer {', observer '.join(sent.absent)}.")
            reason = self._no_go.reason(sent.place_id, sent.area_id)
            if reason is not None and sent.state in (None, DeploymentState.PLANNED):
                raise RowRefused(f"Nobody is sent there: {reason[:200]}")
            self._new.append((self._deployment(sent), sent.team))
            return True
        expected = _merged(found.expected, sent.expected)
        before, after = (
            _told(found),
            _told(found)
            | {
                "kind": sent.kind or found.kind,
                "expected": expected,
                "state": sent.state or found.state,
                "reason": sent.reason or found.state_reason,
            },
        )
        if before == after:
            return None
        if found.id in self._replaced:
            raise RowRefused("A later deployment replaced this one: change that one.")
        self._change(found, sent, expected)
        return before, after

    def _deployment(self, sent: Sent) -> Deployment:
        ended = sent.state not in (None, DeploymentState.PLANNED)
        return Deployment(
            mission_id=self.work.mission_id,
            id=new_id(),
            round_id=sent.round_id,
            organisation_id=sent.organisation_id,
            kind=sent.kind or sent.usual_kind,
            place_id=sent.place_id,
            area_id=sent.area_id,
            expected=_merged({}, sent.expected),
            state=sent.state or DeploymentState.PLANNED,
            state_reason=sent.reason,
            state_since=now() if ended else None,
            planned_by=self.work.actor,
        )

    def _change(self, found: Deployment, sent: Sent, expected: dict[str, int]) -> None:
        found.kind, found.expected = sent.kind or found.kind, expected
        if sent.state not in (None, found.state):
            found.state, found.state_reason = sent.state or found.state, sent.reason
            found.state_since = now()
        elif sent.reason:
            found.state_reason = sent.reason
        self.work.session.add(found)

    def write(self) -> None:
        """Write what is new, all at once."""
        if not self._new:
            return
        session, of = self.work.session, self.work.mission_id
        session.execute(insert(Deployment), [each.model_dump() for each, _ in self._new])
        session.execute(
            insert(DeployedObserver),
            [
                {"mission_id": of, "deployment_id": each.id, "observer_id": person}
                for each, team in self._new
                for person in team
            ],
        )


def _key(each: Deployment, team: frozenset[UUID]) -> Key:
    return each.round_id, each.place_id, each.area_id, team


def _told(each: Deployment) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "expected": each.expected,
        "state": each.state,
        "reason": each.state_reason,
    }


def _merged(standing: Mapping[str, int], said: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in {**standing, **said}.items() if count}


def _teams(session: Session) -> tuple[dict[UUID, frozenset[UUID]], dict[UUID, frozenset[UUID]]]:
    """Each deployment's team as it was planned, and as it is after members were swapped."""
    rows = session.exec(
        select(
            DeployedObserver.deployment_id,
            DeployedObserver.observer_id,
            DeployedObserver.joined_at,
            DeployedObserver.left_at,
        )
    ).all()
    first = _gathered((team, person) for team, person, joined, _ in rows if joined is None)
    return first, _gathered((team, person) for team, person, _, left in rows if left is None)


def _gathered(members: Iterator[tuple[UUID, UUID]]) -> dict[UUID, frozenset[UUID]]:
    teams: dict[UUID, set[UUID]] = {}
    for team, person in members:
        teams.setdefault(team, set()).add(person)
    return {team: frozenset(people) for team, people in teams.items()}


DEPLOYMENTS = Importer(import_deployments, TableKind(codes=(("round",), *TARGETS.values())))
