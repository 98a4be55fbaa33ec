"""What a register is: its table, its fields, who reads and who writes it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlmodel import SQLModel

from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.problems import NOT_FOUND, Problem
from schemas.rights import Right

Kind = Literal[
    "line", "words", "date", "moment", "choice", "amount", "yes", "sha256", "languages", "texts",
    "own", "standard", "standards",
    "area", "observer", "organisation", "complaint", "publication", "statement",
]  # fmt: skip
"""What a field takes: ``own`` is the id of a standard that the mission adds. The last six name
other things by their code, a statement by its id."""


@dataclass(frozen=True)
class Field:
    """One field of a register. ``later``: it may be filled in, or changed, afterwards; ``past``:
    the day or moment has come.

    ``needed_where`` names another field and the value of it that makes this one needed;
    ``awaited`` is what a page says while it is empty, ``example`` what its form shows.
    """

    name: str
    label: str
    kind: Kind = "line"
    required: bool = True
    choices: Sequence[tuple[str, str]] = ()
    later: bool = False
    past: bool = False
    needed_where: tuple[str, str] | None = None
    awaited: str = ""
    example: str = ""


@dataclass(frozen=True)
class Register:
    """A register. ``read`` is None where everyone in the mission may read it.

    ``standards`` are those it serves; ``restricted`` ones stand in tables that few may open.
    """

    name: str
    title: str
    says: str
    noun: type[SQLModel]
    fields: tuple[Field, ...]
    read: Right | None = Right.SEE_REGISTERS
    write: Right = Right.KEEP_REGISTERS
    standards: tuple[str, ...] = ()
    restricted: bool = False
    in_order: tuple[tuple[str, str], ...] = ()
    """Pairs of days of which the second is not before the first."""
    recorded_by: str = "recorded_by"
    recorded_at: str = "recorded_at"
    tell: Callable[[Work, Any], int] | None = None
    """Tells observers of a new row, in the same transaction; how many."""

    def must_read(self, who: Principal) -> None:
        """A register that somebody may not read is not there for them: a 404 Problem."""
        if self.read is not None:
            who.must(self.read)

    def must_write(self, who: Principal) -> None:
        """The same for writing."""
        self.must_read(who)
        who.must(self.write)

    def may_read(self, who: Principal) -> bool:
        """Whether somebody may read it."""
        return self.read is None or who.may(self.read)

    def later(self) -> tuple[Field, ...]:
        """The fields that may change afterwards."""
        return tuple(each for each in self.fields if each.later)

    def column(self, field: Field) -> str:
        """The column that a field fills."""
        by_id = ("area", "observer", "organisation", "statement")
        return f"{field.kind}_id" if field.kind in by_id else field.name

    def field(self, name: str) -> Field:
        """A field by its name. Problem: 404."""
        found = next((each for each in self.fields if each.name == name), None)
        if found is None:
            raise Problem(NOT_FOUND)
        return found


Row = dict[str, Any]
