"""``serve``, ``migrate``, ``doctor``: the installation itself."""

import os
import time
from contextlib import suppress
from typing import Annotated

import httpx
import typer

from api.checkup import check_up
from api.commands.answering import AsJson, answer
from api.commands.demo import announce_demo
from api.database.opening import OpenDatabase, running_database
from api.database.work import office
from api.settings import Settings
from api.supervisor import serve as run_server
from schemas.problems import Refusal

READY_SECONDS = 60.0


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

    def announce(database: OpenDatabase) -> None:
        _await_ready(own)
        print(f"Indelible serves on {address} (process {os.getpid()})", flush=True)
        if demo:
            announce_demo(settings, database, address)

    run_server(settings, host, at, workers, announce)


def _await_ready(address: str) -> None:
    """Wait until a worker answers, so that a link that is printed can be opened."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        with suppress(httpx.HTTPError):
            if httpx.get(f"{address}/readyz", timeout=2).status_code == 200:
                return
        time.sleep(0.2)


def migrate() -> None:
    """Bring the database's roles and tables up to date."""
    with running_database(Settings.from_environment()):
        print("The database is up to date.")


def doctor(as_json: AsJson = False) -> None:
    """Examine the installation: database, roles, walls between missions, integrity of reports."""
    with office(Settings.from_environment()) as at:
        findings = check_up(at)
    wrong = [each for each in findings if not each.sound]
    lines = "\n".join(
        f"{'ok ' if each.sound else 'NOT'} {each.what}: {each.found}" for each in findings
    )
    values = {"sound": not wrong, "findings": [each.as_sent() for each in findings]}
    answer(values, as_json=as_json, line=lines)
    if wrong:
        raise Refusal(f"{len(wrong)} of {len(findings)} examinations found something wrong.")
