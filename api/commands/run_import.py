"""Running an import from the command line: read, then written in one transaction, or not at all."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from api.audit.sealed_work import office
from api.commands.output import AsJson, DryRun, MissionName, about, answer, meter, with_reading
from api.imports.options import ReadOptions
from api.imports.run import Importer, run_import
from api.imports.table import read_table
from api.settings import Settings

File = Annotated[Path, typer.Argument(metavar="FILE")]


def bring_in(
    mission: str,
    file: Path,
    importer: Importer,
    noun: str,
    options: ReadOptions,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import a file into a mission and say row by row what was refused.

    What changes nothing leaves not even a tick of the mission's clock.
    """
    with about(file), meter(noun) as progress:
        table = read_table(file, progress, options)
        with office(Settings.from_environment()) as at:
            with at.work(at.mission(mission)) as work:
                outcome = run_import(work, table, importer, options)
                if dry_run or not outcome.changes:
                    work.session.rollback()
            if not dry_run and outcome.changes:
                at.analyse()
    would = "Dry run, nothing is written. " if dry_run else ""
    answer(outcome.as_sent(), as_json=as_json, line=f"{would}{noun}: {outcome}")


def import_command(importer: Importer, noun: str, help_text: str) -> Callable[..., None]:
    """The command that imports one kind of table, with the options of every import."""

    def command(
        mission: MissionName,
        file: File,
        options: ReadOptions,
        dry_run: DryRun = False,
        as_json: AsJson = False,
    ) -> None:
        bring_in(mission, file, importer, noun, options, dry_run=dry_run, as_json=as_json)

    command.__doc__ = help_text
    return with_reading(command)
