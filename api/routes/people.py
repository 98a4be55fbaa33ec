"""Observers' gates: the code and the pledge, declarations, suspension, releasing reports."""

import hashlib
from dataclasses import asdict
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from api.audit.unit_of_work import Work, act_on, unit_of_work
from api.auth.principal import Principal, principal, token_hash
from api.auth.visible import visible_observers
from api.database.sessions import mission_connection, mission_session, unsealed
from api.people import gates, pledges
from api.people.composition import composition
from api.people.contacts import ContactsIn, Reached, open_contacts, set_contacts
from api.people.enrolment import (
    Code,
    address_of,
    issue_sheet_code,
    issue_telephone_code,
    rehearse,
    revoke_phones,
)
from api.people.listing import alarms_of, find_observer, settle_alarm
from api.people.texts import text_for
from api.problems import INVALID, NOT_FOUND, Problem
from api.review.release_held import Act as ReleaseAct
from api.review.release_held import Release, ReleasedCounts
from api.server.request_headers import Headers
from schemas.columns import new_id
from schemas.credential import Role
from schemas.observer import Decision, Identity, Observer
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["people"])
Who = Annotated[Principal, Depends(principal)]
Reason = Annotated[str, Field(min_length=1, max_length=2000)]


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PledgeIn(_Sent):
    """The text that was read, by its hash."""

    text_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    language: str = Field(default="", max_length=35)


class DeclarationIn(_Sent):
    """What is declared, by question; an empty text is nothing to declare."""

    answers: dict[str, str]
    language: str = Field(default="", max_length=35)


class DecisionIn(_Sent):
    """Declarations decided by one act."""

    declarations: list[UUID] = Field(min_length=1, max_length=10_000)
    decision: Decision
    reason: Reason


class ReleaseIn(_Sent):
    """Held reports, or an observer's, to release."""

    ids: list[UUID] = Field(default=[], max_length=10_000)
    observer: str | None = Field(default=None, max_length=200)
    reason: Reason


class CodeIn(_Sent):
    """How the code reaches the observer."""

    means: Literal["sheet", "telephone"] = "sheet"


class RehearsalIn(_Sent):
    """Anything: the receipt names its hash."""

    probe: str = Field(min_length=1, max_length=200)


class StateIn(_Sent):
    """A suspension, or its end."""

    suspended: bool
    reason: Reason


@router.get("/code")
async def code(
    request: Request, who: Who, language: Annotated[str, Query(max_length=35)] = "en"
) -> dict[str, Any]:
    """The text in force of the code that this observer's organisation is bound by."""
    _observer(who)
    async with mission_connection(request.app.state.pool, who.mission_id) as connection:
        text = await text_for(connection, who.mission_id, who.holder_id, language)
    if text is None:
        raise Problem(NOT_FOUND, "The mission has loaded no text of this code.")
    return {
        "instrument": text.instrument,
        "language": text.language,
        "title": text.title,
        "text": text.body,
        "sha256": text.sha256,
        "summary": text.summary,
        "in_force_since": text.in_force_since,
    }


@router.post("/pledge", status_code=201)
async def pledge(request: Request, who: Who, given: PledgeIn) -> dict[str, Any]:
    """Pledge to the text in force. What was held for it is released."""
    _observer(who)

    def write(work: Work) -> dict[str, Any]:
        made = pledges.pledge(work, who.holder_id, given.text_sha256)
        return {
            "instrument": made.instrument,
            "text_sha256": made.text_sha256,
            "language": made.language,
            "signed_at": made.signed_at,
        }

    made = await act_on(request, who, write)
    out = await _passed(request, who, [who.holder_id], "the code was pledged to")
    return made | {"released": len(out.released)}


@router.post("/declaration", status_code=201)
async def declaration(request: Request, who: Who, given: DeclarationIn) -> dict[str, Any]:
    """Declare interests; a named person decides. Meanwhile reports are kept, and counted after."""
    _observer(who)

    def write(work: Work) -> dict[str, Any]:
        made = pledges.declare(work, who.holder_id, given.answers, given.language)
        return {"id": str(made.id), "decision": made.decision, "declared_at": made.declared_at}

    return await act_on(request, who, write)


@router.post("/declarations/decide")
async def decide(request: Request, who: Who, given: DecisionIn) -> dict[str, Any]:
    """Accept or refuse declarations, one or a group; what was held for them is released."""
    who.must(Right.KEEP_PEOPLE)
    if given.decision == Decision.PENDING:
        raise Problem(INVALID, "Accepted or refused.", "decision")
    observers = await act_on(
        request,
        who,
        lambda work: pledges.decide(
            work, given.declarations, given.decision, given.reason, visible_observers(who)
        ),
    )
    out = await _passed(request, who, observers, given.reason)
    return {"decided": len(observers), "released": len(out.released)}


@router.post("/reports/release")
async def release(request: Request, who: Who, given: ReleaseIn) -> dict[str, Any]:
    """Judge held reports again, where a gate held them: singly, or all of an observer."""
    who.must(Right.DECIDE_REPORTS)
    if given.observer is None and not given.ids:
        raise Problem(INVALID, "Name reports, or an observer.", "ids")

    def named(work: Work) -> list[UUID]:
        observer = given.observer
        return [] if observer is None else [find_observer(work.session, who, observer)]

    observers = await act_on(request, who, named)
    act = ReleaseAct(given.reason, who.holder_id)
    let_out: Release = request.app.state.release
    if observers:
        out = await let_out.of_observers(who.mission_id, observers, act)
    else:
        out = await let_out.of_reports(who.mission_id, given.ids, act)
    return {"released": out.released, "held": out.held}


