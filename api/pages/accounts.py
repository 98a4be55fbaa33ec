"""The page Accounts: members, invitations, keys, sessions."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session

from api.audit.unit_of_work import Work, carry_out
from api.auth import members, oidc, passkeys, sessions
from api.auth.members import INVITATION_HOURS, INVITED, KEYS
from api.auth.passkeys import Site
from api.auth.principal import token_hash
from api.auth.sessions import (
    MemberAccess,
    OpenCredential,
    area_codes,
    is_recent,
    label_of,
    open_of,
    standing_of,
)
from api.database.sessions import mission_session
from api.pages.forms import typed_in
from api.pages.layout import address_of
from api.pages.page import PageRequest, serve_page
from api.problems import INVALID, NOT_FOUND, Problem
from api.server.request_headers import COOKIE, Headers
from schemas.credential import LinkedAccount, Passkey, Purpose, Role
from schemas.mission import Member
from schemas.problems import Refusal
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
OPENED = {
    Purpose.SESSION: N_("Session"),
    Purpose.BEARER: N_("Key"),
    Purpose.INVITATION: N_("Invitation"),
}
Made = TypeVar("Made")


@serve_page(router, "/accounts", right=Right.ADMINISTER)
async def accounts(page: PageRequest) -> Response:
    """Members, their roles, what they have open; and keys of machines."""
    return await _shown(page)


@serve_page(router, "/accounts/members", "POST", right=Right.ADMINISTER)
async def add(page: PageRequest) -> Response:
    """Take a member in and show the invitation, this once."""
    typed = await typed_in(page.request)
    role = _role(typed)

    def made(work: Work) -> str:
        sections = typed.get("sections", "").split(",")
        area = typed.get("area", "") if role == Role.COORDINATOR else ""
        own = sections if role == Role.CORE_ANALYST else []
        member = members.add_member(work, typed.get("name", ""), role, area=area, sections=own)
        return members.invite(work, member)

    return await _shown(page, invitation=await act(page, made))


@serve_page(router, "/accounts/members/{id}/invite", "POST", right=Right.ADMINISTER)
async def invite(page: PageRequest) -> Response:
    """A new invitation for whoever lost a way in; what they had open ends."""
    member = _id(page)
    token = await act(page, lambda work: members.invite(work, members.member_of(work, member)))
    return await _shown(page, invitation=token)


@serve_page(router, "/accounts/members/{id}/end", "POST", right=Right.ADMINISTER)
async def end(page: PageRequest) -> Response:
    """Let a member go."""
    member = _id(page)
    await act(page, lambda work: members.end_member(work, members.member_of(work, member)))
    return RedirectResponse(f"{page.base}/accounts", 303)


@serve_page(router, "/accounts/keys", "POST", right=Right.ADMINISTER)
async def add_key(page: PageRequest) -> Response:
    """Issue a key to a partner or an import, shown this once."""
    typed = await typed_in(page.request)
    role = _role(typed)
    _, token = await act(page, lambda work: members.issue_key(work, typed.get("name", ""), role))
    return await _shown(page, key=token)


@serve_page(router, "/accounts/members/{id}/sessions/{session}/end", "POST", right=Right.ADMINISTER)
async def end_session(page: PageRequest) -> Response:
    """End a session of a member, or a key."""
    await end_opened(page, _id(page), page.request.path_params["session"])
    return RedirectResponse(f"{page.base}/accounts", 303)


async def end_opened(page: PageRequest, holder: UUID, wanted: str) -> None:
    """End a session or key by its id. Problem: 404 where there is none."""

    def ended(work: Work) -> bytes:
        digest = sessions.end(work.session, holder, wanted)
        if digest is None:
            raise Problem(NOT_FOUND)
        work.log("session.end", holder)
        return digest

    digest = await act(page, ended)
    await page.request.app.state.authenticator.revoke_hash(digest)


async def _shown(page: PageRequest, invitation: str = "", key: str = "") -> Response:
    async with session_of(page) as session:
        found = await session.run_sync(lambda inner: standing_of(plain(inner), page.who.mission_id))
        areas = await area_codes(session, page.who.mission_id)
    rows = [_member(page, each) for each in found]
    own = address_of(page.request)
    return page.show(
        "accounts.html",
        "accounts",
        members=rows,
        areas=areas,
        key=key,
        hours=INVITATION_HOURS,
        roles=_named(page, INVITED),
        keys=_named(page, KEYS),
        invitation=f"{own}/invitation/{invitation}" if invitation else "",
        standing=[each for each in rows if not each["ended"]],
        left=[each for each in rows if each["ended"]],
    )


def _named(page: PageRequest, roles: frozenset[Role]) -> list[tuple[str, str]]:
    return [(each.value, _role_word(page, each)) for each in Role if each in roles]


def _role_word(page: PageRequest, role: str) -> str:
    return page.say(role.replace("_", " "))


def _member(page: PageRequest, each: MemberAccess) -> dict[str, Any]:
    member = each.member
    return {
        "id": member.id,
        "handle": member.handle,
        "role": _role_word(page, member.role),
        "bounds": each.area or ", ".join(member.sections),
        "invited": member.role in INVITED,
        "self": member.id == page.who.holder_id,
        "account": each.has_account,
        "passkeys": each.passkeys,
        "links": each.links,
        "ended": page.moment(member.ended_at) if member.ended_at else "",
        "open": [opened_row(page, one) for one in each.opened],
    }


def opened_row(page: PageRequest, opened: OpenCredential) -> dict[str, Any]:
    """An open credential as a page lists it."""
    return {
        "id": opened.id,
        "what": page.say(OPENED[Purpose(opened.purpose)]),
        "label": opened.label,
        "since": page.moment(opened.created_at),
        "seen": page.moment(opened.seen_at),
        "until": page.moment(opened.expires_at),
        "is_invitation": opened.purpose == Purpose.INVITATION,
    }


def _id(page: PageRequest) -> UUID:
    try:
        return UUID(page.request.path_params["id"])
    except ValueError:
        raise Problem(NOT_FOUND) from None


def _role(typed: dict[str, str]) -> Role:
    try:
        return Role(typed.get("role", ""))
    except ValueError:
        raise Problem(INVALID, "There is no such role.", "role") from None


async def act(page: PageRequest, write: Callable[[Work], Made]) -> Made:
    """One act on accounts; in a closed mission too. Problem: 404 for what is not there."""
    try:
        return await carry_out(page.request, page.who, write, though_closed=True)
    except LookupError:
        raise Problem(NOT_FOUND) from None


def plain(session: Any) -> Session:
    """The session under the one of :func:`mission_session` is SQLModel's own."""
    assert isinstance(session, Session)
    return session


