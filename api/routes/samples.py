"""``samples``: drawn by lot from a frozen frame; what a draw would give; what came of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from analytics.survey.draw import SampleProblem
from api.audit.unit_of_work import act_on
from api.auth.principal import Principal, principal
from api.database.sessions import mission_session
from api.figures.ask import question
from api.problems import INVALID, Problem
from api.routes.asking import answer, asked, asked_together, digest, facts_of
from api.samples.draw import DrawGiven, drawing
from api.samples.representativity import (
    FRAME_HEADERS,
    find_sample,
    frame_file,
    sample_out,
    samples_of,
    stand,
    stands_out,
    stations_drawn,
)
from api.samples.response import sample_response_out
from api.samples.size import foresee, strata_once
from schemas.problems import Refusal
from schemas.rights import Right
from schemas.sample import Sample

router = APIRouter(prefix="/api/v1/missions/{slug}/samples", tags=["samples"])
Who = Annotated[Principal, Depends(principal)]
Column = Annotated[str | None, Query(min_length=1, max_length=200)]


def see_samples(who: Principal) -> None:
    """Which stations were drawn is for whoever sees aggregates whole: it would bend the day."""
    who.must(Right.SEE_AGGREGATES)


@router.get("")
async def listed(request: Request, who: Who) -> Response:
    """Every sample of the mission, newest first."""
    see_samples(who)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        found = await samples_of(session, who.mission_id)
    rows = [sample_out(sample, code) for sample, code in found]
    return answer(request, {"items": rows, "next": None}, digest(rows))


@router.get("/margin")
async def margin(
    request: Request,
    who: Who,
    size: Annotated[int | None, Query(ge=1)] = None,
    margin: Annotated[float | None, Query(gt=0, lt=1)] = None,
    deff: Annotated[float, Query(ge=0.1, le=100)] = 1.0,
    minimum: Annotated[int, Query(ge=0, le=1000)] = 2,
    stratify_by: Column = None,
    round: Column = None,
) -> dict[str, Any]:
    """How many stations do I need? Of ``margin`` (a share, 0.03) and ``size`` give one."""
    see_samples(who)

    facts = await facts_of(request, who)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        try:
            sizes = await strata_once(session, facts, stratify_by, round)
            return vars(foresee(sizes, size=size, margin=margin, deff=deff, minimum=minimum))
        except (Refusal, SampleProblem) as problem:
            raise Problem(INVALID, str(problem)) from None


@router.post("", status_code=201)
async def draw(request: Request, who: Who, given: DrawGiven) -> dict[str, Any]:
    """Draw, and store draw and frame. A draw is final: there is no second of the same name."""
    who.must(Right.KEEP_PLACES)
    made = await act_on(request, who, drawing(given))
    return sample_out(made.sample, given.round or "") | {
        "expected_margin": made.margin,
        "stations": list(made.drawn.codes),
    }


async def _found(request: Request, who: Principal, round_code: str, code: str) -> Sample:
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        return await find_sample(session, who.mission_id, round_code, code)


@router.get("/{round}/{code}")
async def one(request: Request, who: Who, round: str, code: str) -> Response:
    """A sample with its strata and stations, against its frame, how many arrived, and what became
    of each station drawn where the sample is the one that figures go by."""
    see_samples(who)
    sample = await _found(request, who, round, code)
    facts = await facts_of(request, who, round)
    found = await asked_together(
        request,
        who,
        round,
        question(stand, sample, round),
        question(stations_drawn, sample),
        question(sample_response_out),
    )
    stands, stations, response = found.values
    content = stands_out(stands, stations)
    content["response"] = response if facts.main_sample == sample.id else None
    return answer(request, content, f"sample-{facts.as_in(found).timed_tag}")


@router.get("/{round}/{code}/frame.csv")
async def frame(request: Request, who: Who, round: str, code: str) -> Response:
    """The frozen frame, in the lines that its hash is made of, and which were drawn."""
    see_samples(who)
    sample = await _found(request, who, round, code)
    file = await asked(request, who, round, frame_file, sample)
    return Response(file, media_type="text/csv; charset=utf-8", headers=FRAME_HEADERS)
