"""Judging again: reports of a checklist version whose rules changed get new judgements.

Nothing says how far this came but the reports themselves: those whose rules are not the newest
of their version are still to be judged, so whoever goes on after a stop goes on rightly.
What the earlier rules said stays beside the version, keyed by its revision.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from time import monotonic, sleep
from typing import Any
from uuid import UUID

import psycopg
import structlog
from psycopg import Connection
from psycopg.types.json import Jsonb

from api.database.clock import CHANNEL, ENTER, NOTIFY, TICK
from api.intake.deployed import SAME_TEAM
from api.intake.envelope import observed_words
from api.intake.judging import MAX_SECONDS, TOO_SLOW
from api.intake.settling import settle_blocking
from mobile_forms.functions.values import TooSlow, limited
from mobile_forms.judgement import Judge, Judgement
from schemas.checklist import Definition
from schemas.report import ReportStatus

LOCK = 7305226396
"""The advisory lock of the one who judges again."""
BATCH = 500
ANOTHER_AT_IT = 0.2
"""Seconds after which one looks again how far another came."""
ENTER_FOR_LONG = "SELECT set_config('app.mission_id', %s, false)"
NEWEST = """
JOIN rules o ON o.mission_id = r.mission_id AND o.id = r.rules_id
JOIN LATERAL (SELECT n.id FROM rules n
  WHERE n.mission_id = o.mission_id AND n.version_id = o.version_id AND n.state = 'published'
  ORDER BY n.revision DESC LIMIT 1) n ON true"""
EARLIER = """
SELECT o.id FROM rules o JOIN LATERAL (SELECT n.id FROM rules n
  WHERE n.mission_id = o.mission_id AND n.version_id = o.version_id AND n.state = 'published'
  ORDER BY n.revision DESC LIMIT 1) n ON true
WHERE o.mission_id = %s AND n.id <> o.id"""
"""Rules that are no longer the newest of their version."""
STALE = f"""
SELECT r.id, r.version, r.status, v.answers, v.envelope -> 'observed',
  coalesce(j.flags, '[]'), n.id, r.reasons, r.visit_id
FROM report r {NEWEST}
JOIN report_version v ON v.mission_id = r.mission_id AND v.report_id = r.id
  AND v.number = r.version
LEFT JOIN judgement j ON j.mission_id = r.mission_id AND j.report_id = r.id
  AND j.number = r.version AND j.rules_id = r.rules_id
WHERE r.mission_id = %s AND r.rules_id = ANY (%s) ORDER BY r.sequence LIMIT %s"""  # noqa: S608
RULES = """
SELECT r.definition, v.xform FROM rules r
JOIN checklist_version v ON v.mission_id = r.mission_id AND v.id = r.version_id
WHERE r.mission_id = %s AND r.id = %s"""
JUDGED = """
INSERT INTO judgement (mission_id, report_id, number, rules_id, codes, flags)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (mission_id, report_id, number, rules_id) DO NOTHING"""
MOVED = """
UPDATE report SET rules_id = %s, status = %s, reasons = %s, changed = %s
WHERE mission_id = %s AND id = %s"""
PROGRESS = f"""
SELECT c.name, w.version, max(x.revision), count(*) FILTER (WHERE n.id = r.rules_id), count(*)
FROM report r {NEWEST}
JOIN rules x ON x.mission_id = r.mission_id AND x.id = n.id
JOIN checklist_version w ON w.mission_id = o.mission_id AND w.id = o.version_id
JOIN checklist c ON c.mission_id = w.mission_id AND c.id = w.checklist_id
WHERE r.mission_id = %s GROUP BY c.name, w.version ORDER BY c.name, w.version"""  # noqa: S608
OF_INTAKE = ("clock_", SAME_TEAM)
"""Flags that compare the phone's time with the server's, and one phone with another, do not come
from the rules."""
UNJUDGEABLE = {
    "field": "answers",
    "code": "unjudgeable",
    "message": "The rules could not be applied to these.",
}
SETTLED = frozenset({ReportStatus.RECEIVED, ReportStatus.FLAGGED})
"""What rules may move between; a person's decision, and what is held, stay as they are: but for
what is held for nothing but its rules (:data:`OF_RULES`), which better ones release."""
OF_RULES = frozenset({"too_slow", "rule_unusable", "unjudgeable"})
"""Codes of reasons that rules give, and not what was sent."""
WORST_HOLD_SECONDS = 2.0
"""The mission's clock is held so long, and for one report more: others wait for it."""

log = structlog.get_logger("indelible.rejudging")


@dataclass(frozen=True)
class Progress:
    """How many reports of a version are judged by its newest rules."""

    checklist: str
    version: str
    revision: int
    done: int
    total: int


@dataclass(frozen=True)
class _Stale:
    """A report judged by rules that are no longer the newest."""

    id: UUID
    number: int
    status: str
    answers: dict[str, Any]
    observed: Any
    flags: list[dict[str, Any]]
    rules_id: UUID
    reasons: list[dict[str, str]]
    visit_id: UUID | None

    @property
    def settled(self) -> bool:
        """Whether rules decide its status."""
        held_by_rules = self.status == ReportStatus.HELD and all(
            each["code"] in OF_RULES for each in self.reasons
        )
        return self.status in SETTLED or held_by_rules


