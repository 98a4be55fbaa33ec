"""A report's newest version, judged as it would be taken now.

Whoever places a report, accepts it, corrects it or releases it judges from here: from the envelope
and the answers of its newest version and from what was accepted of it, never from the bytes that
came first. What came as XML on a checklist version that was not known was stored unread; it is read
again from the bytes that its newest version came as.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request
from psycopg import AsyncConnection
from sqlmodel import col

from api.auth.principal import Principal
from api.auth.visible import visible_reports
from api.database.sessions import Pool, mission_connection, mission_session
from api.intake.accept import Arrival, Intake
from api.intake.candidate import Candidate, Reason
from api.intake.edits import waits_for_its_report
from api.intake.openrosa import read_arrival
from api.problems import NOT_FOUND, Problem
from api.review.superseding import report_named
from schemas.credential import Purpose, Role
from schemas.report import Report
from schemas.rights import Right

XML = "text/xml"
TOO_LARGE = "too_large"
VERSIONS = f"""
SELECT r.id, r.version, r.status, r.reasons, r.rules_id IS NOT NULL, v.envelope, v.answers,
  coalesce(v.accepted, '[]'), s.channel, s.media_type, s.holder_id, s.received_at, m.slug,
  o.pseudonym, CASE WHEN s.media_type = '{XML}' AND r.rules_id IS NULL THEN s.raw END
FROM report r JOIN mission m ON m.mission_id = r.mission_id
JOIN report_version v ON v.mission_id = r.mission_id AND v.report_id = r.id
  AND v.number = r.version
LEFT JOIN LATERAL (SELECT e.instance_id, e.sha256 FROM edit e
  WHERE e.mission_id = r.mission_id AND e.report_id = r.id
  ORDER BY e.number DESC LIMIT 1) e ON true
JOIN submission s ON s.mission_id = r.mission_id AND s.report_id IN (r.id, e.instance_id)
  AND s.sha256 = coalesce(e.sha256, r.sha256)
LEFT JOIN observer o ON o.mission_id = r.mission_id AND o.id = s.holder_id
WHERE r.mission_id = %(m)s"""  # noqa: S608  our own name
"""Reports with their newest version, and who sent it when; more conditions may follow."""
THESE = " AND r.id = ANY (%(ids)s::uuid[])"


@dataclass(frozen=True)
class NewestVersion:
    """A report with its newest version, as :data:`VERSIONS` reads it.

    ``pseudonym`` is the sender's, where an observer sent it; ``raw`` are its bytes, where they are
    to be read again.
    """

    id: UUID
    number: int
    status: str
    reasons: Sequence[Mapping[str, str]]
    has_rules: bool
    envelope: Mapping[str, Any]
    answers: Mapping[str, Any]
    accepted: Sequence[str]
    channel: str
    media_type: str
    holder_id: UUID
    received_at: datetime
    slug: str
    pseudonym: str | None
    raw: bytes | None = field(default=None, repr=False)

    @property
    def correction(self) -> Reason | None:
        """Why it waits for the report that it corrects, where it does."""
        own = (Reason(**each) for each in self.reasons if each["field"] == "replaces")
        return next(own, None)

    @property
    def too_large(self) -> tuple[Reason, ...]:
        """The numbers that no field holds: their answers were stored as near as can be, and say it
        no more."""
        found = (Reason(**each) for each in self.reasons)
        return tuple(each for each in found if each.code == TOO_LARGE)

    def sender(self, mission_id: UUID) -> Principal:
        """Whoever sent it: an observer as itself, else somebody who sends for anyone."""
        role = Role.DATA_MANAGER if self.pseudonym is None else Role.OBSERVER
        return Principal(
            mission_id, self.slug, role, self.holder_id, self.pseudonym, Purpose.BEARER
        )

    def with_answers(self, changes: Mapping[str, Any]) -> "NewestVersion":
        """The same with other answers; None takes an answer away."""
        answers = {**self.answers, **changes}
        gone = {name for name, value in changes.items() if value is None}
        left = {name: value for name, value in answers.items() if name not in gone}
        reasons = [each for each in self.reasons if question_of(each["field"]) not in changes]
        return replace(self, answers=left, reasons=reasons, raw=None)


def question_of(field: str) -> str:
    """The question that a reason's field is of: ``votes[2].count`` is of ``votes``."""
    return field.partition("[")[0].partition(".")[0]


async def newest_versions(
    connection: AsyncConnection[Any], mission_id: UUID, which: str, values: Mapping[str, Any]
) -> list[NewestVersion]:
    """The newest versions of the reports that fulfil ``which``, a condition with its values."""
    rows = await connection.execute(VERSIONS + which, {"m": mission_id, **values})
    return [NewestVersion(*row) for row in await rows.fetchall()]


async def newest_version(pool: Pool, mission_id: UUID, report: UUID) -> NewestVersion:
    """The newest version of one report. LookupError where it is not there."""
    async with mission_connection(pool, mission_id) as connection:
        found = await newest_versions(connection, mission_id, THESE, {"ids": [report]})
    if not found:
        raise LookupError(str(report))
    return found[0]


async def read_to_act(request: Request, who: Principal, report: UUID) -> NewestVersion:
    """The newest version of a report that ``who`` sees and may act on; the id of a correction leads
    to the report that it corrected. Problem: 404."""
    who.must(Right.DECIDE_REPORTS)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        named = await report_named(session, who, report)
        seen = visible_reports(who).where(col(Report.id) == named)
        if (await session.execute(seen)).first() is None:
            raise Problem(NOT_FOUND)
    return await newest_version(request.app.state.pool, who.mission_id, named)


async def judge_version(
    intake: Intake, mission_id: UUID, version: NewestVersion, asked: float | None = None
) -> Candidate:
    """The report as it would be taken now, by its newest version (or by what is to become it: a
    version with another envelope, other answers, more accepted).

    What is not found is looked for in a view of the mission not older than ``asked``, by the
    process's own clock; now, if not said. Raises :class:`Problem` where the version is no report.
    """
    who = version.sender(mission_id)
    answers = version.answers
    if version.raw is not None:
        read = await read_arrival(intake, who, version.raw, though_unknown=True)
        answers = read.report["answers"]
    report = {**version.envelope, "answers": dict(answers)}
    arrival = Arrival(b"", report, version.channel, version.media_type, version.too_large)
    candidate = await intake.judge(who, arrival, version.received_at, asked, version.accepted)
    if candidate.replaces is not None and version.correction is not None:
        candidate = waits_for_its_report(candidate, version.correction)
    return replace(candidate, id=version.id)
