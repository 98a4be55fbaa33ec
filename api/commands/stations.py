"""What a mission observes, brought in as files: areas, stations, centres, contests, standards."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from api.commands.answering import AsJson, DryRun, MissionName, about, read_bytes
from api.commands.bringing import bring_in
from api.imports import areas, contests, standards, stations

File = Annotated[Path, typer.Argument(metavar="FILE.csv")]


def import_stations(
    mission: MissionName, file: File, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Import polling stations. Columns that are not known are kept as attributes."""
    importer = stations.import_stations
    bring_in(mission, file, importer, "Stations", dry_run=dry_run, as_json=as_json)


def import_areas(
    mission: MissionName,
    file: File,
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
    importer = partial(areas.import_areas, shapes=drawn)
    bring_in(mission, file, importer, "Areas", dry_run=dry_run, as_json=as_json)


def import_centres(
    mission: MissionName, file: File, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Import counting and tabulation centres, and which stations each receives."""
    importer = areas.import_centres
    bring_in(mission, file, importer, "Centres", dry_run=dry_run, as_json=as_json)


def import_contests(
    mission: MissionName, file: File, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Import contests, a row a contestant: round, contest, denominator, thresholds, contestant."""
    importer = contests.import_contests
    bring_in(mission, file, importer, "Contestants", dry_run=dry_run, as_json=as_json)


def import_standards(
    mission: MissionName, file: File, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Import the mission's own standards: code, instrument, says (or says:fr for a language)."""
    importer = standards.import_standards
    bring_in(mission, file, importer, "Standards", dry_run=dry_run, as_json=as_json)
