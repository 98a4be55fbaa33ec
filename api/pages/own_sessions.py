"""The page Your sessions: one's own sessions, passkeys and linked accounts."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from api.auth import oidc, passkeys
from api.auth.members import INVITED
from api.auth.passkeys import Site
from api.auth.principal import token_hash
from api.auth.sessions import is_recent, label_of, open_of
from api.pages.accounts import act, end_opened, opened_row, plain, session_of
from api.pages.forms import typed_in
from api.pages.layout import address_of
from api.pages.page import PageRequest, serve_page
from api.problems import NOT_FOUND, Problem
from api.server.request_headers import COOKIE, Headers
from schemas.account import LinkedAccount, Passkey
from schemas.credential import Purpose
from schemas.mission import Member
from schemas.problems import Refusal

router = APIRouter()
NO_SITE = "Browsers make passkeys only at an https address with a name."
STALE = "Sign in again first: ways in are added within 15 minutes of signing in."


@serve_page(router, "/sessions", right=None)
async def own_sessions(page: PageRequest) -> Response:
    """Where oneself is signed in, and the ways in besides the password."""
    current = page.request.cookies.get(COOKIE)
    me = page.who.holder_id
    async with session_of(page) as session:
        found = await session.run_sync(lambda beneath: open_of(plain(beneath), me))
        keys = await session.run_sync(lambda beneath: passkeys.of_member(plain(beneath), me))
        links = await session.run_sync(lambda beneath: oidc.of_member(plain(beneath), me))
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
    form = "%Y-%m-%d %H:%M"
    return {
        "id": str(each.id),
        "label": label,
        "site": site,
        "since": page.clock(each.added_at, form),
        "used": page.clock(each.used_at, form),
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
            lambda beneath: passkeys.creation(plain(beneath), secret, site, member)
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
        return await session.run_sync(
            lambda beneath: is_recent(plain(beneath), me, token_hash(token))
        )


def _site(page: PageRequest) -> Site | None:
    return Site.of(address_of(page.request))


def _needed(page: PageRequest) -> Site:
    site = _site(page)
    if site is None:
        raise Refusal(NO_SITE)
    return site


def _back(page: PageRequest) -> Response:
    return RedirectResponse(f"{page.base}/sessions", 303)
