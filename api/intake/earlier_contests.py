"""A background task: which contest each protocol is of that came when none was asked for.

Protocols that came before they had a contest, or before their round had several, stand without one.
In a round with one contest they are of that, and nothing is written. In a round with several each
is resolved as at intake, under the mission's clock and with an audit entry; one that counts and of
which no contest follows is held for review. What a person has decided on stays as it was decided.

Nothing says how far this came but the reports themselves. What is left without a contest is looked
at again only where the contests changed: each process remembers of a mission which contests it
looked by, and up to which reading of the clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection
from psycopg.types.json import Jsonb

from api.audit.unit_of_work import LOG, log_values
from api.database.clock import CHANNEL, ENTER, NOTIFY, STATE, TICK
from api.intake.candidate import Reason
from api.intake.contests import ABSENT, contest_of, contestants_named
from api.intake.settling import settle_blocking
from api.places.contests import AREAS, CONTESTS, NAMED, KnownContest, MissionContests, read_contests
from schemas.checklist import VOTES
from schemas.mission import MissionState
from schemas.place import PlaceKind
from schemas.report import ReportStatus

LOCK = 7305226399
"""The advisory lock of the one who resolves."""
BATCH = 500
ACT = "report.contest"
ROUNDS = """
SELECT round_id FROM contest WHERE mission_id = %(m)s GROUP BY round_id HAVING count(*) > 1"""
LOOKED_BY = """
SELECT (SELECT sum(hashtext(c::text)) FROM contest c WHERE mission_id = %(m)s),
  (SELECT sum(hashtext(c::text)) FROM contest_area c WHERE mission_id = %(m)s),
  (SELECT sum(hashtext(c::text)) FROM contestant c WHERE mission_id = %(m)s)"""
CLOCK = "SELECT seq FROM mission_clock WHERE mission_id = %(m)s"
PROTOCOLS = f"""
SELECT id, definition #>> '{{policy,per}}' FROM rules
WHERE mission_id = %(m)s AND (definition #>> '{{policy,per}}' = 'contest'
  OR definition -> 'questions' @> '[{{"name": "{VOTES}"}}]')"""  # noqa: S608  our own name
WITHOUT = f"""
SELECT r.id, r.status, r.reasons, r.rules_id, r.round_id, r.place_id, r.visit_id, r.sequence,
  p.kind, p.area_id, v.envelope -> 'contest', jsonb_build_object('{VOTES}', v.answers -> '{VOTES}')
FROM report r
JOIN report_version v ON v.mission_id = r.mission_id AND v.report_id = r.id AND v.number = r.version
LEFT JOIN place p ON p.mission_id = r.mission_id AND p.id = r.place_id
WHERE r.mission_id = %(m)s AND r.contest_id IS NULL AND r.status <> 'held'
  AND r.round_id = ANY (%(rounds)s) AND r.rules_id = ANY (%(rules)s)
  AND r.changed > %(after)s AND r.sequence > %(behind)s
ORDER BY r.sequence LIMIT %(batch)s"""  # noqa: S608
RESOLVED = """
UPDATE report SET contest_id = %s, status = %s, reasons = %s, changed = %s
WHERE mission_id = %s AND id = %s"""
UNDECIDED = frozenset({ReportStatus.RECEIVED, ReportStatus.FLAGGED})


@dataclass
class LastLook:
    """By which contests a mission was looked at, and up to which reading of its clock."""

    contests: tuple[Any, ...] = ()
    until: int = 0


@dataclass(frozen=True)
class _Protocol:
    id: UUID
    status: str
    reasons: list[dict[str, str]]
    rules_id: UUID
    round_id: UUID
    place_id: UUID | None
    visit_id: UUID | None
    sequence: int
    kind: str | None
    area_id: UUID | None
    named: Any
    answers: dict[str, Any]


@dataclass
class EarlierContests:
    """Resolves the protocols of all missions of this installation; ``conninfo`` is the
    application's login."""

    conninfo: str
    looked: dict[UUID, LastLook] = field(default_factory=dict)

    def resolve_everything(self) -> int:
        """Resolve what every mission has; how many reports changed. 0 where another is at it."""
        with psycopg.connect(self.conninfo, autocommit=True, connect_timeout=5) as connection:
            held = connection.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
            if not held or not held[0]:
                return 0
            missions = connection.execute("SELECT mission_id FROM every_mission()").fetchall()
            return sum(self._mission(connection, mission) for (mission,) in missions)

    def _mission(self, connection: Connection[Any], mission: UUID) -> int:
        total, behind = 0, 0
        while True:
            with connection.transaction():
                connection.execute(ENTER, (str(mission),))
                look, last = _look(connection, mission), self.looked.get(mission, LastLook())
                after = last.until if last.contests == look.contests else 0
                found = _Batch(connection, mission, after, behind)
                changed, seen = found.resolve() if after < look.until else (0, 0)
            total += changed
            if not seen:
                self.looked[mission] = look
                return total
            behind = seen


