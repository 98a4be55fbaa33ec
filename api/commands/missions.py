"""``mission`` and ``round``: create, close, reopen, retention, inherit, run-off."""

import asyncio
import hashlib
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from sqlmodel import select

from api.audit.sealed_work import CommandContext, office
from api.audit.sealer import seal_everything
from api.audit.signing import Signer
from api.auth.principal import CACHE_SECONDS
from api.closing.folder import new_folder, read_recipients
from api.closing.freezing import OpenItems, freeze, in_lines, still_open
from api.closing.freezing import reopen as reopen_mission
from api.closing.handover import hand_over
from api.closing.indicators import Row, last_indicators
from api.closing.inheriting import inherit as take_over
from api.closing.inheriting import read_handover
from api.closing.photographs import Photographs
from api.closing.retention import retire
from api.commands.output import AsJson, MissionName, about, answer, read_bytes
from api.database.sessions import make_pool
from api.figures.ask import LocalFigures
from api.figures.follower import Follower
from api.intake.from_files import importing
from api.intake.photo_store import PhotoStore
from api.intake.reference_cache import FRESH_SECONDS
from api.missions.create import create_mission
from api.missions.mission_file import read_mission_file
from api.places.runoff import hold_runoff
from api.review.release_held import Release, ReleasedCounts
from api.settings import Settings
from schemas.mission import Mission, MissionState
from schemas.problems import Refusal


def create(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml")], as_json: AsJson = False
) -> None:
    """Found a mission: election, rounds, contests, contestants, checklists, first tokens."""
    with about(file):
        plan = read_mission_file(read_bytes(file))
        with office(Settings.from_environment()) as at:
            founded = create_mission(at, plan)
    tokens = "".join(f"\n  {role:<13} {token}" for role, token in founded.tokens.items())
    answer(
        {"mission": founded.slug, "tokens": founded.tokens},
        as_json=as_json,
        line=f"Mission {founded.slug}. Its tokens are shown this once:{tokens}",
    )


Days = Annotated[
    list[datetime], typer.Option("--day", formats=["%Y-%m-%d"], help="A polling day; repeatable.")
]
GoingOn = Annotated[
    list[str],
    typer.Option("--contest", metavar="CODE=A,B", help="A contest and who goes on; repeatable."),
]


def runoff(
    mission: MissionName,
    of: Annotated[str, typer.Option("--of", help="The round before.")],
    code: Annotated[str, typer.Option("--code", help="The new round's code.")],
    name: Annotated[str, typer.Option("--name", help="What it is called.")],
    day: Days,
    contest: GoingOn,
    as_json: AsJson = False,
) -> None:
    """Hold a run-off in one act: people, places and pledges are those that are there."""
    contests = {
        each.partition("=")[0]: [one for one in each.partition("=")[2].split(",") if one]
        for each in contest
    }
    with office(Settings.from_environment()) as at, at.work(at.mission(mission)) as work:
        made = hold_runoff(
            work,
            of=of,
            code=code,
            name=name,
            days=[each.date() for each in day],
            contests=contests,
        )
    values = {"round": made.code, "polling_days": made.polling_days}
    line = f"Round {made.code} on {', '.join(made.polling_days)}: {', '.join(contests)} go on."
    answer(values, as_json=as_json, line=line)


SETTLING_SECONDS = CACHE_SECONDS + FRESH_SECONDS + 0.7
"""Until the closing has reached every process, and what was under way is in."""


