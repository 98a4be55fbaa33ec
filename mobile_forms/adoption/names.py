"""Renaming questions, lists and options whose names are reserved, with every reference."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Set

from mobile_forms.adoption.columns import ChangeLog, Sheets
from mobile_forms.columns import EXPRESSIONS, KNOWN, KNOWN_HEADERS, RESERVED_NAMES
from mobile_forms.common_mistakes import LONGEST_NAME, LOOK_ALIKE
from mobile_forms.expressions import quotes_apart
from mobile_forms.media import OPTION
from mobile_forms.outline import REFERENCE
from mobile_forms.sheets import Row


def kept_to_our_names(sheets: Sheets, taken: Set[str], telling: ChangeLog) -> Sheets:
    """Shorten what is too long, name what has none, give way to the names that are ``taken``, and
    say so in every expression."""
    survey = [_named(row, telling) for row in sheets["survey"]]
    renamed = dict(_renamed(survey, taken | RESERVED_NAMES, telling))
    found = [_spoken(row, renamed) for row in _apart(survey, telling)]
    choices = [row for row in sheets["choices"] if row["list_name"] or row["name"]]
    return sheets | {"survey": found, "choices": choices}


def _named(row: Row, telling: ChangeLog) -> Row:
    kind = row["type"]
    if row["name"] or kind.startswith("end_"):
        return row
    kind = kind.split()[0].removeprefix("begin_")
    name = kind if kind == "audit" else f"{kind}_{row.number}"
    telling("survey", row.number, "name", "The name is missing.", f"Named `{name}`.")
    return Row(row.number, row.cells | {"name": name})


def _renamed(
    survey: list[Row], reserved: Set[str], telling: ChangeLog
) -> Iterator[tuple[str, str]]:
    taken = {row["name"] for row in survey} | reserved
    for row in survey:
        name = row["name"]
        ours = _short(name) if len(name) > LONGEST_NAME else name
        if name in reserved or name.endswith(KNOWN):
            ours = f"{name.replace('__', '_')[: LONGEST_NAME - 2]}_q"
        if ours != name:
            ours = _free(ours, taken) if ours in taken else ours
            taken.add(ours)
            found = f"`{name}` cannot be a name here."
            telling("survey", row.number, "name", found, f"Named `{ours}`.")
            yield name, ours


def _apart(survey: list[Row], telling: ChangeLog) -> Iterator[Row]:
    """A name that stands twice, in two groups, is another name the second time: where it is
    spoken of, the first is meant."""
    taken: set[str] = {row["name"] for row in survey}
    seen: set[str] = set()
    for row in survey:
        name = row["name"]
        if name in seen and name and not row["type"].startswith("end_"):
            ours = _free(name, taken)
            found = f"`{name}` stands twice."
            telling("survey", row.number, "name", found, f"Named `{ours}` the second time.")
            row = Row(row.number, row.cells | {"name": ours})
        seen.add(name)
        yield row


def _free(name: str, taken: set[str]) -> str:
    """A name with a number behind it that nothing else has."""
    numbered = (f"{name[: LONGEST_NAME - 4]}_{number}" for number in range(2, 999))
    found = next(each for each in numbered if each not in taken)
    taken.add(found)
    return found


def _short(name: str) -> str:
    """The beginning and the end, which tell names of one family apart."""
    return f"{name[:19]}_{name[-12:]}"


def _spoken(row: Row, renamed: dict[str, str]) -> Row:
    def ours(match: re.Match[str]) -> str:
        return f"${{{renamed.get(match[1], match[1])}}}"

    cells = {key: REFERENCE.sub(ours, text) for key, text in row.cells.items()}
    cells["name"] = renamed.get(row["name"], row["name"])
    return Row(row.number, cells)


def with_our_options(sheets: Sheets, telling: ChangeLog) -> Sheets:
    """Options without blanks, quotes and letters of other alphabets, where that can be done."""
    renamed = dict(_renamed_options(sheets["choices"], telling))
    if not renamed:
        return sheets
    return sheets | {
        "choices": [_chosen(row, renamed) for row in sheets["choices"]],
        "survey": [_spoken_option(row, renamed) for row in sheets["survey"]],
    }


def _renamed_options(choices: Iterable[Row], telling: ChangeLog) -> Iterable[tuple[str, str]]:
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


def _spoken_option(row: Row, renamed: dict[str, str]) -> Row:
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
