"""Workbooks of strangers: compiled in a child process, refused where they go too far."""

import io
import zipfile

import pytest

from mobile_forms import sheets, untrusted
from mobile_forms.sheets import WorkbookProblems, read_sheets
from mobile_forms.untrusted import compile_untrusted
from mobile_forms.workbook import compile_workbook
from tests.mobile_forms.spreadsheets import SURVEY, changed, small, spreadsheet


def refused(data: bytes) -> str:
    with pytest.raises(WorkbookProblems) as found:
        compile_untrusted(data)
    return str(found.value)


def zipped(**entries: bytes) -> bytes:
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


def test_more_than_two_megabytes_are_not_read() -> None:
    assert "larger than 2 MB" in refused(b"a" * (sheets.LONGEST_BYTES + 1))


def test_a_zip_bomb_is_refused_by_what_it_would_become() -> None:
    bomb = zipped(a=bytes(sheets.LONGEST_UNZIPPED + 1))
    assert len(bomb) < sheets.LONGEST_BYTES
    assert "larger than 50 MB" in refused(bomb)


def test_five_thousand_rows_are_the_most() -> None:
    rows = [{"type": "note", "name": f"n{number}", "label": "x"} for number in range(5_000)]
    with pytest.raises(WorkbookProblems) as found:
        read_sheets(spreadsheet(survey=rows))
    assert "more than 5000 rows" in str(found.value)
    assert len(read_sheets(spreadsheet(survey=rows[:-1]))["survey"].rows) == 4_999


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
