"""``mission close``, ``retention``, ``inherit``: one mission ends, the next begins from it."""

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest

from api.intake.photo_store import PhotoStore
from api.settings import Settings
from schemas.columns import now
from tests.api.commands.worked import ARCHIVE, KEY, NAME, VASTRIA, Save, report
from tests.command_line import CommandLine
from tests.mobile_forms.form_files import LISTED, OWN_LIST, PICTURE, PICTURED
from tests.mobile_forms.spreadsheets import SETTINGS, spreadsheet


def test_after_the_closing_no_credential_opens_and_no_command_writes(
    indelible: CommandLine, worked: str, saved: Save, tmp_path: Path, rows: Callable[..., list[Any]]
) -> None:
    (alive,) = rows("SELECT count(*) FROM credential WHERE revoked_at IS NULL")[0]
    said = indelible.done(
        "mission", "close", worked, "--confirm", worked, "--to", tmp_path / "out", "--key", KEY
    )
    assert said["credentials_ended"] == alive > 0
    assert rows("SELECT count(*) FROM credential WHERE revoked_at IS NULL") == [(0,)]
    assert rows("SELECT state, closed_at IS NOT NULL FROM mission") == [("closed", True)]
    refused = indelible("stations", "import", worked, saved("more.csv", "code\n009\n"))
    assert refused.code == 1
    assert "closed" in refused.err
    assert rows("SELECT count(*) FROM place WHERE code = '009'") == [(0,)]


def test_a_report_that_comes_after_the_closing_is_kept_in_the_pen(
    indelible: CommandLine, worked: str, saved: Save, tmp_path: Path, rows: Callable[..., list[Any]]
) -> None:
    indelible.done(
        "mission", "close", worked, "--confirm", worked, "--to", tmp_path / "out", "--key", KEY
    )
    late = saved("late.ndjson", report())
    (item,) = indelible.done("reports", "import", worked, late)["items"]
    assert item["status"] == 202
    assert item["receipt"]
    assert [each["code"] for each in item["reasons"]] == ["mission_closed"]
    before, after = rows("SELECT status FROM report ORDER BY sequence")
    assert (before, after) == (("flagged",), ("held",))


def test_the_handover_holds_reports_as_they_came_and_hashes_every_file(
    indelible: CommandLine, worked: str, tmp_path: Path, rows: Callable[..., list[Any]]
) -> None:
    out = tmp_path / "out"
    said = indelible.done(
        "mission", "close", worked, "--confirm", worked, "--to", out, "--key", KEY
    )
    manifest = json.loads((out / "manifest.json").read_bytes())
    on_disk = {str(each.relative_to(out)) for each in out.rglob("*") if each.is_file()}
    assert on_disk == {*manifest["files"], "manifest.json"}
    for name, file in manifest["files"].items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == file["sha256"], name
    (kept,) = (out / "reports.ndjson").read_bytes().splitlines()
    sent = json.loads(kept)
    assert hashlib.sha256(sent["text"].encode()).hexdigest() == sent["sha256"]
    noted = rows("SELECT note FROM audit_entry WHERE act = 'mission.hand_over'")
    assert noted == [(said["manifest_sha256"],)]


def test_the_handover_says_what_was_published_and_whether_the_authority_has_its_copy(
    indelible: CommandLine, worked: str, tmp_path: Path, rows: Callable[..., list[Any]]
) -> None:
    rows(
        """INSERT INTO publication (mission_id, id, number, kind, title, languages, published_at,
          published_in, announces, sha256, authority, copied_how, recorded_by, recorded_at)
        SELECT mission_id, gen_random_uuid(), '1', 'presence', 'Who observes', '["en"]', now(),
          'A press conference', true, '', '', '', id, now()
        FROM member WHERE role = 'lead' LIMIT 1"""
    )
    indelible.done(
        "mission", "close", worked, "--confirm", worked, "--to", tmp_path / "out", "--key", KEY
    )
    (line,) = (tmp_path / "out/registers/publications.ndjson").read_bytes().splitlines()
    kept = json.loads(line)
    assert (kept["title"], kept["copied_at"]) == ("Who observes", None)


def test_the_code_book_names_every_question_and_the_standards_beneath(
    indelible: CommandLine, worked: str, tmp_path: Path
) -> None:
    indelible.done(
        "mission", "close", worked, "--confirm", worked, "--to", tmp_path / "out", "--key", KEY
    )
    book = json.loads((tmp_path / "out" / "codebook.json").read_bytes())
    assert {each["checklist"] for each in book["checklists"]} == {"voting", "counting"}
    for each in book["checklists"]:
        assert all(question["label"] for question in each["definition"]["questions"])
        named = {code for one in each["definition"]["indicators"] for code in one["standards"]}
        assert named
        assert named <= book["standards"].keys()


