"""Files of sources: PDF, XLSX and CSV told apart, and one cell of a table read as a number."""

import re
from itertools import islice

from openpyxl.utils import column_index_from_string

from api.imports.cells import number
from api.imports.options import ReadOptions, TableProblem
from api.imports.table_file import written
from schemas.problems import Refusal

PDF, XLSX, CSV = "pdf", "xlsx", "csv"
MEDIA_TYPES = {
    PDF: "application/pdf",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv",
}


def type_of(content: bytes) -> str:
    """What a file is, by how it begins and whether it can be read. Raises :class:`Refusal`."""
    if content.startswith(b"%PDF-"):
        return PDF
    if not content:
        raise Refusal("The file is empty.", "file")
    try:
        return XLSX if written(content, ReadOptions()).is_workbook else CSV
    except TableProblem as problem:
        raise Refusal(f"It is no PDF, XLSX or CSV: {problem}", "file") from None


def cell_value(content: bytes, sheet: str, cell: str, *, share: bool = False) -> float:
    """The number in a cell such as ``D14``, counted as a spreadsheet counts; of ``61%`` the 61, or
    for a ``share`` 0.61. Raises :class:`Refusal` where there is no such sheet or cell, or no
    number in it."""
    found = re.fullmatch(r"([A-Z]+)(\d+)", cell)
    assert found is not None, "a cell has a column and a row"
    try:
        text = _cell(content, sheet, int(found[2]), column_index_from_string(found[1]))
    except TableProblem as problem:
        raise Refusal(str(problem), "sheet" if sheet else "cell") from None
    if text is None or not text.strip():
        raise Refusal(f"The cell {cell} is empty.", "cell")
    percent = text.strip().endswith("%")
    value = number(text.strip().removesuffix("%").strip())
    if value is None:
        raise Refusal(f"The cell {cell} holds {text.strip()[:40]!r}: no number.", "cell")
    return float(value) / 100 if percent and share else float(value)


def _cell(content: bytes, sheet: str, row: int, column: int) -> str | None:
    table = written(content, ReadOptions(sheet=sheet))
    separator = table.separator()
    with table.text() as (text, _):
        records = islice(table.records(text, separator), row - 1, row)
        _, cells = next(records, (row, list[str]()))
    return cells[column - 1] if column <= len(cells) else None
