"""Expressions of adopted forms rewritten so that every phone and the server read them alike."""

from mobile_forms.adoption.columns import ChangeLog, Sheets
from mobile_forms.columns import EXPRESSIONS
from mobile_forms.expressions import patterns_of, quotes_apart
from mobile_forms.formulas import PRINTED
from mobile_forms.patterns import PatternProblem, is_whole, read_pattern
from mobile_forms.sheets import Row


def read_alike(sheets: Sheets, telling: ChangeLog) -> Sheets:
    """Printers' quotation marks become those that are typed, patterns ask for the whole answer."""
    return sheets | {
        name: [_alike(name, row, telling) for row in sheets[name]] for name in ("survey", "checks")
    }


def _alike(sheet: str, row: Row, telling: ChangeLog) -> Row:
    cells = dict(row.cells)
    for column in EXPRESSIONS:
        written = cells.get(column, "")
        typed = _typed(written)
        if typed != written:
            telling(
                sheet,
                row.number,
                column,
                f"`{written}` has printers' quotation marks.",
                f"Written `{typed}`.",
            )
            cells[column] = typed
    for column in EXPRESSIONS:
        if cells.get(column):
            cells[column] = _whole(sheet, row.number, column, cells[column], telling)
    return Row(row.number, cells)


def _typed(written: str) -> str:
    parts = quotes_apart(written)
    parts[::2] = [PRINTED.sub("'", each) for each in parts[::2]]
    return "".join(parts)


def _whole(sheet: str, number: int, column: str, text: str, telling: ChangeLog) -> str:
    for pattern in patterns_of(text):
        if pattern is not None and not _asks_for_all(pattern):
            whole = f"^({pattern.removeprefix('^').removesuffix('$')})$"
            for quote in ("'", '"'):
                text = text.replace(f"{quote}{pattern}{quote}", f"{quote}{whole}{quote}")
            found = f"`{pattern}` is asked of the whole answer by some phones alone."
            telling(sheet, number, column, found, f"Written `{whole}`.")
    return text


def _asks_for_all(pattern: str) -> bool:
    """Whether it is left as it is; what cannot be read is left to its author, but for its ends."""
    try:
        return is_whole(read_pattern(pattern))
    except PatternProblem:
        return pattern.startswith("^") and pattern.endswith("$")
