"""Renaming questions and lists whose names are reserved here, with every reference to them."""

import re
from collections.abc import Iterator, Set

from mobile_forms.adoption.change_log import ChangeLog
from mobile_forms.adoption.columns import Sheets
from mobile_forms.columns import KNOWN, RESERVED_NAMES
from mobile_forms.common_mistakes import LONGEST_NAME
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
