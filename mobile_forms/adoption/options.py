"""Renaming options whose names are reserved here, with every reference to them."""

import re
import unicodedata
from collections.abc import Iterable

from mobile_forms.adoption.change_log import ChangeLog
from mobile_forms.adoption.columns import Sheets
from mobile_forms.columns import EXPRESSIONS, KNOWN_HEADERS
from mobile_forms.common_mistakes import LOOK_ALIKE
from mobile_forms.expressions import quotes_apart
from mobile_forms.form_file import OPTION
from mobile_forms.sheets import Row


def with_our_options(sheets: Sheets, telling: ChangeLog) -> Sheets:
    """Options without blanks, quotes and letters of other alphabets, where that can be done."""
    renamed = dict(_renamed(sheets["choices"], telling))
    if not renamed:
        return sheets
    return sheets | {
        "choices": [_chosen(row, renamed) for row in sheets["choices"]],
        "survey": [_spoken(row, renamed) for row in sheets["survey"]],
    }


def _renamed(choices: Iterable[Row], telling: ChangeLog) -> Iterable[tuple[str, str]]:
    rows = [row for row in choices if row["name"]]
    taken = {row["name"] for row in rows}
    found: dict[str, str] = {}
    for row in rows:
        name, plain = row["name"], _plain(row["name"])
        if OPTION.fullmatch(name) or not plain:
            continue
        numbered = (f"{plain}_{number}" for number in range(2, 999))
        free = (each for each in (plain, *numbered) if each not in taken)
        ours = found.get(name) or next(free)
        taken.add(ours)
        found[name] = ours
        told = f"`{name}` cannot be the name of an option."
        telling("choices", row.number, "name", told, f"Named `{ours}`.")
    return found.items()


def _plain(name: str) -> str:
    """In ASCII, without blanks and quotes; nothing where letters have no like."""
    latin = unicodedata.normalize("NFKD", name.translate(LOOK_ALIKE))
    latin = "".join(each for each in latin if not unicodedata.combining(each))
    plain = re.sub(r"\s+", "_", re.sub("['\"‘’“”]", "", latin)).strip("_")
    return plain if OPTION.fullmatch(plain) else ""


def _chosen(row: Row, renamed: dict[str, str]) -> Row:
    """An option by its new name, and by the new names of those that it is filtered by."""
    known = KNOWN_HEADERS["choices"] - {"name"}
    cells = {
        key: text if key.partition("::")[0] in known else renamed.get(text, text)
        for key, text in row.cells.items()
    }
    return Row(row.number, cells)


def _spoken(row: Row, renamed: dict[str, str]) -> Row:
    cells = dict(row.cells)
    for column in EXPRESSIONS:
        parts = quotes_apart(cells.get(column, ""))
        parts[1::2] = [
            f"'{renamed[each[1:-1]]}'" if each[1:-1] in renamed else each for each in parts[1::2]
        ]
        if column in cells:
            cells[column] = "".join(parts)
    if row["default"] in renamed:
        cells["default"] = renamed[row["default"]]
    return Row(row.number, cells)
