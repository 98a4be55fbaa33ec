"""Observers' gates: the code and the pledge, declarations, suspension, reports let out."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col

from api.accounts.members import Act
from api.identity import ENTER, Principal, principal
from api.people import declarations, pledges, suspension
from api.people.acting import act_on
from api.people.gates import INSTRUMENT
from api.people.release import Act as ReleaseAct
from api.people.release import Released
from api.people.texts import text_for
from api.problems import INVALID, NOT_FOUND, Problem
from api.reading.visible import visible_observers
from schemas.credential import Role
from schemas.observer import Decision, Observer
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["people"])
Who = Annotated[Principal, Depends(principal)]
Reason = Annotated[str, Field(min_length=1, max_length=2000)]
OWN = f"""
SELECT {INSTRUMENT} FROM observer o
JOIN organisation g ON g.mission_id = o.mission_id AND g.id = o.organisation_id
WHERE o.mission_id = %s AND o.id = %s"""  # noqa: S608


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
    """Reports, or an observer's, to let out of the pen."""

    ids: list[UUID] = Field(default=[], max_length=10_000)
    observer: str | None = Field(default=None, max_length=200)
    reason: Reason


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
    async with request.app.state.pool.connection() as connection, connection.transaction():
        await connection.execute(ENTER, (str(who.mission_id),))
        own = await connection.execute(OWN, (who.mission_id, who.holder_id))
        (instrument,) = await own.fetchone() or ("",)
        text = await text_for(connection, who.mission_id, instrument, language)
    if text is None:
        raise Problem(NOT_FOUND, "The mission has loaded no text of this code.")
    return {
        "instrument": text.instrument, "language": text.language, "title": text.title,
        "text": text.body, "sha256": text.sha256, "summary": text.summary,
        "in_force_since": text.in_force_since,
    }  # fmt: skip


@router.post("/pledge", status_code=201)
async def pledge(request: Request, who: Who, given: PledgeIn) -> dict[str, Any]:
    """Pledge to the text in force. What waited for it comes out of the pen."""
    _observer(who)

    def work(session: Session, act: Act) -> dict[str, Any]:
        made = pledges.pledge(session, act, who.holder_id, given.text_sha256)
        return {"instrument": made.instrument, "text_sha256": made.text_sha256,
                "language": made.language, "signed_at": made.signed_at}  # fmt: skip

    made = await act_on(request, who, work)
    out = await _passed(request, who, [who.holder_id], "the code was pledged to")
    return made | {"released": len(out.released)}


@router.post("/declaration", status_code=201)
async def declaration(request: Request, who: Who, given: DeclarationIn) -> dict[str, Any]:
    """Declare interests; a named person decides. Meanwhile reports are kept, and counted after."""
    _observer(who)

    def work(session: Session, act: Act) -> dict[str, Any]:
        made = declarations.declare(session, act, who.holder_id, given.answers, given.language)
        return {"id": str(made.id), "decision": made.decision, "declared_at": made.declared_at}

    return await act_on(request, who, work)


@router.post("/declarations/decide")
async def decide(request: Request, who: Who, given: DecisionIn) -> dict[str, Any]:
    """Accept or refuse declarations, one or a group; what waited comes out of the pen."""
    who.must(Right.KEEP_PEOPLE)
    if given.decision == Decision.PENDING:
        raise Problem(INVALID, "Accepted or refused.", "decision")
    observers = await act_on(
        request, who,
        lambda session, act: declarations.decide(
            session, act, given.declarations, given.decision, given.reason, visible_observers(who)
        ),
    )  # fmt: skip
    out = await _passed(request, who, observers, given.reason)
    return {"decided": len(observers), "released": len(out.released)}


@router.post("/reports/release")
async def release(request: Request, who: Who, given: ReleaseIn) -> dict[str, Any]:
    """Judge held reports anew, where a gate held them: singly, or all of an observer."""
    who.must(Right.DECIDE_REPORTS)
    act = ReleaseAct(given.reason, who.holder_id)
    if given.observer is not None:
        observer = await act_on(
            request, who, lambda session, _: find_observer(session, who, given.observer or "")
        )
        out = await request.app.state.release.of_observers(who.mission_id, [observer], act)
    elif given.ids:
        out = await request.app.state.release.of_reports(who.mission_id, given.ids, act)
    else:
        raise Problem(INVALID, "Name reports, or an observer.", "ids")
    return {"released": out.released, "held": out.held}


@router.post("/observers/{pseudonym}/state")
async def state(request: Request, who: Who, pseudonym: str, given: StateIn) -> dict[str, Any]:
    """Suspend an observer, or take it back. Nothing is deleted."""
    who.must(Right.KEEP_PEOPLE)
    turn = suspension.suspend if given.suspended else suspension.reinstate

    def work(session: Session, act: Act) -> tuple[UUID, str]:
        found = turn(session, act, find_observer(session, who, pseudonym), given.reason)
        return found.id, found.state

    observer, standing = await act_on(request, who, work)
    out = await _passed(request, who, [observer], given.reason)
    return {"pseudonym": pseudonym, "state": standing, "released": len(out.released)}


def find_observer(session: Session, who: Principal, pseudonym: str) -> UUID:
    """An observer that ``who`` may see, by pseudonym. Raises LookupError."""
    query = visible_observers(who).where(col(Observer.pseudonym) == pseudonym)
    found: Observer | None = session.execute(query).scalar_one_or_none()
    if found is None:
        raise LookupError(pseudonym)
    return found.id


def _observer(who: Principal) -> None:
    """Only an observer pledges and declares, for itself."""
    if who.role != Role.OBSERVER:
        raise Problem(NOT_FOUND)


async def _passed(request: Request, who: Principal, observers: list[UUID], reason: str) -> Released:
    """What waited for these comes out, by the same act."""
    act = ReleaseAct(reason, who.holder_id)
    released: Released = await request.app.state.release.of_observers(
        who.mission_id, observers, act
    )
    return released
