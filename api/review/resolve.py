"""Resolving a conflict: a named person says of each question whose answer stays, and why.

Each report whose answer did not stay gets a new version with the other's, which names it; both stay
on the record. Where teams saw different things both may stand: that is kept with its reason, and
asked about again only once an answer changes. Nothing is decided that was not read: a report that
came in between, or another version, is told of instead.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from analytics.observation.contradictions import compared, contradict, said
from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.database.sessions import mission_session
from api.problems import CONFLICT, INVALID, NOT_FOUND, Problem
from api.review.acts import record_act, refuse_without_reason
from api.review.conflicts import BOTH, OPEN, Conflict, TeamReport, conflict_named, find_conflict
from api.review.correct import undo_correction, with_other_answers
from api.review.holds import must_not_be_held_by_another
from api.review.judge_version import read_to_act
from api.review.new_version import VersionWritten
from schemas.checklist import KNOWN, Question
from schemas.columns import new_id, now
from schemas.desk import ConflictResolution, DeskAct
from schemas.rights import Right
from schemas.words import N_

KIND = "conflict.resolution"
VERSION = "report.resolution"
AS_IN = "{question}: as in report {other}: {reason}"
"""The reason of a version whose answer did not stay."""
UNKNOWN_QUESTION = N_("The checklist has no such question that teams must agree on.")
UNKNOWN_REPORT = N_("This is no report of this conflict, nor `both`.")
SAYS_NOTHING = N_("This report has no answer to it.")
NOT_OPEN = N_("The answers to this do not contradict each other, or it was decided already.")
NOTHING_OPEN = N_("Nothing is in conflict here any more.")
NOTHING_CHOSEN = N_("say which answer stays.")
WHY = N_("say why, for all or for each answer.")
NO_ANSWER_TO = N_("No answer is chosen here that this could be the reason of.")
OF_A_RESOLUTION = N_("It belongs to the resolution of a conflict. Take that back.")
CAME_SINCE = N_("Another report has come in, or one was changed. It stands in the table now.")


class ResolutionIn(BaseModel):
    """Whose answer stays, by question: the id of its report, or ``both``; and why, for all or by
    question. ``numbers`` are the versions that were read, by report."""

    model_config = ConfigDict(extra="forbid")

    answers: dict[str, str] = Field(max_length=2000)
    reason: str = Field(default="", max_length=2000)
    reasons: dict[str, str] = Field(default={}, max_length=2000)
    numbers: dict[UUID, int] | None = None


@dataclass(frozen=True)
class Resolved:
    """What was done: the act, the versions that were made, each of which questions, and the
    questions of which both answers stand."""

    act: UUID
    conflict: str
    written: tuple[tuple[VersionWritten, Mapping[str, UUID]], ...]
    standing: tuple[str, ...]

    def as_sent(self) -> dict[str, Any]:
        """What an answer adds to the conflict."""
        changed = [
            {"report": one.report, "number": one.number, "answers": others}
            for one, others in self.written
        ]
        return {"act": self.act, "changed": changed, "standing": self.standing}


@dataclass(frozen=True)
class _Choice:
    """One question decided: whose answer stays (None: both), and why."""

    question: Question
    report: TeamReport | None
    reason: str


async def resolution(
    request: Request, who: Principal, identity: str, given: ResolutionIn, of_round: str | None
) -> Callable[[Work], Resolved]:
    """What is to be written to resolve a conflict, judged already. Problems: 404; 422 naming what
    is not of this conflict, or has no reason; 409 where nothing is in conflict, or what was read is
    not what stands now."""
    who.must(Right.DECIDE_REPORTS)
    if not given.answers:
        raise Problem(INVALID, NOTHING_CHOSEN, "answers")
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        try:
            found = await conflict_named(session, who, identity, of_round)
        except LookupError:
            raise Problem(NOT_FOUND) from None
    _refuse_what_was_not_read(found, given.numbers)
    choices = _choices(found, given)
    versions = [
        (others, await _version(request, who, report, others, choices))
        for report, others in _losing(found, choices)
    ]

    def write(work: Work) -> Resolved:
        must_not_be_held_by_another(work, who, found.id)
        standing = find_conflict(work.session, work.mission_id, found.id, found.round)
        _refuse_what_was_not_read(standing, {each.id: each.number for each in found.reports})
        if [each for each in choices if each.question not in standing.open]:
            raise Problem(CONFLICT, NOTHING_OPEN, "answers")
        written = tuple((version(work), others) for others, version in versions)
        rows = _rows(work, who, found, choices)
        work.session.add_all(rows)
        before = {
            "acts": [str(one.act) for one, _ in written],
            "resolutions": [str(each.id) for each in rows],
        }
        act = record_act(work, KIND, found.id, before)
        content = orjson.dumps([[each.answers, each.reasons] for each in rows])
        notes = dict.fromkeys(each.reason for each in choices)
        work.log(KIND, found.id, content, note="; ".join(notes))
        both = tuple(each.question.name for each in choices if each.report is None)
        return Resolved(act, found.id, written, both)

    return write


def undo_resolution(work: Work, act: DeskAct) -> dict[str, Any]:
    """Every version taken back by one that equals the earlier, and the questions open again.
    Problem: 409 where one of the reports has another version since."""
    undone = []
    for each in act.before["acts"]:
        own = work.session.get(DeskAct, (work.mission_id, UUID(each)))
        assert own is not None
        undone.append(dict(undo_correction(work, own)))
        own.undone_at = now()
        work.session.add(own)
    for each in act.before["resolutions"]:
        was = work.session.get(ConflictResolution, (work.mission_id, UUID(each)))
        assert was is not None
        work.session.add(
            ConflictResolution(
                mission_id=work.mission_id,
                round_id=was.round_id,
                conflict=was.conflict,
                digest=was.digest,
                answers=dict.fromkeys(was.answers, OPEN),
                reasons={},
                member_id=act.member_id,
                at=now(),
            )
        )
    return {"conflict": act.subject, "reports": undone}


def undo_version_alone(work: Work, act: DeskAct) -> Mapping[str, Any]:
    """A version that a resolution made is taken back with it."""
    raise Problem(CONFLICT, OF_A_RESOLUTION, "act")


def _refuse_what_was_not_read(found: Conflict, numbers: Mapping[UUID, int] | None) -> None:
    """Who decides has read every report as it stands."""
    if numbers is None:
        return
    new = [each for each in found.reports if numbers.get(each.id) != each.number]
    gone = numbers.keys() - {each.id for each in found.reports}
    if not new and not gone:
        return
    told = [
        {
            "report": str(each.id),
            "number": each.number,
            "team": list(each.observers),
            "received_at": each.received_at.isoformat(),
        }
        for each in new
    ]
    more = {"new": told, "gone": sorted(map(str, gone))}
    raise Problem(CONFLICT, CAME_SINCE, "numbers", more=more)


def _choices(found: Conflict, given: ResolutionIn) -> list[_Choice]:
    for name in given.reasons:
        if name not in given.answers:
            raise Problem(INVALID, NO_ANSWER_TO, f"reasons.{name[:200]}")
    choices = [_choice(found, given, name) for name in given.answers]
    if not found.open:
        raise Problem(CONFLICT, NOTHING_OPEN, "answers")
    for each in choices:
        if each.question not in found.open:
            raise Problem(CONFLICT, NOT_OPEN, f"answers.{each.question.name}")
    return choices


def _choice(found: Conflict, given: ResolutionIn, name: str) -> _Choice:
    field, stays = f"answers.{name[:200]}", given.answers[name]
    question = next((each for each in compared(found.definition) if each.name == name), None)
    if question is None:
        raise Problem(INVALID, UNKNOWN_QUESTION, field)
    report = next((each for each in found.reports if str(each.id) == stays.lower()), None)
    if report is None and stays != BOTH:
        raise Problem(INVALID, UNKNOWN_REPORT, field)
    if report is not None and said(question, report.answers.get(name)) is None:
        raise Problem(INVALID, SAYS_NOTHING, field)
    return _Choice(question, report, _reason(given, name))


def _reason(given: ResolutionIn, name: str) -> str:
    reason = given.reasons.get(name, given.reason)
    if not reason.strip():
        raise Problem(INVALID, WHY, f"reasons.{name}" if name in given.reasons else "reason")
    refuse_without_reason(reason)
    return reason.strip()


def _losing(
    found: Conflict, choices: Sequence[_Choice]
) -> list[tuple[TeamReport, dict[str, UUID]]]:
    """The reports whose answer does not stay, each with the questions and whose answer does."""
    losing: defaultdict[UUID, dict[str, UUID]] = defaultdict(dict)
    for each in choices:
        if each.report is None:
            continue
        name = each.question.name
        stays = said(each.question, each.report.answers.get(name))
        for report in found.reports:
            if contradict(said(each.question, report.answers.get(name)), stays):
                losing[report.id][name] = each.report.id
    return [(each, losing[each.id]) for each in found.reports if each.id in losing]


def _version(
    request: Request,
    who: Principal,
    report: TeamReport,
    others: Mapping[str, UUID],
    choices: Sequence[_Choice],
) -> Awaitable[Callable[[Work], VersionWritten]]:
    """The version of a report with the answers of the others that stay, and how they are known."""
    chosen = {each.question.name: each for each in choices if each.question.name in others}
    answers: dict[str, Any] = {}
    for name, choice in chosen.items():
        assert choice.report is not None
        answers[name] = choice.report.answers[name]
        known = f"{name}{KNOWN}"
        if known in report.answers or known in choice.report.answers:
            answers[known] = choice.report.answers.get(known)
    reason = "; ".join(
        AS_IN.format(question=name, other=others[name], reason=each.reason)
        for name, each in chosen.items()
    )

    async def judged() -> Callable[[Work], VersionWritten]:
        read = await read_to_act(request, who, report.id)
        if read.number != report.number:
            raise Problem(CONFLICT, CAME_SINCE, "numbers")
        return await with_other_answers(request, who, read, answers, reason, VERSION)

    return judged()


def _rows(
    work: Work, who: Principal, found: Conflict, choices: Sequence[_Choice]
) -> list[ConflictResolution]:
    """What is kept of the resolution: the answers that were chosen together, and by itself each
    question of which both answers stand, with the digest of these."""

    def row(chosen: Sequence[_Choice], digest: str) -> ConflictResolution:
        return ConflictResolution(
            mission_id=work.mission_id,
            id=new_id(),
            round_id=found.round_id,
            conflict=found.id,
            digest=digest,
            answers={
                each.question.name: str(each.report.id) if each.report else BOTH for each in chosen
            },
            reasons={each.question.name: each.reason for each in chosen},
            member_id=who.holder_id,
            at=now(),
        )

    one = [each for each in choices if each.report is not None]
    rows = [row([each], found.digest(each.question)) for each in choices if each.report is None]
    if one:
        rows.append(row(one, found.digest(*(each.question for each in one))))
    return rows
