"""Correcting answers: a named person gives other answers, or takes answers away, and says why.

It becomes a new version, judged anew; nothing that was sent is changed. A verified report stays
verified, and an excluded one excluded: who may correct may decide. Corrections of the observer that
waited for the desk to decide have had their answer then, and wait no more.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import Request
from psycopg import AsyncConnection
from pydantic import BaseModel, ConfigDict, Field

from api.audit.unit_of_work import Work, run_on_connection
from api.auth.principal import Principal
from api.intake.candidate import Candidate, PhotoSize
from api.intake.edits import DECISIONS
from api.intake.parse import read_report
from api.people import gates
from api.problems import CONFLICT, INVALID, Problem
from api.review.acts import refuse_without_reason
from api.review.judge_version import NewestVersion, judge_version, question_of, read_to_act
from api.review.new_version import (
    NEWER,
    UNCHANGED,
    VersionToWrite,
    VersionWritten,
    standing_row,
    undo_version,
    without_answers,
    write_version,
)
from api.review.take_over import give_back_correction
from api.review.tasks import note_read
from mobile_forms.columns import KNOWN
from schemas.desk import DeskAct
from schemas.report import ReportStatus
from schemas.rights import Right
from schemas.words import N_

KIND = "report.correction"
SUPERSEDED = N_("Another report took its place. Correct that one.")
NO_ANSWERS = N_("Say which answer is another one.")
UNREAD = N_("Its checklist or its version is not known here. Settle that first.")
UNKNOWN_QUESTION = N_("The checklist has no such question.")
NOT_ASKED = N_("With these answers this question is not asked.")
NO_PHOTO = N_("A photo comes from the phone. It can be taken away, and not put in.")
TOO_LARGE = N_("The number is too large.")
WOULD_BE_HELD = N_("It counts today, and would be held. Settle that first.")
WAITING = """
SELECT id FROM report WHERE mission_id = %(mission)s AND status = 'held'
  AND replaces_id IN (SELECT %(report)s::uuid UNION ALL SELECT e.instance_id FROM edit e
    WHERE e.mission_id = %(mission)s AND e.report_id = %(report)s)
  AND reasons @? '$[*] ? (@.field == "replaces" && (@.code == "decided" || @.code == "outdated"))'
ORDER BY sequence"""
ANSWERED = """
UPDATE report SET changed = %(clock)s, status = 'superseded', reasons = '[]', visit_id = NULL
WHERE mission_id = %(mission)s AND id = ANY (%(ids)s::uuid[])"""


class CorrectionIn(BaseModel):
    """Other answers by question, null to take one away, and why; the number of the version that was
    read."""

    model_config = ConfigDict(extra="forbid")

    answers: dict[str, Any] = Field(max_length=2000)
    reason: str = Field(max_length=2000)
    number: int | None = None


async def correction(
    request: Request, who: Principal, report: UUID, given: CorrectionIn
) -> Callable[[Work], VersionWritten]:
    """What is to be written to correct a report that somebody sees; judged already. Problems: 404,
    422 naming the answer that cannot be kept, 409 where it is not to be corrected or nothing would
    change."""
    who.must(Right.DECIDE_REPORTS)
    refuse_without_reason(given.reason)
    answers = _readable(given.answers)
    read = await read_to_act(request, who, report)
    if given.number not in (None, read.number):
        raise Problem(CONFLICT, NEWER, "number")
    return await with_other_answers(request, who, read, answers, given.reason, KIND)


async def with_other_answers(
    request: Request,
    who: Principal,
    read: NewestVersion,
    answers: Mapping[str, Any],
    reason: str,
    kind: str,
    more: Callable[[Work], Mapping[str, Any]] = lambda work: {},
) -> Callable[[Work], VersionWritten]:
    """What is to be written to give a version these answers, None to take one away; by an act of
    this kind, which :func:`undo_correction` takes back. ``more`` is done with it, and gives what
    taking that back needs. Problems: as :func:`correction`."""
    if read.status == ReportStatus.SUPERSEDED:
        raise Problem(CONFLICT, SUPERSEDED, "status")
    judged = await _judged(request, who, read, answers)
    photo_size: PhotoSize = request.app.state.photos.size

    def write(work: Work) -> VersionWritten:
        note_read(work, read.id)
        waiting = _waiting(work, read.id) if kind == KIND else []
        kept = [without_answers(standing_row(work, each)) | {"id": str(each)} for each in waiting]
        to_write = VersionToWrite(
            read, judged, reason, kind, more={"corrections": kept, **more(work)}
        )
        written = write_version(work, to_write, photo_size)
        if not waiting:
            return written
        _execute(work, ANSWERED, {"ids": waiting})
        answered = dict.fromkeys(waiting, str(ReportStatus.SUPERSEDED))
        return replace(written, others={**written.others, **answered})

    return write


def undo_correction(work: Work, act: DeskAct) -> dict[str, Any]:
    """The report as it was, and its observer's corrections waiting for the desk again."""
    changed = undo_version(work, act)
    for each in act.before["corrections"]:
        give_back_correction(work, UUID(each["id"]), each)
    return changed


