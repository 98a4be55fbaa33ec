"""Media files of a form: pictures and CSV lists, which are needed, and what is wrong with them."""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import md5, sha256

from mobile_forms.columns import LISTS
from mobile_forms.outline import TYPES, kind_of
from mobile_forms.sheets import MAX_ROWS, Problem, Row, Sheet, split_language
from schemas.checklist import Choice, Definition, Question

LONGEST_FILE = 1024 * 1024
MAX_FILES = 20
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
PICTURES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp"}
SIGNATURES = {
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/webp": re.compile(rb"RIFF.{4}WEBP", re.S),
}
CSV = "text/csv"
OPTION = re.compile(r"[!#-&(-~]+")
"""Whatever ASCII can be typed, but for blanks, by which answers are parted, and quotes."""
ListRow = dict[str, str]


class FileProblem(Exception):
    """A file that no form may have; the message says why, and what to do."""


@dataclass(frozen=True)
class MediaFileContent:
    """A file that was looked at: its name, its type and its bytes as phones are given them."""

    name: str
    type: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash that the app knows it by."""
        return sha256(self.content).hexdigest()

    @property
    def md5(self) -> str:
        """The hash that OpenRosa asks for."""
        return md5(self.content, usedforsecurity=False).hexdigest()


def named_well(name: str, kind: str = "") -> tuple[str, str] | None:
    """What is wrong with a file's name, and the remedy; ``kind`` is ``picture`` or ``list``."""
    if not NAME.fullmatch(name):
        return (
            f"`{name}` is no plain name of a file.",
            "Latin letters, digits, _, - and points; no folder.",
        )
    if name in LISTS:
        return f"`{name}` is a list that the mission keeps.", "Choose another name."
    suffix = name.rpartition(".")[2].lower()
    if kind != "list" and suffix in PICTURES:
        return None
    if kind != "picture" and name.endswith(".csv"):
        return None
    if kind == "list":
        return f"`{name}` is no list that phones are given.", "Save it as a .csv file."
    return f"`{name}` is no file that phones are given.", "Pictures are .png, .jpg or .webp."


def read_file(name: str, data: bytes) -> MediaFileContent:
    """Look at a file by its bytes. Raises :class:`FileProblem`."""
    said = named_well(name)
    if said:
        raise FileProblem(" ".join(said))
    if len(data) > LONGEST_FILE:
        raise FileProblem(f"`{name}` is larger than {LONGEST_FILE // 1024 // 1024} MiB.")
    if name.endswith(".csv"):
        # What spreadsheets write before and after is part of a header or a row to some phones.
        data = data.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n") + b"\n"
        rows_of(name, data)
        return MediaFileContent(name, CSV, data)
    kind = PICTURES[name.rpartition(".")[2].lower()]
    if not SIGNATURES[kind].match(data):
        raise FileProblem(f"`{name}` holds no picture of that kind. Save it as PNG, JPEG or WebP.")
    return MediaFileContent(name, kind, data)


def rows_of(name: str, data: bytes) -> list[ListRow]:
    """The rows of a list by its header. Raises :class:`FileProblem`."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise FileProblem(f"`{name}` is not UTF-8. Save it as CSV UTF-8.") from None
    try:
        lines = [*csv.reader(io.StringIO(text, newline=""), strict=True)]
    except csv.Error as error:
        raise FileProblem(f"`{name}` is no CSV: {error}.") from None
    header = lines[0] if lines else []
    if not {"name", "label"} <= {*header} or len({*header}) < len(header):
        raise FileProblem(f"`{name}` needs the columns name and label, each once, with commas.")
    if not 1 < len(lines) <= MAX_ROWS + 1:
        raise FileProblem(f"`{name}` needs rows, at most {MAX_ROWS}.")
    _refuse_rows(name, header, lines[1:])
    return [dict(zip(header, line, strict=True)) for line in lines[1:]]


def _refuse_rows(name: str, header: list[str], lines: Iterable[list[str]]) -> None:
    seen: set[str] = set()
    for number, line in enumerate(lines, 2):
        if len(line) != len(header):
            raise FileProblem(f"`{name}`, row {number}: it has other columns than the header.")
        row = dict(zip(header, line, strict=True))
        if not OPTION.fullmatch(row["name"]) or row["name"] in seen:
            raise FileProblem(
                f"`{name}`, row {number}: `{row['name']}` cannot be a name, or stands twice. "
                "Latin letters, digits and signs, but no blank or quote."
            )
        if not row["label"].strip():
            raise FileProblem(f"`{name}`, row {number}: the label is missing.")
        seen.add(row["name"])


def with_lists(definition: Definition, lists: Mapping[str, bytes]) -> Definition:
    """A definition whose questions know the options of the form's own lists, as far as they are
    there."""
    options = {name: _choices(name, data, definition.languages) for name, data in lists.items()}

    def filled(question: Question) -> Question:
        if question.file is None:
            return question
        return question.model_copy(update={"choices": options.get(question.file, ())})

    return definition.model_copy(update={"questions": tuple(map(filled, definition.questions))})


def _choices(name: str, data: bytes, languages: Iterable[str]) -> tuple[Choice, ...]:
    return tuple(
        Choice(name=row["name"], label=dict.fromkeys(languages, row["label"]))
        for row in rows_of(name, data)
    )


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
