"""What a route asks of a mission, and answers that need not be sent again."""

import hashlib
from decimal import Decimal
from typing import Annotated, Any, ParamSpec, TypeVar, cast

import orjson
from fastapi import Query, Request
from fastapi.responses import Response

from api.auth.principal import Principal
from api.figures.ask import Answer, Figure, Question, answer_as_of, question
from api.figures.changes import clock_now, own_act_clock
from api.figures.follower import NoSuchRound
from api.figures.mission_facts import MissionFacts, mission_facts
from api.problems import INVALID, NOT_FOUND, Problem
from schemas.credential import Role
from schemas.rights import Right

MAX_PER_PAGE = 1000
Limit = Annotated[int, Query(ge=1, le=MAX_PER_PAGE, description="How many at most.")]
After = Annotated[str | None, Query(max_length=400, description="The cursor of the page before.")]


def unchanged(request: Request, tag: str) -> Response | None:
    """304 where the client already has the content of this tag, and only asks for it."""
    if request.method not in ("GET", "HEAD"):
        return None
    etag = _etag(tag)
    known = [each.strip() for each in request.headers.get("if-none-match", "").split(",")]
    if etag in known or etag.removeprefix("W/") in known or "*" in known:
        return Response(status_code=304, headers=_headers(etag))
    return None


def answer(request: Request, content: Any, tag: str) -> Response:
    """JSON under an ETag; 304 where the asker has it already."""
    body = _written(content)
    fresh = Response(body, media_type="application/json", headers=_headers(_etag(tag)))
    return unchanged(request, tag) or fresh


def digest(content: Any) -> str:
    """A tag for what has no clock: a digest of the content."""
    return hashlib.sha256(_written(content)).hexdigest()[:24]


def _written(content: Any) -> bytes:
    """JSON, also of a figure worked out in memory that is longer than the 64 bits orjson writes."""
    try:
        return orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS, default=str)
    except TypeError:
        bounded = _bounded(content)
        return orjson.dumps(bounded, option=orjson.OPT_NON_STR_KEYS, default=str)


def _bounded(value: Any) -> Any:
    """The same with whole numbers beyond 64 bits as texts."""
    if isinstance(value, dict):
        return {name: _bounded(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_bounded(each) for each in value]
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return f"{Decimal(value):.6e}"
    return value


def _etag(tag: str) -> str:
    """A tag as the header has it: a digest, for some tags hold what somebody asked for."""
    return f'W/"{hashlib.sha256(tag.encode("utf-8", "backslashreplace")).hexdigest()[:24]}"'


def _headers(etag: str) -> dict[str, str]:
    return {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}


Preview = Annotated[
    bool,
    Query(description="Change nothing, and answer with `effect`: what the act would change."),
]


def effect_answer(request: Request, effect: dict[str, Any]) -> Response:
    """What an act would change."""
    return answer(request, {"effect": effect}, f"effect-{digest(effect)}")


T = TypeVar("T")
P = ParamSpec("P")
OfRound = Annotated[
    str | None,
    Query(
        alias="round",
        max_length=200,
        description="A round's code; without it the round whose polling is nearest to now.",
    ),
]


async def facts_of(request: Request, who: Principal, of_round: str | None = None) -> MissionFacts:
    """The mission in a round, as of its last commit. Problems: as :func:`asked_together`."""
    return await asked(request, who, of_round, mission_facts)


async def asked(
    request: Request,
    who: Principal,
    of_round: str | None,
    function: Figure[P, T],
    *arguments: object,
) -> T:
    """One figure in a round. Problems: as :func:`asked_together`."""
    answer = await asked_together(request, who, of_round, question(function, *arguments))
    return cast(T, answer.values[0])


async def asked_together(
    request: Request, who: Principal, of_round: str | None, *questions: Question
) -> Answer:
    """Several figures of one edition; for an act, and for who has just acted at the desk, not of
    before it, unless they are not made just now. Problems: 422 for a round that the mission has
    not; 404 for a partner, who reads what was shared."""
    if who.role == Role.PARTNER:
        raise Problem(NOT_FOUND)
    state, clock = request.app.state, 0
    if request.method not in ("GET", "HEAD"):
        clock = await clock_now(state.pool, who.mission_id)
    elif who.may(Right.HANDLE_INCIDENTS):
        clock = await own_act_clock(state.pool, who)
    try:
        return await answer_as_of(state.figures, who.mission_id, questions, of_round, clock)
    except NoSuchRound:
        raise Problem(INVALID, "The mission has no such round.", "round") from None
