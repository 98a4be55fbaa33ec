"""``areas``, ``stations``, ``centres``, ``contests``, ``standards import``."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from api.commands.output import AsJson, DryRun, MissionName, about, read_bytes, with_reading
from api.commands.run_import import File, bring_in, import_command
from api.imports import areas, contests, standards, stations
from api.imports.options import ReadOptions

import_stations = import_command(
    stations.STATIONS,
    "Stations",
    "Import polling stations. Columns that are not known are kept as attributes.",
)
import_centres = import_command(
    areas.CENTRES_TABLE,
    "Centres",
    "Import counting and tabulation centres, and which stations each receives.",
)
import_contests = import_command(
    contests.CONTESTS,
    "Contestants",
    "Import contests, a row a contestant: round, contest, denominator, thresholds, contestant.",
)
import_standards = import_command(
    standards.STANDARDS,
    "Standards",
    "Import the mission's own standards: code, instrument, says (or says:fr for a language).",
)


@with_reading
def import_areas(
    mission: MissionName,
    file: File,
    options: ReadOptions,
    shapes: Annotated[
        Path | None, typer.Option("--shapes", metavar="FILE.geojson", help="Shapes by code.")
    ] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Import areas of any depth: each names the area it lies in."""
    drawn = None
    if shapes is not None:
        with about(shapes):
            drawn = areas.read_shapes(read_bytes(shapes))
    importer = replace(areas.AREAS, write=partial(areas.import_areas, shapes=drawn))
    bring_in(mission, file, importer, "Areas", options, dry_run=dry_run, as_json=as_json)
