"""Conflicts: the reports of two teams at one station whose answers contradict each other.

Both count, on a checklist that says that two teams must agree; of several reports of one team the
one that arrived last speaks for it, and protocols are compared within their contest. A conflict is
named ``checklist~contest~station``, and is read from the tables each time it is asked for: it is
there until the answers agree, or until a named person has let both stand.
"""

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from analytics.observation.contradictions import compared, contradictions, severity
from api.auth.principal import Principal
from schemas.checklist import Definition, Question
from schemas.rights import Right

BOTH = "both"
"""Stands in a resolution for the answers of all reports."""
OPEN = "open"
"""Stands in one that was taken back."""
MAX_CONFLICTS = 10_000
RULES = """
SELECT id, definition FROM rules
WHERE mission_id = :m AND definition #>> '{policy,two_teams}' = 'agree'"""
REPORTS = """
WITH sole AS (
  SELECT round_id, (array_agg(id))[1] AS id FROM contest WHERE mission_id = :m
  GROUP BY round_id HAVING count(*) = 1),
member AS MATERIALIZED (
  SELECT r.id, r.version, r.rules_id, r.checklist, r.round_id, r.place_id, r.observer_id,
    r.organisation_id, r.status, r.arrived_at, r.departed_at, r.finalised_at, r.received_at,
    r.sequence, coalesce(v.deployment_id, r.observer_id) AS team,
    CASE WHEN r.rules_id = ANY (:protocols) THEN coalesce(r.contest_id, sole.id) END AS contest_id
  FROM report r
  LEFT JOIN visit v ON v.mission_id = r.mission_id AND v.id = r.visit_id
  LEFT JOIN sole ON sole.round_id = r.round_id
  WHERE r.mission_id = :m AND r.rules_id = ANY (:rules) AND r.place_id IS NOT NULL
    AND r.status IN ('received', 'flagged', 'verified')
    AND (CAST(:checklist AS text) IS NULL OR r.checklist = :checklist)
    AND (CAST(:station AS text) IS NULL OR r.place_id IN (
      SELECT id FROM place WHERE mission_id = :m AND code = :station))),
met AS (
  SELECT round_id, checklist, place_id, contest_id FROM member
  GROUP BY 1, 2, 3, 4 HAVING count(DISTINCT team) > 1),
newest AS (
  SELECT DISTINCT ON (m.round_id, m.checklist, m.place_id, m.contest_id, m.team) m.*
  FROM member m JOIN met USING (round_id, checklist, place_id)
  WHERE met.contest_id IS NOT DISTINCT FROM m.contest_id
  ORDER BY m.round_id, m.checklist, m.place_id, m.contest_id, m.team,
    m.arrived_at DESC NULLS LAST, m.sequence DESC)
SELECT n.*, rv.answers, rv.envelope -> 'with' AS beside, rv.envelope -> 'position' AS position,
  o.pseudonym, g.name AS organisation, d.code AS round, d.polling_days,
  p.code AS station, p.name AS place, p.latitude, p.longitude, c.code AS contest
FROM newest n
JOIN report_version rv ON rv.mission_id = :m AND rv.report_id = n.id AND rv.number = n.version
JOIN place p ON p.mission_id = :m AND p.id = n.place_id
JOIN round d ON d.mission_id = :m AND d.id = n.round_id
LEFT JOIN contest c ON c.mission_id = :m AND c.id = n.contest_id
LEFT JOIN observer o ON o.mission_id = :m AND o.id = n.observer_id
LEFT JOIN organisation g ON g.mission_id = :m AND g.id = n.organisation_id
ORDER BY n.arrived_at NULLS LAST, n.sequence"""
RESOLUTIONS = """
SELECT round_id, conflict, answers, digest FROM conflict_resolution
WHERE mission_id = :m AND (CAST(:conflict AS text) IS NULL OR conflict = :conflict)
ORDER BY at, id"""