def test_names_are_in_the_restricted_part_alone_and_open_with_its_key_alone(
    indelible: CommandLine, worked: str, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    indelible.done("mission", "close", worked, "--confirm", worked, "--to", out, "--key", KEY)
    for file in out.rglob("*"):
        assert file.is_dir() or NAME.encode() not in file.read_bytes(), file
        assert file.stat().st_mode & 0o077 == 0, file
    sealed = (out / "restricted.age").read_bytes()
    opened = json.loads(pyrage.decrypt(sealed, [ARCHIVE]))
    (person,) = opened["identity"]
    pseudonyms = {each["id"]: each["pseudonym"] for each in opened["observer"]}
    assert (person["name"], pseudonyms[person["holder_id"]]) == (NAME, "W-1")
    assert {"reprisal", "conduct_case", "interest_declaration"} <= opened.keys()
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed, [pyrage.x25519.Identity.generate()])


PLAIN = (b"\xff\xd8\xff\xfe\0\x0ba face of\xff\xd9", b"\xff\xd8\xff a face of another")
"""One whose comment says what its picture does not, and one that breaks off."""


@pytest.fixture
def photos(worked: str, settings: Settings, rows: Callable[..., list[Any]]) -> list[Path]:
    """Two photos that the mission's report names, in the media store."""
    store = PhotoStore(settings.media)
    ((mission, of),) = rows("SELECT mission_id, id FROM report")
    paths = []
    for number, plain in enumerate(PLAIN):
        sha256 = hashlib.sha256(plain).digest()
        paths.append(store.path(mission, sha256))
        paths[-1].parent.mkdir(parents=True, exist_ok=True)
        paths[-1].write_bytes(plain)
        for name in (f"{number}.jpg", f"again-{number}.jpg"):
            rows(
                "INSERT INTO attachment VALUES (%s, %s, %s, %s, %s, now())",
                mission,
                of,
                name,
                sha256,
                len(plain),
            )
    return sorted(paths)


def listed(out: Path) -> list[dict[str, Any]]:
    """What a handover says of its photos."""
    return [json.loads(each) for each in (out / "photos.ndjson").read_bytes().splitlines()]


