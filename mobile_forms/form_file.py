"""One media file of a form: a picture that phones show, or a CSV list that they choose from."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import md5, sha256

from mobile_forms.columns import LISTS
from mobile_forms.sheets import MAX_ROWS
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
Row = dict[str, str]


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


def rows_of(name: str, data: bytes) -> list[Row]:
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
