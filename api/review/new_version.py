"""Writing a new version of a report, made by a named person of the newest one; taking it back.

Placing, accepting and correcting write here: the version was judged before
(:mod:`api.review.judge_version`), and stands only if the report is still as it was read then.
Versions are never changed: taking one back writes another that equals the earlier.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import orjson
from psycopg import AsyncConnection

from api.audit.unit_of_work import Work, run_on_connection
from api.intake.candidate import Candidate, PhotoSize, report_rows, statement
from api.intake.deployed import by_their_deployments
from api.intake.edits import DECISIONS, Corrections
from api.intake.settling import settle
from api.intake.transaction import KNOWN_VISITS, in_its_visit
from api.problems import CONFLICT, Problem
from api.review.acts import record_act
from api.review.holds import must_not_be_held_by_another
from api.review.judge_version import NewestVersion
from schemas.desk import DeskAct
from schemas.words import N_

UNDONE = "undone"
"""Why a version was made that equals an earlier one."""
NEWER = N_("Another version of this report has come in. Read it first.")
DECIDED_SINCE = N_("A person has decided on this report since. Read that first.")
UNCHANGED = N_("Nothing would change: it stands so already.")
BELONGS = ("station", "place", "round", "contest", "observer")
"""The members of a report that say where it belongs."""
STANDING = """
SELECT to_jsonb(r) - '{mission_id,id,sha256,sequence,changed,received_at}'::text[] FROM report r
WHERE r.mission_id = %s AND r.id = %s"""
"""A report's row as it stands under the mission's clock, without what never changes."""
WRITE = statement("""
WITH batch AS MATERIALIZED (SELECT %(rows)s::json AS rows, %(mission)s::uuid AS mission),
sent AS MATERIALIZED (SELECT batch.mission, r.* FROM batch, $reports),
visits AS ($visits $widen),
reports AS (
  UPDATE report SET changed = sent.sequence, status = sent.status, reasons = sent.reasons,
    version = sent.number, $set_placed
  FROM sent WHERE report.mission_id = sent.mission AND report.id = sent.id),
versions AS (
  INSERT INTO report_version
    (mission_id, report_id, number, sequence, envelope, answers, author_id, reason, accepted)
  SELECT mission, id, number, sequence, envelope, answers, %(author)s, %(reason)s, accepted
  FROM sent),
photos AS (
  INSERT INTO attachment (mission_id, report_id, name, sha256, size, arrived_at)
  SELECT batch.mission, r.report_id, r.name, decode(r.sha256, 'hex'), r.size,
    CASE WHEN r.size IS NOT NULL THEN now() END
  FROM batch, json_to_recordset(batch.rows -> 'photos') AS r(
    report_id uuid, name text, sha256 text, size int)
  ON CONFLICT (mission_id, report_id, name) DO NOTHING)
INSERT INTO $judgement
SELECT mission, id, number, rules_id, decode(codes, 'hex'), flags FROM sent
WHERE codes IS NOT NULL AND rules_id IS NOT NULL""")
RESTORED = (
    "checklist", "status", "reasons", "rules_id", "round_id", "place_id", "visit_id",
    "observer_id", "organisation_id", "contest_id", "arrived_at", "departed_at", "finalised_at",
    "replaces_id",
)  # fmt: skip
RESTORE = f"""
WITH earlier AS MATERIALIZED (
  SELECT * FROM jsonb_populate_record(NULL::report, %(row)s::jsonb)),
reports AS (
  UPDATE report SET changed = %(clock)s, version = %(number)s,
    ({", ".join(RESTORED)}) = (SELECT {", ".join(RESTORED)} FROM earlier)
  WHERE mission_id = %(mission)s AND id = %(report)s),
versions AS (
  INSERT INTO report_version
    (mission_id, report_id, number, sequence, envelope, answers, author_id, reason, accepted)
  SELECT mission_id, report_id, %(number)s, %(clock)s, envelope, answers, %(author)s, %(reason)s,
    accepted
  FROM report_version
  WHERE mission_id = %(mission)s AND report_id = %(report)s AND number = %(was)s)
