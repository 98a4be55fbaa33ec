"""Heads are handed out to whoever administers, and the doctor takes them back."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from api.audit.sealed_work import CommandContext
from api.audit.signing import Head
from api.commands.doctor_checks import check_up
from api.commands.server import _heads
from api.database.opening import OpenDatabase
from api.settings import Settings
from schemas.problems import Refusal
from tests.api.audit.conftest import SIGNER, Insider
from tests.api.routes.people import get
from tests.api.small import SmallMission
from tests.conftest import Database


@pytest.fixture
def at(database: Database, settings: Settings) -> Iterator[CommandContext]:
    """The office of the doctor, on this test's database."""
    url = database.app_url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url, poolclass=NullPool)
    yield CommandContext(settings, OpenDatabase(database.admin_url, database.app_url), engine)
    engine.dispose()


def wrong(at: CommandContext, kept: list[Head] | None = None) -> list[str]:
    """What the doctor finds amiss."""
    return [f"{each.what}: {each.found}" for each in check_up(at, kept or ()) if not each.sound]


async def test_heads_are_handed_out_signed(
    client: httpx.AsyncClient, mission: SmallMission, report: str
) -> None:
    (sent,) = (await get(client, mission, "audit/heads")).json()["items"]
    head = Head.read(sent)
    assert (head.mission, head.number) == (mission.slug, 1)
    assert head.signed_by(SIGNER.public_key)
    assert not replace(head, upto=head.upto + 1).signed_by(SIGNER.public_key)


async def test_the_doctor_names_the_row_and_is_silent_without_a_reason(
    report: str, at: CommandContext, insider: Insider
) -> None:
    assert wrong(at) == []
    insider("UPDATE report_version SET answers = '{}' WHERE report_id = %s", report)
    (found,) = wrong(at)
    assert f"report_version {report}/1: altered" in found


async def test_the_doctor_holds_the_chain_against_a_head_kept_elsewhere(
    client: httpx.AsyncClient,
    mission: SmallMission,
    report: str,
    at: CommandContext,
    insider: Insider,
    seal: Callable[[], int],
    tmp_path: Path,
) -> None:
    file = tmp_path / "heads.json"
    file.write_bytes((await get(client, mission, "audit/heads")).content)
    kept = _heads(file)
    assert wrong(at, kept) == []
    insider("DELETE FROM sealed_row")
    insider("DELETE FROM seal")
    seal()
    assert wrong(at) == []
    assert any("written anew" in each for each in wrong(at, kept))


@pytest.mark.parametrize("content", ["", "[]", "{}", json.dumps({"items": [{"head": 1}]})])
def test_a_file_without_a_head_is_refused_by_name(tmp_path: Path, content: str) -> None:
    file = tmp_path / "heads.json"
    file.write_text(content)
    with pytest.raises(Refusal, match=r"heads\.json"):
        _heads(file)
