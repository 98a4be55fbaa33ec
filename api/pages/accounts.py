"""Accounts: who may enter this mission, as what?"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session

from api.audit.unit_of_work import Work, carry_out
from api.auth import members, sessions
from api.auth.members import INVITATION_HOURS, INVITED, KEYS
from api.auth.sessions import OpenCredential
from api.auth.standing import MemberAccess, area_codes, standing_of
from api.database.sessions import mission_session
from api.pages.forms import typed_in
from api.pages.frame import address_of
from api.pages.page import Visit, page
from api.problems import INVALID, NOT_FOUND, Problem
from schemas.credential import Purpose, Role
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
OPENED = {
    Purpose.SESSION: N_("Session"),
    Purpose.BEARER: N_("Key"),
    Purpose.INVITATION: N_("Invitation"),
}
Made = TypeVar("Made")


@page(router, "/accounts", right=Right.ADMINISTER)
async def accounts(visit: Visit) -> Response:
    """Members, their roles, what they have open; and keys of machines."""
    return await _shown(visit)


@page(router, "/accounts/members", "POST", right=Right.ADMINISTER)
async def add(visit: Visit) -> Response:
    """Take a member in and show the invitation, this once."""
    typed = await typed_in(visit.request)
    role = _role(typed)

    def made(work: Work) -> str:
        sections = typed.get("sections", "").split(",")
        area = typed.get("area", "") if role == Role.COORDINATOR else ""
        own = sections if role == Role.CORE_ANALYST else []
        member = members.add_member(work, typed.get("name", ""), role, area=area, sections=own)
        return members.invite(work, member)

    return await _shown(visit, invitation=await act(visit, made))


@page(router, "/accounts/members/{id}/invite", "POST", right=Right.ADMINISTER)
async def invite(visit: Visit) -> Response:
    """A new invitation for whoever lost a way in; what they had open ends."""
    member = _id(visit)
    token = await act(visit, lambda work: members.invite(work, members.member_of(work, member)))
    return await _shown(visit, invitation=token)


@page(router, "/accounts/members/{id}/end", "POST", right=Right.ADMINISTER)
async def end(visit: Visit) -> Response:
    """Let a member go."""
    member = _id(visit)
    await act(visit, lambda work: members.end_member(work, members.member_of(work, member)))
    return RedirectResponse(f"{visit.base}/accounts", 303)


@page(router, "/accounts/keys", "POST", right=Right.ADMINISTER)
async def add_key(visit: Visit) -> Response:
    """Issue a key to a partner or an import, shown this once."""
    typed = await typed_in(visit.request)
    role = _role(typed)
    _, token = await act(visit, lambda work: members.issue_key(work, typed.get("name", ""), role))
    return await _shown(visit, key=token)


@page(router, "/accounts/members/{id}/sessions/{session}/end", "POST", right=Right.ADMINISTER)
async def end_session(visit: Visit) -> Response:
    """End a session of a member, or a key."""
    await end_opened(visit, _id(visit), visit.request.path_params["session"])
    return RedirectResponse(f"{visit.base}/accounts", 303)


async def end_opened(visit: Visit, holder: UUID, wanted: str) -> None:
    """End a session or key by its id. Problem: 404 where there is none."""

    def ended(work: Work) -> bytes:
        digest = sessions.end(work.session, holder, wanted)
        if digest is None:
            raise Problem(NOT_FOUND)
        work.log("session.end", holder)
        return digest

    digest = await act(visit, ended)
    await visit.request.app.state.doorkeeper.revoke_hash(digest)


async def _shown(visit: Visit, invitation: str = "", key: str = "") -> Response:
    async with session_of(visit) as session:
        found = await session.run_sync(
            lambda beneath: standing_of(plain(beneath), visit.who.mission_id)
        )
        areas = await area_codes(session, visit.who.mission_id)
    rows = [_member(visit, each) for each in found]
    own = address_of(visit.request)
    return visit.show(
        "accounts.html",
        "accounts",
        members=rows,
        areas=areas,
        key=key,
        hours=INVITATION_HOURS,
        roles=_named(visit, INVITED),
        keys=_named(visit, KEYS),
        invitation=f"{own}/invitation/{invitation}" if invitation else "",
        standing=[each for each in rows if not each["ended"]],
        left=[each for each in rows if each["ended"]],
    )


def _named(visit: Visit, roles: frozenset[Role]) -> list[tuple[str, str]]:
    return [(each.value, _role_word(visit, each)) for each in Role if each in roles]


def _role_word(visit: Visit, role: str) -> str:
    return visit.say(role.replace("_", " "))


def _member(visit: Visit, each: MemberAccess) -> dict[str, Any]:
    member = each.member
    return {
        "id": member.id,
        "handle": member.handle,
        "role": _role_word(visit, member.role),
        "bounds": each.area or ", ".join(member.sections),
        "invited": member.role in INVITED,
        "self": member.id == visit.who.holder_id,
        "account": each.has_account,
        "passkeys": each.passkeys,
        "links": each.links,
        "ended": visit.clock(member.ended_at, "%Y-%m-%d %H:%M") if member.ended_at else "",
        "open": [opened_row(visit, one) for one in each.opened],
    }


def opened_row(visit: Visit, opened: OpenCredential) -> dict[str, Any]:
    """An open credential as a page lists it."""
    form = "%Y-%m-%d %H:%M"
    return {
        "id": opened.id,
        "what": visit.say(OPENED[Purpose(opened.purpose)]),
        "label": opened.label,
        "since": visit.clock(opened.created_at, form),
        "seen": visit.clock(opened.seen_at, form),
        "until": visit.clock(opened.expires_at, form),
        "is_invitation": opened.purpose == Purpose.INVITATION,
    }


def _id(visit: Visit) -> UUID:
    try:
        return UUID(visit.request.path_params["id"])
    except ValueError:
        raise Problem(NOT_FOUND) from None


def _role(typed: dict[str, str]) -> Role:
    try:
        return Role(typed.get("role", ""))
    except ValueError:
        raise Problem(INVALID, "There is no such role.", "role") from None


async def act(visit: Visit, write: Callable[[Work], Made]) -> Made:
    """One act on accounts; in a closed mission too. Problem: 404 for what is not there."""
    try:
        return await carry_out(visit.request, visit.who, write, though_closed=True)
    except LookupError:
        raise Problem(NOT_FOUND) from None


def plain(session: Any) -> Session:
    """What :func:`mission_session` makes beneath its session is SQLModel's own."""
    assert isinstance(session, Session)
    return session


def session_of(visit: Visit) -> AbstractAsyncContextManager[AsyncSession]:
    """A transaction in the visited mission."""
    return mission_session(visit.request.app.state.engine, visit.who.mission_id)
