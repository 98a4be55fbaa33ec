"""The way in over an OpenID provider, and linking an account there to one's own."""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.accounts import linked
from api.accounts.challenges import MINUTES, answered, pose
from api.accounts.openid import REFUSED, OpenId, fresh
from api.accounts.sessions import label_of
from api.identity import Headers
from api.pages.accounts import act_as
from api.pages.door import begin_session, refuse_elsewhere, refused, typed_by
from api.pages.frame import address_of, render
from api.pages.page import Visit, page
from api.problems import NOT_FOUND, UNAUTHENTICATED, Problem
from api.settings import OpenIdProvider
from schemas.credential import Purpose
from schemas.problems import Refusal

router = APIRouter(include_in_schema=False)
BACK = "/sign-in/provider/back"
COOKIE = "indelible_provider"
PURPOSE = "openid"


@router.post("/sign-in/provider")
async def to_provider(request: Request) -> Response:
    """On to the provider, to be recognised for the mission that was typed."""
    mission = (await typed_by(request)).get("mission", "").strip()
    try:
        refuse_elsewhere(request)
        return await _sent(request, mission, "")
    except Problem as problem:
        return refused(request, problem, mission)


@page(router, "/linked", "POST", right=None)
async def link(visit: Visit) -> Response:
    """On to the provider, to link the account there to one's own."""
    return await _sent(visit.request, visit.who.slug, str(visit.who.holder_id))


async def _sent(request: Request, mission: str, member: str) -> Response:
    """A page that goes on to the provider: a form may not be redirected elsewhere."""
    nonce, verifier = fresh(), fresh()
    challenge = pose(
        request.app.state.settings.secret, PURPOSE, mission=mission, member=member, nonce=nonce,
        verifier=verifier,
    )  # fmt: skip
    provider = _provider(request)
    openid = OpenId(provider, f"{address_of(request)}{BACK}")
    address = await openid.address(_state(challenge), nonce, verifier)
    response = render(request, "provider.html", address=address, provider=provider.name)
    response.set_cookie(
        COOKIE, urlsafe_b64encode(challenge).decode(), max_age=MINUTES * 60, httponly=True,
        samesite="lax", secure=request.url.scheme == "https", path=BACK,
    )  # fmt: skip
    return response


@router.get(BACK)
async def back(request: Request) -> Response:
    """Back from the provider: signed in, or linked."""
    try:
        said = _said(request)
        provider = _provider(request)
        openid = OpenId(provider, f"{address_of(request)}{BACK}")
        code = request.query_params.get("code", "")
        subject = await openid.subject(code, said["nonce"], said["verifier"])
        response = await _recognised(request, said, provider.issuer, subject)
    except Problem as problem:
        response = refused(request, problem)
    except Refusal as refusal:
        response = render(request, "problem.html", 409, heading=str(refusal), detail="", back="/")
    response.delete_cookie(COOKIE, path=BACK)
    return response


async def _recognised(
    request: Request, said: dict[str, Any], issuer: str, subject: str
) -> Response:
    state = request.app.state
    if not said["member"]:
        agent = label_of(request.headers.get("user-agent", ""))
        token = await linked.sign_in(state.pool, said["mission"], issuer, subject, agent)
        return begin_session(request, said["mission"], token)
    session = Headers.of(request.scope).session or ""
    who = await state.doorkeeper.of_token(session, Purpose.SESSION)
    if who is None or str(who.holder_id) != said["member"]:
        raise Problem(UNAUTHENTICATED, REFUSED)
    await act_as(request, who, lambda beneath, doing: linked.link(beneath, doing, issuer, subject))
    return RedirectResponse(f"/missions/{who.slug}/sessions", 303)


def _said(request: Request) -> dict[str, Any]:
    """What this very browser was sent out with. Problem: 401."""
    try:
        challenge = urlsafe_b64decode(request.cookies.get(COOKIE, ""))
    except ValueError:
        challenge = b""
    said = answered(request.app.state.settings.secret, PURPOSE, challenge)
    if said is None or request.query_params.get("state") != _state(challenge):
        raise Problem(UNAUTHENTICATED, REFUSED)
    return said


def _state(challenge: bytes) -> str:
    return hashlib.sha256(challenge).hexdigest()


def _provider(request: Request) -> OpenIdProvider:
    provider: OpenIdProvider | None = request.app.state.settings.openid
    if provider is None:
        raise Problem(NOT_FOUND)
    return provider