def _look(connection: Connection[Any], mission: UUID) -> LastLook:
    of = {"m": mission}
    (clock,) = connection.execute(CLOCK, of).fetchone() or (0,)
    return LastLook(tuple(connection.execute(LOOKED_BY, of).fetchone() or ()), clock)


@dataclass
class _Batch:
    """The protocols of one transaction: what stands without a contest, changed after one reading of
    the clock and received after another."""

    connection: Connection[Any]
    mission: UUID
    after: int
    behind: int

    def resolve(self) -> tuple[int, int]:
        """How many reports were changed, and the receipt of the last that was looked at; 0 where
        there was none."""
        rounds = [each for (each,) in self._all(ROUNDS)]
        rules = dict(self._all(PROTOCOLS)) if rounds else {}
        asked = {"rounds": rounds, "rules": [*rules], "batch": BATCH}
        asked |= {"after": self.after, "behind": self.behind}
        state = self.connection.execute(STATE).fetchone()
        if not rules or not self._all(WITHOUT, asked | {"batch": 1}) or _closed(state):
            return 0, 0
        clock = self.connection.execute(TICK, (BATCH, self.mission)).fetchone()
        assert clock is not None
        found = [_Protocol(*row) for row in self._all(WITHOUT, asked)]
        contests, named, areas = (self._all(each) for each in (CONTESTS, NAMED, AREAS))
        known = read_contests(areas, contests, named)
        changed = []
        for reading, each in enumerate(found, clock[0] - BATCH + 1):
            for contest, reason in _said(known, each, rules[each.rules_id]):
                self._write(each, contest, reason, reading)
                changed.append(each)
        if changed:
            visits = {each.visit_id for each in changed}
            settle_blocking(self.connection, self.mission, visits, clock[0])
            self.connection.execute(NOTIFY, (CHANNEL, str(self.mission)))
        return len(changed), found[-1].sequence if found else 0

    def _write(
        self, one: _Protocol, contest: KnownContest | None, reason: Reason | None, reading: int
    ) -> None:
        status, reasons = one.status, one.reasons
        if reason is not None:
            status, reasons = ReportStatus.HELD, [*reasons, reason.as_sent()]
        values = (None if contest is None else contest.id, status, Jsonb(reasons), reading)
        self.connection.execute(RESOLVED, (*values, self.mission, one.id))
        said = contest.code if contest else f"{ABSENT.field}/{reason.code if reason else ''}"
        note = f"The contest of a report that came without one: {said}."
        entry = log_values(self.mission, reading, ACT, str(one.id), said.encode(), note=note)
        self.connection.execute(LOG, entry)

    def _all(self, query: str, given: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        values = {"m": self.mission} | (given or {})
        return self.connection.execute(query, values).fetchall()


def _closed(state: tuple[Any, ...] | None) -> bool:
    """Whether the mission is closed: nothing is written in it then."""
    return bool(state and state[0] == MissionState.CLOSED)


def _said(
    known: MissionContests, one: _Protocol, per: str | None
) -> Iterator[tuple[KnownContest | None, Reason | None]]:
    """The contest of a protocol, or why it is to be held; nothing where none is to be written."""
    here = known.at(one.round_id, one.place_id, one.area_id, station=one.kind == PlaceKind.STATION)
    named = one.named if isinstance(one.named, str) else None
    contest, reason = contest_of(named, one.answers, here, known.of(one.round_id))
    if reason is ABSENT and per != "contest" and not contestants_named(one.answers):
        return
    if contest is not None or one.status in UNDECIDED:
        yield contest, reason
