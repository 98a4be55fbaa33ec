"""Releasing held reports: when an observer passes a gate, those held for it are judged again.

So are protocols that were held for their contest, once it follows from contests or constituencies
that were entered since, and reports that name a station, an observer, a round or a checklist that
was entered since. A report is resolved and judged again by its newest version, as of the
moment it came in. Whatever else is wrong with it holds it still. That a gate is passed is seen from
the tables alone, so however it was passed, the reports are released.
"""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
import structlog
from psycopg import AsyncConnection

from api.audit.unit_of_work import LOG, log_values
from api.database.clock import CHANNEL, NOTIFY
from api.database.sessions import Pool, clocked_connection, mission_connection
from api.intake.accept import Intake
from api.intake.candidate import Candidate, report_rows, statement
from api.intake.deployed import by_their_deployments
from api.intake.edits import Corrections
from api.intake.reference_cache import Register
from api.intake.settling import settle
from api.intake.transaction import KNOWN_VISITS, in_its_visit
from api.people import gates
from api.problems import Problem
from api.review.judge_version import THESE, NewestVersion, judge_version, newest_versions
from schemas.report import ReportStatus

log = structlog.get_logger("indelible.release")
BATCH = 200
EVERY_SECONDS = 3.0
CLOCK = "SELECT seq FROM mission_clock WHERE mission_id = %s"
NAMES = ("checklist", "version", "round", "station", "place.code", "observer", "with")
"""What a report may name that is entered only later."""
NOT_ENTERED = (
    '@.code == "unknown" && (' + " || ".join(f'@.field == "{name}"' for name in NAMES) + ")"
)
BY_A_GATE = (
    '(@.field == "observer" || @.field == "with") && ('
    + " || ".join(f'@.code == "{code}"' for code in gates.REASONS)
    + ")"
)
WHO_WAITS = f"""
SELECT r.id, r.observer_id, r.reasons @> '[{{"code": "mission_closed"}}]',
  r.reasons @> '[{{"field": "contest"}}]', r.reasons @? '$[*] ? ({BY_A_GATE})' FROM report r
WHERE r.mission_id = %(m)s AND r.status = 'held' AND r.changed > %(after)s"""  # noqa: S608  our own names
NOT_CLOSED = " AND r.status = 'held' AND m.state <> 'closed'"
AT_A_GATE = """
  AND r.reasons @? %(path)s::jsonpath"""
PATH = (
    f'$[*] ? (@.code == "mission_closed" || @.field == "contest" || {NOT_ENTERED} || {BY_A_GATE})'
)
"""What a gate holds, its contest, or something that it names and that is not entered; and what
came while the mission was closed and was reopened since."""
OF_OBSERVER = """ AND (r.observer_id = ANY (%(observers)s::uuid[]) OR EXISTS (
    SELECT FROM report_version v CROSS JOIN jsonb_path_query(v.envelope, '$.with[*]') AS named
    JOIN observer c ON c.mission_id = v.mission_id AND c.pseudonym = named #>> '{}'
    WHERE v.mission_id = r.mission_id AND v.report_id = r.id AND v.number = r.version
      AND c.id = ANY (%(observers)s::uuid[])))"""
"""Whoever sent it, or was on the form."""
IN_ORDER = " ORDER BY r.sequence LIMIT %(limit)s"
STILL_HELD = """
SELECT id, version FROM report
WHERE mission_id = %s AND status = 'held' AND id = ANY (%s::uuid[])"""
WRITE = statement("""
WITH batch AS MATERIALIZED (SELECT %(rows)s::json AS rows, %(mission)s::uuid AS mission),
sent AS MATERIALIZED (SELECT batch.mission, r.* FROM batch, $reports),
visits AS ($visits $widen),
reports AS (
  UPDATE report SET changed = sent.sequence, status = sent.status, reasons = sent.reasons,
    $set_placed
  FROM sent WHERE report.mission_id = sent.mission AND report.id = sent.id)
INSERT INTO $judgement
SELECT mission, id, number, rules_id, decode(codes, 'hex'), flags FROM sent
WHERE codes IS NOT NULL AND rules_id IS NOT NULL
ON CONFLICT (mission_id, report_id, number, rules_id) DO NOTHING""")

Chosen = tuple[str, dict[str, Any]]
"""Which reports are meant: a condition, and its values."""


@dataclass(frozen=True)
class Act:
    """By whom reports are released, and why; nobody's name where a gate was simply passed."""

    reason: str
    actor: UUID | None = None


GATE_PASSED = Act("the gate was passed")
CONTEST_KNOWN = Act("its contest is known")
REOPENED = Act("the mission was reopened")
ENTERED = Act("what it names was entered")


