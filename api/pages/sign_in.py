"""The sign-in page ``/``, accepting an invitation, and signing out."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.auth import known_devices, passkeys, totp
from api.auth.invitations import Invited, NewPassword, invited, take_up
from api.auth.passkeys import Site
from api.auth.password_login import FAILED, LoginAttempt
from api.auth.password_login import sign_in as sign_in_with
from api.auth.principal import (
    SESSION_HOURS,
    Authenticator,
    Principal,
    any_principal,
    session_expiry,
)
from api.auth.sessions import label_of
from api.pages.forms import typed_in
from api.pages.layout import address_of, is_secure, language_of, render
from api.pages.problem_pages import say_problem, to_retry, too_many
from api.problems import (
    CROSS_ORIGIN,
    INVALID,
    NOT_FOUND,
    TOO_MANY,
    UNAUTHENTICATED,
    UNAVAILABLE,
    Problem,
)
from api.server.request_headers import COOKIE, Headers, client_of
from schemas.credential import Purpose
from schemas.words import N_, word

router = APIRouter(include_in_schema=False)
MESSAGES = (
    N_("Name or password not recognised."),
    N_("A password has 12 characters or more."),
    N_("A password has 200 characters or fewer."),
    N_("The password must not be the name."),
    N_("The two passwords differ. Type them again."),
    N_("This code is not the one that the app shows now."),
    N_("This passkey opens nothing here. Sign in with password and code."),
    N_("The provider did not confirm who you are. Try again."),
    N_("The provider does not answer. Sign in with password and code."),
    N_(
        "No member of this mission has linked that account. Sign in with password and code, then "
        "link it under Your sessions."
    ),
)


async def begin_session(request: Request, slug: str, token: str) -> Response:
    """On to the mission, with the session's cookie, and the one by which the device is known."""
    response = RedirectResponse(f"/missions/{slug}/", status_code=303)
    response.set_cookie(
        COOKIE,
        token,
        max_age=SESSION_HOURS * 3600,
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
        path="/",
    )
    state = request.app.state
    who = await state.authenticator.of_token(token, Purpose.SESSION)
    known = await known_devices.cookie_for(state.pool, state.settings.secret, who) if who else None
    if known is not None:
        response.set_cookie(
            *known,
            max_age=known_devices.DAYS * 86_400,
            httponly=True,
            samesite="lax",
            secure=is_secure(request),
            path=known_devices.PATH,
        )
    return response


@router.get("/")
async def sign_in_page(request: Request) -> Response:
    """The sign-in page; whoever is signed in goes on to their mission."""
    token = Headers.of(request.scope).session
    if token:
        found = await request.app.state.authenticator.of_token(token, Purpose.SESSION)
        if found is not None:
            return RedirectResponse(f"/missions/{found.slug}/", 303)
    return _shown(request, 200, "", request.query_params.get("mission", ""), "")


def _shown(request: Request, status: int, problem: str, mission: str, name: str) -> Response:
    said = word(language_of(request), problem) if problem else ""
    provider = request.app.state.settings.openid
    return render(
        request,
        "sign_in.html",
        status,
        problem=said,
        mission=mission,
        name=name,
        passkeys=Site.of(address_of(request)) is not None,
        provider=provider.name if provider else "",
    )


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Sign in with name, password and code; or take a link's code that was typed."""
    typed = await typed_in(request)
    link = typed.get("link", "").strip().rsplit("/", 1)[-1]
    if link:
        return RedirectResponse(f"/sign-in/{quote(link, safe='')}", 303)
    mission, name = typed.get("mission", "").strip(), typed.get("name", "").strip()
    agent = label_of(request.headers.get("user-agent", ""))
    state, headers = request.app.state, Headers.of(request.scope)
    try:
        refuse_elsewhere(request)
        secret, cookies = state.settings.secret, request.cookies
        known = await known_devices.devices_of(state.authenticator, secret, headers, cookies)
        given = LoginAttempt(
            mission,
            name,
            typed.get("password", ""),
            typed.get("code", ""),
            agent,
            headers.address,
            known,
        )
        token = await sign_in_with(state.pool, state.settings.secret, given)
    except Problem as problem:
        return refused(request, problem, mission, name)
    return await begin_session(request, mission, token)


@router.post("/sign-in/passkey/options")
async def passkey_options(request: Request) -> Response:
    """What the browser asks a passkey, as JSON."""
    site = Site.of(address_of(request))
    if site is None:
        raise Problem(NOT_FOUND)
    options = passkeys.entry(request.app.state.settings.secret, site)
    return Response(options, media_type="application/json")


@router.post("/sign-in/passkey")
async def sign_in_by_passkey(request: Request) -> Response:
    """Sign in by what a passkey answered."""
    state, site = request.app.state, Site.of(address_of(request))
    answer = (await typed_in(request)).get("answer", "")
    agent = label_of(request.headers.get("user-agent", ""))
    try:
        refuse_elsewhere(request)
        if site is None:
            raise Problem(NOT_FOUND)
        opened = await passkeys.sign_in(state.pool, state.settings.secret, site, answer, agent)
    except Problem as problem:
        return refused(request, await _counted(request, problem))
    return await begin_session(request, *opened)


