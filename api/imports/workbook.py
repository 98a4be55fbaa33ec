"""One sheet of a workbook as CSV, a record a row: XLSX as a stream, XLS as the old reader has it.

(python-calamine was looked at: it holds a sheet as one dense block, so two far cells of a tiny
file take gigabytes. openpyxl streams; xlrd, which pyxform brings, takes what the file takes.)
"""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from typing import IO, Any

import openpyxl
import xlrd

from api.imports.options import TableProblem

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
"""Bytes that a workbook may unpack to, and its CSV may have."""
MAX_COLUMNS = 500
CHUNK_BYTES = 1024 * 1024
XLSX, XLS = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
"""How the two kinds of workbook begin."""


def workbook_as_csv(opened: Callable[[], IO[bytes]], begins: bytes, sheet: str = "") -> bytes:
    """A sheet as CSV: the first one, or that of this name or number. Cells are text; a number that
    a spreadsheet made of a code has lost its zeros, which nobody can give back.

    Raises :class:`TableProblem` where it cannot be read, holds more than it may, or has no such
    sheet.
    """
    read = _xlsx if begins.startswith(XLSX) else _xls
    try:
        with opened() as raw:
            return _written(read(raw, sheet))
    except TableProblem:
        raise
    except Exception as error:
        raise TableProblem("It is not a text file or workbook that can be read.") from error


def _written(rows: Iterable[Iterable[object]]) -> bytes:
    cells = io.StringIO()
    writer = csv.writer(cells)
    for number, row in enumerate(rows, 1):
        texts = [_cell_text(value) for value in row]
        while texts and not texts[-1]:
            texts.pop()
        if len(texts) > MAX_COLUMNS:
            raise TableProblem(f"Row {number}: a table has at most {MAX_COLUMNS} columns.")
        writer.writerow(texts)
        if cells.tell() > MAX_UNPACKED_BYTES:
            raise TableProblem("It unpacks to more than a table may be.")
    return cells.getvalue().encode()


def _xlsx(raw: IO[bytes], sheet: str) -> Iterator[Iterable[object]]:
    with zipfile.ZipFile(raw) as packed:
        if sum(each.file_size for each in packed.infolist()) > MAX_UNPACKED_BYTES:
            raise TableProblem("It unpacks to more than a table may be.")
        computes = any(_holds_formula(packed, each) for each in packed.namelist())
    book = openpyxl.load_workbook(raw, read_only=True, data_only=True)
    at = _chosen([each.title for each in book.worksheets], sheet)
    if computes:
        _refuse_unworked(raw, at)
    yield from book.worksheets[at].iter_rows(values_only=True)
    book.close()


def _xls(raw: IO[bytes], sheet: str) -> Iterator[Iterable[object]]:
    book = xlrd.open_workbook(
        file_contents=raw.read(), on_demand=True, ragged_rows=True, logfile=io.StringIO()
    )
    found = book.sheet_by_index(_chosen(book.sheet_names(), sheet))
    for number in range(found.nrows):
        yield [_old_cell(cell, book.datemode) for cell in found.row(number)]


def _old_cell(cell: Any, datemode: int) -> object:
    if cell.ctype == xlrd.XL_CELL_DATE:
        return xlrd.xldate_as_datetime(cell.value, datemode)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    return None if cell.ctype == xlrd.XL_CELL_ERROR else cell.value


def _chosen(names: list[str], sheet: str) -> int:
    """The index of a sheet by its name, else by its number from 1; of the first where none is."""
    if not sheet:
        return 0
    if sheet in names:
        return names.index(sheet)
    if sheet.isdecimal() and 0 < int(sheet) <= len(names):
        return int(sheet) - 1
    listed = ", ".join(names[:20])
    raise TableProblem(f"sheet {sheet[:40]!r}: there is none. There are: {listed}.")


def _holds_formula(packed: zipfile.ZipFile, name: str) -> bool:
    if not name.startswith("xl/worksheets/"):
        return False
    with packed.open(name) as sheet:
        before = b""
        while piece := sheet.read(CHUNK_BYTES):
            if b"<f>" in before + piece or b"<f " in before + piece:
                return True
            before = piece[-2:]
    return False


def _refuse_unworked(raw: IO[bytes], at: int) -> None:
    """A formula that no spreadsheet has worked out has no value; that is not the same as an empty
    text, which one may give.

    Raises :class:`TableProblem`.
    """
    books = [openpyxl.load_workbook(raw, read_only=True, data_only=each) for each in (True, False)]
    rows = zip(*(each.worksheets[at].iter_rows() for each in books), strict=False)
    for number, (worked, written_) in enumerate(rows, 1):
        for column, (cell, formula) in enumerate(zip(worked, written_, strict=False), 1):
            if formula.data_type == "f" and cell.value is None and cell.data_type != "str":
                raise TableProblem(
                    f"Row {number}, column {column}: a formula that was never worked out. "
                    "Open the workbook in a spreadsheet and save it."
                )


def _cell_text(value: object) -> str:
    """A cell as text: whole numbers without a point, days and moments as ISO 8601 has them."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return "" if value is None else str(value)
