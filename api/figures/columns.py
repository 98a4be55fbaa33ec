"""Reading whole columns: the database joins each column of many rows into one binary value.

A million rows are then a few long values and not a million messages."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy.orm import Session

from analytics.observation.ids import ID

NO_ID = "'00000000-0000-0000-0000-000000000000'::uuid"
"""Stands where an id is not known: no version of UUID makes it."""
NO_MOMENT = int(np.iinfo(np.int64).min)
"""Stands where a moment is not known."""
SINCE_2000 = 946_684_800_000_000
"""The database counts microseconds from 2000, everybody else from 1970."""


@dataclass(frozen=True)
class Column:
    """What the database gives of each row, bytes of one width, and what they are."""

    sql: str
    type: np.dtype[Any]

    def read(self, joined: bytes) -> NDArray[Any]:
        """The column. Raises ValueError where the bytes are not of whole values."""
        found = np.frombuffer(joined, dtype=self.type)
        return found.astype(found.dtype.newbyteorder("=")) if found.dtype.kind == "i" else found


def id_column(expression: str) -> Column:
    """Ids; sixteen zeros where there is none."""
    return Column(f"uuid_send(coalesce({expression}, {NO_ID}))", ID)


def number_column(expression: str, bytes_: int = 4) -> Column:
    """Whole numbers of so many bytes; −1 where there is none."""
    value = f"coalesce(({expression})::int{bytes_}, (-1)::int{bytes_})"
    return Column(f"int{bytes_}send({value})", np.dtype(f">i{bytes_}"))


def moment_column(expression: str) -> Column:
    """Moments in microseconds since 2000 (:func:`since_1970`)."""
    return Column(f"timestamptz_send(coalesce({expression}, '-infinity'))", np.dtype(">i8"))


def bytes_column(expression: str, width: int) -> Column:
    """So many bytes, zeros after shorter values."""
    padding = "00" * width
    value = f"substring(coalesce({expression}, '') || '\\x{padding}'::bytea FROM 1 FOR {width})"
    return Column(value, np.dtype((np.uint8, (width,))))


def since_1970(moments: NDArray[np.int64]) -> NDArray[np.int64]:
    """Moments in microseconds since 1970; :data:`NO_MOMENT` where there is none."""
    return np.where(moments == NO_MOMENT, NO_MOMENT, moments + SINCE_2000)


@dataclass(frozen=True, eq=False)
class Texts(Sequence[str]):
    """Many texts held as one: a quarter of a million take a third of what single ones do."""

    joined: str
    ends: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, at: int) -> str:  # type: ignore[override]
        """One of them; from the end where ``at`` is negative."""
        end = int(self.ends[at])
        before = at % len(self.ends)
        return self.joined[int(self.ends[before - 1]) if before else 0 : end]


def names_of(ids: NDArray[np.void]) -> tuple[str, ...]:
    """Ids as text: ten times as fast as by way of UUID."""
    said = ids.tobytes().hex()
    return tuple(
        f"{said[at : at + 8]}-{said[at + 8 : at + 12]}-{said[at + 12 : at + 16]}"
        f"-{said[at + 16 : at + 20]}-{said[at + 20 : at + 32]}"
        for at in range(0, len(said), 32)
    )


def columns_statement(columns: Mapping[str, Column], rest: str, parts: str = "") -> str:
    """The statement that gives columns of what ``rest`` (from FROM on, parameters as
    ``%(name)s``) gives, a row a part: ``parts`` is an expression that is the same for all rows of
    one."""
    together = ", ".join(f"string_agg({each.sql}, ''::bytea)" for each in columns.values())
    grouped = f" GROUP BY {parts}" if parts else ""
    return f"SELECT count(*), {together} {rest}{grouped}"


def columns_of(
    columns: Mapping[str, Column], rows: Iterable[Sequence[Any]]
) -> Iterator[dict[str, NDArray[Any]]]:
    """The columns of each part that the statement gave. No part has no rows.

    Raises ValueError where a column has not a value of its width in every row.
    """
    for many, *values in rows:
        if not many:
            continue
        found = {
            name: column.read(value)
            for (name, column), value in zip(columns.items(), values, strict=True)
        }
        for name, column in found.items():
            if len(column) != many:
                raise ValueError(f"{name}: {len(column)} values in {many} rows")
        yield found


def read_columns(
    session: Session,
    columns: Mapping[str, Column],
    rest: str,
    given: Mapping[str, Any],
    *,
    parts: str = "",
) -> Iterator[dict[str, NDArray[Any]]]:
    """Columns as they come, part by part (:func:`columns_statement`, :func:`columns_of`)."""
    return columns_of(columns, stream(session, columns_statement(columns, rest, parts), given))


def read_once(
    session: Session, columns: Mapping[str, Column], rest: str, given: Mapping[str, Any]
) -> dict[str, NDArray[Any]]:
    """The same in one part; empty columns where there are no rows."""
    nothing = {name: each.read(b"") for name, each in columns.items()}
    return [nothing, *read_columns(session, columns, rest, given)][-1]


def read_texts(
    session: Session, columns: Sequence[str], rest: str, given: Mapping[str, Any]
) -> list[Texts]:
    """Columns of texts of what ``rest`` gives, in its order. None of them may be null."""
    parts = ", ".join(
        f"string_agg(int4send(char_length({each})), ''::bytea), string_agg({each}, '')"
        for each in columns
    )
    ((*found,),) = stream(session, f"SELECT {parts} {rest}", given)
    return [
        Texts(joined or "", np.cumsum(np.frombuffer(lengths or b"", dtype=">i4"), dtype=np.int32))
        for lengths, joined in zip(found[::2], found[1::2], strict=True)
    ]


def stream(session: Session, statement: str, given: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    """The rows of a statement as they come, in the driver's binary form."""
    with raw(session).cursor(binary=True) as cursor:
        yield from cursor.stream(sql.SQL(statement), given)


def raw(session: Session) -> psycopg.Connection[Any]:
    """The driver's own connection of a session."""
    driver: Any = session.connection().connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver
