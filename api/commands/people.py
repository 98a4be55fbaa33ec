"""``observers import`` and ``deployments import``."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands.answering import AsJson, DryRun, MissionName, answer, read_bytes
from api.database.work import office
from api.imports import people
from api.imports.table import read_table
from api.settings import Settings

File = Annotated[Path, typer.Argument(metavar="FILE.csv")]


def import_observers(
    mission: MissionName, file: File, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Import observers: pseudonym, organisation, languages, pledged."""
    table = read_table(read_bytes(file))
    with office(Settings.from_environment()) as at, at.work(at.mission(mission)) as work:
        outcome = people.import_observers(work, table, dry_run=dry_run)
    answer(outcome.as_sent(), as_json=as_json, line=f"Observers: {outcome}")


def import_deployments(
    mission: MissionName, file: File, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Import deployments: round, kind, station or area, observers, reports expected."""
    table = read_table(read_bytes(file))
    with office(Settings.from_environment()) as at, at.work(at.mission(mission)) as work:
        outcome = people.import_deployments(work, table, dry_run=dry_run)
    answer(outcome.as_sent(), as_json=as_json, line=f"Deployments: {outcome}")
