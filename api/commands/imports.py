"""Imports of places, people and plans; codes put in force; the enrolment sheet."""

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import col, select

from api.audit.sealed_work import office
from api.commands.output import (
    AsJson,
    DryRun,
    MissionName,
    about,
    answer,
    meter,
    read_bytes,
    with_reading,
)
from api.database.private_files import FILE, private_opener
from api.imports import areas, contests, deployments, observers, papers, standards, stations
from api.imports.options import ReadOptions
from api.imports.run import Importer, run_import
from api.imports.table import read_table
from api.people.enrolment import issue_pages, sheet
from api.people.texts import MAX_TEXT_LENGTH, load_text
from api.settings import Settings
from schemas.mission import Mission
from schemas.observer import Observer
from schemas.problems import Refusal

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


import_observers = import_command(
    observers.OBSERVERS,
    "Observers",
    "Import observers: pseudonym, organisation, function, languages, pledged, declared.",
)
import_deployments = import_command(
    deployments.DEPLOYMENTS,
    "Deployments",
    "Import deployments: round, kind, station or area, observers, reports expected.",
)
import_pledges = import_command(
    papers.PLEDGES,
    "Pledges",
    "Import pledges signed on paper: pseudonym, signed_at, language, witness, scan.",
)
import_identities = import_command(
    papers.IDENTITIES,
    "Identities",
    "Import who stands behind a pseudonym, into the table that few may open.",
)
import_briefings = import_command(
    papers.BRIEFINGS,
    "Briefings",
    "Import briefings: pseudonym, subject (law, security, method), held_at.",
)
import_accreditations = import_command(
    papers.ACCREDITATIONS,
    "Accreditations",
    "Import accreditations: pseudonym, state, number, issuer, applied_on, decided_on.",
)


def load_code(
    mission: MissionName,
    instrument: Annotated[str, typer.Argument(metavar="coc|gndem")],
    language: Annotated[str, typer.Argument(metavar="LANGUAGE")],
    file: Annotated[Path, typer.Argument(metavar="FILE.txt")],
    title: Annotated[str, typer.Option(help="What the text calls itself.")] = "",
    summary: Annotated[bool, typer.Option("--summary", help="It is no official text.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put the text of a code in force; who pledged to an earlier one pledges anew."""
    if instrument not in ("coc", "gndem"):
        raise Refusal(f"{instrument!r} is neither coc nor gndem.")
    try:
        body = read_bytes(file).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise Refusal(f"{file}: it is not UTF-8 text.") from None
    if not body.strip() or len(body) > MAX_TEXT_LENGTH:
        raise Refusal(f"{file}: it is empty or longer than {MAX_TEXT_LENGTH} characters.")
    with office(Settings.from_environment()) as at, at.work(at.mission(mission)) as work:
        made = load_text(
            work.session,
            work.mission_id,
            instrument,
            language,
            title or file.stem,
            body,
            summary=summary,
        )
        if made is not None:
            subject = f"{instrument} {language}"
            work.log("code.load", subject, made.sha256)
    said = {"loaded": made is not None, "sha256": made and made.sha256}
    answer(said, as_json=as_json, line="In force." if made else "It is in force already.")


def enrolment_sheet(
    mission: MissionName,
    out: Annotated[Path, typer.Argument(metavar="OUT.html")],
    observer: Annotated[list[str] | None, typer.Option(help="Only these.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the printable sheet of codes by which observers enrol a phone, one page each.

    Codes issued before are no longer valid. Whoever has no account gets no page.
    """
    if out.suffix.lower() not in (".html", ".htm"):
        raise Refusal(f"{out}: the sheet is HTML; a browser prints it.")
    settings = Settings.from_environment()
    with office(settings) as at, at.work(at.mission(mission)) as work:
        session = work.session
        known = set(session.exec(select(Observer.pseudonym)).all())
        missing = set(observer or ()) - known
        if missing:
            raise Refusal(f"There is no observer {min(missing)!r}.")
        chosen = col(Observer.pseudonym).in_(observer or known)
        pages = issue_pages(work, chosen)
        absent = set(observer or ()) - {each.code.pseudonym for each in pages}
        if absent:
            raise Refusal(f"Observer {min(absent)} is not active or has no account.")
        title = session.exec(select(Mission.title)).one()
        with open(out, "w", encoding="utf-8", opener=private_opener) as file:
            os.fchmod(file.fileno(), FILE)
            file.write(sheet(settings.address, title, pages))
    line = f"{len(pages)} pages in {out}. Earlier codes are no longer valid."
    answer({"pages": len(pages)}, as_json=as_json, line=line)
