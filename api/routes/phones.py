"""Phones: wiped from the desk, handed over, and how they keep what they hold."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from api.audit.unit_of_work import Work, act_on
from api.auth.principal import Principal, principal, token_hash
from api.people.listing import find_observer
from api.people.phones import (
    MAX_FORGET_HOURS,
    ask_wipe,
    leave,
    set_forget_hours,
    set_passphrase,
    settings_of,
)
from api.problems import INVALID, NOT_FOUND, Problem
from api.server.request_headers import Headers
from schemas.credential import Role
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["people"])
Who = Annotated[Principal, Depends(principal)]
Count = Annotated[int, Field(ge=0, le=100_000)]


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PhonesIn(_Sent):
    """What all phones of the mission go by; what is not named stays as it is."""

    forget_hours: Annotated[int, Field(ge=1, le=MAX_FORGET_HOURS)] | None = None
    passphrase: bool | None = None


class LostIn(_Sent):
    """What was on the phone and was not received, counted."""

    reports: Count = 0
    photos: Count = 0
    drafts: Count = 0


@router.put("/phones")
async def go_by(request: Request, who: Who, given: PhonesIn) -> dict[str, Any]:
    """Say after how many hours the answers of sent reports leave the phones, and whether phones
    keep what they hold under a passphrase."""
    who.must(Right.DIRECT)
    if given.forget_hours is None and given.passphrase is None:
        raise Problem(
            INVALID, "Nothing is set: name forget_hours, passphrase or both.", "passphrase"
        )

    def write(work: Work) -> dict[str, Any]:
        if given.forget_hours is not None:
            set_forget_hours(work, given.forget_hours)
        if given.passphrase is not None:
            set_passphrase(work, given.passphrase)
        return settings_of(work)

    return await act_on(request, who, write)


@router.post("/observers/{pseudonym}/phones/wipe")
async def wipe(request: Request, who: Who, pseudonym: str) -> dict[str, Any]:
    """Have every phone of an observer send what is finished, wipe itself and be shut out, at its
    next contact. 409 where no phone is signed in."""
    who.must(Right.KEEP_PEOPLE)
    phones = await act_on(
        request, who, lambda work: ask_wipe(work, find_observer(work.session, who, pseudonym))
    )
    return {"phones": phones}


@router.post("/phone/leaving", status_code=204)
async def leaving(request: Request, who: Who, lost: LostIn) -> None:
    """This phone lets go of all data of the mission and is shut out: wiped, or handed over."""
    if who.role != Role.OBSERVER:
        raise Problem(NOT_FOUND)
    digest = token_hash(Headers.of(request.scope).bearer or "")
    await act_on(
        request,
        who,
        lambda work: leave(work, who.holder_id, digest, lost.model_dump()),
        though_closed=True,
    )
