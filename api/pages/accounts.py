"""Accounts: who may enter this mission, as what?"""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session, col, select

from api.audit.unit_of_work import Work, carry_out
from api.auth import members, sessions
from api.auth.members import INVITATION_HOURS, INVITED, KEYS
from api.auth.sessions import Opened, open_of
from api.database.sessions import mission_session
from api.pages.forms import typed_in
from api.pages.frame import address_of
from api.pages.page import Visit, page
from api.problems import INVALID, NOT_FOUND, Problem
from schemas.account import Account, LinkedAccount, Passkey
from schemas.credential import Purpose, Role
from schemas.mission import Member
from schemas.place import Area
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
    token = await act(visit, lambda work: members.invite(work, _one(work.session, member)))
    return await _shown(visit, invitation=token)


@page(router, "/accounts/members/{id}/end", "POST", right=Right.ADMINISTER)
async def end(visit: Visit) -> Response:
    """Let a member go."""
    member = _id(visit)
    await act(visit, lambda work: members.end_member(work, _one(work.session, member)))
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
        rows = await session.run_sync(lambda beneath: _members(visit, plain(beneath)))
        codes = select(Area.code).where(Area.mission_id == visit.who.mission_id)
        areas = list((await session.execute(codes.order_by(col(Area.code)))).scalars())
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


def _members(visit: Visit, session: Session) -> list[dict[str, Any]]:
    of = visit.who.mission_id
    query = select(Member).where(Member.mission_id == of).order_by(col(Member.handle))
    areas = {each.id: each.code for each in session.exec(select(Area).where(Area.mission_id == of))}
    having = select(Account.member_id).where(Account.mission_id == of)
    signing = set(session.exec(having))
    ways = {
        way: Counter(session.exec(select(way.member_id).where(way.mission_id == of)))
        for way in (Passkey, LinkedAccount)
    }
    return [
        {
            "id": each.id,
            "handle": each.handle,
            "role": _role_word(visit, each.role),
            "bounds": areas.get(each.area_id, "") if each.area_id else ", ".join(each.sections),
            "invited": each.role in INVITED,
            "self": each.id == visit.who.holder_id,
            "account": each.id in signing,
            "passkeys": ways[Passkey][each.id],
            "links": ways[LinkedAccount][each.id],
            "ended": visit.clock(each.ended_at, "%Y-%m-%d %H:%M") if each.ended_at else "",
            "open": [opened_row(visit, one) for one in open_of(session, each.id)],
        }
        for each in session.exec(query)
    ]


def opened_row(visit: Visit, opened: Opened) -> dict[str, Any]:
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


def _one(session: Session, member: UUID) -> Member:
    found = session.exec(select(Member).where(Member.id == member)).first()
    if found is None:
        raise Problem(NOT_FOUND)
    return found


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
    """One act on accounts; in a closed mission too."""
    return await carry_out(visit.request, visit.who, write, though_closed=True)


def plain(session: Any) -> Session:
    """What :func:`mission_session` makes beneath its session is SQLModel's own."""
    assert isinstance(session, Session)
    return session


def session_of(visit: Visit) -> AbstractAsyncContextManager[AsyncSession]:
    """A transaction in the visited mission."""
    return mission_session(visit.request.app.state.engine, visit.who.mission_id)
