"""How a table's file is written: encoding, line ends, separator, or a sheet of a workbook.

A file is read from where it lies, a piece at a time: a million rows take no more memory than ten.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO

from api.imports.encoding import encoding_of
from api.imports.options import ReadOptions, TableProblem
from api.imports.workbook import CHUNK_BYTES, MAX_UNPACKED_BYTES, XLS, XLSX, workbook_as_csv

SEPARATORS = ",;\t|"
BEGINNING = 20
"""Lines by which a separator and a header are found."""
_EXCELS_OWN = ["sep=", ""]
"""A first line by which spreadsheets tell each other the separator: no row of the table."""


@dataclass(frozen=True)
class TableFile:
    """A table's file: how to open it anew, its bytes, and how its letters are to be read."""

    open: Callable[[], IO[bytes]]
    size: int
    encoding: str
    is_workbook: bool = False

    @contextmanager
    def text(self) -> Iterator[tuple[IO[str], IO[bytes]]]:
        """The text from its beginning, every line end as one; and the bytes it comes from."""
        with self.open() as raw:
            yield io.TextIOWrapper(raw, self.encoding, newline=None), raw

    def separator(self) -> str:
        """The separator that most of the first lines hold the same number of, outside quotes."""
        if self.is_workbook:
            return ","
        with self.text() as (text, _):
            lines = [re.sub(r'"[^"]*"', "", text.readline(CHUNK_BYTES)) for _ in range(BEGINNING)]
        return max(SEPARATORS, key=partial(_steadiness, lines))

    def records(self, text: Iterator[str], separator: str) -> Iterator[tuple[int, list[str]]]:
        """Every record with its row: the line that it begins in, or its row in a workbook. A
        quoted cell may hold line ends.

        Raises :class:`TableProblem`.
        """
        reader = csv.reader(text, delimiter=separator, strict=True)
        record = 0
        while True:
            record += 1
            line = record if self.is_workbook else reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise TableProblem(
                    f"Row {line}: a quotation mark is not closed, or a cell is too long ({error})."
                ) from error
            except UnicodeError as error:
                raise TableProblem(f"Row {line}: it cannot be read as {self.encoding}.") from error
            if line > 1 or cells != _EXCELS_OWN:
                yield line, cells

    def beginning(self, separator: str) -> list[tuple[int, list[str]]]:
        """The first records. Raises :class:`TableProblem`."""
        with self.text() as (text, _):
            return list(islice(self.records(text, separator), BEGINNING))


def _steadiness(lines: list[str], separator: str) -> tuple[int, int]:
    """How many lines hold the usual number of a separator, and that number."""
    counts = Counter(count for line in lines if (count := line.count(separator)))
    usual, lines_ = max(counts.items(), key=lambda each: (each[1], each[0]), default=(0, 0))
    return lines_, usual


def written(source: bytes | Path, options: ReadOptions) -> TableFile:
    """Find out how a file is written.

    Raises :class:`TableProblem` where it is too large, or neither text nor a workbook.
    """
    try:
        opened, size = _opener(source)
        opened().close()
    except OSError as error:
        raise TableProblem(f"{error.strerror}.") from error
    if size > MAX_UNPACKED_BYTES:
        raise TableProblem(f"It is larger than {MAX_UNPACKED_BYTES // 1024 // 1024} MB.")
    with opened() as raw:
        begins = raw.read(len(XLSX))
    if begins in (XLSX, XLS):
        opened, size = _opener(workbook_as_csv(opened, begins, options.sheet))
        return TableFile(opened, size, "utf-8", is_workbook=True)
    if options.sheet:
        raise TableProblem(f"sheet {options.sheet[:40]!r}: a text file has no sheets.")
    return TableFile(opened, size, encoding_of(opened, begins, options.encoding))


def _opener(source: bytes | Path) -> tuple[Callable[[], IO[bytes]], int]:
    if isinstance(source, Path):
        return lambda: source.open("rb"), source.stat().st_size
    return partial(io.BytesIO, source), len(source)
