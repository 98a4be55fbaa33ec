"""Endpoints of sessions: enrolment of a phone, signing out, who am I, the public keys."""

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from psycopg import AsyncConnection
from pydantic import BaseModel, ConfigDict, Field

from api.auth import login_throttle
from api.auth.principal import Authenticator, Principal, any_principal
from api.database.sessions import mission_connection
from api.people import gates
from api.people.enrolment import is_short, note_phone, open_code, spelled, tell_of_second_use
from api.problems import NOT_FOUND, USED, Problem
from api.server.request_headers import COOKIE, client_of
from schemas.credential import Purpose, Role

MISSION = """
SELECT title, kind, languages, demonstration, zone FROM mission WHERE mission_id = %s"""
PERSON = """
SELECT g.name, (SELECT min(p.signed_at) FROM pledge p
  WHERE p.mission_id = o.mission_id AND p.observer_id = o.id), g.kind, a.state, a.number, a.issuer
FROM observer o JOIN organisation g ON g.mission_id = o.mission_id AND g.id = o.organisation_id
LEFT JOIN accreditation a ON a.mission_id = o.mission_id AND a.observer_id = o.id
WHERE o.mission_id = %s AND o.id = %s"""
ROUND = """
SELECT code, name, polling_days, opens, closes, zone FROM round WHERE mission_id = %s
ORDER BY polling_days ->> -1 < to_char(now() AT TIME ZONE zone, 'YYYY-MM-DD'),
  abs((polling_days ->> 0)::date - current_date), code LIMIT 1"""

router = APIRouter(tags=["identity"])


class EnrolmentCode(BaseModel):
    """A single-use code, as the QR on an observer's card holds it."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(min_length=1, max_length=200)


@router.post("/api/v1/enrol/opening")
async def opening(request: Request, given: EnrolmentCode) -> dict[str, Any]:
    """Whose code this is; from the first opening on it is valid for 15 minutes. 404 unknown, 410
    used or expired, which alarms the lead; 429 after too many unknown ones from one address."""
    code = spelled(given.code)
    guess = await _guess(request, code)
    try:
        opened = await open_code(request.app.state.pool, code)
    except Problem as problem:
        await _unknown(request, problem, guess)
        raise
    await _forgive(request, guess)
    return asdict(opened)


@router.post("/api/v1/enrol")
async def enrol(request: Request, given: EnrolmentCode) -> dict[str, Any]:
    """Exchange an enrolment code for a bearer token. 404 unknown, 410 used or expired, which
    alarms the lead; 429 after too many unknown ones from one address."""
    doorkeeper: Authenticator = request.app.state.doorkeeper
    code, pool = spelled(given.code), request.app.state.pool
    guess = await _guess(request, code)
    try:
        holder, token = await doorkeeper.exchange(code, Purpose.ENROLMENT, Purpose.BEARER)
    except Problem as problem:
        if problem.kind is USED:
            await tell_of_second_use(pool, code)
        await _unknown(request, problem, guess)
        raise
    await _forgive(request, guess)
    means = "telephone" if is_short(code) else "sheet"
    if holder.role == Role.OBSERVER:
        await note_phone(pool, holder.mission_id, holder.holder_id, token, means)
    return {"token": token, "mission": holder.slug, "pseudonym": holder.pseudonym}


async def _guess(request: Request, code: str) -> login_throttle.Attempt | None:
    """Count an attempt at a code that is short enough to guess, by where it comes from."""
    if not is_short(code):
        return None
    secret, address = request.app.state.settings.secret, client_of(request.scope)
    guess = login_throttle.at_short_code(secret, address)
    await login_throttle.count(request.app.state.pool, guess)
    return guess


async def _unknown(
    request: Request, problem: Problem, guess: login_throttle.Attempt | None
) -> None:
    """Count a code that is too long to guess and opened nothing: a right one always passes."""
    if guess is None and problem.kind is NOT_FOUND:
        await request.app.state.doorkeeper.wrong(client_of(request.scope))


async def _forgive(request: Request, guess: login_throttle.Attempt | None) -> None:
    if guess is not None:
        await login_throttle.forget(request.app.state.pool, guess)


@router.post("/sign-out", include_in_schema=False)
async def sign_out(request: Request, who: Annotated[Principal, Depends(any_principal)]) -> Response:
    """End the session; its cookie opens nothing any more."""
    token = request.cookies.get(COOKIE)
    if token and who.purpose == Purpose.SESSION:
        doorkeeper: Authenticator = request.app.state.doorkeeper
        await doorkeeper.revoke(token)
    response = RedirectResponse("/", status_code=303)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return response


@router.get("/api/v1/keys")
async def keys(request: Request) -> dict[str, Any]:
    """The public keys by which receipts can be verified."""
    document: dict[str, Any] = request.app.state.intake.signer.keys()
    return document


@router.get("/api/v1/me")
async def me(request: Request, who: Annotated[Principal, Depends(any_principal)]) -> dict[str, Any]:
    """Whose credential this is, and the round that is on or comes next."""
    async with mission_connection(request.app.state.pool, who.mission_id) as connection:
        mission = await _row(connection, MISSION, who.mission_id)
        round_ = await _row(connection, ROUND, who.mission_id)
        person, standing = None, None
        if who.role == Role.OBSERVER:
            person = await _row(connection, PERSON, who.mission_id, who.holder_id)
            found = await connection.execute(
                f"{gates.GATES} AND o.id = %(o)s",
                {"m": who.mission_id, "o": who.holder_id},
            )
            own = await found.fetchone()
            standing = own and gates.standing_of(own).as_sent()
    if mission is None:
        raise Problem(NOT_FOUND)
    return {
        "role": who.role,
        "mission": who.slug,
        "pseudonym": who.pseudonym,
        "mission_title": mission[0],
        "organisation": person and person[0],
        "kind": person[2] if person else mission[1],
        "languages": mission[2],
        "pledged_at": person and person[1],
        "gates": standing,
        "accreditation": person and _accreditation(*person[3:]),
        "round": None if round_ is None else _round(round_),
    }


async def _row(
    connection: AsyncConnection[Any], query: str, *values: UUID
) -> tuple[Any, ...] | None:
    row: tuple[Any, ...] | None = await (await connection.execute(query, values)).fetchone()
    return row


def _accreditation(state: str | None, number: str, issuer: str) -> dict[str, str] | None:
    return {"state": state, "number": number, "issuer": issuer} if state else None


def _round(row: tuple[Any, ...]) -> dict[str, Any]:
    code, name, days, opens, closes, zone = row
    return {
        "code": code,
        "name": name,
        "polling_days": days,
        "opens": f"{opens:%H:%M}",
        "closes": f"{closes:%H:%M}",
        "zone": zone,
    }
