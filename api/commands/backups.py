"""``backup`` and ``restore``: an installation in one file, and back."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.audit.sealed_work import office
from api.backup.archive import read_identities
from api.backup.make import Backup, make_backup
from api.backup.restore import Contents, examine, prepared_settings
from api.backup.restore import restore as put_back
from api.closing.folder import read_recipients
from api.commands.doctor_checks import CheckResult, check_up
from api.commands.output import AsJson, answer
from api.database.opening import running_database
from api.settings import Settings
from api.supervisor import alone_in
from schemas.problems import Refusal

OPEN_WARNING = (
    "It is not encrypted: whoever has it has every name, answer and key. "
    "Keep it like the server itself, or use --to with an age key."
)


def backup(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A new file, or a folder for one.")],
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to",
            metavar="[NAME=]age1…",
            help="Who alone may open it; repeat it.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the database and the photos, as of one moment, to a file; the server may go on."""
    keys = [each.opened for each in read_recipients(to)] if to else []
    settings = Settings.from_environment()
    with running_database(settings) as database:
        made = make_backup(settings, database.admin_url, _named(out, bool(keys)), keys)
    said = made.as_sent() | {"encrypted": bool(keys)}
    answer(said, as_json=as_json, line=_made(made, encrypted=bool(keys)))


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What backup wrote.")],
    identity: Annotated[
        Path | None,
        typer.Option(
            "--identity",
            metavar="AGE-FILE",
            help="The age identity that opens it.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup into an empty home or database, and examine it as doctor does."""
    identities = read_identities(identity)
    contents = examine(file, identities)
    settings = prepared_settings(os.environ, contents, file)
    with alone_in(settings.home):
        damaged = put_back(settings, file, identities, contents)
        with office(settings) as at:
            findings = check_up(at)
    _refuse_unsound(findings)
    said = {
        "taken_at": contents.taken_at,
        "missions": contents.holdings.missions,
        "reports": contents.holdings.tables.get("report", 0),
        "photos": contents.photos,
        "damaged_photos": damaged,
        "sound": True,
        "findings": [each.as_sent() for each in findings],
    }
    answer(said, as_json=as_json, line=_restored(contents, settings, damaged))


def _named(out: Path, encrypted: bool) -> Path:
    if not out.is_dir():
        return out
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    return out / f"indelible-{now}.tar{'.age' if encrypted else ''}"


def _made(made: Backup, *, encrypted: bool) -> str:
    megabytes = made.file.stat().st_size / 1_000_000
    lines = [
        f"{made.file}: {megabytes:.1f} MB, as of {made.taken_at}.",
        f"{len(made.holdings.missions)} missions, {made.holdings.tables.get('report', 0)} reports, "
        f"{made.photos} photos.",
    ]
    if made.damaged:
        lines.append(f"Damaged on this disk: {len(made.damaged)} photos: {made.damaged[:5]}.")
    if not encrypted:
        lines.append(OPEN_WARNING)
    return "\n".join(lines)


def _refuse_unsound(findings: list[CheckResult]) -> None:
    wrong = [f"{each.what}: {each.found}" for each in findings if not each.sound]
    if wrong:
        raise Refusal("It is restored, but not sound. Do not serve it. " + "; ".join(wrong))


def _restored(contents: Contents, settings: Settings, damaged: list[str]) -> str:
    lines = [
        f"Restored into {settings.home}, as of {contents.taken_at}: "
        f"{len(contents.holdings.missions)} missions, "
        f"{contents.holdings.tables.get('report', 0)} reports, {contents.photos} photos.",
        "Every table has as many rows as were backed up, and doctor finds nothing wrong.",
    ]
    if damaged:
        lines.append(f"Damaged before the backup: {len(damaged)} photos: {damaged[:5]}.")
    return "\n".join(lines)
