"""Ids asked for together, as one value to the database: it takes 65,535, and a query that names
each by itself is another for every number of them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, cast, literal
from sqlalchemy.types import UserDefinedType


def joined(ids: Iterable[UUID]) -> bytes:
    """Ids one after another, for :func:`among`."""
    return b"".join([each.bytes for each in ids])


def among(column: Any, ids: bytes) -> ColumnElement[bool]:
    """Holds for these ids of sixteen bytes, however many."""
    held: ColumnElement[bool] = column == any_(cast(literal(ids, _Ids()), ARRAY(Uuid())))
    return held


class _Ids(UserDefinedType[bytes]):
    """Ids as one text that the database reads as an array: a driver that writes them one by one
    takes long over ten thousand."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """What it is in the database."""
        return "UUID[]"

    def bind_processor(self, dialect: Any) -> Any:
        """How it is written."""
        return lambda ids: f"{{{ids.hex(',', 16)}}}"
