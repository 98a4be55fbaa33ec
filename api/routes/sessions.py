"""``enrol``, ``me``, ``keys``: enrolment of a phone, who am I, the public keys."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from api.auth import login_throttle
from api.auth.principal import Authenticator, Principal, any_principal, token_hash
from api.database.sessions import mission_connection
from api.intake.sealed_outbox import public_key
from api.people.enrolment import is_short, note_phone, open_code, spelled, tell_of_second_use
from api.people.holder import holder_of
from api.people.phones import told_phone
from api.problems import NOT_FOUND, USED, Problem
from api.server.request_headers import Headers, client_of
from schemas.credential import Purpose, Role

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
    authenticator: Authenticator = request.app.state.authenticator
    code, pool = spelled(given.code), request.app.state.pool
    guess = await _guess(request, code)
    try:
        holder, token = await authenticator.exchange(code, Purpose.ENROLMENT, Purpose.BEARER)
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
        await request.app.state.authenticator.wrong(client_of(request.scope))


async def _forgive(request: Request, guess: login_throttle.Attempt | None) -> None:
    if guess is not None:
        await login_throttle.forget(request.app.state.pool, guess)


@router.get("/api/v1/keys")
async def keys(request: Request) -> dict[str, Any]:
    """The public keys by which receipts can be verified."""
    document: dict[str, Any] = request.app.state.intake.signer.keys()
    return document


@router.get("/api/v1/me")
async def me(request: Request, who: Annotated[Principal, Depends(any_principal)]) -> dict[str, Any]:
    """Whose credential this is, and the round that is on or comes next. A phone is told by which
    keys it seals its outbox and verifies receipts, when it forgets what was sent, and whether to
    wipe itself."""
    async with mission_connection(request.app.state.pool, who.mission_id) as connection:
        holder = await holder_of(connection, who)
        if who.role == Role.OBSERVER:
            digest = token_hash(Headers.of(request.scope).bearer or "")
            holder["phone"] = await told_phone(connection, who.mission_id, digest)
    if who.role == Role.OBSERVER:
        state = request.app.state
        holder["keys"] = {
            "outbox": public_key(state.settings.secret, who.mission_id),
            "receipts": state.intake.signer.keys()["items"][0],
        }
    return holder