@dataclass(frozen=True)
class TeamReport:
    """What one team says: its newest counted report at the station on the checklist."""

    id: UUID
    number: int
    rules_id: UUID
    status: str
    observers: tuple[str, ...]
    organisation: str
    team: UUID | None
    arrived_at: datetime | None
    departed_at: datetime | None
    finalised_at: datetime | None
    received_at: datetime
    answers: Mapping[str, Any]
    position: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        """The team by who is in it."""
        return ", ".join(self.observers)


@dataclass(frozen=True)
class Conflict:
    """Reports of teams that contradict each other: ``open`` are the questions on which they do,
    ``standing`` those on which a named person let both stand."""

    id: str
    checklist: str
    contest: str | None
    station: str
    place: str
    place_id: UUID
    position: tuple[float, float] | None
    round: str
    round_id: UUID
    days: tuple[str, ...]
    definition: Definition
    reports: tuple[TeamReport, ...]
    open: tuple[Question, ...]
    standing: tuple[Question, ...] = ()

    @property
    def severity(self) -> int:
        """The highest severity of what any of the contradicting answers may be."""
        return max(
            (severity(self.definition, each, self.answers_to(each)) for each in self.open),
            default=0,
        )

    @property
    def since(self) -> datetime:
        """When the second of the reports came."""
        return sorted(each.received_at for each in self.reports)[1]

    def answers_to(self, question: Question) -> list[Any]:
        """What each report answers."""
        return [each.answers.get(question.name) for each in self.reports]

    def digest(self, *questions: Question) -> str:
        """A digest of the answers to questions: with another answer it is another conflict."""
        content = sorted(
            (str(each.id), [each.answers.get(question.name) for question in questions])
            for each in self.reports
        )
        return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def conflicts(
    session: AsyncSession, who: Principal, limit: int = MAX_CONFLICTS
) -> list[Conflict]:
    """The conflicts that nobody has resolved, the most severe first, then the oldest. Problem: 404
    for whoever decides on no reports."""
    who.must(Right.DECIDE_REPORTS)
    read = await session.run_sync(lambda plain: _read(plain, who.mission_id))
    found = await asyncio.to_thread(_conflicts, read)
    unresolved = [each for each in found if each.open]
    return sorted(unresolved, key=lambda each: (-each.severity, each.since, each.id))[:limit]


async def conflict_named(
    session: AsyncSession, who: Principal, identity: str, of_round: str | None = None
) -> Conflict:
    """One conflict by its id, as it stands now; of several rounds the last one, unless one is
    named. Problem: 404 for whoever decides on no reports. Raises LookupError where two teams have
    not met on it."""
    who.must(Right.DECIDE_REPORTS)
    return await session.run_sync(
        lambda plain: find_conflict(plain, who.mission_id, identity, of_round)
    )


def find_conflict(
    session: Session, mission_id: UUID, identity: str, of_round: str | None = None
) -> Conflict:
    """The same in a session that blocks, for who has asked for the right. All answers may agree by
    now: then nothing is ``open``."""
    if identity.count("~") != 2:
        raise LookupError(identity)
    found = [
        each
        for each in _conflicts(_read(session, mission_id, identity))
        if each.id == identity and of_round in (None, each.round)
    ]
    if not found:
        raise LookupError(identity)
    return max(found, key=lambda each: (bool(each.open), each.days, each.round))


def identity_of(checklist: str, contest: str | None, station: str) -> str:
    """The id of a conflict."""
    return f"{checklist}~{contest or ''}~{station}"


@dataclass(frozen=True)
class _Read:
    """Rows as they were read: rules by id, reports, and resolutions, oldest first."""

    rules: Mapping[UUID, Any] = field(default_factory=dict)
    reports: Sequence[Any] = ()
    resolutions: Sequence[Any] = ()


