"""``observers import`` and ``deployments import``."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands.answering import AsJson, DryRun, MissionName
from api.commands.bringing import bring_in
from api.imports import deployments, observers

File = Annotated[Path, typer.Argument(metavar="FILE.csv")]


def import_observers(
    mission: MissionName, file: File, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Import observers: pseudonym, organisation, languages, pledged."""
    importer = observers.import_observers
    bring_in(mission, file, importer, "Observers", dry_run=dry_run, as_json=as_json)


def import_deployments(
    mission: MissionName, file: File, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Import deployments: round, kind, station or area, observers, reports expected."""
    importer = deployments.import_deployments
    bring_in(mission, file, importer, "Deployments", dry_run=dry_run, as_json=as_json)
