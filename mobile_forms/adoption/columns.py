"""Synonyms of sheet and column names, and the names used here."""

import re
from dataclasses import dataclass, field
from functools import cache

from babel import Locale

from mobile_forms.columns import FREE_PREFIXES, KNOWN_HEADERS, NOTES, TRANSLATED
from mobile_forms.sheets import Problem, Row, Sheet


@dataclass
class ChangeLog:
    """Takes down each change once."""

    changes: list[Problem] = field(default_factory=list)

    def __call__(
        self, sheet: str, row: int | None, column: str | None, found: str, done: str
    ) -> None:
        """``found`` stood there; ``done`` is what stands now."""
        change = Problem(sheet, row, column, found, done)
        if change not in self.changes:
            self.changes.append(change)


Sheets = dict[str, list[Row]]
SHEETS = {"choices and columns": "choices", "columns": "choices"}
COLUMNS = {
    "command": "type", "tag": "name", "value": "name", "caption": "label", "list name": "list_name",
    "relevance": "relevant", "bind:relevant": "relevant", "readonly": "read_only",
    "read only": "read_only", "bind:readonly": "read_only", "bind:required": "required",
    "requiredmsg": "required_message", "required message": "required_message",
    "bind:jr:requiredmsg": "required_message", "constraining_message": "constraint_message",
    "constraint message": "constraint_message", "bind:constraint": "constraint",
    "bind:jr:constraintmsg": "constraint_message", "calculate": "calculation",
    "bind:calculate": "calculation", "count": "repeat_count", "jr:count": "repeat_count",
    "repeat count": "repeat_count", "control:appearance": "appearance",
    "body:appearance": "appearance", "choice filter": "choice_filter",
    "set_form_title": "form_title", "form title": "form_title",
    "set_form_id": "form_id", "id_string": "form_id", "form id": "form_id",
    "default language": "default_language", "guidance hint": "guidance_hint",
}  # fmt: skip
"""Other names of a column, in small letters and with one colon."""
_NAMES = ("en", "fr", "ar", "es", "pt", "ru", "uk", "sw", "tr", "zh", "id", "hi")
"""Languages in whose words authors are likely to name a language."""
_CODE = re.compile(r"\(([A-Za-z]{2,3}(?:-[A-Za-z]+)?)\)\s*$")


def in_our_sheets(sheets: dict[str, Sheet], telling: ChangeLog) -> Sheets:
    """The sheets that are read here, by our names; the others are told."""
    found: Sheets = {name: [] for name in KNOWN_HEADERS}
    for name, sheet in sheets.items():
        own = SHEETS.get(name, name)
        if own in found:
            found[own] = [*found[own], *sheet.rows]
        elif sheet.rows and name != NOTES:
            telling(name, None, None, f"The sheet `{name}` is not read here.", "Left out.")
    return found


def in_our_columns(sheets: Sheets, language: str, telling: ChangeLog) -> Sheets:
    """The rows by our columns. Texts whose column names no language are in the default language
    of the form, else in ``language``."""
    spoken = next((_default(row) for row in sheets["settings"][:1]), "") or language
    filters = " ".join(
        text
        for row in sheets["survey"]
        for key, text in row.cells.items()
        if key.strip().lower().replace("_", " ") in ("choice filter", "calculation", "calculate")
    )
    filtering = set(re.findall(r"[\w.-]+", filters))
    found: Sheets = {}
    for name, rows in sheets.items():
        known = KNOWN_HEADERS[name] | (filtering if name == "choices" else set())
        found[name] = [_columns(name, row, known, spoken, telling) for row in rows]
    return found


def _default(row: Row) -> str:
    for key, text in row.cells.items():
        if key.strip().lower().replace(" ", "_") == "default_language":
            return code_of(text)
    return ""


def _columns(
    name: str, row: Row, known: frozenset[str] | set[str], spoken: str, telling: ChangeLog
) -> Row:
    cells: dict[str, str] = {}
    for header, text in row.cells.items():
        base, language = _parted(header)
        free = base.split("::")[0] in FREE_PREFIXES and ":" not in base.replace("::", "")
        if base not in known and not free:
            telling(name, 1, header, f"`{header}` is no column of ours.", "Left out.")
            continue
        if base in TRANSLATED.get(name, ()):
            language = language or spoken
        elif language:
            base, language = f"{base}::{language}", ""
        cells.setdefault(f"{base}::{_spelt(language)}" if language else base, text)
    return Row(row.number, cells)


def _parted(header: str) -> tuple[str, str]:
    """A column by our name, and the code of its language, if it names one."""
    text = re.sub(r"\s*::\s*", "::", header.strip())
    whole = text.lower().replace("::", ":")
    if whole in COLUMNS:
        return COLUMNS[whole], ""
    base, colon, rest = text.partition("::" if "::" in text else ":")
    low = base.strip().lower()
    own = COLUMNS.get(low, low.replace(" ", "_"))
    if low in ("media", "bind", "body", "control", "instance"):
        return f"{'body' if low == 'control' else low}::{rest}", ""
    if not colon:
        return own if own in _every() else base, ""
    return own, code_of(rest)


@cache
def _every() -> frozenset[str]:
    return frozenset().union(*KNOWN_HEADERS.values())


def code_of(language: str) -> str:
    """The code of a language that an author named: ``fr`` of "French", "français", "x (fr)"."""
    coded = _CODE.search(language)
    if coded:
        return coded[1].lower()
    word = language.strip().lower()
    return _codes().get(word, word)


@cache
def _codes() -> dict[str, str]:
    found: dict[str, str] = {}
    for speaker in _NAMES:
        for code, name in Locale.parse(speaker).languages.items():
            if len(str(code)) <= 3:
                found.setdefault(str(name).lower(), str(code))
    return found


def _spelt(code: str) -> str:
    """A language as a header names it: ``French (fr)``."""
    name = Locale.parse("en").languages.get(code)
    return f"{name} ({code})" if name else code
