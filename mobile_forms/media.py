"""Media files that a workbook names: which are needed, and what is wrong with them.

A picture stands beside a question or an option, a list has the options of a question. Their
files are no part of the workbook: they are given beside it.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from mobile_forms.columns import LISTS
from mobile_forms.form_file import MAX_FILES, named_well
from mobile_forms.outline import TYPES, kind_of
from mobile_forms.sheets import Problem, Row, Sheet, split_language

WITH_PICTURE = {*TYPES, "note", "acknowledge"} - {"calculate", "hidden"}
"""Beside what a picture is shown: whatever a person reads."""
PULLED = re.compile(r"pulldata\(\s*['\"]([^'\"]+)['\"]")
UPLOAD = "Put it beside the workbook (--media DIR), or upload it to the draft."
OWN_OR_KEPT = f"{UPLOAD} The mission keeps stations.csv and contestants.csv."


@dataclass(frozen=True)
class NamedMedia:
    """A file that a workbook names, and where."""

    file: str
    sheet: str
    row: int
    column: str


def is_picture(header: str) -> bool:
    """Whether a column names pictures: ``image`` or ``media::image``, in any language."""
    return split_language(header.removeprefix("media::"))[0] == "image"


def language_of(header: str) -> str | None:
    """The language that the pictures of a column are for; None for all."""
    return split_language(header.removeprefix("media::"))[1]


def named_files(sheets: dict[str, Sheet]) -> list[NamedMedia]:
    """Every file that a workbook names, once, where it is first named."""
    found: dict[str, NamedMedia] = {}
    for name in ("survey", "choices"):
        for row in sheets[name].rows:
            for column, file in _of(row):
                found.setdefault(file, NamedMedia(file, name, row.number, column))
    return list(found.values())


def _of(row: Row) -> Iterator[tuple[str, str]]:
    """The files of a row with their columns. What the mission keeps is no file."""
    yield from ((header, text) for header, text in row.cells.items() if is_picture(header))
    kind, list_name = kind_of(row)
    if kind.endswith("_from_file") and list_name not in LISTS:
        yield "type", list_name
    for pulled in PULLED.findall(row["calculation"]):
        if f"{pulled}.csv" not in LISTS:
            yield "calculation", f"{pulled}.csv"


def missing(named: Collection[NamedMedia], files: Collection[str]) -> list[Problem]:
    """The files that a workbook names and that are not there."""
    return [
        Problem(
            each.sheet,
            each.row,
            each.column,
            f"The file `{each.file}` is not there.",
            UPLOAD if is_picture(each.column) else OWN_OR_KEPT,
        )
        for each in named
        if each.file not in files
    ]


def unnamed(named: Collection[NamedMedia], files: Collection[str]) -> list[Problem]:
    """The files that are there and that nothing names."""
    known = {each.file for each in named}
    remedy = "Name it in the workbook, or take it away."
    return [
        Problem("media", None, None, f"Nothing names the file `{each}`.", remedy)
        for each in files
        if each not in known
    ]


def lint_media(sheets: dict[str, Sheet]) -> Iterator[Problem]:
    """What is wrong with the naming of files, whether they are there or not."""
    named = named_files(sheets)
    for each in named:
        kind = "picture" if is_picture(each.column) else "list"
        said = named_well(each.file, kind)
        if said:
            yield Problem(each.sheet, each.row, each.column, *said)
    for each in named[MAX_FILES:]:
        message = f"It is more than {MAX_FILES} files."
        yield Problem(each.sheet, each.row, each.column, message, "Leave some out.")
    for name in ("survey", "choices"):
        languages = [
            split_language(each)[1]
            for each in sheets[name].headers
            if split_language(each)[0] == "label"
        ]
        for row in sheets[name].rows:
            yield from _pictures(name, row, languages)
    yield from _parameters(sheets["survey"])


def _pictures(sheet: str, row: Row, languages: list[str | None]) -> Iterator[Problem]:
    """A picture has words beside it, and stands in every language or in none."""
    columns = [header for header in row.cells if is_picture(header)]
    if not columns:
        return
    if sheet == "survey" and kind_of(row)[0] not in WITH_PICTURE:
        message = "A picture is shown beside a question, a note or an option."
        yield Problem(sheet, row.number, columns[0], message, "Move it to one of them.")
    if not row.texts("label"):
        message = "A picture without a label says nothing to whoever cannot see it."
        yield Problem(sheet, row.number, columns[0], message, "Write the label.")
    spoken = {language_of(each) for each in columns}
    if None in spoken:
        return
    for language in languages:
        if language not in spoken:
            message = f"The picture for `{language or 'en'}` is missing."
            yield Problem(sheet, row.number, columns[0], message, "Add it, or name no language.")


def _parameters(survey: Sheet) -> Iterator[Problem]:
    for row in survey.rows:
        if kind_of(row)[0].endswith("_from_file") and re.search(
            r"\b(value|label)\s*=", row["parameters"]
        ):
            message = "A list has its codes in `name` and its words in `label`."
            yield Problem("survey", row.number, "parameters", message, "Take the parameter away.")
