"""``serve``, ``migrate``, ``doctor``: the installation itself."""

import os
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import httpx
import orjson
import typer

from api.audit.sealed_work import office
from api.audit.sealer import seal_everything
from api.audit.signing import Head, Signer
from api.commands.demo import announce_demo
from api.commands.doctor_checks import check_up
from api.commands.output import AsJson, answer, read_bytes
from api.database.locks import LockHeld
from api.database.opening import OpenDatabase, running_database
from api.figures.client import socket_path
from api.settings import Settings
from api.supervisor import serve as run_server
from schemas.problems import Refusal

READY_SECONDS = 60.0
UNNAMED_PROXY = (
    "INDELIBLE_PUBLIC_URL is https, so a proxy stands before this server. Name its address in "
    "INDELIBLE_TRUSTED_PROXIES: until then everybody is counted as coming from one address, and "
    "whoever guesses at passwords keeps new devices out."
)


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(help="The port; PORT, else 8000.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Worker processes.")] = 1,
    demo: Annotated[bool, typer.Option("--demo", help="With the demonstration mission.")] = False,
) -> None:
    """Run the server: the database and migrations first, then the workers."""
    settings = Settings.from_environment()
    at = port or settings.port
    own = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{at}"
    address = settings.public_url or own
    if address.startswith("https:") and not settings.trusted_proxies:
        print(UNNAMED_PROXY, file=sys.stderr, flush=True)

    def announce(database: OpenDatabase) -> None:
        _await_ready(own)
        print(f"Indelible serves on {address} (process {os.getpid()})", flush=True)
        if demo:
            announce_demo(settings, database, address)

    run_server(settings, host, at, workers, announce)


def _await_ready(address: str) -> None:
    """Wait until a worker and the background process answer, so that a link that is printed can be
    opened."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        with suppress(httpx.HTTPError):
            found = httpx.get(f"{address}/readyz", timeout=2)
            if found.status_code == 200 and found.json()["background"]["answers"]:
                return
        time.sleep(0.2)


def worker() -> None:
    """Run the background process alone: figures, sealing, judging again. ``serve`` starts its
    own."""
    from api.background.process import run as run_background  # all pages: other commands need none

    settings = Settings.from_environment()
    socket = socket_path(settings.home)
    with running_database(settings) as database:
        os.environ.pop("DATABASE_URL", None)
        try:
            run_background(replace(settings, database_url=database.app_url), socket)
        except LockHeld:
            raise Refusal(
                f"The background process of {settings.home} runs already; serve starts its own."
            ) from None


def migrate() -> None:
    """Bring the database's roles and tables up to date."""
    with running_database(Settings.from_environment()):
        print("The database is up to date.")


def doctor(
    head: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Signed heads that were kept elsewhere.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Examine the installation: database, roles, walls, integrity of reports, the audit chain."""
    kept = [] if head is None else _heads(head)
    with office(Settings.from_environment()) as at:
        findings = check_up(at, kept)
    wrong = [each for each in findings if not each.sound]
    lines = "\n".join(
        f"{'ok ' if each.sound else 'NOT'} {each.what}: {each.found}" for each in findings
    )
    values = {"sound": not wrong, "findings": [each.as_sent() for each in findings]}
    answer(values, as_json=as_json, line=lines)
    if wrong:
        raise Refusal(f"{len(wrong)} of {len(findings)} examinations found something wrong.")


def _heads(file: Path) -> list[Head]:
    """The heads in a file: one, or the list that the mission's address gives."""
    try:
        sent = orjson.loads(read_bytes(file))
        return [Head.read(each) for each in sent.get("items", [sent])]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Refusal(f"{file}: this is no signed head of an audit chain.") from error


def seal(as_json: AsJson = False) -> None:
    """Seal what was written since the last seal; ``serve`` does so by itself."""
    settings = Settings.from_environment()
    with running_database(settings) as database:
        signer = Signer.from_secret(settings.secret)
        rows = seal_everything(database.app_url, signer, wait=True)
    answer({"rows": rows}, as_json=as_json, line=f"{rows} writes sealed.")
