"""The outline of a form: the path of each question in an instance."""

import re
from dataclasses import dataclass

from mobile_forms.sheets import Row
from schemas.checklist import QuestionType

ROOT = "data"
CONTEXT = "context"
"""The group of what is not asked but known: station, times, position. See the envelope."""

REFERENCE = re.compile(r"\$\{\s*([\w.-]+)\s*\}")
TYPES: dict[str, QuestionType] = {
    "integer": "integer",
    "int": "integer",
    "decimal": "decimal",
    "text": "text",
    "string": "text",
    "select_one": "select_one",
    "select_multiple": "select_multiple",
    "date": "date",
    "time": "time",
    "datetime": "datetime",
    "geopoint": "geopoint",
    "image": "image",
    "photo": "image",
    "audio": "audio",
    "video": "video",
    "file": "file",
    "geotrace": "geotrace",
    "geoshape": "geoshape",
    "barcode": "text",
    "calculate": "calculate",
    "hidden": "hidden",
    "select_one_from_file": "select_one",
    "select_multiple_from_file": "select_multiple",
}
UNANSWERED_TYPES = frozenset({"note", "start", "end", "today", "deviceid", "audit", "acknowledge"})
"""Types that are no answer of an observer."""


@dataclass(frozen=True)
class Entry:
    """One question or repeat of the survey, with its place in the instance."""

    row: Row
    name: str
    type: QuestionType
    path: str
    list_name: str | None
    repeat: str | None
    section: str | None
    relevants: tuple[str, ...]
    """Its own relevance and that of every group around it, as written."""


@dataclass(frozen=True)
class Outline:
    """All entries in order, the paths of every name, the sections by name."""

    entries: tuple[Entry, ...]
    paths: dict[str, str]
    sections: dict[str, Row]

    def resolve(self, expression: str, within: Entry | None = None) -> str:
        """Replace ``${name}`` by its path. Raises KeyError with a name that nothing has.

        For a question within a repeat what stands in the same row is meant, not in all rows.
        """
        row = self.paths[within.repeat] if within and within.repeat else None
        up = "/".join([".."] * (within.path.count("/") - row.count("/"))) if within and row else ""

        def path(match: re.Match[str]) -> str:
            found = self.paths[match[1]]
            if row and found.startswith(f"{row}/"):
                found = f"{up}{found.removeprefix(row)}"
            return f" {found} "

        return REFERENCE.sub(path, expression).strip()


def kind_of(row: Row) -> tuple[str, str]:
    """A survey row's type in lower case without its list, and the list's name."""
    words = row["type"].split()
    if not words:
        return "", ""
    head = words[0].lower()
    if head in ("begin", "end") and len(words) > 1:
        return f"{head}_{words[1].lower()}", ""
    return head, words[1] if len(words) > 1 else ""


def outline(rows: tuple[Row, ...]) -> Outline:
    """Lay out a survey sheet. Rows of types that hold no answer get a path but no entry."""
    entries: list[Entry] = []
    paths: dict[str, str] = {}
    sections: dict[str, Row] = {}
    stack: list[tuple[str, bool, str]] = []
    for row in rows:
        kind, list_name = kind_of(row)
        name = row["name"]
        if kind.startswith("end_"):
            stack = stack[:-1]
            continue
        path = "/".join(["", ROOT, *(level[0] for level in stack), name])
        paths[name] = path
        around = (*(level[2] for level in stack), row["relevant"])
        relevants = tuple(text for text in around if text)
        repeat = next((level[0] for level in reversed(stack) if level[1]), None)
        section = stack[0][0] if stack else None
        if kind in ("begin_group", "begin_repeat"):
            if kind == "begin_group" and not stack:
                sections[name] = row
            if kind == "begin_repeat":
                entries.append(Entry(row, name, "repeat", path, None, repeat, section, relevants))
            stack = [*stack, (name, kind == "begin_repeat", row["relevant"])]
        elif kind in TYPES:
            entries.append(
                Entry(row, name, TYPES[kind], path, list_name or None, repeat, section, relevants)
            )
    return Outline(tuple(entries), paths, sections)
