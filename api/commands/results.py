"""``results import``."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from api.commands.output import AsJson, DryRun, MissionName, with_reading
from api.commands.run_import import bring_in
from api.imports.options import ReadOptions
from api.imports.results import SHAPE
from api.imports.results import import_results as bring_results
from api.imports.run import Importer
from schemas.results import ResultSource

File = Annotated[Path, typer.Argument(metavar="FILE")]


@with_reading
def import_results(
    mission: MissionName,
    file: File,
    options: ReadOptions,
    contest: Annotated[str, typer.Option("--contest", help="The contest's code.")],
    source: Annotated[
        ResultSource, typer.Option("--source", help="Which copy of the results it is.")
    ] = ResultSource.PUBLISHED,
    round_code: Annotated[
        str | None, typer.Option("--round", help="Where several rounds have such a contest.")
    ] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Import official results, a row a station, to be held against what observers saw."""
    write = partial(bring_results, contest=contest, source=source, round_code=round_code)
    bring_in(
        mission, file, Importer(write, SHAPE), "Results", options, dry_run=dry_run, as_json=as_json
    )
