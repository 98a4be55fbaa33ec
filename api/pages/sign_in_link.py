"""Sign-in links of demonstration missions: a page with one button, which uses the link up.

This module is read after those of the other ways in, whose addresses below ``/sign-in/`` would
else be taken for codes.
"""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.auth.principal import Authenticator, session_expiry
from api.auth.sessions import label_of
from api.pages.layout import render
from api.pages.problem_pages import say_problem
from api.pages.sign_in import begin_session
from api.problems import CROSS_ORIGIN, NOT_FOUND, Problem
from api.server.request_headers import Headers, client_of
from schemas.credential import Purpose

router = APIRouter(include_in_schema=False)


@router.get("/sign-in/{code}")
async def sign_in_link(request: Request, code: str) -> Response:
    """The page of a sign-in link of a demonstration mission. Looking at it, as previews of
    messages and scanners of mail do, does not use the link up: its button does."""
    doorkeeper: Authenticator = request.app.state.doorkeeper
    try:
        holder = await doorkeeper.look_at(code, Purpose.SIGN_IN, demonstration=True)
    except Problem as problem:
        return await _refused_link(request, problem)
    return render(
        request, "sign_in_link.html", mission=holder.slug, role=holder.role.replace("_", " ")
    )


@router.post("/sign-in/{code}")
async def use_sign_in_link(request: Request, code: str) -> Response:
    """Use a sign-in link of a demonstration mission up and begin a session. A page elsewhere
    cannot sign anybody in by it: 403."""
    doorkeeper: Authenticator = request.app.state.doorkeeper
    try:
        if Headers.of(request.scope).cross_origin:
            raise Problem(CROSS_ORIGIN)
        holder, token = await doorkeeper.exchange(
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
            await request.app.state.doorkeeper.wrong(client_of(request.scope))
    except Problem as too_many_wrong:
        problem = too_many_wrong
    if "text/html" in request.headers.get("accept", ""):
        return say_problem(request, problem)
    raise problem
