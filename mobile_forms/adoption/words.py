"""Title, id and translated texts of an adopted checklist."""

import re
import unicodedata

from mobile_forms.adoption.columns import ChangeLog, Sheets
from mobile_forms.columns import TRANSLATED
from mobile_forms.lint import FORM_ID
from mobile_forms.sheets import Row, split_language


def named(settings: list[Row], name: str, telling: ChangeLog) -> Row:
    """The settings with an id, a title and a version."""
    cells = dict(settings[0].cells) if settings else {}
    title = next(iter(Row(0, cells).texts("title").values()), "")
    wanted = cells.get("form_id") or cells.get("form_title") or title or name
    if not FORM_ID.fullmatch(cells.get("form_id", "")):
        written = cells.get("form_id")
        cells["form_id"] = _id(wanted)
        found = f"`{written}` cannot be a form's id." if written else "The form has no id."
        telling("settings", 2, "form_id", found, f"Named `{cells['form_id']}`.")
    for column, text in (("form_title", title or wanted), ("version", "1")):
        if not cells.get(column):
            cells[column] = text or cells["form_id"]
            telling("settings", 2, column, "It is missing.", f"Set to `{cells[column]}`.")
    return Row(2, cells)


def _id(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z0-9_-]+", "_", plain).strip("_-")
    return (found if found[:1].isalpha() else f"form_{found}".rstrip("_"))[:60]


def in_every_language(sheets: Sheets, telling: ChangeLog) -> Sheets:
    """Every text in every language that questions are asked in; what is missing stands in the
    form's first language, and how much that is, is told."""
    asked = dict.fromkeys(
        header
        for row in sheets["survey"]
        if row.number
        for header in row.cells
        if split_language(header)[0] == "label"
    )
    spoken = [split_language(each)[1] or "en" for each in asked]
    borrowed: dict[str, int] = {}
    found: Sheets = {}
    for name, rows in sheets.items():
        columns = TRANSLATED.get(name, ())
        found[name] = [_filled(row, columns, list(asked), spoken, borrowed) for row in rows]
    for language, count in borrowed.items():
        what = f"{count} texts have no translation into `{language}`."
        telling("survey", 1, "label", what, "They stand in another language: translate them.")
    return found


def _filled(
    row: Row,
    columns: tuple[str, ...],
    asked: list[str],
    spoken: list[str],
    borrowed: dict[str, int],
) -> Row:
    cells = {
        header: text
        for header, text in row.cells.items()
        if split_language(header)[0] not in columns
        or (split_language(header)[1] or "en") in (spoken or ["en"])
    }
    for column in columns:
        texts = row.texts(column)
        for header, language in zip(asked, spoken, strict=True):
            if texts and not texts.get(language):
                named = header.replace("label", column, 1)
                cells[named] = next(texts[each] for each in (*spoken, *texts) if each in texts)
                if row.number:
                    borrowed[language] = borrowed.get(language, 0) + 1
    return Row(row.number, cells)
