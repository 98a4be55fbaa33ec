"""Tables as real life writes them: encodings, separators, line ends, quotes."""

import codecs
import io
import re
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.imports.cells import degrees, whole_number
from api.imports.options import TableProblem
from api.imports.table import CellProblem, TableRow, read_table

CYRILLIC = "код;адрес\n007;Школа № 3, улица Садовая\n008;ДОМ КУЛЬТУРЫ\n"
ARABIC = "الرمز;العنوان\n007;مدرسة البنات، شارع النيل\n"
FRENCH = "code;adresse\n007;École de la forêt, près de l'église\n"


def row(text: str) -> TableRow:
    return TableRow(5, {"n": text})


@pytest.mark.parametrize(
    ("text", "written", "read"),
    [
        (CYRILLIC, "utf-8", "utf-8-sig"),
        (CYRILLIC, "utf-8-sig", "utf-8-sig"),
        (ARABIC, "utf-16", "utf-16"),
        (CYRILLIC, "cp1251", "cp1251"),
        (CYRILLIC.upper(), "cp1251", "cp1251"),
        (ARABIC, "cp1256", "cp1256"),
        (FRENCH, "cp1252", "cp1252"),
    ],
)
def test_an_encoding_is_found_and_named(text: str, written: str, read: str) -> None:
    table = read_table(text.encode(written))
    assert table.encoding == read
    assert next(table.rows).cells[table.headers[0]] == "007"
    assert next(table.rows).cells[table.headers[1]] == text.splitlines()[1].partition(";")[2]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_line_ends_and_separators_are_seen(end: str, separator: str) -> None:
    lines = [separator.join(cells) for cells in (("code", "name"), ("001", "A"), ("002", "B"))]
    table = read_table(end.join(lines).encode())
    assert [dict(each.cells) for each in table.rows] == [
        {"code": "001", "name": "A"},
        {"code": "002", "name": "B"},
    ]


def test_a_quoted_cell_may_hold_line_ends_and_rows_keep_the_line_they_begin_in() -> None:
    table = read_table(b'code,address\n1,"Hall\nby the ""old"" mill, left"\n\n2,School\n')
    assert [each.line for each in table.rows] == [2, 5]
    assert next(table.rows).cells["address"] == 'Hall\nby the "old" mill, left'


def test_the_line_by_which_spreadsheets_name_their_separator_is_no_row() -> None:
    table = read_table(b"sep=;\r\ncode;name\r\n001;A, B\r\n")
    assert [(each.line, dict(each.cells)) for each in table.rows] == [
        (3, {"code": "001", "name": "A, B"})
    ]


def computed(worked: str) -> bytes:
    """A workbook whose cell B3 is a formula; ``worked`` is what a spreadsheet made of it."""
    book, plain, made = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    for cells in (["code", "note"], ["001", "a"], ["002", '=IF(1=1,"","x")']):
        book.worksheets[0].append(cells)
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            said = old.read(name)
            if name.startswith("xl/worksheets/"):
                cell = re.search(rb'<c r="B3"[^>]*>(<f>.*?</f>).*?</c>', said)
                assert cell
                said = said.replace(cell[0], f'<c r="B3"{worked}</c>'.encode() % cell[1])
            new.writestr(name, said)
    return made.getvalue()


def test_a_formula_that_was_never_worked_out_is_no_empty_cell() -> None:
    with pytest.raises(TableProblem, match="Row 3, column 2: a formula"):
        read_table(computed(">%s<v></v>"))
    for worked, note in ((' t="str">%s<v></v>', ""), (' t="str">%s<v>b</v>', "b")):
        rows = read_table(computed(worked)).rows
        assert [each.cells["note"] for each in rows] == ["a", note]


def test_marks_that_nobody_sees_are_no_part_of_a_code() -> None:
    table = read_table("\ufeff\ufeffcode,name\n\u200e001\u200f,\u202bمدرسة\u202c\n".encode())
    assert [dict(each.cells) for each in table.rows] == [{"code": "001", "name": "مدرسة"}]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"code,,name\n1,lost,2\n", "Row 2: column 2 has no header"),
        (b"", "Row 1"),
        (b"\n\n", "Row 1"),
        (b"code,code\n1,2\n", "'code' stands twice"),
        (b"code,name\n1,2,3\n", "Row 2: 3 cells under 2 headers"),
        (b'code,name\n1,2\n3,"open\n4,5\n', "Row 3"),
        ("code\n1\n".encode("utf-16-le"), "not a text file"),
        (codecs.BOM_UTF16_LE + "code\n1\x00\n".encode("utf-16-le"), "not a text file"),
        (codecs.BOM_UTF16_LE + b"c", "not a text file"),
        (b"code\n" + b"1" * 200_000, "Row 2"),
        (b"PK\x03\x04\x00\x00", "not a text file"),
    ],
)
def test_what_is_no_table_is_refused_with_its_row(data: bytes, words: str) -> None:
    with pytest.raises(TableProblem, match=words):
        list(read_table(data).rows)


@given(st.binary(max_size=300))
def test_no_bytes_whatever_raise_anything_else(data: bytes) -> None:
    try:
        table = read_table(data)
        rows = list(table.rows)
    except TableProblem:
        return
    assert all(set(each.cells) <= set(table.headers) for each in rows)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", None),
        ("0", 0),
        ("750", 750),
        ("1 204", 1204),
        ("1\u00a0204", 1204),
        ("1,204", 1204),
        ("1.204", 1204),
        ("1,204,000", 1204000),
        ("750.0", 750),
        ("750,00", 750),
    ],
)
def test_whole_numbers_are_read_as_people_write_them(text: str, number: int | None) -> None:
    assert whole_number(row(text), "n") == number


@pytest.mark.parametrize("text", ["750.000", "7.5", "-3", "about 700", "1e3", "9999999999"])
def test_a_number_that_would_have_to_be_guessed_is_refused(text: str) -> None:
    with pytest.raises(CellProblem, match="Row 5, column n"):
        whole_number(row(text), "n")


def test_positions_have_a_point_or_a_comma_and_lie_on_the_earth() -> None:
    assert degrees(row("41,7151"), "n", 90) == degrees(row("41.7151"), "n", 90) == 41.7151
    assert degrees(row(""), "n", 90) is None
    for text in ("91", "nan", "inf", "41°42'", "41,71,51"):
        with pytest.raises(CellProblem, match="not a position"):
            degrees(row(text), "n", 90)


def test_a_long_file_is_read_row_by_row_and_never_held(tmp_path: Path) -> None:
    file = tmp_path / "long.csv"
    file.write_text(
        "code,name\n" + "".join(f"{n},A school in some street\n" for n in range(50_000))
    )
    table = read_table(file)
    tracemalloc.start()
    assert sum(1 for _ in table.rows) == sum(1 for _ in table.rows) == 50_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 500_000


def test_whoever_waits_is_told_how_far_the_reading_is(tmp_path: Path) -> None:
    file = tmp_path / "long.csv"
    file.write_text("code\n" + "12345\n" * 20_000)
    told: list[tuple[int, int]] = []
    list(read_table(file, lambda done, whole: told.append((done, whole))).rows)
    assert told == sorted(told)
    assert len(told) > 10
    assert told[-1] == (file.stat().st_size, file.stat().st_size)


def test_a_file_that_cannot_be_opened_is_a_problem_of_the_table(tmp_path: Path) -> None:
    with pytest.raises(TableProblem, match="No such file"):
        read_table(tmp_path / "absent.csv")
