"""What whoever imports says of a file: encoding, sheet, header row, columns, and what to accept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class TableProblem(Exception):
    """A table that cannot be read; the message names row and column."""


class ImportQuestion(StrEnum):
    """What stops an import until somebody accepts it."""

    LEFT_OUT = "left-out"
    SPREADSHEET_VALUES = "spreadsheet-values"
    MIXED_SCRIPTS = "mixed-scripts"
    SIMILAR_CODES = "similar-codes"


@dataclass(frozen=True)
class ReadOptions:
    """How a file is to be read; whatever is empty is found out.

    ``mapping`` gives the columns of a field; several are joined. ``attended`` is true where
    somebody can be asked: a person at a terminal or on the page. A script cannot be.
    """

    encoding: str = ""
    sheet: str = ""
    header_row: int = 0
    mapping: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    accept: frozenset[ImportQuestion] = frozenset()
    include_rows: frozenset[int] = frozenset()
    attended: bool = False


def mapping_of(said: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The mapping that ``FIELD=COLUMN[+COLUMN…]`` says. Raises :class:`TableProblem`."""
    mapping: dict[str, tuple[str, ...]] = {}
    for each in said:
        name, _, columns = each.partition("=")
        parts = tuple(part.strip() for part in columns.split("+"))
        if not name.strip() or not all(parts):
            raise TableProblem(f"--map {each}: FIELD=COLUMN or FIELD=COLUMN+COLUMN is needed.")
        if name.strip() in mapping:
            raise TableProblem(f"--map {each}: the field {name.strip()!r} is mapped twice.")
        mapping[name.strip()] = parts
    return mapping


def accepted(said: Iterable[str]) -> frozenset[ImportQuestion]:
    """The concerns that are accepted. Raises :class:`TableProblem` for a word that is none."""
    words = list(said)
    strange = [each for each in words if each not in list(ImportQuestion)]
    if strange:
        raise TableProblem(f"accept {strange[0]!r}: one of {', '.join(ImportQuestion)} is needed.")
    return frozenset(ImportQuestion(each) for each in words)
