"""After every command and every act of a page or of the API, the doctor finds nothing amiss."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from api.app import create_app
from api.audit.sealer import seal_everything
from api.audit.unit_of_work import blocking_unit_of_work
from api.commands import missions
from api.database.blocking import work_engine
from api.registers.catalogue import REGISTERS
from api.settings import OpenIdProvider, Settings
from tests.api.audit import acts, commands, more_acts, statement_acts, statement_page_acts
from tests.api.audit.acting import Acting, every_act
from tests.api.audit.commands import Typed
from tests.api.audit.conftest import SIGNER
from tests.api.auth.provider import CLIENT, CLIENT_SECRET, Provider, providing
from tests.api.conftest import awake
from tests.command_line import CommandLine
from tests.conftest import SECRET, Database

NOT_REACHED = {
    f"PATCH /api/v1/missions/{{slug}}/registers/{register.name}/{{row_id}}": (
        "nothing of its rows comes later: every change is refused"
    )
    for register in REGISTERS
    if not register.later()
} | {
    "POST /missions/{slug}/closing/undo": "the closing has ended every credential; the command "
    "`mission reopen`, which does the same, is typed"
}
"""Acts that are left out, and why."""
SPEAKS = "UPDATE mission SET response_threshold = 0"
"""The demonstration's quick count may speak, though few of its reports are there."""


@pytest.fixture
def indelible(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """The command ``indelible`` in this test's installation, which settles at once."""
    monkeypatch.setattr(missions, "SETTLING_SECONDS", 0)
    return CommandLine(settings, monkeypatch, capsys)


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Saves a file and gives its path."""

    def save(name: str, content: str | bytes) -> Path:
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    return save


@pytest.fixture
def provider() -> Iterator[Provider]:
    """Where members may sign in besides here."""
    with providing() as found:
        yield found


def test_the_doctor_is_content_after_every_command_and_every_act(
    indelible: CommandLine,
    saved: Callable[[str, str | bytes], Path],
    tmp_path: Path,
    settings: Settings,
    database: Database,
    provider: Provider,
) -> None:
    typed = Typed(indelible)
    made = indelible.done("demo", "--stations", 60, "--reports", 240)
    typed.done.add("demo")
    _let_speak(database, made["mission"])
    named = OpenIdProvider(provider.issuer, CLIENT, CLIENT_SECRET, "Common Login")
    serving = replace(
        settings, database_url=database.app_url, public_url=more_acts.ORIGIN, openid=named
    )
    seal = partial(seal_everything, database.app_url, SIGNER, wait=True)
    done = asyncio.run(_act(serving, made["mission"], made["tokens"], seal, provider))
    typed("mission create", commands.VASTRIA)
    commands.bring_in(typed, "vastria-2027", saved)
    commands.run_the_rest(typed, "vastria-2027", saved, tmp_path)
    typed("doctor")
    assert commands.every_command() == typed.done | {*commands.NOT_REACHED}
    assert every_act() - done == {*NOT_REACHED}
    seal()
    said = indelible("doctor")
    assert said.code == 0, said.out


def _let_speak(database: Database, slug: str) -> None:
    """As the application writes."""
    with work_engine(database.app_url) as engine:
        with engine.connect() as connection:
            mission = connection.execute(text("SELECT find_mission(:slug)"), {"slug": slug})
            found = mission.scalar_one()
        with blocking_unit_of_work(engine, found) as work:
            work.session.execute(text(SPEAKS))


async def _act(
    serving: Settings,
    slug: str,
    tokens: dict[str, str],
    seal: Callable[[], int],
    provider: Provider,
) -> set[str]:
    app: Any = create_app(serving)
    async with awake(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=more_acts.ORIGIN) as client:
            act = Acting(client, slug, tokens, seal)
            await more_acts.conclude(act)
            await more_acts.choose_findings(act)
            await statement_page_acts.write_on_pages(act)
            await statement_acts.write_and_release(act)
            await more_acts.keep_sources(act)
            await more_acts.recommend(act)
            await acts.keep_places(act)
            await acts.keep_registers(act)
            await acts.keep_checklists(act)
            await acts.keep_people(act)
            await more_acts.keep_deployments(act)
            await more_acts.work_with_reports(act)
            await more_acts.ask_observers(act)
            await more_acts.keep_accounts(act, SECRET, provider)
            await more_acts.share_and_close(act)
            seal()
            return act.done
