"""``reports import`` and ``export``, ``checklist``, ``statement``, ``doctor``."""

import csv
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from api.checklists.publishing import LIBRARY
from tests.api.commands.worked import report
from tests.command_line import CommandLine
from tests.conftest import Database

Save = Callable[[str, str | bytes], Path]


@pytest.fixture
def stationed(indelible: CommandLine, vastria: str, saved: Save) -> str:
    """The mission with one station."""
    indelible.done("stations", "import", vastria, saved("stations.csv", "code\n001\n"))
    return vastria


def test_a_file_goes_the_road_of_every_report_and_comes_out_as_it_came(
    indelible: CommandLine, stationed: str, saved: Save, tmp_path: Path
) -> None:
    lines = [report(), report(answers={"access_given": "denied"})]
    file = saved("outbox.ndjson", "\ufeff" + "\r\n".join([*lines, "", ""]))
    first = indelible.done("reports", "import", stationed, file)["items"]
    again = indelible.done("reports", "import", stationed, file)["items"]
    assert [(each["line"], each["status"]) for each in first] == [(1, 201), (2, 201)]
    assert [each["receipt"] for each in again] == [each["receipt"] for each in first]
    assert indelible("reports", "export", stationed).out.splitlines() == lines
    out = tmp_path / "out.ndjson"
    assert indelible("reports", "export", stationed, out).code == 0
    assert out.read_text(encoding="utf-8").splitlines() == lines


def test_a_line_that_is_not_kept_is_named_and_the_others_are_kept(
    indelible: CommandLine, stationed: str, saved: Save
) -> None:
    large = report(answers={"remarks": "x" * 1_100_000})
    lines = [report(), "{", report(station="009"), large, '{"checklist": "voting"}', report()]
    said = indelible("reports", "import", stationed, saved("outbox.ndjson", "\n".join(lines)))
    assert said.code == 1
    assert "3 of 6 are not kept. First line 2" in said.err
    assert "2 kept, 1 held, 1 refused (413), 2 refused (422)" in said.out
    assert "line 3, held, field station" in said.out
    assert "line 5, field id" in said.out
    assert len(indelible("reports", "export", stationed).out.splitlines()) == 3


def test_the_reports_of_a_checklist_are_written_as_a_table(
    indelible: CommandLine, stationed: str, saved: Save, tmp_path: Path
) -> None:
    indelible.done("reports", "import", stationed, saved("outbox.ndjson", report(station="009")))
    out = tmp_path / "voting.csv"
    assert indelible("reports", "export", stationed, out, "--checklist", "voting").code == 0
    (row,) = csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines())
    assert (row["status"], row["station"]) == ("held", "009")
    book = tmp_path / "voting.xlsx"
    assert indelible("reports", "export", stationed, book, "--checklist", "voting").code == 0
    assert book.read_bytes().startswith(b"PK")
    said = indelible("reports", "export", stationed, "--checklist", "nothing")
    assert (said.code, said.err.startswith("indelible: --checklist: ")) == (1, True)
    said = indelible("reports", "export", stationed, tmp_path / "x.ods", "--checklist", "voting")
    assert (said.code, "FILE.csv" in said.err) == (1, True)


def test_an_export_that_cannot_be_written_is_one_line(indelible: CommandLine, vastria: str) -> None:
    said = indelible("reports", "export", vastria, "/nowhere/at/all")
    assert (said.code, said.err) == (1, "indelible: /nowhere/at/all: No such file or directory.\n")


def test_the_library_has_no_problem_and_stands_already(
    indelible: CommandLine, vastria: str
) -> None:
    for name in ("voting", "counting"):
        file = LIBRARY / f"{name}.xlsx"
        assert indelible.done("checklist", "lint", file)["problems"] == []
        assert indelible.done("checklist", "publish", vastria, file)["new"] is False


def test_what_is_no_workbook_is_refused_by_name(
    indelible: CommandLine, vastria: str, saved: Save
) -> None:
    file = saved("form.xlsx", b"PK\x03\x04 not really")
    for words in (("checklist", "lint", file), ("checklist", "publish", vastria, file)):
        said = indelible(*words)
        assert said.code == 1
        assert "form.xlsx" in said.err


def test_there_is_no_statement_before_the_first_report_and_one_after(
    indelible: CommandLine, stationed: str, saved: Save
) -> None:
    early = indelible("statement", "draft", stationed)
    assert (early.code, "No report has come yet" in early.err) == (1, True)
    indelible.done("reports", "import", stationed, saved("outbox.ndjson", report()))
    made = indelible.done("statement", "draft", stationed)
    assert (made["language"], made["state"]) == ("en", "draft")
    assert indelible("statement", "draft", stationed, "--language", "xx").code == 1


def test_a_statement_is_written_to_a_file_in_each_format(
    indelible: CommandLine, stationed: str, saved: Save, tmp_path: Path
) -> None:
    indelible.done("reports", "import", stationed, saved("outbox.ndjson", report()))
    made = indelible.done("statement", "draft", stationed)["id"]
    begins = {"html": b"<!DOCTYPE html>", "pdf": b"%PDF-", "docx": b"PK", "json": b"{"}
    for to, first in begins.items():
        out = tmp_path / f"statement.{to}"
        words = ("statement", "render", stationed, made, "--lang", "en", "--to", to, "--out", out)
        assert indelible.done(*words)["file"] == str(out)
        assert out.read_bytes().startswith(first)
    render = ("statement", "render", stationed, made, "--out", out)
    said = indelible(*render, "--lang", "xx")
    assert (said.code, said.err.startswith("indelible: language: ")) == (1, True)
    said = indelible("statement", "render", stationed, "7", "--out", out)
    assert (said.code, said.err) == (1, "indelible: ID: This is no statement's id.\n")
    said = indelible("statement", "render", stationed, made, "--out", "/nowhere/at/all")
    assert (said.code, "/nowhere/at/all" in said.err) == (1, True)


def test_the_doctor_finds_bytes_that_were_changed(
    indelible: CommandLine, stationed: str, saved: Save, database: Database
) -> None:
    indelible.done("reports", "import", stationed, saved("outbox.ndjson", report()))
    assert indelible("doctor").code == 0
    with psycopg.connect(database.admin_url) as connection:
        connection.execute("ALTER TABLE submission DISABLE TRIGGER ALL")
        connection.execute("UPDATE submission SET raw = raw || ' '")
    said = indelible("doctor")
    assert said.code == 1
    assert f"NOT {stationed}: bytes are those that were hashed" in said.out
