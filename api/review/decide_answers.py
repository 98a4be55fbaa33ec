"""Decisions on single answers, and what a decision is on: the report, its answers, its correction.

Answers are verified one by one (:mod:`api.review.verified_answers`). Excluding some is a new
version without them. Taken back, they are verified no more, or stand again as an earlier version
gave them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import Request

from analytics.observation.protocols import FIGURES
from api.audit.unit_of_work import Work, act_on
from api.auth.principal import Principal
from api.auth.visible import visible_reports
from api.database.sessions import mission_connection
from api.problems import CONFLICT, INVALID, Problem
from api.review.acts import Acted, record_act, refuse_without_reason
from api.review.correct import undo_correction, with_other_answers
from api.review.decide import ALREADY, UNDECIDABLE, DecisionIn, decide_as_act
from api.review.effect import Effect, preview
from api.review.holds import must_not_be_held_by_another
from api.review.judge_version import NewestVersion, read_to_act
from api.review.new_version import NEWER, VersionWritten, refuse_what_came_since, standing_row
from api.review.take_over import CORRECTIONS, take_over
from api.review.tasks import note_read
from api.review.verified_answers import (
    give_back,
    standing_questions,
    take_back,
    verify_answers,
)
from schemas.checklist import VOTES
from schemas.desk import DeskAct
from schemas.report import ReportStatus
from schemas.rights import Right
from schemas.words import N_

VERIFIED, EXCLUDED, RETURNED = (
    "report.verified_answers",
    "report.excluded_answers",
    "report.returned_answers",
)
"""Kinds of acts on answers."""
RESULTS = (VOTES, *FIGURES)
"""The questions of a protocol that give its figures."""
NO_ANSWER = N_("This version has no answer to it.")
NO_RESULTS = N_("This report gives no figures of a result.")
EXCLUDED_WHOLE = N_("The whole report is excluded. Take that back first.")
EARLIER = """
SELECT DISTINCT ON (name) name, v.answers -> name
FROM report_version v CROSS JOIN unnest(%(names)s::text[]) AS name
WHERE v.mission_id = %(mission)s AND v.report_id = %(report)s AND v.answers ? name
ORDER BY name, v.number DESC"""
Done = VersionWritten | Acted


async def decide_on(request: Request, who: Principal, report: UUID, given: DecisionIn) -> Done:
    """Decide. Problems: as :func:`decision`, and of the act itself."""
    return await act_on(request, who, await decision(request, who, report, given))


async def decision_effect(
    request: Request, who: Principal, report: UUID, given: DecisionIn
) -> Effect:
    """What the same decision would change. Problems: as there."""
    return await preview(request, who, await decision(request, who, report, given))


async def decision(
    request: Request, who: Principal, report: UUID, given: DecisionIn
) -> Callable[[Work], Done]:
    """What is to be written to decide on a report that somebody sees; judged already. On a
    correction that waits for the desk: that it is taken over, or excluded. Problems: 404, 422, 409
    where nothing would change."""
    who.must(Right.DECIDE_REPORTS)
    refuse_without_reason(given.reason)
    read = await read_to_act(request, who, report)
    if given.number not in (None, read.number):
        raise Problem(CONFLICT, NEWER, "number")
    if given.of_answers:
        return await _of_answers(request, who, read, given)
    if given.status != "quarantined" and _corrects(read):
        verified = given.status == "verified"
        return await take_over(request, who, read, given.reason, verified=verified)

    def write(work: Work) -> Acted:
        must_not_be_held_by_another(work, who, read.id)
        visible = visible_reports(who)
        return decide_as_act(work, read.id, given.status, given.reason, visible, read.number)

    return write


def undo_answers(work: Work, act: DeskAct) -> dict[str, Any]:
    """The answers as they were, and who had verified which."""
    report, changed = UUID(act.subject), dict[str, Any]()
    if "made" in act.before:
        changed = undo_correction(work, act)
    verified = act.before.get("verified", {})
    give_back(work, report, verified)
    return {"report": report, **changed, "questions": sorted(verified)}


def _corrects(read: NewestVersion) -> bool:
    """Whether it is a correction that waits for the desk."""
    names = {f"{each['field']}/{each['code']}" for each in read.reasons}
    return read.status == ReportStatus.HELD and not names.isdisjoint(CORRECTIONS)


async def _of_answers(
    request: Request, who: Principal, read: NewestVersion, given: DecisionIn
) -> Callable[[Work], Done]:
    if read.status == ReportStatus.SUPERSEDED:
        raise Problem(CONFLICT, UNDECIDABLE[ReportStatus.SUPERSEDED], "status")
    if given.status == "received":
        return await _returned(request, who, read, given)
    names = _answered(read, given)
    if given.status == "quarantined":
        gone = dict.fromkeys(names)
        return await with_other_answers(request, who, read, gone, given.reason, EXCLUDED)
    if read.status == ReportStatus.HELD:
        raise Problem(CONFLICT, UNDECIDABLE[ReportStatus.HELD], "status")
    if read.status == ReportStatus.QUARANTINED:
        raise Problem(CONFLICT, EXCLUDED_WHOLE, "status")
    return lambda work: _verify(work, who, read, names, given.reason)


def _answered(read: NewestVersion, given: DecisionIn) -> list[str]:
    """The questions that are meant; each has an answer."""
    for name in given.questions:
        if name not in read.answers:
            raise Problem(INVALID, NO_ANSWER, f"questions.{name[:200]}")
    results = _results(given, read.answers)
    if given.scope == "results" and not results:
        raise Problem(INVALID, NO_RESULTS, "scope")
    return [*dict.fromkeys([*given.questions, *results])]


def _results(given: DecisionIn, answers: Mapping[str, Any]) -> list[str]:
    return [each for each in RESULTS if each in answers] if given.scope == "results" else []


def _verify(
    work: Work, who: Principal, read: NewestVersion, names: Sequence[str], reason: str
) -> Acted:
    must_not_be_held_by_another(work, who, read.id)
    refuse_what_came_since(read, standing_row(work, read.id))
    new = [each for each in names if each not in standing_questions(work, read.id)]
    if not new:
        raise Problem(CONFLICT, ALREADY, "questions")
    note_read(work, read.id)
    before = verify_answers(work, read.id, new, read.number, reason.strip())
    act = record_act(work, VERIFIED, read.id, {"verified": before})
    work.log(VERIFIED, read.id, reason, note=reason.strip())
    return Acted(read.id, act, _marks(new, verified=True))


async def _returned(
    request: Request, who: Principal, read: NewestVersion, given: DecisionIn
) -> Callable[[Work], Done]:
    """Answers verified no more, and those that were taken out as an earlier version gave them."""
    wanted = [*dict.fromkeys([*given.questions, *(RESULTS if given.scope == "results" else ())])]
    gone = [each for each in wanted if each not in read.answers]
    earlier = await _earlier(request, who, read.id, gone)

    def unmark(work: Work) -> Mapping[str, Any]:
        return {"verified": take_back(work, read.id, wanted)}

    if earlier:
        return await with_other_answers(
            request, who, read, earlier, given.reason, RETURNED, more=unmark
        )

    def write(work: Work) -> Acted:
        must_not_be_held_by_another(work, who, read.id)
        refuse_what_came_since(read, standing_row(work, read.id))
        stood = standing_questions(work, read.id) & {*wanted}
        if not stood:
            raise Problem(CONFLICT, ALREADY, "questions")
        before = take_back(work, read.id, sorted(stood))
        act = record_act(work, RETURNED, read.id, {"verified": before})
        work.log(RETURNED, read.id, given.reason, note=given.reason.strip())
        return Acted(read.id, act, _marks(sorted(stood), verified=False))

    return write


async def _earlier(
    request: Request, who: Principal, report: UUID, names: Sequence[str]
) -> dict[str, Any]:
    """The last answers that earlier versions gave to these questions."""
    values = {"mission": who.mission_id, "report": report, "names": list(names)}
    async with mission_connection(request.app.state.pool, who.mission_id) as connection:
        rows = await connection.execute(EARLIER, values)
        return dict(await rows.fetchall())


def _marks(names: Iterable[str], *, verified: bool) -> list[dict[str, Any]]:
    """Answers that are verified now, or no more."""
    return [
        {"field": f"verified_answers.{name}", "before": not verified, "after": verified}
        for name in names
    ]
