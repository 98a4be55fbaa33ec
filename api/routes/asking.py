"""What a route asks of a mission: its facts, and figures in one of its rounds."""

from typing import Annotated, ParamSpec, TypeVar, cast

from fastapi import Query, Request

from api.auth.principal import Principal
from api.figures.ask import Answer, Figure, Question, answer_as_of, question
from api.figures.changes import clock_now
from api.figures.follower import NoSuchRound
from api.figures.mission_facts import MissionFacts, mission_facts
from api.problems import INVALID, NOT_FOUND, Problem
from schemas.credential import Role

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
    """Several figures of one edition; for an act not of before it, unless they are not made just
    now. Problems: 422 for a round that the mission has not; 404 for
    a partner, who reads what was shared."""
    if who.role == Role.PARTNER:
        raise Problem(NOT_FOUND)
    state, clock = request.app.state, 0
    if request.method not in ("GET", "HEAD"):
        clock = await clock_now(state.pool, who.mission_id)
    try:
        return await answer_as_of(state.figures, who.mission_id, questions, of_round, clock)
    except NoSuchRound:
        raise Problem(INVALID, "The mission has no such round.", "round") from None