def close(
    mission: MissionName,
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="A new or an empty folder.")],
    key: Annotated[
        list[str] | None,
        typer.Option(
            "--key",
            metavar="[NAME=]age1…",
            help="Who may open names and reprisals; repeat it.",
        ),
    ] = None,
    confirm: Annotated[
        str | None,
        typer.Option(
            "--confirm",
            metavar="NAME",
            help="The mission's name once more; without it you are asked.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Close a mission: nothing is written any more, phones and keys end, retention begins a day
    later. Until then ``mission reopen`` undoes it.

    What is still open is said first, and the mission's name must be typed. The handover is written
    to a folder. In a closed mission it is written anew.
    """
    recipients = read_recipients(key or [])
    settings = Settings.from_environment()
    with office(settings) as at, new_folder(to) as folder:
        mission_id = at.mission(mission)
        left = _asked(at, mission, mission_id, confirm)
        with at.work(mission_id, though_closed=True) as work:
            ended = freeze(work)
        time.sleep(SETTLING_SECONDS if ended is not None else 0)
        seal_everything(at.database.app_url, Signer.from_secret(settings.secret), wait=True)
        photos = Photographs(folder, PhotoStore(settings.media), tuple(recipients))
        with at.reading(mission_id) as session:
            photos.copy(session, mission_id)
        indicators = asyncio.run(_indicators(at, mission_id))
        with at.work(mission_id, though_closed=True) as work:
            manifest = hand_over(work.session, folder, photos, indicators)
            sha256 = hashlib.sha256(manifest).hexdigest()
            work.log("mission.hand_over", mission, manifest, note=sha256)
    said = {
        "mission": mission,
        "state": "closed",
        "credentials_ended": ended or 0,
        "files": len(folder.files),
        "photos": photos.as_sent(),
        "manifest_sha256": sha256,
        "open": [each.as_sent(mission) for each in left],
    }
    lines = [_closed(mission, ended), _handed(to, photos), f"Its manifest has SHA-256 {sha256}."]
    answer(said, as_json=as_json, line="\n".join(lines))


def _asked(
    at: CommandContext, mission: str, mission_id: UUID, confirm: str | None
) -> list[OpenItems]:
    """What is open, once somebody has typed the mission's name; nothing where it is closed already.
    Raises :class:`Refusal`."""
    with at.reading(mission_id) as session:
        if session.exec(select(Mission)).one().state == MissionState.CLOSED:
            return []
        found = still_open(session)
    if confirm is None:
        print(
            f"{in_lines(found, mission)}\nType the mission's name to close it, {mission}: ",
            end="",
            file=sys.stderr,
            flush=True,
        )
        confirm = _typed()
    if confirm != mission:
        said = "Nothing was typed" if not confirm else f"{confirm!r} is not its name"
        raise Refusal(f"{said}; {mission} stays open. A script says --confirm {mission}.")
    return found


def _typed() -> str:
    """A line from a terminal, or one that is piped in; nothing where there is neither."""
    try:
        return sys.stdin.readline().rstrip("\r\n")
    except (OSError, ValueError):
        return ""


def reopen(mission: MissionName, as_json: AsJson = False) -> None:
    """Undo a closing, within 24 hours: phones and keys live again, and reports that came meanwhile
    are judged anew and count."""
    with office(Settings.from_environment()) as at:
        mission_id = at.mission(mission)
        with at.work(mission_id, though_closed=True) as work:
            restored = reopen_mission(work)
            state = work.session.exec(select(Mission)).one().state
        released = asyncio.run(_released(at, mission_id))
    said = {
        "mission": mission,
        "state": state,
        "credentials_restored": restored,
        "reports_released": len(released.released),
        "reports_held": len(released.held),
    }
    line = (
        f"{mission} is open again: {restored} credentials live again, {len(released.released)} "
        f"reports that came meanwhile count, {len(released.held)} are held for other reasons."
    )
    answer(said, as_json=as_json, line=line)


async def _released(at: CommandContext, mission_id: UUID) -> ReleasedCounts:
    async with importing(at) as intake, make_pool(at.database.app_url) as pool:
        return await Release(intake, pool).of_mission(mission_id)


async def _indicators(at: CommandContext, mission_id: UUID) -> list[Row]:
    """The last word on every irregularity, counted in a process of its own."""
    follower = Follower(at.database.app_url)
    try:
        return await last_indicators(LocalFigures(follower), mission_id)
    finally:
        await follower.stop()


def retention(as_json: AsJson = False) -> None:
    """Delete names and photos whose date has come, in every mission; ``serve`` does so itself."""
    settings = Settings.from_environment()
    with office(settings) as at:
        deleted = retire(at.database.app_url, PhotoStore(settings.media))
    said = {"identities_deleted": deleted.identities, "photos_deleted": deleted.photos}
    line = f"Deleted: {deleted.identities} names, {deleted.photos} photos."
    answer(said, as_json=as_json, line=line)


def inherit(
    mission: MissionName,
    handover: Annotated[Path, typer.Argument(metavar="HANDOVER_DIR")],
    as_json: AsJson = False,
) -> None:
    """Take over an earlier mission's recommendations, what it had of every irregularity to
    compare with and, if it shares it, its frame."""
    earlier = read_handover(handover)
    with office(Settings.from_environment()) as at:
        with at.work(at.mission(mission)) as work:
            taken = take_over(work, earlier)
        at.analyse()
    said = {
        "of_mission": earlier.mission,
        "recommendations": taken.recommendations,
        "areas": taken.areas,
        "places": taken.places,
        "indicators": taken.indicators,
        "shares_frame": earlier.shares_frame,
    }
    frame = "" if earlier.shares_frame else " Its frame is not shared."
    line = (
        f"Of {earlier.mission}: {taken.recommendations} recommendations, {taken.areas} areas, "
        f"{taken.places} places, {taken.indicators} irregularities to compare with.{frame}"
    )
    answer(said, as_json=as_json, line=line)


def _closed(mission: str, ended: int | None) -> str:
    if ended is None:
        return f"{mission} was closed before."
    return f"{mission} is closed: {ended} credentials ended."


def _handed(to: Path, photos: Photographs) -> str:
    missing = f" {photos.missing} are missing: photos.ndjson names them." if photos.missing else ""
    return f"The handover is in {to}, with {photos.copied} photos.{missing}"