INSERT INTO judgement (mission_id, report_id, number, rules_id, codes, flags)
SELECT j.mission_id, j.report_id, %(number)s, j.rules_id, j.codes, j.flags
FROM judgement j JOIN earlier ON j.rules_id = earlier.rules_id
WHERE j.mission_id = %(mission)s AND j.report_id = %(report)s AND j.number = %(was)s"""  # noqa: S608


@dataclass(frozen=True)
class VersionWritten:
    """A version that was written: its number, the act that can be taken back, the report's row
    before and after, what it says before and after of where it belongs, its answers before and
    after, and what became of other reports of the visits, by id."""

    report: UUID
    number: int
    act: UUID
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    said: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {})
    answers: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {})
    others: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def changed(self) -> list[dict[str, Any]]:
        """What is different now: each member with its value before and after."""
        before, after = self.said
        pairs = [(name, before.get(name), after.get(name)) for name in BELONGS]
        here, there = self.answers
        names = dict.fromkeys([*here, *there])
        pairs += [(f"answers.{name}", here.get(name), there.get(name)) for name in names]
        pairs += [(name, self.before[name], self.after[name]) for name in ("visit_id", "status")]
        held = _names(self.before["reasons"]), _names(self.after["reasons"])
        pairs.append(("reasons", *held))
        found = [
            {"field": name.removesuffix("_id"), "before": earlier, "after": now}
            for name, earlier, now in pairs
            if earlier != now
        ]
        return found + [
            {"field": "report", "report": report, "after": status}
            for report, status in self.others.items()
        ]

    def as_sent(self) -> dict[str, Any]:
        """What an answer adds to the report: the act, the version's number, what changed."""
        return {"act": self.act, "number": self.number, "changed": self.changed}


@dataclass(frozen=True)
class VersionToWrite:
    """A version to be made of the one that was ``read``: as it was judged, why, and by which kind
    of act. ``moves`` where the report may leave its visit, which is at another place then."""

    read: NewestVersion
    judged: Candidate
    reason: str
    kind: str
    moves: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)
    """What else taking the act back needs."""


def write_version(work: Work, given: VersionToWrite, photo_size: PhotoSize) -> VersionWritten:
    """Write a version and settle the visits that it leaves and comes to; recorded as an act that
    can be taken back, and in the audit log.

    Problems: 409 where somebody else has it open, where the report has changed since it was read,
    or nothing would change.
    """
    must_not_be_held_by_another(work, None, given.read.id)
    number = given.read.number + 1
    before = standing_row(work, given.read.id)
    refuse_what_came_since(given.read, before)
    settled = run_on_connection(
        work, lambda connection: _write(connection, work, given, photo_size, before)
    )
    after = standing_row(work, given.read.id)
    if _same(before, after) and _says_the_same(given):
        raise Problem(CONFLICT, UNCHANGED)
    others = {each: status for each, status in settled.items() if each != given.read.id}
    kept = {
        "number": given.read.number,
        "made": number,
        "row": without_answers(before),
        "status": after["status"],
        **given.more,
    }
    act = record_act(work, given.kind, given.read.id, kept)
    work.log(given.kind, given.read.id, given.reason, note=given.reason.strip())
    read, new = given.read, given.judged
    said, answers = (read.envelope, new.envelope), (read.answers, new.answers)
    return VersionWritten(read.id, number, act, before, after, said, answers, others)


def undo_version(work: Work, act: DeskAct) -> dict[str, Any]:
    """Take a version back by one that equals the earlier. Problem: 409 where the report has
    another version since, or was decided on."""
    report, before = UUID(act.subject), act.before
    standing = standing_row(work, report)
    if standing["version"] != before["made"]:
        raise Problem(CONFLICT, NEWER, "act")
    if standing["status"] in DECISIONS and standing["status"] != before["status"]:
        raise Problem(CONFLICT, DECIDED_SINCE, "act")
    number = before["made"] + 1
    values = {
        "mission": work.mission_id,
        "report": report,
        "clock": work.clock,
        "number": number,
        "was": before["number"],
        "row": orjson.dumps(before["row"]).decode(),
        "author": work.actor,
        "reason": UNDONE,
    }
    visits = [each and UUID(each) for each in (standing["visit_id"], before["row"]["visit_id"])]

    async def restore(connection: AsyncConnection[Any]) -> None:
        await connection.execute(RESTORE, values)
        await settle(connection, work.mission_id, visits, work.clock)

    run_on_connection(work, restore)
    after = standing_row(work, report)
    return {
        "report": report,
        "number": number,
        "status": after["status"],
        "reasons": after["reasons"],
    }


