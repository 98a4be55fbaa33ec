"""``stations import``."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands.answering import AsJson, DryRun, MissionName, answer, read_bytes
from api.database.work import office
from api.imports.stations import import_stations as import_into
from api.imports.table import read_table
from api.settings import Settings


def import_stations(
    mission: MissionName,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Import polling stations. Columns that are not known are kept as attributes."""
    table = read_table(read_bytes(file))
    with office(Settings.from_environment()) as at, at.work(at.mission(mission)) as work:
        outcome = import_into(work, table, dry_run=dry_run)
    answer(outcome.as_sent(), as_json=as_json, line=f"Stations: {outcome}")