@dataclass
class _Bench:
    """One mission's judges, each prepared once."""

    connection: Connection[Any]
    mission: UUID

    @cached_property
    def judges(self) -> dict[UUID, Judge]:
        return {}

    def judge(self, rules_id: UUID) -> Judge:
        if rules_id not in self.judges:
            found = self.connection.execute(RULES, (self.mission, rules_id)).fetchone()
            assert found is not None
            self.judges[rules_id] = Judge(Definition.model_validate(found[0]), found[1])
        return self.judges[rules_id]


def rejudge_everything(conninfo: str) -> int:
    """Judge again what every mission has to; how many reports. 0 where another is at it.

    ``conninfo`` is the application's login.
    """
    with psycopg.connect(conninfo, autocommit=True, connect_timeout=5) as connection:
        held = connection.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
        if not held or not held[0]:
            return 0
        missions = connection.execute("SELECT mission_id FROM every_mission()").fetchall()
        return sum(rejudge_mission(connection, mission) for (mission,) in missions)


def rejudge_mission(
    connection: Connection[Any], mission: UUID, tell: Callable[[int], None] | None = None
) -> int:
    """Judge again one mission's reports, a batch to a transaction; ``tell`` hears how many so
    far. ``connection`` is in autocommit."""
    bench, total = _Bench(connection, mission), 0
    while True:
        with connection.transaction():
            connection.execute(ENTER, (str(mission),))
            count = _rejudge(bench)
        total += count
        if count and tell is not None:
            tell(total)
        if not count:
            return total


def rejudge_checklist(
    conninfo: str, mission: UUID, checklist: str, version: str, tell: Callable[[int, int], None]
) -> int:
    """Judge again until no report of a version stands under earlier rules, or wait for another
    who is at it; ``tell`` hears how many of how many. Returns how many were to be judged."""
    with psycopg.connect(conninfo, autocommit=True, connect_timeout=5) as connection:
        connection.execute(ENTER_FOR_LONG, (str(mission),))

        def standing() -> tuple[int, int]:
            found = rejudging_progress(connection, mission)
            own = [each for each in found if (each.checklist, each.version) == (checklist, version)]
            return (own[0].done, own[0].total) if own else (0, 0)

        before, whole = done, total = standing()
        while done < total:
            tell(done, total)
            held = connection.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
            if held and held[0]:
                rejudge_mission(connection, mission, lambda _: tell(*standing()))
                connection.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))
            else:
                sleep(ANOTHER_AT_IT)
            done, total = standing()
        return whole - before


def _rejudge(bench: _Bench) -> int:
    """One batch under the mission's clock: nobody changes these reports meanwhile."""
    connection, mission = bench.connection, bench.mission
    earlier = [rules for (rules,) in connection.execute(EARLIER, (mission,)).fetchall()]
    if not earlier or connection.execute(STALE, (mission, earlier, 1)).fetchone() is None:
        return 0
    clock = connection.execute(TICK, (BATCH, mission)).fetchone()
    assert clock is not None
    rows = connection.execute(STALE, (mission, earlier, BATCH)).fetchall()
    stale = [_Stale(*row) for row in rows]
    judged = [*_judged(bench, stale, clock[0] - BATCH)]
    with connection.cursor() as cursor:
        cursor.executemany(MOVED, [each for _, each in judged])
        cursor.executemany(JUDGED, [each for each, _ in judged if each is not None])
    visits = {each.visit_id for each in stale[: len(judged)]}
    settle_blocking(connection, mission, visits, clock[0])
    connection.execute(NOTIFY, (CHANNEL, str(mission)))
    return len(judged)


def _judged(
    bench: _Bench, stale: Sequence[_Stale], behind: int
) -> Iterator[tuple[tuple[Any, ...] | None, tuple[Any, ...]]]:
    """The rows to add and to change for each report, until the clock was held long enough."""
    until = monotonic() + WORST_HOLD_SECONDS
    for sequence, each in enumerate(stale, behind + 1):
        said, reasons = _said(bench.judge(each.rules_id), each)
        kept = [flag for flag in each.flags if flag["name"].startswith(OF_INTAKE)]
        flags = [*(said.flags if said else ()), *kept]
        status = each.status
        if each.settled and reasons:
            status = ReportStatus.HELD
        elif each.settled:
            status = ReportStatus.FLAGGED if flags else ReportStatus.RECEIVED
        row = (bench.mission, each.id, each.number, each.rules_id)
        yield (
            (*row, said.codes, Jsonb(flags)) if said else None,
            (
                each.rules_id,
                status,
                Jsonb(reasons if each.settled else each.reasons),
                sequence,
                bench.mission,
                each.id,
            ),
        )
        if monotonic() > until:
            return


def _said(judge: Judge, stale: _Stale) -> tuple[Judgement | None, list[dict[str, str]]]:
    """What the rules say, and why they hold the report: they took too long, or one of them cannot
    be evaluated. What was wrong with the report itself was found when it came."""
    try:
        with limited(MAX_SECONDS):
            judged = judge.judge(stale.answers, observed_words(stale.observed))
    except TooSlow:
        return None, [TOO_SLOW.as_sent()]
    except Exception as error:  # one that cannot be judged must not keep the others back
        log.error("report not judged again", error=type(error).__name__, report=str(stale.id))
        return None, [UNJUDGEABLE]
    reasons = [
        {"field": each.field, "code": each.code, "message": each.message}
        for each in judged.reasons
        if each.code in OF_RULES
    ]
    return judged, reasons


def rejudging_progress(connection: Connection[Any], mission: UUID) -> list[Progress]:
    """How far each version with reports has come under its newest rules."""
    return [Progress(*row) for row in connection.execute(PROGRESS, (mission,)).fetchall()]