def standing_row(work: Work, report: UUID) -> dict[str, Any]:
    """The report's row now. LookupError where it is not there."""
    connection = work.session.connection()
    found = connection.exec_driver_sql(STANDING, (work.mission_id, report)).scalar_one_or_none()
    if found is None:
        raise LookupError(str(report))
    return dict(found)


def refuse_what_came_since(read: NewestVersion, standing: Mapping[str, Any]) -> None:
    """Two who act at once: whoever comes second has read what stands no more. Problem: 409."""
    if standing["version"] != read.number:
        raise Problem(CONFLICT, NEWER, "number")
    decided = standing["status"] in DECISIONS
    if decided and standing["status"] != read.status:
        raise Problem(CONFLICT, DECIDED_SINCE, "status")


async def _write(
    connection: AsyncConnection[Any],
    work: Work,
    given: VersionToWrite,
    photo_size: PhotoSize,
    before: Mapping[str, Any],
) -> dict[UUID, str]:
    """The rows of the version; what settling changed, by report."""
    new = await _placed(connection, work.mission_id, given)
    rows = report_rows([(new, work.clock)], photo_size)
    rows["reports"][0]["number"] = given.read.number + 1
    values = {
        "rows": orjson.dumps(rows).decode(),
        "mission": work.mission_id,
        "author": work.actor,
        "reason": given.reason.strip(),
    }
    await connection.execute(WRITE, values)
    left = before["visit_id"] and UUID(before["visit_id"])
    changes = Corrections(connection, work.mission_id, work.clock, {left, new.visit_id})
    if given.read.correction is not None and new.replaces_id is None:
        await changes.join_waiting({given.read.id})
    settled = await settle(connection, work.mission_id, changes.visits, work.clock)
    return {report: status for report, status, _ in settled}


async def _placed(
    connection: AsyncConnection[Any], mission_id: UUID, given: VersionToWrite
) -> Candidate:
    """The version in its visit, by its deployment. One that moves away from the place of its visit
    is of a visit of its own there."""
    new = given.judged
    visits = [each for each in (new.visit_id, new.own_visit) if each is not None]
    rows = await (await connection.execute(KNOWN_VISITS, (mission_id, visits))).fetchall()
    known = {row[0]: (row[1], row[2], row[3]) for row in rows}
    placed = in_its_visit(new, dict(known))
    if given.moves and placed.visit_id is None and new.visit_id is not None:
        placed = in_its_visit(new.in_a_visit_of_its_own(), dict(known))
    # A stay of the report itself, as it was, is nobody else's.
    (flagged,) = await by_their_deployments(
        connection, mission_id, [replace(placed, replaces=given.read.id)]
    )
    return replace(flagged, replaces=placed.replaces)


def _same(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return {**before, "version": 0} == {**after, "version": 0}


def _says_the_same(given: VersionToWrite) -> bool:
    read, new = given.read, given.judged
    return (
        dict(read.envelope) == new.envelope
        and dict(read.answers) == new.answers
        and sorted(read.accepted) == sorted(new.accepted)
    )


def without_answers(row: Mapping[str, Any]) -> dict[str, Any]:
    """A report's row for the record of an act: no reason in it quotes an answer."""
    return {**row, "reasons": [_quoting_nothing(each) for each in row["reasons"]]}


def _quoting_nothing(reason: Mapping[str, str]) -> dict[str, str]:
    if reason["code"] == "unknown_option":
        return {**reason, "message": "It is not an option."}
    return dict(reason)


def _names(reasons: Sequence[Mapping[str, str]]) -> list[str]:
    return [f"{each['field']}/{each['code']}" for each in reasons]