async def _counted(request: Request, problem: Problem) -> Problem:
    """A passkey cannot be guessed: right ones always pass, and wrong ones are counted."""
    if problem.kind is UNAUTHENTICATED:
        try:
            await request.app.state.authenticator.wrong(client_of(request.scope))
        except Problem as too_many_wrong:
            return too_many_wrong
    return problem


def refused(request: Request, problem: Problem, mission: str = "", name: str = "") -> Response:
    """The sign-in page again, saying why the sign-in failed."""
    if problem.kind is UNAUTHENTICATED or problem.kind is UNAVAILABLE:
        status = problem.kind.status
        response = _shown(request, status, problem.detail or FAILED, mission, name)
    elif problem.kind is TOO_MANY:
        said = too_many(language_of(request), problem)
        response = _shown(request, 429, said, mission, name)
    else:
        return say_problem(request, problem)
    return to_retry(response, problem)


def refuse_elsewhere(request: Request) -> None:
    """A form of another site must not sign anybody in."""
    if not Headers.of(request.scope).same_origin:
        raise Problem(CROSS_ORIGIN)


@router.get("/invitation/{token}")
async def invitation(request: Request, token: str) -> Response:
    """Choose a password, set the changing code up."""
    try:
        return _invitation(request, await _invited(request, token))
    except Problem as problem:
        return say_problem(request, problem)


@router.post("/invitation/{token}")
async def take_invitation_up(request: Request, token: str) -> Response:
    """Keep the password and the code's secret; the link is no longer valid."""
    typed = await typed_in(request)
    agent = label_of(request.headers.get("user-agent", ""))
    chosen = NewPassword(
        typed.get("password", ""),
        typed.get("again", ""),
        typed.get("code", ""),
        agent,
        client_of(request.scope),
    )
    state = request.app.state
    try:
        refuse_elsewhere(request)
        who = await _invited(request, token)
        try:
            session = await take_up(state.pool, state.settings.secret, token, who, chosen)
        except Problem as problem:
            return _again(request, problem, who)
    except Problem as problem:
        return say_problem(request, problem)
    return await begin_session(request, who.principal.slug, session)


def _again(request: Request, problem: Problem, who: Invited) -> Response:
    if problem.kind is INVALID:
        return _invitation(request, who, 422, problem.detail)
    if problem.kind is TOO_MANY:
        said = too_many(language_of(request), problem)
        return to_retry(_invitation(request, who, 429, said), problem)
    raise problem


async def _invited(request: Request, token: str) -> Invited:
    state = request.app.state
    try:
        return await invited(state.pool, state.authenticator, state.settings.secret, token)
    except Problem:
        await state.authenticator.wrong(client_of(request.scope))
        raise


def _invitation(request: Request, who: Invited, status: int = 200, problem: str = "") -> Response:
    slug = who.principal.slug
    return render(
        request,
        "invitation.html",
        status,
        handle=who.handle,
        slug=slug,
        role=who.principal.role.replace("_", " "),
        spelled=totp.spelled(who.totp),
        picture=totp.picture(who.totp, who.handle, slug),
        problem=word(language_of(request), problem) if problem else "",
    )


@router.get("/sign-in/{code}")
async def sign_in_link(request: Request, code: str) -> Response:
    """The page of a sign-in link of a demonstration mission. Looking at it, as previews of
    messages and scanners of mail do, does not use the link up: its button does."""
    authenticator: Authenticator = request.app.state.authenticator
    try:
        holder = await authenticator.look_at(code, Purpose.SIGN_IN, demonstration=True)
    except Problem as problem:
        return await _refused_link(request, problem)
    return render(
        request, "sign_in_link.html", mission=holder.slug, role=holder.role.replace("_", " ")
    )


@router.post("/sign-in/{code}")
async def use_sign_in_link(request: Request, code: str) -> Response:
    """Use a sign-in link of a demonstration mission up and begin a session. A page elsewhere
    cannot sign anybody in by it: 403."""
    authenticator: Authenticator = request.app.state.authenticator
    try:
        if Headers.of(request.scope).cross_origin:
            raise Problem(CROSS_ORIGIN)
        holder, token = await authenticator.exchange(
            code,
            Purpose.SIGN_IN,
            Purpose.SESSION,
            expires_at=session_expiry(),
            demonstration=True,
            label=label_of(request.headers.get("user-agent", "")),
        )
    except Problem as problem:
        return await _refused_link(request, problem)
    return await begin_session(request, holder.slug, token)


async def _refused_link(request: Request, problem: Problem) -> Response:
    """Why a link does not sign in: a page for people, else a problem. Unknown ones are counted."""
    try:
        if problem.kind is NOT_FOUND:
            await request.app.state.authenticator.wrong(client_of(request.scope))
    except Problem as too_many_wrong:
        problem = too_many_wrong
    if "text/html" in request.headers.get("accept", ""):
        return say_problem(request, problem)
    raise problem


@router.post("/sign-out")
async def sign_out(request: Request, who: Annotated[Principal, Depends(any_principal)]) -> Response:
    """End the session; its cookie opens nothing any more."""
    token = request.cookies.get(COOKIE)
    if token and who.purpose == Purpose.SESSION:
        authenticator: Authenticator = request.app.state.authenticator
        await authenticator.revoke(token)
    response = RedirectResponse("/", status_code=303)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return response
