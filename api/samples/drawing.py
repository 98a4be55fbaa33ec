"""Drawing a sample by request: its parameters, and the act."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from analytics.survey.draw_srs import SampleProblem
from analytics.survey.methods import Allocation, Method
from api.audit.unit_of_work import Work
from api.samples.draw import DrawnSample, draw_sample
from schemas.mission import Kind
from schemas.problems import Refusal


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


def drawing(given: DrawGiven) -> Any:
    """The act of drawing. Refuses what the rule cannot draw."""

    def write(work: Work) -> DrawnSample:
        if (given.allocation == "neyman") != (given.spread is not None):
            raise Refusal("Neyman's allocation needs a column of an earlier election.", "spread")
        try:
            return draw_sample(
                work,
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

    return write
