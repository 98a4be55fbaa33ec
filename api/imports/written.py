"""How a table's file is written: encoding, line ends, separator, or a workbook's first sheet.

A file is read from where it lies, a piece at a time: a million rows take no more memory than ten.
"""

import codecs
import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import IO

import openpyxl

OLDER_ENCODINGS = ("cp1251", "cp1252", "cp1256")
"""Eight bits a letter: Cyrillic, Latin, Arabic. Almost any bytes can be read as each of them."""
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
SEPARATORS = ",;\t|"
LARGEST = 200 * 1024 * 1024
PIECE = 1024 * 1024
WORKBOOK = b"PK\x03\x04"
"""How an XLSX file begins."""
_WORD = re.compile(r"[^\W\d_]+")


class TableProblem(Exception):
    """A table that cannot be read; the message names row and column."""


@dataclass(frozen=True)
class Written:
    """A table's file: how to open it anew, its bytes, and how its letters are to be read."""

    open: Callable[[], IO[bytes]]
    size: int
    encoding: str

    @contextmanager
    def text(self) -> Iterator[tuple[IO[str], IO[bytes]]]:
        """The text from its beginning, every line end as one; and the bytes it comes from."""
        with self.open() as raw:
            yield io.TextIOWrapper(raw, self.encoding, newline=None), raw

    def separator(self) -> str:
        """The separator that the first line holds most of, outside quotes."""
        with self.text() as (text, _):
            first = re.sub(r'"[^"]*"', "", text.readline(PIECE))
        return max(SEPARATORS, key=first.count)


def written(source: bytes | Path) -> Written:
    """Find out how a file is written.

    Raises :class:`TableProblem` where it is too large, or neither text nor a workbook.
    """
    try:
        opened, size = _opener(source)
        opened().close()
    except OSError as error:
        raise TableProblem(f"{error.strerror}.") from error
    if size > LARGEST:
        raise TableProblem(f"It is larger than {LARGEST // 1024 // 1024} MB.")
    with opened() as raw:
        begins = raw.read(len(WORKBOOK))
    if begins == WORKBOOK:
        opened, size = _opener(workbook_as_csv(opened))
    return Written(opened, size, _encoding(opened, begins))


def _opener(source: bytes | Path) -> tuple[Callable[[], IO[bytes]], int]:
    if isinstance(source, Path):
        return lambda: source.open("rb"), source.stat().st_size
    return partial(io.BytesIO, source), len(source)


def workbook_as_csv(opened: Callable[[], IO[bytes]]) -> bytes:
    """The first sheet of a workbook as CSV. Cells are text; a number that a spreadsheet made of a
    code has lost its zeros, which nobody can give back: format such columns as text.

    Raises :class:`TableProblem` where it cannot be read, or holds more than it may.
    """
    try:
        with opened() as raw:
            with zipfile.ZipFile(raw) as packed:
                if sum(each.file_size for each in packed.infolist()) > LARGEST:
                    raise TableProblem("It unpacks to more than a table may be.")
                computes = any(_holds_formula(packed, each) for each in packed.namelist())
            cells = io.StringIO()
            writer = csv.writer(cells)
            book = openpyxl.load_workbook(raw, read_only=True, data_only=True)
            for row in book.worksheets[0].iter_rows(values_only=True):
                writer.writerow([_cell_text(value) for value in row])
            book.close()
            if computes:
                _refuse_unworked(raw)
            return cells.getvalue().encode()
    except TableProblem:
        raise
    except Exception as error:
        raise TableProblem("It is not a text file or workbook that can be read.") from error


def _holds_formula(packed: zipfile.ZipFile, name: str) -> bool:
    if not name.startswith("xl/worksheets/"):
        return False
    with packed.open(name) as sheet:
        before = b""
        while piece := sheet.read(PIECE):
            if b"<f>" in before + piece or b"<f " in before + piece:
                return True
            before = piece[-2:]
    return False


def _refuse_unworked(raw: IO[bytes]) -> None:
    """A formula that no spreadsheet has worked out has no value; that is not the same as an empty
    text, which one may give.

    Raises :class:`TableProblem`.
    """
    books = [openpyxl.load_workbook(raw, read_only=True, data_only=each) for each in (True, False)]
    rows = zip(*(each.worksheets[0].iter_rows() for each in books), strict=False)
    for number, (worked, written_) in enumerate(rows, 1):
        for column, (cell, formula) in enumerate(zip(worked, written_, strict=False), 1):
            if formula.data_type == "f" and cell.value is None and cell.data_type != "str":
                raise TableProblem(
                    f"Row {number}, column {column}: a formula that was never worked out. "
                    "Open the workbook in a spreadsheet and save it."
                )


def _cell_text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _encoding(opened: Callable[[], IO[bytes]], begins: bytes) -> str:
    """The encoding that reads the whole file, and reads like words.

    Raises :class:`TableProblem` where none does, or what is read is no text.
    """
    marked = begins.startswith(UTF16_MARKS)
    for likely in (("utf-16",),) if marked else (("utf-8-sig",), OLDER_ENCODINGS):
        texts = {each: _beginning(opened, each) for each in likely}
        readable = {name: _oddity(text) for name, text in texts.items() if text is not None}
        if readable:
            return min(readable, key=lambda name: readable[name])
    raise TableProblem("It is not a text file. Save it as CSV, in UTF-8.")


def _beginning(opened: Callable[[], IO[bytes]], encoding: str) -> str | None:
    """The first letters of a file, or None where this encoding does not read all of it."""
    decoder = codecs.getincrementaldecoder(encoding)()
    first: str | None = None
    with opened() as raw, suppress(UnicodeDecodeError):
        while piece := raw.read(PIECE):
            text = decoder.decode(piece)
            if "\x00" in text:
                return None
            first = text if first is None else first
        decoder.decode(b"", final=True)
        return first or ""
    return None


def _oddity(text: str) -> int:
    """How many words nobody would write: letters of two scripts, or a capital after a small one."""
    odd = 0
    for word in _WORD.findall(text):
        if not word.isascii():
            scripts = {unicodedata.name(each, "?").partition(" ")[0] for each in word}
            capital = any(a.islower() and b.isupper() for a, b in pairwise(word))
            odd += len(scripts) > 1 or capital
    return odd