def session_of(page: PageRequest) -> AbstractAsyncContextManager[AsyncSession]:
    """A transaction in the visited mission."""
    return mission_session(page.request.app.state.engine, page.who.mission_id)


NO_SITE = "Browsers make passkeys only at an https address with a name."
STALE = "Sign in again first: ways in are added within 15 minutes of signing in."


@serve_page(router, "/sessions", right=None)
async def own_sessions(page: PageRequest) -> Response:
    """Where oneself is signed in, and the ways in besides the password."""
    current = page.request.cookies.get(COOKIE)
    me = page.who.holder_id
    async with session_of(page) as session:
        found = await session.run_sync(lambda inner: open_of(plain(inner), me))
        keys = await session.run_sync(lambda inner: passkeys.of_member(plain(inner), me))
        links = await session.run_sync(lambda inner: oidc.of_member(plain(inner), me))
        person = await session.get(Member, (page.who.mission_id, me))
    here = token_hash(current) if current else b""
    provider = page.request.app.state.settings.openid
    return page.show(
        "sessions.html",
        "sessions",
        sessions=[opened_row(page, each) | {"here": each.digest == here} for each in found],
        person=person is not None and page.who.role in INVITED,
        recent=await _is_recent(page),
        may_add=_site(page) is not None,
        provider=provider.name if provider else "",
        passkeys=[_way(page, each, each.label, each.rp_id) for each in keys],
        links=[_way(page, each, each.issuer, "") for each in links],
    )


def _way(page: PageRequest, each: Passkey | LinkedAccount, label: str, site: str) -> dict[str, str]:
    return {
        "id": str(each.id),
        "label": label,
        "site": site,
        "since": page.moment(each.added_at),
        "used": page.moment(each.used_at),
    }


@serve_page(router, "/sessions/{id}/end", "POST", right=None)
async def end_own_session(page: PageRequest) -> Response:
    """End one of one's own sessions."""
    await end_opened(page, page.who.holder_id, page.request.path_params["id"])
    return _back(page)


@serve_page(router, "/passkeys/options", "POST", right=None)
async def passkey_options(page: PageRequest) -> Response:
    """What the browser makes a passkey by, as JSON."""
    await must_be_recent(page)
    site, secret = _needed(page), page.request.app.state.settings.secret
    async with session_of(page) as session:
        member = await session.get(Member, (page.who.mission_id, page.who.holder_id))
        if member is None:
            raise Problem(NOT_FOUND)
        options = await session.run_sync(
            lambda inner: passkeys.creation(plain(inner), secret, site, member)
        )
    return Response(options, media_type="application/json")


@serve_page(router, "/passkeys", "POST", right=None)
async def add_passkey(page: PageRequest) -> Response:
    """Keep the passkey that the browser made."""
    await must_be_recent(page)
    site, secret = _needed(page), page.request.app.state.settings.secret
    answer = (await typed_in(page.request)).get("answer", "")
    label = label_of(page.request.headers.get("user-agent", ""))
    await act(
        page,
        lambda work: passkeys.add(work, secret, site, answer, label).id,
    )
    return _back(page)


@serve_page(router, "/passkeys/{id}/end", "POST", right=None)
async def end_passkey(page: PageRequest) -> Response:
    """End one of one's own passkeys."""
    return await _ended(page, passkeys.end)


@serve_page(router, "/linked/{id}/end", "POST", right=None)
async def end_link(page: PageRequest) -> Response:
    """End the link with an account elsewhere."""
    return await _ended(page, oidc.unlink)


async def _ended(page: PageRequest, end: passkeys.Ending) -> Response:
    me, wanted = page.who.holder_id, page.request.path_params["id"]
    if not await act(page, lambda work: end(work, me, wanted)):
        raise Problem(NOT_FOUND)
    return _back(page)


async def must_be_recent(page: PageRequest) -> None:
    """Only a person who signed in a moment ago adds a way in. Raises :class:`Refusal`; for the
    holder of a machine's key there is none (404)."""
    if page.who.role not in INVITED:
        raise Problem(NOT_FOUND)
    if not await _is_recent(page):
        raise Refusal(STALE)


async def _is_recent(page: PageRequest) -> bool:
    token, me = Headers.of(page.request.scope).session, page.who.holder_id
    if token is None or page.who.purpose != Purpose.SESSION:
        return False
    async with session_of(page) as session:
        return await session.run_sync(lambda inner: is_recent(plain(inner), me, token_hash(token)))


def _site(page: PageRequest) -> Site | None:
    return Site.of(address_of(page.request))


def _needed(page: PageRequest) -> Site:
    site = _site(page)
    if site is None:
        raise Refusal(NO_SITE)
    return site


def _back(page: PageRequest) -> Response:
    return RedirectResponse(f"{page.base}/sessions", 303)
