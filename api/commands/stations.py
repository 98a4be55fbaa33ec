"""``stations import``."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands.answering import AsJson, DryRun, MissionName
from api.commands.bringing import bring_in
from api.imports import stations


def import_stations(
    mission: MissionName,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Import polling stations. Columns that are not known are kept as attributes."""
    importer = stations.import_stations
    bring_in(mission, file, importer, "Stations", dry_run=dry_run, as_json=as_json)
