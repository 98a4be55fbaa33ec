"""Panels of the desk that speak with a team: a telephone call about it, and a question to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.audit.unit_of_work import Work
from api.deployments.calls import NotedCall, calls_noted, next_call
from api.pages.deployment import CALL_NOW, OUTCOME, WHOM
from api.pages.desk_panels import OpenItem, Panel, Values, Write
from api.pages.forms import Form
from api.pages.page import PageRequest
from api.pages.statements import session_of
from api.problems import INVALID, Problem
from api.review.calls import CallMade, call_team
from api.review.conflicts import conflict_named
from api.review.question_numbers import asked_questions
from api.review.questions import Asked, QuestionIn, ask_teams, questions_of
from api.review.queue_items import Item
from schemas.checklist import Definition
from schemas.columns import now
from schemas.deployment import CallOutcome, Whom
from schemas.rights import Right
from schemas.words import N_

NO_TEAM = N_("No plan is known of this team: there is no deployment to note a call on.")
PLEASE_SIGN = N_("Please sign the pledge in the app. Your report counts then.")
ANSWERS = {
    "right": N_("It is right"),
    "corrected": N_("It was corrected"),
    "note": N_("A note"),
}


SAID = {
    "right": N_("it is right"),
    "corrected": N_("it was corrected"),
    "note": N_("a note"),
}
"""The same within a sentence."""


def answered_words(page: PageRequest, item: Item) -> str:
    """What the observer answered last about an item, and when."""
    answered = [each for each in item.questions if each["answered_at"]]
    last = max(answered, key=lambda each: each["answered_at"])
    words = SAID[last["answer"]]
    return page.say(N_("Answered {at}: {answer}")).format(
        at=page.clock(last["answered_at"]), answer=last["answer_text"] or page.say(words)
    )


async def _calls(page: PageRequest, open_item: OpenItem) -> Values:
    if open_item.deployment is None:
        return {"deployment": None}
    async with session_of(page) as session:
        found = await calls_noted(session, page.who.mission_id, open_item.deployment)
    whom = next_call([each.call for each in found]).whom
    waits = found[-1].call.next_at if found else None
    return {
        "deployment": open_item.deployment,
        "whom": whom,
        "words": page.say(CALL_NOW[whom]),
        "later": page.clock(waits) if waits is not None and waits > now() else "",
        "attempts": len(found),
        "calls": _log(page, found),
        "outcomes": [(name, page.say(words)) for name, words in OUTCOME.items()],
        "whoms": [(name, page.say(words)) for name, words in WHOM.items()],
        "names": page.who.may(Right.CALL_TEAMS),
    }


def _log(page: PageRequest, found: Sequence[NotedCall]) -> list[dict[str, Any]]:
    """The calls, newest first."""
    return [
        {
            "at": page.clock(each.call.called_at),
            "by": each.by,
            "whom": page.say(WHOM.get(each.call.whom, each.call.whom)),
            "outcome": page.say(OUTCOME.get(each.call.outcome, each.call.outcome)),
            "next": page.clock(each.call.next_at) if each.call.next_at else "",
            "note": each.call.note,
        }
        for each in reversed(found)
    ]


async def _note_call(page: PageRequest, open_item: OpenItem, form: Form) -> Write:
    given, deployment = form.given(), open_item.deployment
    if deployment is None:
        raise Problem(INVALID, NO_TEAM, "outcome")
    if given.get("outcome") not in OUTCOME:
        raise Problem(INVALID, N_("Say how the call ended."), "outcome")
    if given.get("whom", "") not in ("", *WHOM):
        raise Problem(INVALID, N_("Say who was called."), "whom")
    next_at = page.local(given.get("next_at", ""), "next_at")

    def write(work: Work) -> CallMade:
        return call_team(
            work,
            page.who,
            deployment,
            CallOutcome(given["outcome"]),
            given.get("note", "")[:2000],
            whom=Whom(given["whom"]) if given.get("whom") else None,
            next_at=next_at,
        )

    return write


async def _questions(page: PageRequest, open_item: OpenItem) -> Values:
    async with session_of(page) as session:
        if open_item.item.noun == "conflict":
            between = await conflict_named(session, page.who, open_item.item.id)
            teams = [(each.id, each.name) for each in between.reports]
            definition: Definition | None = between.definition
            answers = None  # each team has its own numbers
        else:
            teams = [(open_item.report_id, open_item.item.observer or "")]
            definition, answers = open_item.definition, open_item.shown.get("answers")
        reports = [report for report, _ in teams]

        def read(plain: Session) -> list[Asked]:
            found = questions_of(plain, page.who, reports)
            return [each for report in reports for each in found.get(report, [])]

        found = await session.run_sync(read)  # type: ignore[arg-type]
    report = open_item.report
    return {
        "known": report is None or report.observer_id is not None,
        "photo": report is None or open_item.has_photo,
        "gates": tuple(
            page.say(PLEASE_SIGN) for each in open_item.item.reasons if _is_pledge(each)
        ),
        "teams": [(str(each), name) for each, name in teams] if report is None else [],
        "asked": [_asked(page, each) for each in found],
        "questions": [
            (name, number, page.title(question.label) or name)
            for name, (number, question) in asked_questions(definition, answers).items()
        ],
    }


def _is_pledge(reason: Mapping[str, str]) -> bool:
    return reason["field"] in ("observer", "with") and reason["code"] == "no_pledge"


def _asked(page: PageRequest, each: Asked) -> dict[str, Any]:
    row = each.row
    return {
        "id": row.id,
        "report": row.report_id,
        "observer": each.observer,
        "state": each.state,
        "about": f"{each.number}. {page.title(each.label)}" if each.number else "",
        "text": row.text,
        "by": each.by,
        "at": page.clock(row.asked_at),
        "seen": page.clock(row.seen_at) if row.seen_at else "",
        "answer": page.say(ANSWERS[row.answer]) if row.answer else "",
        "note": row.answer_text,
        "answered": page.clock(row.answered_at) if row.answered_at else "",
    }


@dataclass(frozen=True)
class _Act:
    """What the desk takes back."""

    act: UUID


async def _ask(page: PageRequest, open_item: OpenItem, form: Form) -> Write:
    given, item = form.given(), open_item.item.id
    wanted = QuestionIn(
        question=given.get("question") or None, text=given.get("text", "").strip()[:2000]
    )
    if open_item.report is not None:
        reports = [open_item.report.id]
    else:
        async with session_of(page) as session:
            between = await conflict_named(session, page.who, item)
        named = form.texts("report")
        reports = [each.id for each in between.reports if str(each.id) in named]
    return lambda work: _Act(ask_teams(work, page.who, item, reports, wanted))


CALL = Panel(
    name="call",
    title=N_("Call"),
    says=N_("note how it ended, and when to call again"),
    key="C",
    values=_calls,
    write=_note_call,
    previews=False,
)
ASK = Panel(
    name="ask",
    title=N_("Ask observer"),
    says=N_("a task on the phone; it stays here until answered"),
    key="A",
    values=_questions,
    write=_ask,
    previews=False,
)