def _read(session: Session, mission_id: UUID, identity: str | None = None) -> _Read:
    checklist, _, station = identity.split("~") if identity else (None, None, None)
    rows = session.connection().execute(text(RULES), {"m": mission_id}).all()
    rules = {each.id: Definition.model_validate(each.definition) for each in rows}
    if not rules:
        return _Read()
    given = {
        "m": mission_id,
        "rules": [*rules],
        "protocols": [each for each, definition in rules.items() if definition.is_protocol],
        "checklist": checklist,
        "station": station,
    }
    resolved = {"m": mission_id, "conflict": identity}
    return _Read(
        rules,
        session.connection().execute(text(REPORTS), given).all(),
        session.connection().execute(text(RESOLUTIONS), resolved).all(),
    )


def _conflicts(read: _Read) -> list[Conflict]:
    """Every station, checklist and contest on which teams met, with what they contradict on."""
    asked = {each: compared(definition) for each, definition in read.rules.items()}
    groups: defaultdict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in read.reports:
        groups[row.round_id, row.checklist, row.place_id, row.contest_id].append(row)
    decided = _decided(read.resolutions)
    return [
        _conflict(rows, read.rules, asked, decided)
        for rows in (_one_of_a_team(each) for each in groups.values())
        if len(rows) > 1
    ]


def _conflict(
    rows: Sequence[Any],
    rules: Mapping[UUID, Definition],
    asked: Mapping[UUID, Sequence[Question]],
    decided: Mapping[tuple[UUID, str, str], tuple[Any, str]],
) -> Conflict:
    newest = max(rows, key=lambda each: each.sequence)
    reports = tuple(_report(each) for each in rows)
    located = None not in (newest.latitude, newest.longitude)
    found = Conflict(
        id=identity_of(newest.checklist, newest.contest, newest.station),
        checklist=newest.checklist,
        contest=newest.contest,
        station=newest.station,
        place=newest.place,
        place_id=newest.place_id,
        position=(newest.latitude, newest.longitude) if located else None,
        round=newest.round,
        round_id=newest.round_id,
        days=tuple(newest.polling_days),
        definition=rules[newest.rules_id],
        reports=reports,
        open=contradictions(asked[newest.rules_id], [each.answers for each in reports]),
    )
    standing = tuple(
        each
        for each in found.open
        if decided.get((found.round_id, found.id, each.name)) == (BOTH, found.digest(each))
    )
    still = tuple(each for each in found.open if each not in standing)
    return Conflict(**(found.__dict__ | {"open": still, "standing": standing}))


def _decided(resolutions: Iterable[Any]) -> dict[tuple[UUID, str, str], tuple[Any, str]]:
    """What was decided last on each question, and of which answers."""
    return {
        (each.round_id, each.conflict, question): (answer, each.digest)
        for each in resolutions
        for question, answer in each.answers.items()
    }


def _one_of_a_team(rows: Sequence[Any]) -> list[Any]:
    """The reports without those whose observers are in another's: a team with two phones, or one
    that nobody planned, is one team."""
    kept: dict[frozenset[str], Any] = {}
    for row in sorted(rows, key=lambda each: each.sequence):
        people = frozenset(_observers(row))
        for others in [each for each in kept if each & people]:
            del kept[others]
        kept[people or frozenset([str(row.id)])] = row
    return [each for each in rows if any(each is one for one in kept.values())]


def _observers(row: Any) -> list[str]:
    beside = row.beside if isinstance(row.beside, list) else []
    named = [row.pseudonym, *(each for each in beside if isinstance(each, str))]
    return [*dict.fromkeys(each for each in named if each)]


def _report(row: Any) -> TeamReport:
    return TeamReport(
        id=row.id,
        number=row.version,
        rules_id=row.rules_id,
        status=row.status,
        observers=tuple(_observers(row)),
        organisation=row.organisation or "",
        team=row.team,
        arrived_at=row.arrived_at,
        departed_at=row.departed_at,
        finalised_at=row.finalised_at,
        received_at=row.received_at,
        answers=row.answers,
        position=row.position if isinstance(row.position, dict) else None,
    )
