"""A workbook (XLSX) that is sent while it is written: rows of texts and numbers, sheet by sheet.

A library keeps an object for each cell and gives the file when all is written: of 70,000 reports a
minute later. Texts stand in their cells (inline strings), so nothing is gathered.
"""

import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import IO, cast
from xml.sax.saxutils import escape

from api.figures.export import inert

Cell = str | int | float | None
ROWS_PER_SHEET = 1_000_000
"""A sheet holds 1,048,576 rows."""
LETTERS_PER_CELL = 32_767
DIGITS = 15
"""A number of more digits would be rounded: it is written as a text."""
NO_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""What XML cannot hold."""

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEET = (
    f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    "</sheetView></sheetViews><sheetData>"
)
_END = "</sheetData></worksheet>"


class _Buffer:
    """Where the archive is written to, and taken from piece by piece. It cannot be gone back in."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is waiting."""

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


class WorkbookStream:
    """Sheets are begun and filled one after another; :meth:`take` gives what is ready to be sent,
    :meth:`close` the end."""

    def __init__(self) -> None:
        self._out = _Buffer()
        out = cast("IO[bytes]", self._out)
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._titles: list[str] = []
        self._sheet: IO[bytes] | None = None
        self._head: Sequence[Cell] = ()
        self._row = 0

    def begin(self, title: str, head: Sequence[Cell]) -> None:
        """Another sheet, under a head that stays in sight."""
        self._end_sheet()
        self._titles.append(title)
        name = f"xl/worksheets/sheet{len(self._titles)}.xml"
        self._sheet = self._zip.open(_entry(name), "w", force_zip64=True)
        self._head, self._row = head, 0
        self._write(_SHEET)
        self.add([head])

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Rows; what the sheet cannot hold stands on a next one."""
        written: list[str] = []
        for row in rows:
            if self._row == ROWS_PER_SHEET:
                self._write("".join(written))
                written = []
                self.begin(f"{self._titles[0]} {len(self._titles) + 1}", self._head)
            self._row += 1
            written.append(_row(self._row, row))
        self._write("".join(written))

    def take(self) -> bytes:
        """What has been written since it was taken last."""
        return self._out.take()

    def close(self) -> bytes:
        """The end of the file."""
        self._end_sheet()
        for name, content in _parts(self._titles):
            self._zip.writestr(_entry(name), _HEAD + content)
        self._zip.close()
        return self.take()

    def _write(self, text: str) -> None:
        assert self._sheet is not None
        self._sheet.write(text.encode())

    def _end_sheet(self) -> None:
        if self._sheet is not None:
            self._write(_END)
            self._sheet.close()
            self._sheet = None


def _entry(name: str) -> zipfile.ZipInfo:
    """A part of the file. It has no time: the same content is the same bytes."""
    part = zipfile.ZipInfo(name)
    part.compress_type = zipfile.ZIP_DEFLATED
    return part


def _row(number: int, row: Sequence[Cell]) -> str:
    cells = "".join(
        _cell(f"{_LETTERS[at]}{number}", each) for at, each in enumerate(row) if each is not None
    )
    return f'<row r="{number}">{cells}</row>'


def _cell(at: str, value: Cell) -> str:
    if isinstance(value, int | float):
        figure = str(value)
        if len(figure.strip("-")) <= DIGITS and figure[-1].isdigit():
            return f'<c r="{at}"><v>{figure}</v></c>'
        value = figure
    said = str(inert(NO_CHARACTER.sub("\ufffd", str(value))))[:LETTERS_PER_CELL]
    return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(said)}</t></is></c>'


def _letters(at: int) -> str:
    """The name of a column: A to Z, AA and so on."""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(65 + rest) + name
    return name


_LETTERS = [_letters(each) for each in range(16_384)]


def _parts(titles: Sequence[str]) -> list[tuple[str, str]]:
    """The parts that say which sheets there are."""
    numbered = list(enumerate(titles, 1))
    sheets = "".join(
        f'<sheet name="{escape(title[:31])}" sheetId="{at}" r:id="rId{at}"/>'
        for at, title in numbered
    )
    relations = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at, _ in numbered
    )
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for at, _ in numbered
    )
    return [
        (
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>',
        ),
        (
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>',
        ),
        (
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        ),
        (
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/xl/workbook.xml" '
            f'ContentType="{_TYPE}.sheet.main+xml"/>{types}</Types>',
        ),
    ]
