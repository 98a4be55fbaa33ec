"""The XForm of a checklist, made by pyxform.

What pyxform refuses it tells in words of its own, often without a place. Here each is told as an
author can find it: by the row of the spreadsheet and the column.
"""

import re
from collections.abc import Sequence
from typing import Any

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from mobile_forms.columns import OUR_CHOICES, OUR_SETTINGS, OUR_SURVEY
from mobile_forms.media import is_picture, language_of
from mobile_forms.outline import ROOT
from mobile_forms.sheets import Problem, Row, Sheet, WorkbookProblems, split_language

Tables = dict[str, Any]
_STUMBLES = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What pyxform raises at some workbooks instead of saying what is wrong with them."""
_ROW = re.compile(r"^\[row : (\d+)\]\s*")
_PLACE = re.compile(r"On the '(\w+)' sheet, the '([^']+)' value is invalid\.\s*")
_NAMED = re.compile(r"named? '(?!audit)([^']+)'")
_COLUMNS = (
    ("label", re.compile("label or hint")),
    ("parameters", re.compile("[Pp]arameter|location-|track-changes|identify-user|randomize|seed")),
    ("trigger", re.compile("trigger")),
    ("calculation", re.compile("calculation")),
    ("default", re.compile("default")),
    ("repeat_count", re.compile("repeat_count")),
    ("choice_filter", re.compile("choice_filter")),
    ("appearance", re.compile("appearance|table-list")),
    ("name", re.compile("audit|same name|unique|instance id")),
)
"""The column that a complaint speaks of, by its words; else it is the type."""
_REMEDIES = (
    (re.compile("label or hint"), "Write what the observer is asked."),
    (re.compile("[Mm]issing calculation"), "Write the calculation, or ask a question."),
    (re.compile("not user-visible"), "Name a question that is asked."),
    (re.compile("Unmatched 'begin"), "Add the row that ends it."),
    (re.compile("Unmatched 'end"), "Take the row away, or add the one that begins it."),
    (re.compile("instance id"), "Give the list of choices another name than the file's."),
    (re.compile("always be named 'audit"), "Leave the name empty, or write `audit`."),
)
MAX_ROWS_TRIED = 50
"""So many rows are tried to find the one that is to blame."""
_OTHERWISE = "Write it as the guide to XLSForm says, or leave it empty."


def make_xform(sheets: dict[str, Sheet]) -> str:
    """The XForm of a workbook's sheets. Raises :class:`WorkbookProblems` where pyxform refuses."""
    tables = _for_pyxform(sheets)
    said = _refusal(tables)
    if not isinstance(said, Exception):
        return said
    raise WorkbookProblems([_told(said, tables, sheets)]) from said


def _refusal(tables: Tables) -> str | Exception:
    """The form, or what keeps it from being made."""
    try:
        return str(convert(tables, validate=False, form_name=ROOT).xform)
    except (PyXFormError, *_STUMBLES) as error:
        return error


def _for_pyxform(sheets: dict[str, Sheet]) -> Tables:
    settings = {key: text for row in sheets["settings"].rows[:1] for key, text in row.cells.items()}
    for column in [key for key in settings if split_language(key)[0] in OUR_SETTINGS]:
        del settings[column]
    survey = _table(sheets["survey"], OUR_SURVEY)
    choices = _table(sheets["choices"], OUR_CHOICES)
    # Without the headers pyxform takes the first row's, and stumbles over what stands below alone.
    return {
        "survey": survey,
        "survey_header": _header(survey),
        "choices": choices,
        "choices_header": _header(choices),
        "settings": [settings],
    }


def _table(sheet: Sheet, ours: frozenset[str]) -> list[dict[str, str]]:
    """The rows without what is ours. A picture that names no language is that of every language:
    pyxform would show it in none of them."""
    spoken = [head.partition("::")[2] for head in sheet.headers if head.startswith("label::")]
    return [
        {
            column: text
            for key, text in row.cells.items()
            if split_language(key)[0] not in ours
            for column in _columns(key, spoken)
        }
        for row in sheet.rows
    ]


def _columns(key: str, spoken: list[str]) -> list[str]:
    if not is_picture(key):
        return [key]
    if language_of(key) is None and spoken:
        return [f"image::{each}" for each in spoken]
    return [key.removeprefix("media::")]


def _header(rows: Sequence[dict[str, str]]) -> list[dict[str, None]]:
    return [dict.fromkeys(header for row in rows for header in row)]


def _told(error: Exception, tables: Tables, sheets: dict[str, Sheet]) -> Problem:
    """What pyxform said, with its place in the spreadsheet and what to do."""
    said = str(error)
    numbered, place = _ROW.match(said), _PLACE.search(said)
    message = f"{_PLACE.sub('', _ROW.sub('', said)).strip().removesuffix('.')}."
    if not isinstance(error, PyXFormError):
        message = f"No form can be made of it ({type(error).__name__}: {said})."
    sheet = place[1] if place and place[1] in sheets else "survey"
    spoken = next((name for name, words in _COLUMNS if words.search(message)), "type")
    column = place[2] if place else spoken
    remedy = next((words for each, words in _REMEDIES if each.search(message)), _OTHERWISE)
    rows = sheets[sheet].rows
    counted = None if numbered is None else _counted(rows, int(numbered[1]))
    number = counted or _named(said, rows) or _blamed(said, tables, rows, column)
    return Problem(sheet, number, column, message, remedy)


def _counted(rows: Sequence[Row], number: int) -> int:
    """The spreadsheet's number of a row that pyxform counts: it saw no empty ones."""
    return rows[number - 2].number if 2 <= number < len(rows) + 2 else number


def _named(said: str, rows: Sequence[Row]) -> int | None:
    """The row whose name is said."""
    names = set(_NAMED.findall(said))
    return next((each.number for each in rows if each["name"] in names), None)


def _blamed(said: str, tables: Tables, rows: Sequence[Row], column: str) -> int | None:
    """The first row that fills the column and without which pyxform no longer says so."""
    filled = [at for at, row in enumerate(rows) if row.texts(column)][:MAX_ROWS_TRIED]
    for at in filled:
        survey = [*tables["survey"]]
        survey[at] = {key: text for key, text in survey[at].items() if key != column}
        if column == "type":
            del survey[at]
        if str(_refusal(tables | {"survey": survey})) != said:
            return rows[at].number
    return None
