"""Sign-in by an OpenID provider, and linking an account there."""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.audit.unit_of_work import carry_out
from api.auth import login_throttle, oidc
from api.auth.challenges import MINUTES, answered, pose
from api.auth.known_devices import devices_of
from api.auth.oidc import REFUSED, OpenId, Sent, fresh
from api.auth.sessions import label_of
from api.pages.accounts import must_be_recent
from api.pages.forms import typed_in
from api.pages.layout import address_of, is_secure, render
from api.pages.page import PageRequest, serve_page
from api.pages.sign_in import begin_session, refuse_elsewhere, refused
from api.problems import NOT_FOUND, UNAUTHENTICATED, Problem
from api.server.request_headers import Headers, client_of
from schemas.credential import Purpose
from schemas.problems import Refusal

router = APIRouter(include_in_schema=False)
BACK = "/sign-in/provider/back"
COOKIE = "indelible_provider"
PURPOSE = "openid"


@router.post("/sign-in/provider")
async def to_provider(request: Request) -> Response:
    """On to the provider, to be recognised for the mission that was typed."""
    mission = (await typed_in(request)).get("mission", "").replace("\0", "").strip()
    try:
        refuse_elsewhere(request)
        return await _sent(request, mission, "")
    except Problem as problem:
        return refused(request, problem, mission)


@serve_page(router, "/linked", "POST", right=None)
async def link(page: PageRequest) -> Response:
    """On to the provider, to link the account there to one's own."""
    _openid(page.request)
    await must_be_recent(page)
    return await _sent(page.request, page.who.slug, str(page.who.holder_id))


async def _sent(request: Request, mission: str, member: str) -> Response:
    """A page that goes on to the provider: a form may not be redirected elsewhere."""
    nonce, verifier = fresh(), fresh()
    challenge = pose(
        request.app.state.settings.secret,
        PURPOSE,
        mission=mission,
        member=member,
        nonce=nonce,
        verifier=verifier,
    )
    openid, back = _openid(request), f"{address_of(request)}{BACK}"
    address = await openid.address(back, _state(challenge), nonce, verifier)
    response = render(request, "provider.html", address=address, provider=openid.name)
    response.set_cookie(
        COOKIE,
        urlsafe_b64encode(challenge).decode(),
        max_age=MINUTES * 60,
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
        path=BACK,
    )
    return response


@router.get(BACK)
async def back(request: Request) -> Response:
    """Back from the provider: signed in, or linked."""
    try:
        sent = _sent_out(request)
        response = await _recognised(request, sent, await _subject(request, sent.said))
    except Problem as problem:
        response = refused(request, problem)
    except Refusal as refusal:
        response = render(request, "problem.html", 409, heading=str(refusal), detail="", back="/")
    response.delete_cookie(COOKIE, path=BACK)
    return response


async def _subject(request: Request, said: dict[str, Any]) -> str:
    """Whom the provider names for the code. Attempts are counted by where they come from: a
    stranger's codes are not passed on without end."""
    state, code = request.app.state, request.query_params.get("code", "")
    if not code:
        raise Problem(UNAUTHENTICATED, REFUSED)
    guess = await _guess(request)
    await login_throttle.count(state.pool, guess)
    back = f"{address_of(request)}{BACK}"
    subject = await _openid(request).subject(back, code, said["nonce"], said["verifier"])
    await login_throttle.forget(state.pool, guess)
    return subject


async def _guess(request: Request) -> login_throttle.Attempt:
    """Who the provider will name is not known yet: any member's known device has its own count."""
    state, headers = request.app.state, Headers.of(request.scope)
    secret = state.settings.secret
    for device in await devices_of(state.authenticator, secret, headers, request.cookies):
        return login_throttle.from_known_device(secret, device.id)
    return login_throttle.at_provider(secret, client_of(request.scope))


async def _recognised(request: Request, sent: Sent, subject: str) -> Response:
    state, said = request.app.state, sent.said
    if not said["member"]:
        agent = label_of(request.headers.get("user-agent", ""))
        token = await oidc.sign_in(state.pool, sent, subject, agent)
        return await begin_session(request, said["mission"], token)
    session = Headers.of(request.scope).session or ""
    who = await state.authenticator.of_token(session, Purpose.SESSION)
    if who is None or str(who.holder_id) != said["member"]:
        raise Problem(UNAUTHENTICATED, REFUSED)
    await carry_out(request, who, lambda work: oidc.link(work, sent, subject), though_closed=True)
    return RedirectResponse(f"/missions/{who.slug}/sessions", 303)


def _sent_out(request: Request) -> Sent:
    """What this very browser was sent out with. Problem: 401."""
    try:
        challenge = urlsafe_b64decode(request.cookies.get(COOKIE, ""))
    except ValueError:
        challenge = b""
    said = answered(request.app.state.settings.secret, PURPOSE, challenge)
    if said is None or request.query_params.get("state") != _state(challenge):
        raise Problem(UNAUTHENTICATED, REFUSED)
    return Sent(_openid(request).issuer, challenge, said)


def _state(challenge: bytes) -> str:
    return hashlib.sha256(challenge).hexdigest()


def _openid(request: Request) -> OpenId:
    found: OpenId | None = request.app.state.openid
    if found is None:
        raise Problem(NOT_FOUND)
    return found