def test_photos_are_handed_over_once_each_for_who_may_open_them(
    indelible: CommandLine, worked: str, photos: list[Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    said = indelible.done(
        "mission", "close", worked, "--confirm", worked, "--to", out, "--key", KEY
    )
    assert said["photos"] == {"copied": 2, "missing": 0}
    assert [each["sha256"] for each in listed(out)] == [each.name for each in photos]
    for each, plain in zip(listed(out), photos, strict=True):
        sealed = (out / each["file"]).read_bytes()
        assert hashlib.sha256(sealed).hexdigest() == each["file_sha256"]
        assert pyrage.decrypt(sealed, [ARCHIVE]) == plain.read_bytes()
        assert each["bytes"] == plain.stat().st_size
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(sealed, [pyrage.x25519.Identity.generate()])
    assert not any(b"a face of" in each.read_bytes() for each in out.rglob("*") if each.is_file())
    manifest = json.loads((out / "manifest.json").read_bytes())
    assert manifest["photos"] == said["photos"]
    kept = {each.name for each in (out / "photos").rglob("*.age")}
    (hidden, _) = (hashlib.sha256(each).hexdigest() for each in PLAIN)
    assert kept == {f"{each.name}.age" for each in photos} | {f"{hidden}.shown.age"}
    named = (out / "attachments.ndjson").read_text()
    assert all(each.name in named for each in photos)


def test_beside_a_photo_lies_its_picture_without_the_place(
    indelible: CommandLine, worked: str, photos: list[Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    indelible.done("mission", "close", worked, "--confirm", worked, "--to", out, "--key", KEY)
    shown = {each["sha256"]: each["shown"] for each in listed(out)}
    hidden, broken = (hashlib.sha256(each).hexdigest() for each in PLAIN)
    picture = pyrage.decrypt((out / shown[hidden]["file"]).read_bytes(), [ARCHIVE])
    assert picture == b"\xff\xd8\xff\xd9"
    assert shown[hidden]["sha256"] == hashlib.sha256(picture).hexdigest()
    assert shown[broken] == {"missing": "It breaks off."}


def test_a_photo_that_is_gone_or_changed_is_said_and_keeps_nothing_back(
    indelible: CommandLine, worked: str, photos: list[Path], tmp_path: Path
) -> None:
    photos[0].unlink()
    photos[1].write_bytes(b"\xff\xd8\xff another")
    said = indelible(
        "mission", "close", worked, "--confirm", worked, "--to", tmp_path / "out", "--key", KEY
    )
    assert said.code == 0
    assert "with 0 photos. 2 are missing: photos.ndjson names them." in said.out
    gone, changed = listed(tmp_path / "out")
    assert (gone["sha256"], changed["sha256"]) == (photos[0].name, photos[1].name)
    assert "cannot be read" in gone["missing"]
    assert "another hash" in changed["missing"]
    assert not (tmp_path / "out" / "photos").exists()


def test_the_next_mission_begins_without_the_photos_in_its_hands(
    indelible: CommandLine,
    worked: str,
    photos: list[Path],
    tmp_path: Path,
    rows: Callable[..., list[Any]],
) -> None:
    out = tmp_path / "out"
    indelible.done("mission", "close", worked, "--confirm", worked, "--to", out, "--key", KEY)
    shutil.rmtree(out / "photos")
    rows("UPDATE mission SET state = 'active'")
    assert indelible.done("mission", "inherit", worked, out)["of_mission"] == worked


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ([], "Name who may open"),
        (["--key", "age1nobody"], "no public age key"),
        (["--key", str(ARCHIVE)], "secret key"),
    ],
)
def test_without_a_key_that_can_be_used_nothing_is_closed(
    indelible: CommandLine,
    vastria: str,
    tmp_path: Path,
    rows: Callable[..., list[Any]],
    keys: list[str],
    says: str,
) -> None:
    said = indelible("mission", "close", vastria, "--to", tmp_path / "out", *keys)
    assert said.code == 1
    assert says in said.err
    assert "AGE-SECRET" not in said.err
    assert rows("SELECT state FROM mission") == [("active",)]
    assert not (tmp_path / "out").exists()


def test_a_folder_that_holds_something_is_refused_before_anything_is_closed(
    indelible: CommandLine, vastria: str, saved: Save, rows: Callable[..., list[Any]]
) -> None:
    file = saved("mine.txt", "mine")
    said = indelible("mission", "close", vastria, "--to", file.parent, "--key", KEY)
    assert said.code == 1
    assert "something is there" in said.err
    assert rows("SELECT state FROM mission") == [("active",)]


def test_a_closed_mission_can_be_handed_over_again(
    indelible: CommandLine, worked: str, tmp_path: Path, rows: Callable[..., list[Any]]
) -> None:
    close = ("mission", "close", worked, "--key", KEY, "--to")
    indelible.done(*close, tmp_path / "first", "--confirm", worked)
    closed_at = rows("SELECT closed_at FROM mission")
    assert indelible.done(*close, tmp_path / "second")["credentials_ended"] == 0
    assert rows("SELECT closed_at FROM mission") == closed_at
    assert (tmp_path / "second" / "manifest.json").is_file()


def test_names_are_deleted_on_their_date_and_the_doctor_finds_nothing_amiss(
    indelible: CommandLine,
    saved: Save,
    tmp_path: Path,
    rows: Callable[..., list[Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = 'scope = "full"\nretention_days = { identities = 0 }'
    file = VASTRIA.read_text("utf-8").replace('scope = "full"', kept)
    name = indelible.done("mission", "create", saved("brief.toml", file))["mission"]
    names = saved("names.csv", f"pseudonym,name\nW-1,{NAME}\n")
    indelible.done("identities", "import", name, names)
    assert indelible.done("mission", "retention")["identities_deleted"] == 0
    indelible.done(
        "mission", "close", name, "--confirm", name, "--to", tmp_path / "out", "--key", KEY
    )
    assert indelible.done("mission", "retention")["identities_deleted"] == 0
    monkeypatch.setattr("api.closing.retention.now", lambda: now() + timedelta(hours=25))
    assert indelible.done("mission", "retention")["identities_deleted"] == 1
    assert rows("SELECT count(*) FROM identity") == [(0,)]
    sealed = rows(
        "SELECT gone, salt IS NULL FROM sealed_row WHERE source = 'identity' ORDER BY seal_number"
    )
    assert sealed[-1] == (True, False)
    assert all(erased for gone, erased in sealed if not gone)
    assert indelible("doctor").code == 0


def test_the_handover_carries_the_pictures_and_lists_of_its_forms(
    indelible: CommandLine, worked: str, saved: Save, tmp_path: Path
) -> None:
    media = tmp_path / "media"
    media.mkdir()
    for name, data in (("seal.png", PICTURE), ("towns.csv", OWN_LIST)):
        (media / name).write_bytes(data)
    for version in ("7", "8"):
        form = [SETTINGS | {"version": version}]
        workbook = saved(f"{version}.xlsx", spreadsheet(survey=[*PICTURED, *LISTED], settings=form))
        indelible.done("checklist", "publish", worked, workbook, "--media", media)
    out = tmp_path / "out"
    indelible.done("mission", "close", worked, "--confirm", worked, "--to", out, "--key", KEY)
    book = json.loads((out / "codebook.json").read_bytes())
    named = [each["files"] for each in book["checklists"] if each["checklist"] == "small"]
    assert [[file["name"] for file in files] for files in named] == [["seal.png", "towns.csv"]] * 2
    manifest = json.loads((out / "manifest.json").read_bytes())["files"]
    for file, data in zip(named[0], (PICTURE, OWN_LIST), strict=True):
        assert (out / file["path"]).read_bytes() == data
        assert manifest[file["path"]]["sha256"] == file["sha256"]
