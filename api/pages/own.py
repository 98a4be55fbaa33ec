"""Your sessions: where oneself is signed in, by which passkeys and accounts elsewhere one may."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from api.auth import linked_accounts, passkeys
from api.auth.members import INVITED
from api.auth.passkeys import Site
from api.auth.principal import token_hash
from api.auth.sessions import is_recent, label_of, open_of
from api.pages.accounts import act, end_opened, opened_row, plain, session_of
from api.pages.forms import typed_in
from api.pages.frame import address_of
from api.pages.page import Visit, page
from api.problems import NOT_FOUND, Problem
from api.server.request_headers import COOKIE, Headers
from schemas.account import LinkedAccount, Passkey
from schemas.credential import Purpose
from schemas.mission import Member
from schemas.problems import Refusal

router = APIRouter()
NO_SITE = "Browsers make passkeys only at an https address with a name."
STALE = "Sign in again first: ways in are added within 15 minutes of signing in."


@page(router, "/sessions", right=None)
async def own_sessions(visit: Visit) -> Response:
    """Where oneself is signed in, and the ways in besides the password."""
    current = visit.request.cookies.get(COOKIE)
    me = visit.who.holder_id
    async with session_of(visit) as session:
        found = await session.run_sync(lambda beneath: open_of(plain(beneath), me))
        keys = await session.run_sync(lambda beneath: passkeys.of_member(plain(beneath), me))
        links = await session.run_sync(
            lambda beneath: linked_accounts.of_member(plain(beneath), me)
        )
        person = await session.get(Member, (visit.who.mission_id, me))
    here = token_hash(current) if current else b""
    provider = visit.request.app.state.settings.openid
    return visit.show(
        "sessions.html",
        "sessions",
        sessions=[opened_row(visit, each) | {"here": each.digest == here} for each in found],
        person=person is not None and visit.who.role in INVITED,
        recent=await _is_recent(visit),
        may_add=_site(visit) is not None,
        provider=provider.name if provider else "",
        passkeys=[_way(visit, each, each.label, each.rp_id) for each in keys],
        links=[_way(visit, each, each.issuer, "") for each in links],
    )


def _way(visit: Visit, each: Passkey | LinkedAccount, label: str, site: str) -> dict[str, str]:
    form = "%Y-%m-%d %H:%M"
    return {
        "id": str(each.id),
        "label": label,
        "site": site,
        "since": visit.clock(each.added_at, form),
        "used": visit.clock(each.used_at, form),
    }


@page(router, "/sessions/{id}/end", "POST", right=None)
async def end_own_session(visit: Visit) -> Response:
    """End one of one's own sessions."""
    await end_opened(visit, visit.who.holder_id, visit.request.path_params["id"])
    return _back(visit)


@page(router, "/passkeys/options", "POST", right=None)
async def passkey_options(visit: Visit) -> Response:
    """What the browser makes a passkey by, as JSON."""
    await must_be_recent(visit)
    site, secret = _needed(visit), visit.request.app.state.settings.secret
    async with session_of(visit) as session:
        member = await session.get(Member, (visit.who.mission_id, visit.who.holder_id))
        if member is None:
            raise Problem(NOT_FOUND)
        options = await session.run_sync(
            lambda beneath: passkeys.creation(plain(beneath), secret, site, member)
        )
    return Response(options, media_type="application/json")


@page(router, "/passkeys", "POST", right=None)
async def add_passkey(visit: Visit) -> Response:
    """Keep the passkey that the browser made."""
    await must_be_recent(visit)
    site, secret = _needed(visit), visit.request.app.state.settings.secret
    answer = (await typed_in(visit.request)).get("answer", "")
    label = label_of(visit.request.headers.get("user-agent", ""))
    await act(
        visit,
        lambda work: passkeys.add(work, secret, site, answer, label).id,
    )
    return _back(visit)


@page(router, "/passkeys/{id}/end", "POST", right=None)
async def end_passkey(visit: Visit) -> Response:
    """End one of one's own passkeys."""
    return await _ended(visit, passkeys.end)


@page(router, "/linked/{id}/end", "POST", right=None)
async def end_link(visit: Visit) -> Response:
    """End the link with an account elsewhere."""
    return await _ended(visit, linked_accounts.unlink)


async def _ended(visit: Visit, end: passkeys.Ending) -> Response:
    me, wanted = visit.who.holder_id, visit.request.path_params["id"]
    if not await act(visit, lambda work: end(work, me, wanted)):
        raise Problem(NOT_FOUND)
    return _back(visit)


async def must_be_recent(visit: Visit) -> None:
    """Only a person who signed in a moment ago adds a way in. Raises :class:`Refusal`; for the
    holder of a machine's key there is none (404)."""
    if visit.who.role not in INVITED:
        raise Problem(NOT_FOUND)
    if not await _is_recent(visit):
        raise Refusal(STALE)


async def _is_recent(visit: Visit) -> bool:
    token, me = Headers.of(visit.request.scope).session, visit.who.holder_id
    if token is None or visit.who.purpose != Purpose.SESSION:
        return False
    async with session_of(visit) as session:
        return await session.run_sync(
            lambda beneath: is_recent(plain(beneath), me, token_hash(token))
        )


def _site(visit: Visit) -> Site | None:
    return Site.of(address_of(visit.request))


def _needed(visit: Visit) -> Site:
    site = _site(visit)
    if site is None:
        raise Refusal(NO_SITE)
    return site


def _back(visit: Visit) -> Response:
    return RedirectResponse(f"{visit.base}/sessions", 303)
