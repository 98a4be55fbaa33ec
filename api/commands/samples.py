"""``sample draw``."""

from typing import Annotated

import typer

from analytics.sampling import SampleProblem
from api import sampling
from api.commands.answering import AsJson, MissionName, answer
from api.database.work import office
from api.settings import Settings
from schemas.problems import Refusal


def draw_sample(
    mission: MissionName,
    size: Annotated[int, typer.Option("--size", min=1, help="Stations to draw.")],
    seed: Annotated[int, typer.Option("--seed", help="A number published before the draw.")],
    stratify_by: Annotated[str | None, typer.Option(help="A column of the stations.")] = None,
    round_code: Annotated[
        str | None, typer.Option("--round", help="Where there are several.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Draw a probability sample that anyone can draw again."""
    with office(Settings.from_environment()) as at:
        with at.work(at.mission(mission)) as work:
            try:
                made = sampling.draw_sample(
                    work, size=size, seed=seed, stratify_by=stratify_by, round_code=round_code
                )
            except SampleProblem as problem:
                raise Refusal(str(problem)) from problem
        at.analyse()
    sample = made.sample
    values = {
        "size": sample.size, "frame": sample.frame_size, "strata": len(made.drawn.strata),
        "seed": sample.seed, "frame_sha256": sample.frame_sha256, "method": sample.method,
        "expected_margin": made.margin, "stations": list(made.drawn.codes),
    }  # fmt: skip
    line = (
        f"Drew {sample.size} of {sample.frame_size} stations in {len(made.drawn.strata)} strata, "
        f"seed {sample.seed}.\nFrame SHA-256 {sample.frame_sha256}\nRule: {sample.method}.\n"
        f"Half of all stations would be estimated with ±{100 * made.margin:.1f} points."
    )
    answer(values, as_json=as_json, line=line)
