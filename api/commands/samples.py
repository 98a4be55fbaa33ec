"""``sample draw`` and ``sample size``."""

from typing import Annotated

import typer

from analytics.survey.draw import SampleProblem
from analytics.survey.methods import Allocation, Method
from api.audit.sealed_work import office
from api.commands.output import AsJson, MissionName, answer
from api.samples import draw
from api.samples.size import foresee, sizes_of_strata
from api.settings import Settings
from schemas.mission import Kind
from schemas.problems import Refusal

StratifyBy = Annotated[
    str | None,
    typer.Option(
        "--stratify-by", help="A column of the stations; with another method what it draws by."
    ),
]
RoundCode = Annotated[str | None, typer.Option("--round", help="Where there are several.")]
Minimum = Annotated[int, typer.Option("--minimum", min=0, help="At least so many of a stratum.")]
How = Annotated[Allocation, typer.Option("--allocation", help="How strata share the size.")]
Code = Annotated[str, typer.Option("--code", help="What the sample is called.")]
For = Annotated[
    Kind | None,
    typer.Option("--kind", help="Whose sample it is; the mission's own observers unless said."),
]
Spread = Annotated[
    str | None,
    typer.Option("--spread", help="Neyman: a column of numbers from an earlier election."),
]


def draw_sample(
    mission: MissionName,
    size: Annotated[int, typer.Option("--size", min=1, help="Stations to draw.")],
    seed: Annotated[int, typer.Option("--seed", help="A number published before the draw.")],
    stratify_by: StratifyBy = None,
    round_code: RoundCode = None,
    method: Annotated[Method, typer.Option("--method", help="How to draw.")] = "stratified",
    allocation: How = "proportional",
    minimum: Minimum = 2,
    each: Annotated[int, typer.Option(min=1, help="Two stages: stations of each area.")] = 1,
    spread: Spread = None,
    kind: For = None,
    code: Code = "main",
    as_json: AsJson = False,
) -> None:
    """Draw a probability sample that anyone can draw again."""
    if (allocation == "neyman") != (spread is not None):
        raise Refusal("--allocation neyman and --spread COLUMN go together.")
    with office(Settings.from_environment()) as at:
        with at.work(at.mission(mission)) as work:
            try:
                made = draw.draw_sample(
                    work,
                    size=size,
                    seed=seed,
                    stratify_by=stratify_by,
                    round_code=round_code,
                    method=method,
                    allocation=allocation,
                    minimum=minimum,
                    each=each,
                    spread=spread,
                    kind=kind,
                    code=code,
                )
            except SampleProblem as problem:
                raise Refusal(str(problem)) from problem
        at.analyse()
    sample = made.sample
    values = {
        "code": sample.code,
        "kind": sample.kind,
        "size": sample.size,
        "frame": sample.frame_size,
        "strata": len(made.drawn.strata),
        "seed": sample.seed,
        "frame_sha256": sample.frame_sha256,
        "method": sample.method,
        "expected_margin": made.margin,
        "stations": list(made.drawn.codes),
    }
    line = (
        f"Drew {sample.size} of {sample.frame_size} stations in {len(made.drawn.strata)} strata, "
        f"seed {sample.seed}.\nFrame SHA-256 {sample.frame_sha256}\nRule: {sample.method}.\n"
        f"Half of all stations would be estimated with ±{100 * made.margin:.1f} points."
    )
    answer(values, as_json=as_json, line=line)


def size_sample(
    mission: MissionName,
    size: Annotated[int | None, typer.Option("--size", min=1, help="What margin it gives.")] = None,
    margin: Annotated[float | None, typer.Option("--margin", help="Points, such as 3.")] = None,
    deff: Annotated[float, typer.Option("--deff", help="The design effect to plan for.")] = 1.0,
    stratify_by: StratifyBy = None,
    round_code: RoundCode = None,
    minimum: Minimum = 2,
    as_json: AsJson = False,
) -> None:
    """How many stations do I need? Nothing is drawn."""
    points = None if margin is None else margin / 100
    with office(Settings.from_environment()) as at, at.reading(at.mission(mission)) as session:
        try:
            sizes = sizes_of_strata(session, stratify_by, round_code)
            found = foresee(sizes, size=size, margin=points, deff=deff, minimum=minimum)
        except SampleProblem as problem:
            raise Refusal(str(problem)) from problem
    line = (
        f"{found.size} of {found.frame_size} stations in {found.strata} strata give "
        f"±{100 * found.margin:.2f} points for a half of all stations, at a design effect of "
        f"{found.deff:g}. Add those that will not answer."
    )
    answer(vars(found), as_json=as_json, line=line)