@router.post("/observers/{pseudonym}/state")
async def state(request: Request, who: Who, pseudonym: str, given: StateIn) -> dict[str, Any]:
    """Suspend an observer, or take it back. Nothing is deleted."""
    who.must(Right.KEEP_PEOPLE)
    turn = gates.suspend if given.suspended else gates.reinstate

    def write(work: Work) -> tuple[UUID, str]:
        found = turn(work, find_observer(work.session, who, pseudonym), given.reason)
        return found.id, found.state

    observer, standing = await act_on(request, who, write)
    out = await _passed(request, who, [observer], given.reason)
    return {"pseudonym": pseudonym, "state": standing, "released": len(out.released)}


@router.post("/observers/{pseudonym}/enrolment", status_code=201)
async def issue(request: Request, who: Who, pseudonym: str, given: CodeIn) -> dict[str, Any]:
    """A code for a sheet; or one to be read aloud, which shuts the lost phone out."""
    who.must(Right.KEEP_PEOPLE)
    make = issue_telephone_code if given.means == "telephone" else issue_sheet_code

    def write(work: Work) -> Code:
        observer = find_observer(work.session, who, pseudonym)
        return make(work, work.session.get_one(Observer, (work.mission_id, observer)))

    made = await act_on(request, who, write)
    public = request.app.state.settings.public_url or str(request.base_url)
    return asdict(made) | {"address": address_of(public, made.code)}


@router.delete("/observers/{pseudonym}/phones", status_code=204)
async def revoke(request: Request, who: Who, pseudonym: str) -> None:
    """Shut every phone and code of an observer out."""
    who.must(Right.KEEP_PEOPLE)
    await act_on(
        request,
        who,
        lambda work: revoke_phones(work, find_observer(work.session, who, pseudonym)),
    )


@router.post("/rehearsal")
async def rehearsal(request: Request, who: Who, given: RehearsalIn) -> dict[str, Any]:
    """Show that this phone reaches the server. It is no report and never becomes one."""
    _observer(who)
    digest = token_hash(Headers.of(request.scope).bearer or "")
    at = await rehearse(request.app.state.pool, who.mission_id, who.holder_id, digest)
    sha256 = hashlib.sha256(given.probe.encode()).digest()
    receipt = request.app.state.intake.signer.receipt(who.slug, new_id(), sha256, at, 0)
    return {"rehearsed_at": at, "receipt": receipt}


@router.get("/alarms")
async def alarms(request: Request, who: Who) -> dict[str, Any]:
    """What somebody must look at, and has not settled yet."""
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        found = await alarms_of(session, who)
    items = [each.model_dump(mode="json", exclude={"mission_id"}) for each in found]
    return {"items": items, "next": None}


@router.post("/alarms/{alarm}/settle", status_code=204)
async def settle(request: Request, who: Who, alarm: UUID) -> None:
    """Say that an alarm was looked at."""
    who.must(Right.KEEP_PEOPLE)
    await act_on(request, who, lambda work: settle_alarm(work, who, alarm))


def _observer(who: Principal) -> None:
    """Only an observer pledges and declares, for itself."""
    if who.role != Role.OBSERVER:
        raise Problem(NOT_FOUND)


async def _passed(
    request: Request, who: Principal, observers: list[UUID], reason: str
) -> ReleasedCounts:
    """What waited for these comes out, by the same act."""
    act = ReleaseAct(reason, who.holder_id)
    released: ReleasedCounts = await request.app.state.release.of_observers(
        who.mission_id, observers, act
    )
    return released


@router.get("/observers/{pseudonym}/identity")
async def identity(request: Request, who: Who, pseudonym: str) -> dict[str, Any]:
    """The person behind a pseudonym. That it was looked at is in the audit log."""
    who.must(Right.SEE_IDENTITIES)
    async with unit_of_work(request.app.state.engine, who, though_closed=True) as work:
        try:
            holder = await work.session.run_sync(
                lambda plain: find_observer(plain, who, pseudonym)  # type: ignore[arg-type]
            )
        except LookupError:
            raise Problem(NOT_FOUND) from None
        work.log("identity.open", holder)
        async with unsealed(work.session):
            found = await work.session.get(Identity, (who.mission_id, holder))
    if found is None:
        raise Problem(NOT_FOUND, "No identity is recorded.")
    return found.model_dump(mode="json", exclude={"mission_id", "holder_id"})


@router.get("/observers/{pseudonym}/contacts")
async def contacts(request: Request, who: Who, pseudonym: str) -> dict[str, str]:
    """How an observer is reached: telephone, coordinator, deputy. The look is in the audit log."""
    who.must(Right.CALL_TEAMS)

    def look(work: Work) -> Reached:
        observer = find_observer(work.session, who, pseudonym)
        return open_contacts(work, who, [observer])[0]

    return (await act_on(request, who, look, though_closed=True)).as_sent()


@router.put("/observers/{pseudonym}/contacts")
async def keep(request: Request, who: Who, pseudonym: str, given: ContactsIn) -> dict[str, str]:
    """Say who coordinates an observer, and who stands in, with their telephones."""
    who.must(Right.KEEP_PEOPLE)

    def write(work: Work) -> None:
        set_contacts(work, find_observer(work.session, who, pseudonym), given.model_dump())

    await act_on(request, who, write)
    return {"pseudonym": pseudonym, "changed": "contacts"}


@router.get("/composition")
async def of_whom(request: Request, who: Who) -> dict[str, Any]:
    """Of whom the mission consists, counted."""
    who.must(Right.SEE_PEOPLE)

    def counted(session: Session) -> dict[str, dict[str, int]]:
        return composition(session)

    async with mission_session(request.app.state.engine, who.mission_id) as session:
        return await session.run_sync(counted)  # type: ignore[arg-type]