Waiting = dict[UUID, tuple[UUID | None, Act]]
"""Reports that wait, each with the observer it waits for, and what would release it."""


@dataclass(frozen=True)
class ReleasedCounts:
    """What came of it: how many came out, and how many something else still holds."""

    released: tuple[UUID, ...] = ()
    held: tuple[UUID, ...] = ()

    def __add__(self, other: "ReleasedCounts") -> "ReleasedCounts":
        return ReleasedCounts(self.released + other.released, self.held + other.held)


@dataclass(frozen=True)
class LastScan:
    """How a mission's held reports were last examined: by which gates and contests, with which
    names entered, up to which reading of the clock, and whether anything was found waiting."""

    under: tuple[Any, ...] = ()
    names: tuple[Any, ...] = ()
    until: int = 0
    waits: bool = False


@dataclass(frozen=True)
class Release:
    """Releases held reports of any mission."""

    intake: Intake
    pool: Pool
    looked: dict[UUID, LastScan] = field(default_factory=dict)
    """Of each mission, what :meth:`of_mission` has gone through already."""

    async def of_observers(
        self, mission_id: UUID, observers: Iterable[UUID], act: Act
    ) -> ReleasedCounts:
        """What waits at a gate for these observers."""
        chosen = OF_OBSERVER, {"observers": [*observers]}
        return await self._all(mission_id, chosen, act, time.monotonic())

    async def of_reports(self, mission_id: UUID, ids: Iterable[UUID], act: Act) -> ReleasedCounts:
        """These reports, where a gate held them."""
        return await self._all(mission_id, (THESE, {"ids": list(ids)}), act, time.monotonic())

    async def of_mission(self, mission_id: UUID) -> ReleasedCounts:
        """What waits for observers who have passed every gate by now, however they did.

        It is judged by the cached view, and once by each: what that does not show yet, the next
        will. While the gates are as they were, only what changed since is looked at.
        """
        looked = self.looked.get(mission_id, LastScan())
        clock, waiting = await self._who_waits(mission_id, looked.until)
        if not waiting and not looked.waits:
            return ReleasedCounts()
        register = await self.intake.registers.of(mission_id)
        under, names = _seen_by(register), _named_in(register)
        waits = bool(waiting) or looked.waits
        if looked.until and looked.under != under:
            came = waiting
            clock, waiting = await self._who_waits(mission_id, 0)
            waits = bool(waiting)
            if looked.names == names:
                waiting = {
                    report: each
                    for report, each in waiting.items()
                    if each[1] is not ENTERED or report in came
                }
        passed = {each.id for each in register.observers.values() if not each.closed}
        found = ReleasedCounts()
        for act in (GATE_PASSED, CONTEST_KNOWN, REOPENED, ENTERED):
            able = [
                report
                for report, (who, by) in waiting.items()
                if by is act and (by in (REOPENED, ENTERED) or who in passed)
            ]
            found += await self._all(mission_id, (THESE, {"ids": able}), act, register.begun)
        self.looked[mission_id] = LastScan(under, names, clock, waits)
        return found

    async def _who_waits(self, mission_id: UUID, after: int) -> tuple[int, Waiting]:
        """What waits at a gate and changed after one reading of the clock; and the clock now."""
        asked = {"m": mission_id, "path": PATH, "after": after}
        async with mission_connection(self.pool, mission_id) as connection:
            (clock,) = await (await connection.execute(CLOCK, (mission_id,))).fetchone() or (0,)
            rows = await connection.execute(WHO_WAITS + AT_A_GATE, asked)
            return int(clock), {
                row[0]: (row[1], _releasing(*row[2:])) for row in await rows.fetchall()
            }

    async def everywhere(self) -> None:
        """The same in every mission, again and again: what came in while a gate was opening,
        and what a command or a file opened."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                async with self.pool.connection() as connection:
                    rows = await connection.execute("SELECT mission_id FROM every_mission()")
                    missions = [row[0] for row in await rows.fetchall()]
                for mission in missions:
                    await self.of_mission(mission)
            except Exception as error:
                log.warning("release missed", error=type(error).__name__)

    async def _all(
        self, mission_id: UUID, chosen: Chosen, act: Act, asked: float
    ) -> ReleasedCounts:
        """All of them by one view of the mission, not older than ``asked``."""
        waiting = await self._waiting(mission_id, chosen)
        released: list[UUID] = []
        for start in range(0, len(waiting), BATCH):
            some = waiting[start : start + BATCH]
            judged = [(each, await self._judge(mission_id, each, asked)) for each in some]
            changed = [
                (each, new)
                for each, new in judged
                if new is not None and [one.as_sent() for one in new.reasons] != [*each.reasons]
            ]
            released += await self._write(mission_id, changed, act)
            await asyncio.sleep(0)
        out = set(released)
        held = tuple(each.id for each in waiting if each.id not in out)
        return ReleasedCounts(tuple(released), held)

    async def _waiting(self, mission_id: UUID, chosen: Chosen) -> list[NewestVersion]:
        where, values = chosen
        of = {"path": PATH, "limit": 50_000} | values
        which = NOT_CLOSED + AT_A_GATE + where + IN_ORDER
        async with mission_connection(self.pool, mission_id) as connection:
            return await newest_versions(connection, mission_id, which, of)

    async def _judge(
        self, mission_id: UUID, waiting: NewestVersion, asked: float
    ) -> Candidate | None:
        """The report as it would be taken now; None where its version is no report."""
        try:
            return await judge_version(self.intake, mission_id, waiting, asked)
        except Problem as problem:
            log.warning("held report not read", report=str(waiting.id), code=problem.kind.code)
            return None

    async def _write(
        self, mission_id: UUID, judged: Sequence[tuple[NewestVersion, Candidate]], act: Act
    ) -> list[UUID]:
        if not judged:
            return []
        steps = len(judged)
        async with clocked_connection(self.pool, mission_id, steps) as (connection, reading):
            standing = await _still_held(connection, mission_id, [one.id for one, _ in judged])
            visits = await _visits(connection, mission_id, [new for _, new in judged])
            judged = [(each, in_its_visit(new, visits)) for each, new in judged]
            placed = await by_their_deployments(connection, mission_id, [new for _, new in judged])
            taken = [
                (each, new)
                for (each, _), new in zip(judged, placed, strict=True)
                if standing.get(each.id) == each.number
            ]
            rows = _rows(taken, reading - steps)
            await connection.execute(
                WRITE, {"rows": orjson.dumps(rows).decode(), "mission": mission_id}
            )
            visits_of = {new.visit_id for _, new in taken}
            changes = Corrections(connection, mission_id, reading, visits_of)
            named = {new.replaces for _, new in taken if new.replaces_id is not None}
            await changes.join_waiting({*standing, *(each for each in named if each)})
            settled = await settle(connection, mission_id, changes.visits, reading)
            held = {report for report, status, _ in settled if status == ReportStatus.HELD}
            out = [
                each.id
                for each, new in taken
                if new.status != ReportStatus.HELD and each.id not in held
            ]
            for each in out:
                said = log_values(
                    mission_id,
                    reading,
                    "report.release",
                    str(each),
                    act.reason.encode(),
                    actor=act.actor,
                    note=act.reason,
                )
                await connection.execute(LOG, said)
            await connection.execute(NOTIFY, (CHANNEL, str(mission_id)))
        return out


def _releasing(closed: bool, of_contest: bool, by_a_gate: bool) -> Act:
    """What would release a report that waits."""
    if closed:
        return REOPENED
    if of_contest:
        return CONTEST_KNOWN
    return GATE_PASSED if by_a_gate else ENTERED


def _seen_by(register: Register) -> tuple[Any, ...]:
    """What decides whether a report is released."""
    return register.fingerprint, register.contests, register.areas, register.clock


def _named_in(register: Register) -> tuple[Any, ...]:
    """What a report may name. Places were loaded at the view's clock."""
    rules = frozenset(each.id for some in register.checklists.values() for each in some.values())
    return register.clock, frozenset(register.rounds), frozenset(register.observers), rules


async def _still_held(
    connection: AsyncConnection[Any], mission_id: UUID, ids: list[UUID]
) -> dict[UUID, int]:
    """Which of these are held still, each with the number of its newest version."""
    rows = await (await connection.execute(STILL_HELD, (mission_id, ids))).fetchall()
    return {row[0]: row[1] for row in rows}


async def _visits(
    connection: AsyncConnection[Any], mission_id: UUID, candidates: Sequence[Candidate]
) -> dict[UUID, tuple[UUID, UUID, UUID]]:
    ids = [visit for each in candidates for visit in each.visits]
    rows = await (await connection.execute(KNOWN_VISITS, (mission_id, ids))).fetchall()
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def _rows(taken: Sequence[tuple[NewestVersion, Candidate]], behind: int) -> dict[str, Any]:
    numbered = [(new, behind + at) for at, (_, new) in enumerate(taken, 1)]
    rows = report_rows(numbered, lambda mission, digest: None)
    for row, (each, _) in zip(rows["reports"], taken, strict=True):
        row["number"] = each.number
        del row["raw"]
    return rows
