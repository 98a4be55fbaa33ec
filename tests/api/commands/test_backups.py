"""``backup`` and ``restore``: what was backed up comes back, and nothing is written over."""

import hashlib
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pyrage
import pytest

from api.settings import Settings
from tests.api.commands.worked import KEY, report
from tests.api.small import SmallMission, sow
from tests.command_line import CommandLine
from tests.conftest import Database, named

PHOTO = b"\xff\xd8\xff a photo"
SHA256 = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture
def mission(database: Database, settings: Settings) -> SmallMission:
    """A mission with a photo and reports."""
    mission = sow(database.admin_url)
    folder = settings.media / str(mission.mission_id) / SHA256[:2]
    folder.mkdir(parents=True)
    (folder / SHA256).write_bytes(PHOTO)
    return mission


@pytest.fixture
def backed_up(indelible: CommandLine, mission: SmallMission, tmp_path: Path) -> Path:
    """A backup of it."""
    indelible.done("backup", tmp_path / "b.tar")
    return tmp_path / "b.tar"


@pytest.fixture
def elsewhere(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, indelible: CommandLine
) -> Iterator[str]:
    """From now on commands work in another home, with another, empty database: its URL."""
    name = f"test_{uuid4().hex}"
    url = named(server, name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("INDELIBLE_HOME", str(tmp_path / "elsewhere"))
    yield url
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def reports(url: str) -> list[Any]:
    """Every report's id, version and receipt."""
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT id, version, sequence, sha256 FROM report ORDER BY sequence"
        ).fetchall()


def test_a_backup_comes_back_with_its_rows_its_photos_and_its_seals(
    indelible: CommandLine,
    worked: str,
    database: Database,
    backed_up: Path,
    elsewhere: str,
    tmp_path: Path,
    mission: SmallMission,
) -> None:
    said = indelible.done("restore", backed_up)
    assert said["sound"]
    assert said["photos"] == 1
    assert reports(elsewhere) == reports(database.admin_url) != []
    kept = tmp_path / "elsewhere" / "media" / str(mission.mission_id) / SHA256[:2] / SHA256
    assert kept.read_bytes() == PHOTO
    assert kept.stat().st_mode & 0o777 == 0o600
    assert indelible.done("doctor")["sound"]


def test_a_restored_installation_goes_on_working(
    indelible: CommandLine,
    worked: str,
    backed_up: Path,
    elsewhere: str,
    saved: Callable[[str, str | bytes], Path],
) -> None:
    indelible.done("restore", backed_up)
    before = len(reports(elsewhere))
    (item,) = indelible.done("reports", "import", worked, saved("more.ndjson", report()))["items"]
    assert item["status"] == 201
    assert len(reports(elsewhere)) == before + 1
    assert indelible.done("doctor")["sound"]


def test_an_encrypted_backup_opens_with_its_key_alone(
    indelible: CommandLine,
    mission: SmallMission,
    tmp_path: Path,
    elsewhere: str,
    monkeypatch: pytest.MonkeyPatch,
    database: Database,
) -> None:
    monkeypatch.setenv("DATABASE_URL", database.admin_url)
    mine, another = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    file, identity = tmp_path / "b.tar.age", tmp_path / "identity.txt"
    assert indelible.done("backup", file, "--to", str(mine.to_public()))["encrypted"]
    assert file.read_bytes().startswith(b"age-encryption.org/")
    assert file.stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("DATABASE_URL", elsewhere)
    assert "--identity" in indelible("restore", file).err
    identity.write_text(str(another))
    assert "none of these opens" in indelible("restore", file, "--identity", identity).err
    identity.write_text(f"# created today\n{mine}\n")
    assert indelible.done("restore", file, "--identity", identity)["sound"]


def test_a_backup_overwrites_nothing(indelible: CommandLine, backed_up: Path) -> None:
    before = backed_up.read_bytes()
    refused = indelible("backup", backed_up)
    assert refused.code == 1
    assert "overwrites nothing" in refused.err
    assert backed_up.read_bytes() == before


def test_nothing_is_restored_over_a_database_that_holds_something(
    indelible: CommandLine,
    backed_up: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    database: Database,
) -> None:
    monkeypatch.setenv("INDELIBLE_HOME", str(tmp_path / "elsewhere"))
    refused = indelible("restore", backed_up)
    assert refused.code == 1
    assert "not empty" in refused.err
    assert reports(database.admin_url) == []


def test_nothing_is_restored_over_photos(
    indelible: CommandLine, backed_up: Path, elsewhere: str, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere" / "media" / "some").mkdir(parents=True)
    refused = indelible("restore", backed_up)
    assert refused.code == 1
    assert "not empty" in refused.err


@pytest.mark.parametrize("spoil", ["cut", "changed", "no backup"])
def test_a_spoiled_backup_is_refused_before_anything_is_written(
    indelible: CommandLine, backed_up: Path, elsewhere: str, spoil: str
) -> None:
    content = bytearray(backed_up.read_bytes())
    if spoil == "cut":
        content = content[: len(content) // 2]
    elif spoil == "changed":
        at = content.find(PHOTO)
        content[at + 8] ^= 1
    else:
        content = bytearray(b"code,name\n001,School\n" * 1000)
    backed_up.write_bytes(content)
    refused = indelible("restore", backed_up)
    assert refused.code == 1
    assert str(backed_up) in refused.err
    with psycopg.connect(elsewhere) as connection:
        assert connection.execute("SELECT FROM pg_tables WHERE schemaname = 'public'").rowcount == 0


def test_a_member_that_leads_out_of_the_home_is_refused(
    indelible: CommandLine, elsewhere: str, tmp_path: Path
) -> None:
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        tar.addfile(tarfile.TarInfo("photos/../../somewhere"))
    refused = indelible("restore", tmp_path / "b.tar")
    assert refused.code == 1
    assert "no backup of Indelible" in refused.err


def test_another_secret_is_refused(
    indelible: CommandLine, backed_up: Path, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INDELIBLE_SECRET", "another secret")
    refused = indelible("restore", backed_up)
    assert refused.code == 1
    assert "another INDELIBLE_SECRET" in refused.err


def test_a_photo_damaged_on_the_disk_is_named(
    indelible: CommandLine, mission: SmallMission, settings: Settings, tmp_path: Path
) -> None:
    (settings.media / str(mission.mission_id) / SHA256[:2] / SHA256).write_bytes(b"rotten")
    assert indelible.done("backup", tmp_path / "b.tar")["damaged_photos"] == [SHA256]


def test_a_key_that_is_none_is_refused_before_anything_is_written(
    indelible: CommandLine, mission: SmallMission, tmp_path: Path
) -> None:
    refused = indelible("backup", tmp_path / "b.tar", "--to", KEY + "x")
    assert refused.code == 1
    assert "no public age key" in refused.err
    assert not (tmp_path / "b.tar").exists()
