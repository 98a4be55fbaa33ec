"""``samples``: drawn by lot from a frozen frame; what a draw would give; what came of it."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session

from analytics.survey.draw_srs import SampleProblem
from analytics.survey.methods import Allocation, Method
from api.audit.act import Act
from api.auth.principal import Principal, principal
from api.database.sessions import mission_session
from api.database.work import Work
from api.figures.export import as_csv
from api.figures.kept import this_minute
from api.figures.once import once
from api.figures.watch import Watch
from api.people.acting import act_on
from api.problems import INVALID, NOT_FOUND, Problem
from api.routes.figures import watched
from api.routes.paging import answer, digest
from api.samples.draw import DrawnSample, draw_sample
from api.samples.representativity import SampleStands, sample_out, samples_of, stand, stands_out
from api.samples.response import sample_response_out
from api.samples.size import foresee, sizes_of_strata
from schemas.mission import Kind
from schemas.problems import Refusal
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}/samples", tags=["samples"])
Who = Annotated[Principal, Depends(principal)]
Column = Annotated[str | None, Query(min_length=1, max_length=200)]


class DrawGiven(BaseModel):
    """A draw: its size and seed, and what it goes by. ``margin`` and ``size`` as in the command."""

    model_config = ConfigDict(extra="forbid")

    size: int = Field(ge=1, le=1_000_000)
    seed: int = Field(ge=0, lt=2**63)
    round: str | None = Field(default=None, max_length=200)
    stratify_by: str | None = Field(default=None, min_length=1, max_length=200)
    code: str = Field(default="main", min_length=1, max_length=60)
    kind: Kind | None = None
    method: Method = "stratified"
    allocation: Allocation = "proportional"
    minimum: int = Field(default=2, ge=0, le=1000)
    each: int = Field(default=1, ge=1, le=10_000)
    spread: str | None = Field(default=None, min_length=1, max_length=200)


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

    watch = await watched(request, who)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        try:
            sizes = await strata_of(session, watch, stratify_by, round)
            return vars(foresee(sizes, size=size, margin=margin, deff=deff, minimum=minimum))
        except (Refusal, SampleProblem) as problem:
            raise Problem(INVALID, str(problem)) from None


async def strata_of(
    session: AsyncSession, watch: Watch, column: str | None, round_code: str | None
) -> dict[str, int]:
    """The strata that a column would make, with their sizes. Raises :class:`Refusal`."""

    def look(plain: Session) -> dict[str, int]:
        return sizes_of_strata(plain, column, round_code)

    name = f"strata by {column!r} in {round_code!r}"
    return await once(
        watch,
        name,
        lambda: session.run_sync(look),  # type: ignore[arg-type]
        session,
    )


@router.post("", status_code=201)
async def draw(request: Request, who: Who, given: DrawGiven) -> dict[str, Any]:
    """Draw, and keep draw and frame. A draw stands: there is no second of the same name."""
    who.must(Right.KEEP_PLACES)
    made = await act_on(request, who, drawing(given))
    return sample_out(made.sample, given.round or "") | {
        "expected_margin": made.margin,
        "stations": list(made.drawn.codes),
    }


def drawing(given: DrawGiven) -> Any:
    """The act of drawing. Refuses what the rule cannot draw."""

    def work(session: Session, act: Act) -> DrawnSample:
        if (given.allocation == "neyman") != (given.spread is not None):
            raise Refusal("Neyman's allocation needs a column of an earlier election.", "spread")
        try:
            return draw_sample(
                Work(session, act.mission_id, act.sequence, act.actor),
                size=given.size,
                seed=given.seed,
                stratify_by=given.stratify_by,
                round_code=given.round,
                code=given.code,
                method=given.method,
                allocation=given.allocation,
                minimum=given.minimum,
                each=given.each,
                spread=given.spread,
                kind=given.kind,
            )
        except SampleProblem as problem:
            raise Refusal(str(problem)) from None

    return work


async def stands_of(request: Request, who: Principal, round_code: str, code: str) -> SampleStands:
    """A sample against its frame. Problem: 404."""
    engine = request.app.state.engine
    async with mission_session(engine, who.mission_id) as session:
        drawn = await samples_of(session, who.mission_id)
    for sample, of_round in drawn:
        if (of_round, sample.code) == (round_code, code):
            watch = await watched(request, who, of_round)
            async with mission_session(engine, who.mission_id) as session:
                return await stand(session, watch, sample, of_round)
    raise Problem(NOT_FOUND)


@router.get("/{round}/{code}")
async def one(request: Request, who: Who, round: str, code: str) -> Response:
    """A sample with its strata and stations, against its frame, how many arrived, and what became
    of each station drawn where the sample is the one that figures go by."""
    see_samples(who)
    stands = await stands_of(request, who, round, code)
    watch = await watched(request, who, stands.round)
    found = stands_out(stands) | {"response": await response_of(watch, stands)}
    return answer(request, found, f"sample-{watch.reading}-{this_minute()}")


async def response_of(watch: Watch, stands: SampleStands) -> dict[str, Any] | None:
    """What became of the stations; None of a sample that its round's figures do not go by."""
    drawn = watch.frame.drawn
    if drawn is None or drawn.sample.id != stands.sample.id:
        return None
    return await asyncio.to_thread(_response, watch)


def _response(watch: Watch) -> dict[str, Any]:
    with watch.lock:
        return sample_response_out(watch)


@router.get("/{round}/{code}/frame.csv")
async def frame(request: Request, who: Who, round: str, code: str) -> Response:
    """The frozen frame, in the lines that its hash is made of, and which were drawn."""
    see_samples(who)
    found, watch = await stands_of(request, who, round, code), await watched(request, who)

    async def write() -> bytes:
        lines = found.frame.lines()
        return await asyncio.to_thread(as_csv, ("code", "stratum", "drawn"), lines)

    headers = {
        "Content-Disposition": 'attachment; filename="frame.csv"',
        "Cache-Control": "private, no-store",
    }
    file = await once(watch, f"file of {found.sample.id}", write)
    return Response(file, media_type="text/csv; charset=utf-8", headers=headers)
