"""Writing sheets as an XLSX workbook with bold headers that stay in view."""

import io
from collections.abc import Mapping, Sequence

import openpyxl
from openpyxl.styles import Font

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SheetRows = Sequence[Mapping[str, str]]


def write_workbook(sheets: Mapping[str, SheetRows]) -> bytes:
    """An .xlsx of rows by header; headers in the order in which they first stand."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        headers = list(dict.fromkeys(header for row in rows for header in row))
        sheet.append(headers)
        for row in rows:
            sheet.append([row.get(header) or None for header in headers])
        for column, header in enumerate(headers, 1):
            sheet.cell(1, column).font = Font(bold=True)
            width = max(12, len(header) + 2)
            sheet.column_dimensions[sheet.cell(1, column).column_letter].width = width
        sheet.freeze_panes = "A2"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
