"""Cursors of lists, and texts of addresses that the database can hold."""

import base64
import binascii
from typing import Any
from uuid import UUID

import orjson

from api.problems import INVALID, Problem


def cursor(*values: str | int | UUID) -> str:
    """A cursor that stands behind an item with these sort keys."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def read_cursor(after: str | None, *kinds: type) -> tuple[Any, ...] | None:
    """The sort keys in a cursor. Raises a problem naming ``after`` where it is none of ours."""
    if not after:
        return None
    try:
        padded = (after + "=" * (-len(after) % 4)).encode()
        values = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(values, list):
            raise TypeError
        return tuple(_key(*each) for each in zip(values, kinds, strict=True))
    except (binascii.Error, ValueError, TypeError):
        raise Problem(INVALID, "This is no cursor that was given out.", "after") from None


def _key(value: object, kind: type) -> object:
    if kind is UUID and isinstance(value, str):
        return UUID(value)
    if type(value) is not kind or (isinstance(value, str) and "\0" in value):
        raise TypeError
    if isinstance(value, int) and not 0 <= value < 2**63:
        raise TypeError
    return value


def plain(value: str | None, field: str) -> str | None:
    """A text from the address that the database can hold. Problem (422) where it holds NUL."""
    if value is not None and "\0" in value:
        raise Problem(INVALID, "A character that no text may hold.", field)
    return value
