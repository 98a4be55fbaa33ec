"""The page Messages: messages to observers and calls for safety, and what became of each."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from sqlmodel import Session

from api.audit.unit_of_work import act_on
from api.pages.forms import Given, typed_in
from api.pages.page import PageRequest, serve_page
from api.pages.statements import session_of
from api.people.contacts import Reached, open_contacts
from api.people.message_rolls import (
    RollEntry,
    SentMessage,
    message_sent,
    messages_sent,
    roll_of,
)
from api.people.messages import MessageIn
from api.problems import INVALID, NOT_FOUND, Problem
from api.review import messages as acts
from api.review import questions
from api.review.queues import BY_NAME
from schemas.desk import MessageKind
from schemas.observer import WITHOUT_ACCOUNT, Function
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
SHOWN = 50
AREAS_OFFERED = 300
ROLL_SHOWN = 100
"""So many observers of a roll are on the page at first: who asks for help, who has not answered."""
KINDS = {
    MessageKind.MESSAGE: N_("Message"),
    MessageKind.SAFETY: N_("Call for safety"),
    MessageKind.AREA_CLOSED: N_("An area is closed"),
}
STATES = {
    "deployed": N_("sent somewhere in this round"),
    "not_reported": N_("no report has come"),
    "reported": N_("a report has come"),
}
SIDES = {"domestic": N_("Domestic"), "international": N_("International")}
ANSWERS = {"help": N_("needs help"), "safe": N_("safe")}


@serve_page(router, "/messages", right=Right.SEE_PEOPLE)
async def listed(page: PageRequest) -> Response:
    """Messages sent, newest first, and the form for the next one, of the area that a link names."""
    return await _listed(page, {"to.area": page.request.query_params.get("to.area", "")[:200]})


@serve_page(router, "/messages", "POST", right=Right.CLOSE_AREAS)
async def send(page: PageRequest) -> Response:
    """Send a message or a call for safety; what cannot be sent comes back with its field."""
    given = await typed_in(page.request)
    try:
        wanted = _wanted(given)
        made = await act_on(page.request, page.who, lambda work: acts.send(work, page.who, wanted))
    except Problem as problem:
        if problem.kind is not INVALID:
            raise
        return await _listed(page, given, problem)
    return RedirectResponse(f"{page.base}/messages/{made[0].id}", 303)


@serve_page(router, "/messages/{id}", right=Right.SEE_PEOPLE)
async def one(page: PageRequest) -> Response:
    """One message with its roll: who asks for help first, then of whom nothing was heard."""
    return await _one(page)


@serve_page(router, "/messages/{id}/contacts", "POST", right=Right.CALL_TEAMS)
async def reached(page: PageRequest) -> Response:
    """The same with the telephones of whoever has not said that they are safe. Each look is in the
    audit log."""
    _, roll = await _read(page)
    wanted = [each.observer_id for each in roll if each.answer != "safe"]
    found = await act_on(
        page.request,
        page.who,
        lambda work: open_contacts(work, page.who, wanted),
        though_closed=True,
    )
    return await _one(page, {each.pseudonym: each for each in found})


@serve_page(router, "/messages/{id}/close", "POST", right=Right.CLOSE_AREAS)
async def close(page: PageRequest) -> Response:
    """Close a message: phones show it no more."""
    wanted = _identity(page)
    await act_on(page.request, page.who, lambda work: acts.close(work, page.who, wanted))
    return RedirectResponse(f"{page.base}/messages/{wanted}", 303)


@serve_page(router, "/reports/{id}/questions/{question}/close", "POST")
async def close_question(page: PageRequest) -> Response:
    """Take a question to an observer back, or say that its answer was read; back to the desk."""
    report, question = _identity(page), _identity(page, "question")
    await act_on(
        page.request, page.who, lambda work: questions.close(work, page.who, report, question)
    )
    queue = page.request.query_params.get("queue", "")
    at = f"desk/{queue}/{report}?act=ask" if queue in BY_NAME else f"reports/{report}"
    return RedirectResponse(f"{page.base}/{at}", 303)


def _wanted(given: Given) -> MessageIn:
    names = ("area", "kind", "role", "state")
    to: dict[str, Any] = {name: given[f"to.{name}"] for name in names if given.get(f"to.{name}")}
    if given.get("to.observers", "").strip():
        to["observers"] = given["to.observers"].replace(",", " ").split()
    try:
        return MessageIn.model_validate(
            {"kind": given.get("kind", "message"), "text": given.get("text", ""), "to": to}
        )
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise Problem(INVALID, f"{first['msg']}.", field) from None


async def _listed(
    page: PageRequest, given: Given | None = None, problem: Problem | None = None
) -> Response:
    def read(session: Session) -> list[SentMessage]:
        return messages_sent(session, page.who, most=SHOWN)

    async with session_of(page) as session:
        found = await session.run_sync(read)  # type: ignore[arg-type]
    kinds = [MessageKind.MESSAGE, MessageKind.SAFETY]
    if not page.who.may(Right.KEEP_DEPLOYMENTS):
        kinds = [MessageKind.SAFETY]
    response = page.show(
        "messages.html",
        "messages",
        heading=_heading(page, found),
        rows=[_row(page, each) for each in found],
        may_send=page.who.may(Right.CLOSE_AREAS),
        kinds=[(each.value, page.say(KINDS[each])) for each in kinds],
        areas=[(each.code, each.name) for each in page.facts.areas[:AREAS_OFFERED]],
        sides=[(name, page.say(words)) for name, words in SIDES.items()],
        roles=[
            (each.value, page.say(each.value.replace("_", " ")))
            for each in Function
            if each not in WITHOUT_ACCOUNT
        ],
        states=[(name, page.say(words)) for name, words in STATES.items()],
        given=given or {},
        problem=problem,
    )
    response.status_code = problem.kind.status if problem else 200
    return response


def _heading(page: PageRequest, found: Sequence[SentMessage]) -> str:
    """The state of things in one sentence: of the call for safety that is open and needs most,
    else of the newest message."""
    calls = [
        each
        for each in found
        if each.message.kind == MessageKind.SAFETY and each.message.closed_at is None
    ]
    call = max(calls, key=lambda each: (each.help, each.unanswered), default=None)
    whole = page.style.whole
    if call is not None:
        if call.help:
            text = N_("{help} of {sent} observers ask for help; {waiting} have not answered.")
        elif call.unanswered:
            text = N_("{waiting} of {sent} observers have not answered the call for safety.")
        else:
            text = N_("All {sent} observers have said that they are safe.")
        return page.say(text).format(
            help=whole(call.help), sent=whole(call.sent), waiting=whole(call.unanswered)
        )
    if not found:
        return page.say(N_("No message yet."))
    newest = found[0]
    text = N_("The last message was seen by {seen} of {sent} observers.")
    return page.say(text).format(seen=whole(newest.seen), sent=whole(newest.sent))


def _row(page: PageRequest, each: SentMessage) -> dict[str, Any]:
    message = each.message
    return {
        "id": message.id,
        "kind": message.kind,
        "word": page.say(KINDS[MessageKind(message.kind)]),
        "text": message.text,
        "to": _to(page, message.audience),
        "by": each.by,
        "at": page.when(message.sent_at),
        "closed": message.closed_at is not None,
        "closed_at": page.when(message.closed_at),
        "safety": message.kind == MessageKind.SAFETY,
        "sent": each.sent,
        "fetched": each.fetched,
        "seen": each.seen,
        "not_seen": each.sent - each.seen,
        "safe": each.safe,
        "help": each.help,
        "unanswered": each.unanswered,
    }


def _to(page: PageRequest, audience: dict[str, Any]) -> str:
    """To whom it went, in words."""
    area = page.facts.area(audience["area"]) if audience.get("area") else None
    words = [area.name if area else str(audience.get("area", ""))]
    words.append(page.say(SIDES.get(audience.get("kind", ""), "")))
    words.append(page.say(str(audience.get("role", "")).replace("_", " ")))
    words.append(page.say(STATES.get(audience.get("state", ""), "")))
    words += audience.get("observers", [])[:5]
    return page.listed([each for each in words if each]) or page.say(N_("all observers"))


async def _read(page: PageRequest) -> tuple[SentMessage, list[RollEntry]]:
    wanted = _identity(page)

    def read(session: Session) -> tuple[SentMessage, list[RollEntry]]:
        return message_sent(session, page.who, wanted), roll_of(session, page.who, wanted)

    async with session_of(page) as session:
        try:
            return await session.run_sync(read)  # type: ignore[arg-type]
        except LookupError:
            raise Problem(NOT_FOUND) from None


async def _one(page: PageRequest, reached: dict[str, Reached] | None = None) -> Response:
    found, roll = await _read(page)
    row = _row(page, found)
    shown = roll if page.request.query_params.get("all") == "yes" else roll[:ROLL_SHOWN]
    return page.show(
        "message.html",
        "messages",
        heading=_heading(page, [found]) if row["safety"] and not row["closed"] else "",
        message=row,
        roll=[_entry(page, each, reached or {}) for each in shown],
        more=len(roll) - len(shown),
        names=page.who.may(Right.CALL_TEAMS),
        reached=reached is not None,
        may_close=page.who.may(Right.CLOSE_AREAS) and not row["closed"],
    )


def _entry(page: PageRequest, each: RollEntry, reached: dict[str, Reached]) -> dict[str, Any]:
    answered = page.say(ANSWERS[each.answer]) if each.answer else ""
    return {
        "pseudonym": each.pseudonym,
        "deployment": each.deployment,
        "station": each.station,
        "area": each.area,
        "coordinators": page.listed(each.coordinators),
        "last_report": page.when(each.last_report_at),
        "fetched": page.when(each.fetched_at),
        "seen": page.when(each.seen_at),
        "answer": each.answer,
        "words": answered,
        "answered": page.when(each.answered_at),
        "note": each.note,
        "contact": reached.get(each.pseudonym),
    }


def _identity(page: PageRequest, name: str = "id") -> UUID:
    try:
        return UUID(page.request.path_params[name])
    except ValueError:
        raise Problem(NOT_FOUND) from None
