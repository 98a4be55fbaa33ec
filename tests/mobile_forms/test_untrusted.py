"""Workbooks of strangers: compiled in a child process, refused where they go too far."""

import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobile_forms import sheets, untrusted
from mobile_forms.sheets import WorkbookProblems, read_sheets
from mobile_forms.untrusted import compile_untrusted
from mobile_forms.workbook import compile_workbook
from tests.mobile_forms.spreadsheets import SURVEY, changed, small, spreadsheet


def refused(data: bytes) -> str:
    with pytest.raises(WorkbookProblems) as found:
        compile_untrusted(data)
    return str(found.value)


def zipped(entries: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return written.getvalue()


def test_a_good_workbook_compiles_to_the_same() -> None:
    assert compile_untrusted(spreadsheet()) == small()


def test_problems_come_back_as_they_were_found() -> None:
    broken = spreadsheet(survey=changed(SURVEY, "why", relevant="${lat} > 0"))
    with pytest.raises(WorkbookProblems) as here:
        compile_workbook(broken)
    with pytest.raises(WorkbookProblems) as there:
        compile_untrusted(broken)
    assert there.value.problems == here.value.problems


def damaged(change: Callable[[bytes], bytes]) -> bytes:
    """The small workbook with another first sheet."""
    whole = zipfile.ZipFile(io.BytesIO(spreadsheet()))
    entries = {name: whole.read(name) for name in whole.namelist()}
    entries["xl/worksheets/sheet1.xml"] = change(entries["xl/worksheets/sheet1.xml"])
    return zipped(entries)


@pytest.mark.parametrize("entity", [b'"lol"', b'SYSTEM "file:///etc/hostname"'])
def test_an_entity_in_a_sheet_is_refused(entity: bytes) -> None:
    doctype = b"<!DOCTYPE x [<!ENTITY a " + entity + b">]><worksheet"
    data = damaged(lambda sheet: sheet.replace(b"<worksheet", doctype, 1).replace(b"late", b"&a;"))
    with pytest.raises(WorkbookProblems, match="cannot be read"):
        read_sheets(data)


@settings(max_examples=40)
@given(st.integers(0, 2_000), st.binary(min_size=1, max_size=3))
def test_a_damaged_sheet_is_read_or_refused_and_no_crash(place: int, put: bytes) -> None:
    data = damaged(lambda sheet: sheet[:place] + put + sheet[place + len(put) :])
    try:
        found = set(read_sheets(data))
    except WorkbookProblems as refused:
        found = {refused.problems[0].sheet}
    assert found & {"survey", "workbook"}


def test_more_than_two_megabytes_are_not_read() -> None:
    assert "larger than 2 MB" in refused(b"a" * (sheets.LONGEST_BYTES + 1))


def test_a_workbook_of_the_old_kind_is_told_how_to_be_saved() -> None:
    old = b"\xd0\xcf\x11\xe0" + bytes(600) + spreadsheet()
    assert "old kind (.xls). Save the form as .xlsx" in refused(old)


def test_a_cell_longer_than_a_spreadsheet_s_own_is_refused() -> None:
    long = damaged(lambda sheet: sheet.replace(b"Why?", b"x" * 32_768))
    assert "row 6, is too long" in refused(long)


def test_a_zip_bomb_is_refused_by_what_it_would_become() -> None:
    bomb = zipped({"a": bytes(sheets.LONGEST_UNZIPPED + 1)})
    assert len(bomb) < sheets.LONGEST_BYTES
    assert "larger than 50 MB" in refused(bomb)


def test_five_thousand_rows_are_the_most() -> None:
    rows = [{"type": "note", "name": f"n{number}", "label": "x"} for number in range(5_000)]
    with pytest.raises(WorkbookProblems) as found:
        read_sheets(spreadsheet(survey=rows))
    assert "more than 5000 rows" in str(found.value)
    assert len(read_sheets(spreadsheet(survey=rows[:-1]))["survey"].rows) == 4_999


def test_rows_that_hold_nothing_are_not_counted() -> None:
    rows = [
        {"type": "note", "name": "n", "label": "x"},
        *[{}] * 6_000,
        {"type": "note", "name": "m", "label": "x"},
    ]
    assert [each.number for each in read_sheets(spreadsheet(survey=rows))["survey"].rows] == [
        2,
        6003,
    ]


def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted, "SECONDS", 0.01)
    assert "longer than" in refused(spreadsheet())


def test_a_child_that_dies_is_told_as_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted.sys, "executable", "/bin/false")
    assert "more memory or time" in refused(spreadsheet())


def test_the_child_confines_itself_before_it_reads() -> None:
    import resource
    import subprocess
    import sys

    asked = (
        "import resource; from mobile_forms.untrusted import _confine; _confine();"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CPU))"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True, text=True)
    assert said.stdout.split(" ", 1)[0] == str(untrusted.MEMORY)
    assert resource.getrlimit(resource.RLIMIT_AS)[0] != untrusted.MEMORY
