"""The catalogue of standards: one file an instrument, our own paraphrases, stable ids.

An id is ``instrument:paragraph``, such as ``dop:12b``. The words are ours and no quotation;
the Code's headings carry no numbers in the original, so ``coc:n`` are ours too.
"""

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

NATIONAL_STANDARD = re.compile(r"[a-z][a-z0-9_-]{0,30}:[A-Za-z0-9._-]{1,30}")


@dataclass(frozen=True)
class Standard:
    """One standard: what an instrument asks, in our words."""

    id: str
    instrument: str
    says: str


@dataclass(frozen=True)
class Instrument:
    """A declaration, a convention, or the list of obligations, with its paragraphs."""

    code: str
    title: str
    adopted: str
    standards: tuple[Standard, ...]


def read_instrument(file: Path) -> Instrument:
    """Read one instrument. Raises KeyError where ``code``, ``title`` or ``adopted`` is missing."""
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    code = data["code"]
    return Instrument(
        code=code,
        title=data["title"],
        adopted=data["adopted"],
        standards=tuple(
            Standard(id=f"{code}:{number}", instrument=data["title"], says=says)
            for number, says in data["paragraphs"].items()
        ),
    )


@cache
def instruments() -> tuple[Instrument, ...]:
    """Every instrument that comes with the house, by code."""
    return tuple(read_instrument(file) for file in sorted(Path(__file__).parent.glob("*.toml")))


@cache
def catalogue() -> dict[str, Standard]:
    """Every standard by its id."""
    return {standard.id: standard for each in instruments() for standard in each.standards}


def unknown_standards(ids: tuple[str, ...], own: Collection[str] = ()) -> tuple[str, ...]:
    """Those of ``ids`` that no instrument holds, and that are not a mission's ``own``."""
    return tuple(each for each in ids if each not in catalogue() and each not in own)


def own_code(code: str) -> str:
    """The id of a standard that a mission adds, such as ``law:45``. Raises ValueError for what is
    no such id, and for one of the catalogue's: that stays what it is."""
    if not NATIONAL_STANDARD.fullmatch(code):
        raise ValueError("an id such as law:45 is needed")
    if code in catalogue():
        raise ValueError("the catalogue has this id; it stays what it is")
    return code
