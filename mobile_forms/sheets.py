"""Reading an XLSForm workbook as rows of text that know their sheet and row.

Our own columns are read from here, because pyxform drops columns it does not know: silently,
typing errors included.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import openpyxl

LONGEST_BYTES = 2 * 1024 * 1024
LONGEST_UNZIPPED = 50 * 1024 * 1024
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
MAX_ROWS = 5_000
MAX_COLUMNS = 200
MAX_CELL_LENGTH = 32_767
"""Characters, as spreadsheets themselves have it."""
_LANGUAGE = re.compile(r"^(?P<column>[^:]+)::.*?(?:\((?P<code>[A-Za-z-]+)\))?\s*$")


@dataclass(frozen=True)
class Problem:
    """What an author must mend, where it stands, and how."""

    sheet: str
    row: int | None
    column: str | None
    message: str
    remedy: str

    def __str__(self) -> str:
        where = self.sheet + (f", row {self.row}" if self.row else "")
        where += f", column {self.column}" if self.column else ""
        return f"{where}: {self.message} {self.remedy}"


class WorkbookProblems(Exception):
    """A workbook that cannot be published as it is; ``problems`` lists everything found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class Row:
    """One row of a sheet: its number as the spreadsheet shows it, its cells by header.

    ``sheet`` names the sheet that it stands in, where that is not the one it is read as.
    """

    number: int
    cells: dict[str, str]
    sheet: str = ""

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def texts(self, column: str) -> dict[str, str]:
        """A column's texts per language code; without a language the text is English."""
        found = {}
        for header, text in self.cells.items():
            name, language = split_language(header)
            if name == column and text:
                found[language or "en"] = text
        return found


@dataclass(frozen=True)
class Sheet:
    """One sheet: its headers in order, its rows that are not empty."""

    name: str
    headers: tuple[str, ...] = ()
    rows: tuple[Row, ...] = field(default=())


def split_language(header: str) -> tuple[str, str | None]:
    """``label::French (fr)`` is ``("label", "fr")``; a header without language gives None."""
    match = _LANGUAGE.match(header)
    if match is None:
        return header, None
    return match["column"], (match["code"] or header.partition("::")[2].strip()).lower()


def read_sheets(data: bytes) -> dict[str, Sheet]:
    """The sheets of a workbook by name. Raises :class:`WorkbookProblems` where it is none."""
    _refuse_oversize(data)
    try:
        return {sheet.name: sheet for sheet in _read_book(data)}
    except WorkbookProblems:
        raise
    except Exception as error:
        # openpyxl lets through whatever its parsers raise at a damaged file.
        raise _no_workbook(f"It cannot be read: {type(error).__name__}.") from error


def _read_book(data: bytes) -> Iterator[Sheet]:
    book = openpyxl.load_workbook(
        io.BytesIO(data), read_only=True, data_only=True, keep_links=False
    )
    try:
        for sheet in book.worksheets:
            yield _read_sheet(sheet.title.strip().lower(), sheet)
    finally:
        book.close()


def _refuse_oversize(data: bytes) -> None:
    if len(data) > LONGEST_BYTES:
        raise _no_workbook(f"It is larger than {LONGEST_BYTES // 1024 // 1024} MB.")
    if data.startswith(OLD_EXCEL):
        raise _no_workbook("It is a workbook of the old kind (.xls).")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        raise _no_workbook("It is not an .xlsx file.") from None
    if size > LONGEST_UNZIPPED:
        raise _no_workbook(f"Unzipped it is larger than {LONGEST_UNZIPPED // 1024 // 1024} MB.")


def _no_workbook(message: str) -> WorkbookProblems:
    remedy = "Save the form as .xlsx with the sheets survey, choices and settings."
    return WorkbookProblems([Problem("workbook", None, None, message, remedy)])


def _too_long(name: str) -> WorkbookProblems:
    message = f"It has more than {MAX_ROWS} rows."
    remedy = "Take away data that does not belong to the form, or make two forms of it."
    return WorkbookProblems([Problem(name, MAX_ROWS + 1, None, message, remedy)])


def _read_sheet(name: str, sheet: Any) -> Sheet:
    headers: tuple[str, ...] = ()
    rows: list[Row] = []
    sheet.reset_dimensions()
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
        cells = [_text(value) for value in values[:MAX_COLUMNS]]
        longest = max(map(len, cells), default=0)
        if longest > MAX_CELL_LENGTH:
            raise _no_workbook(f"A cell of the sheet {name}, row {number}, is too long.")
        if not headers:
            headers = tuple(cells)
            continue
        filled = {key: text for key, text in zip(headers, cells, strict=False) if key and text}
        if filled:
            rows.append(Row(number, filled))
        if len(rows) >= MAX_ROWS:
            raise _too_long(name)
    return Sheet(name, tuple(header for header in headers if header), tuple(rows))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