def _readable(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as the strict reader of reports reads them; an empty text is no answer."""
    if not answers:
        raise Problem(INVALID, NO_ANSWERS, "answers")
    sent = json.dumps({"answers": answers}).encode()
    read, large = read_report(sent)
    if large:
        raise Problem(INVALID, TOO_LARGE, f"answers.{large[0]}")
    return {name: None if value == "" else value for name, value in read["answers"].items()}


async def _judged(
    request: Request, who: Principal, read: NewestVersion, answers: Mapping[str, Any]
) -> Candidate:
    """The version with these answers, judged, with the status that it will have."""
    version = _without_shorthand(read.with_answers(answers), answers)
    judged = await judge_version(request.app.state.intake, who.mission_id, version)
    if judged.rules_id is None:
        raise Problem(CONFLICT, UNREAD, "answers")
    _refuse_answers(read, judged, answers, await _questions(request, who, judged))
    _refuse_photos(read, judged, answers)
    if judged.answers == dict(read.answers):
        raise Problem(CONFLICT, UNCHANGED, "answers")
    return _as_it_stood(read, judged)


def _refuse_answers(
    read: NewestVersion, judged: Candidate, answers: Mapping[str, Any], questions: frozenset[str]
) -> None:
    """Each is to a question that is asked, and can be read."""
    for name, value in answers.items():
        if name not in questions and (value is not None or name not in read.answers):
            raise Problem(INVALID, UNKNOWN_QUESTION, f"answers.{name[:200]}")
    for reason in judged.reasons:
        if question_of(reason.field) in answers:
            raise Problem(INVALID, reason.message, f"answers.{reason.field}")
    for name, value in answers.items():
        if value is not None and name not in judged.answers:
            raise Problem(INVALID, NOT_ASKED, f"answers.{name}")


def _without_shorthand(version: NewestVersion, answers: Mapping[str, Any]) -> NewestVersion:
    """Where the follow-up of a question is corrected, ``observed`` says nothing of it any more."""
    observed = version.envelope.get("observed")
    if not isinstance(observed, dict):
        return version
    left = {name: word for name, word in observed.items() if f"{name}{KNOWN}" not in answers}
    return replace(version, envelope={**version.envelope, "observed": left})


async def _questions(request: Request, who: Principal, judged: Candidate) -> frozenset[str]:
    """The questions of the rules that judged it; of a repeat its own name alone."""
    register = await request.app.state.intake.registers.of(who.mission_id)
    versions = register.checklists.get(judged.checklist, {})
    found = next((each for each in versions.values() if each.id == judged.rules_id), None)
    if found is None:
        return frozenset()
    return frozenset(each.name for each in found.definition.questions if not each.repeat)


def _refuse_photos(read: NewestVersion, judged: Candidate, answers: Mapping[str, Any]) -> None:
    known = {*_texts(read.answers)}
    if {*judged.photos} <= known:
        return
    (name, *_) = (
        name for name, value in answers.items() if ({*_texts(value)} & {*judged.photos}) - known
    )
    raise Problem(INVALID, NO_PHOTO, f"answers.{name}")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _as_it_stood(read: NewestVersion, judged: Candidate) -> Candidate:
    """A report that counts goes on counting, also where its observer has not passed a gate since;
    a decision on it stands."""
    if read.status == ReportStatus.HELD:
        return judged
    holding = [each for each in judged.reasons if each.code not in gates.REASONS]
    if holding:
        more = {"reasons": [each.as_sent() for each in holding]}
        raise Problem(CONFLICT, WOULD_BE_HELD, holding[0].field, more=more)
    status = ReportStatus.FLAGGED if judged.flags else ReportStatus.RECEIVED
    if read.status in DECISIONS:
        status = ReportStatus(read.status)
    return replace(judged, status=status, reasons=())


def _waiting(work: Work, report: UUID) -> list[UUID]:
    """The corrections of a report that wait for the desk."""
    found = work.session.connection().exec_driver_sql(
        WAITING, {"mission": work.mission_id, "report": report}
    )
    return [each for (each,) in found]


def _execute(work: Work, statement: str, values: Mapping[str, Any]) -> None:
    given = {"mission": work.mission_id, "clock": work.clock, **values}

    async def execute(connection: AsyncConnection[Any]) -> None:
        await connection.execute(statement, given)

    run_on_connection(work, execute)
