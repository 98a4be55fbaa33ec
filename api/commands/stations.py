"""``areas``, ``stations``, ``centres``, ``contests``, ``standards import``."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from api.commands.output import AsJson, DryRun, MissionName, about, read_bytes, with_reading
from api.commands.run_import import bring_in
from api.imports import areas, contests, standards, stations
from api.imports.options import ReadOptions

File = Annotated[Path, typer.Argument(metavar="FILE")]


@with_reading
def import_stations(
    mission: MissionName,
    file: File,
    options: ReadOptions,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Import polling stations. Columns that are not known are kept as attributes."""
    bring_in(
        mission, file, stations.STATIONS, "Stations", options, dry_run=dry_run, as_json=as_json
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


@with_reading
def import_centres(
    mission: MissionName,
    file: File,
    options: ReadOptions,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Import counting and tabulation centres, and which stations each receives."""
    bring_in(
        mission, file, areas.CENTRES_TABLE, "Centres", options, dry_run=dry_run, as_json=as_json
    )


@with_reading
def import_contests(
    mission: MissionName,
    file: File,
    options: ReadOptions,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Import contests, a row a contestant: round, contest, denominator, thresholds, contestant."""
    bring_in(
        mission, file, contests.CONTESTS, "Contestants", options, dry_run=dry_run, as_json=as_json
    )


@with_reading
def import_standards(
    mission: MissionName,
    file: File,
    options: ReadOptions,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Import the mission's own standards: code, instrument, says (or says:fr for a language)."""
    bring_in(
        mission, file, standards.STANDARDS, "Standards", options, dry_run=dry_run, as_json=as_json
    )
