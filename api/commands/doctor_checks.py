"""The checks of ``doctor``: row-level security, reports and their hashes, the audit chain."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import text
from sqlmodel import Session, col, select

from api.audit.sealed_work import CommandContext
from api.audit.signing import Head, Signer
from api.audit.verify import held_head_amiss, verify_mission
from api.database.roles import REFUSED
from schemas.report import Submission
from schemas.tables import GLOBAL_TABLES, metadata

WALLS = """
SELECT count(*) FROM pg_class c JOIN pg_policies p ON p.tablename = c.relname
WHERE c.relrowsecurity AND c.relforcerowsecurity"""
UNSEALED_ROWS = """
SELECT coalesce(sum(cardinality(row_keys)), 0) FROM unsealed_write WHERE mission_id = %s"""
QUERIES = {
    "every report has the bytes it came as": """
SELECT r.id FROM report r LEFT JOIN submission s ON s.mission_id = r.mission_id
  AND s.report_id = r.id AND s.sha256 = r.sha256 AND NOT s.contested
WHERE r.mission_id = :m AND s.report_id IS NULL""",
    "the versions of every report are without a gap": """
SELECT r.id FROM report r JOIN report_version v ON v.mission_id = r.mission_id
  AND v.report_id = r.id WHERE r.mission_id = :m
GROUP BY r.id, r.version HAVING count(*) <> r.version OR max(v.number) <> r.version""",
    "every later version says why it was made": """
SELECT v.report_id FROM report_version v WHERE v.mission_id = :m AND v.number > 1
  AND coalesce(v.reason, '') = ''""",
    "no two reports share a receipt": """
SELECT max(r.id::text) FROM report r WHERE r.mission_id = :m
GROUP BY r.sequence HAVING count(*) > 1""",
    "no report is ahead of the mission's clock": """
SELECT r.id FROM report r JOIN mission_clock c ON c.mission_id = r.mission_id
WHERE r.mission_id = :m AND r.changed > c.seq""",
    "every placed report is judged": """
SELECT r.id FROM report r LEFT JOIN judgement j ON j.mission_id = r.mission_id
  AND j.report_id = r.id AND j.number = r.version AND j.rules_id = r.rules_id
WHERE r.mission_id = :m AND r.rules_id IS NOT NULL AND r.status <> 'held'
  AND j.report_id IS NULL""",
}


@dataclass(frozen=True)
class CheckResult:
    """One examination and what it found."""

    what: str
    sound: bool
    found: str

    def as_sent(self) -> dict[str, object]:
        """For scripts."""
        return {"what": self.what, "sound": self.sound, "found": self.found}


def check_up(office: CommandContext, kept: Sequence[Head] = ()) -> list[CheckResult]:
    """Examine the database, then every mission; ``kept`` are heads that were kept elsewhere."""
    findings = [*_database(office)]
    with psycopg.connect(office.database.admin_url, autocommit=True) as connection:
        missions = connection.execute("SELECT slug, mission_id FROM mission_slug ORDER BY slug")
        known = missions.fetchall()
        for slug, mission_id in known:
            with office.reading(mission_id) as session:
                findings += _mission(session, slug, mission_id)
            own = [head for head in kept if head.mission == slug]
            findings += _chain(office, connection, slug, mission_id, own)
    strange = sorted({head.mission for head in kept} - {slug for slug, _ in known})
    if strange:
        findings.append(
            CheckResult("heads kept elsewhere are of missions here", False, _named(strange))
        )
    return findings


def _chain(
    office: CommandContext,
    connection: psycopg.Connection[Any],
    slug: str,
    mission_id: UUID,
    kept: Sequence[Head],
) -> Iterator[CheckResult]:
    key = Signer.from_secret(office.settings.secret).public_key
    heads, amiss = verify_mission(connection, mission_id, slug, key)
    for head in kept:
        amiss += held_head_amiss(heads, head, key)
    rows = sum(head.rows for head in heads)
    (waiting,) = connection.execute(UNSEALED_ROWS, (mission_id,)).fetchone() or (0,)
    waits = f", {waiting} waiting" if waiting else ""
    found = "; ".join(map(str, amiss)) or f"{rows} writes in {len(heads)} seals{waits}"
    yield CheckResult(f"{slug}: the audit chain verifies", not amiss, found)


def _database(office: CommandContext) -> Iterator[CheckResult]:
    with psycopg.connect(office.database.admin_url) as connection:
        (walled,) = connection.execute(WALLS).fetchone() or (0,)
    wanted = len(metadata.tables) - len(GLOBAL_TABLES)
    yield CheckResult("tables are walled in by mission", walled == wanted, f"{walled} of {wanted}")
    with psycopg.connect(office.database.app_url) as connection:
        row = connection.execute(REFUSED).fetchone() or ("?", True)
    name = "the application's login sees no further than its mission"
    yield CheckResult(name, not any(row[1:]), str(row[0]))


def _mission(session: Session, slug: str, mission_id: UUID) -> Iterator[CheckResult]:
    for what, query in QUERIES.items():
        found = [str(row[0]) for row in session.execute(text(query), {"m": mission_id})]
        yield CheckResult(f"{slug}: {what}", not found, _named(found))
    changed = [
        str(report)
        for report, digest, raw in session.exec(
            select(Submission.report_id, Submission.sha256, Submission.raw)
            .order_by(col(Submission.sequence))
            .execution_options(yield_per=500)
        )
        if hashlib.sha256(raw).digest() != digest
    ]
    yield CheckResult(f"{slug}: bytes are those that were hashed", not changed, _named(changed))


def _named(found: list[str]) -> str:
    return f"{len(found)}: {', '.join(found[:5])}" if found else "none amiss"
