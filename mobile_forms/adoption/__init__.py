"""Adopting an XLSForm written elsewhere: it is rewritten with this project's column names.

XLSForm has grown for twenty years and says one thing in many ways. What means the same is
rewritten, what cannot be carried is left out or left to the author, and each change is told.
"""

from dataclasses import dataclass

from mobile_forms.adoption.columns import ChangeLog, in_our_columns, in_our_sheets
from mobile_forms.adoption.formulas import read_alike
from mobile_forms.adoption.names import kept_to_our_names, with_our_options
from mobile_forms.adoption.types import in_our_types, with_options_for_others
from mobile_forms.adoption.words import in_every_language, named
from mobile_forms.authoring import context_rows
from mobile_forms.outline import CONTEXT
from mobile_forms.sheets import Problem, Row, read_sheets
from mobile_forms.writing import write_workbook


@dataclass(frozen=True)
class AdoptedWorkbook:
    """A workbook in our way of writing, and what was changed: what stood where, what was done.

    It still has to be compiled: what is left to mend, only its author can.
    """

    workbook: bytes
    changes: tuple[Problem, ...]


def adopt(data: bytes, name: str, language: str = "en") -> AdoptedWorkbook:
    """Adopt an XLSForm. ``name`` is the file's, for a form that has none; ``language`` (a code)
    is that of texts whose column names none. Raises WorkbookProblems where it is no workbook."""
    telling = ChangeLog()
    sheets = in_our_columns(in_our_sheets(read_sheets(data), telling), language, telling)
    sheets = with_our_options(read_alike(sheets, telling), telling)
    sheets["survey"] = in_our_types(sheets["survey"], telling)
    sheets = with_options_for_others(sheets, telling)
    known = _context(sheets["survey"], telling)
    sheets = kept_to_our_names(sheets, {row["name"] for row in known}, telling)
    sheets["survey"] = [*known, *sheets["survey"]]
    sheets["settings"] = [named(sheets["settings"], name, telling)]
    sheets = in_every_language(sheets, telling)
    tables = {each: [row.cells for row in rows] for each, rows in sheets.items()}
    told = {"notes": [_note(each) for each in telling.changes]}
    return AdoptedWorkbook(write_workbook(tables | told), tuple(telling.changes))


def _context(survey: list[Row], telling: ChangeLog) -> list[Row]:
    """The group of what is known rather than asked, which every form of ours carries."""
    names = [row["name"] for row in survey]
    if CONTEXT in names and "station" in names[names.index(CONTEXT) :]:
        return []
    telling("survey", None, "name", "No group says where and when.", f"Added as `{CONTEXT}`.")
    return [Row(0, cells) for cells in context_rows()]


def _note(change: Problem) -> dict[str, str]:
    where = change.sheet + (f", row {change.row}" if change.row else "")
    return {
        "where": where + (f", {change.column}" if change.column else ""),
        "what stood there": change.message,
        "what was done": change.remedy,
    }
