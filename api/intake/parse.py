"""Reading what a client sent, strictly: one validator for every JSON body.

A number that no 64-bit field can hold is kept, as a double or where none holds it as its text, and
its field is named, so that the report is held for it, instead of being refused.
"""

import gc
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from math import isfinite
from typing import Any

from api.problems import (
    DUPLICATE_KEY,
    FORBIDDEN_CHARACTER,
    NOT_A_NUMBER,
    TOO_DEEP,
    UNPARSABLE,
    WRONG_ENCODING,
    Kind,
    Problem,
)

REPORT_BYTES = 1024 * 1024
OUTBOX_BYTES = 16 * REPORT_BYTES
DEPTH = 32
"""A report nests four deep; this leaves room for whoever extends it."""

WHITESPACE = b" \t\r\n"
"""What may stand around a JSON text and is no part of it (RFC 8259)."""
MAX_FIELDS_NAMED = 100
"""So many fields are named that hold a number too large."""

_LONGEST_INTEGER = 2**63 - 1
_FILLED = re.compile(rb"[^ \t\r\n][^\n]*")
"""From the first byte of a line that says something to the end of the line."""
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class _Flaw:
    """Stands in the parsed tree where something is wrong, until its path is known."""

    kind: Kind
    detail: str


class TooLarge(str):
    """A number that neither 64 bits nor a double can hold, as it was written."""

    __slots__ = ()


@dataclass
class _Hooks:
    """What the JSON scanner calls back; remembers whether anything was wrong, or too large."""

    flawed: bool = field(default=False)
    large: bool = field(default=False)

    def object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) != len(pairs):
            self.flawed = True
            seen: set[str] = set()
            for name, _ in pairs:
                if name in seen:
                    members[name] = _Flaw(DUPLICATE_KEY, "The key stands twice.")
                seen.add(name)
        return members

    def constant(self, text: str) -> _Flaw:
        self.flawed = True
        return _Flaw(NOT_A_NUMBER, f"{text} is not a number of JSON.")

    def integer(self, text: str) -> int | TooLarge:
        if len(text) <= 20:
            number = int(text)
            if -_LONGEST_INTEGER <= number <= _LONGEST_INTEGER:
                return number
        self.large = True
        return TooLarge(text)

    def decimal(self, text: str) -> float | TooLarge:
        number = float(text)
        if -_LONGEST_INTEGER <= number <= _LONGEST_INTEGER:
            return number
        self.large = True
        return number if isfinite(number) else TooLarge(text)


@contextmanager
def _uncollected() -> Iterator[None]:
    """A scan makes no circles: looking for them as it allocates takes most of its time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def read_report(raw: bytes) -> tuple[Any, tuple[str, ...]]:
    """The value of a JSON text, and the fields that hold a number too large.

    Raises :class:`Problem` (422) that names the field. Refused: anything but UTF-8, NUL, lone
    surrogates, NaN and Infinity, duplicate keys, nesting deeper than ``DEPTH``.
    """
    hooks = _Hooks()
    try:
        text = raw.decode("utf-8")
        with _uncollected():
            value = json.loads(
                text,
                object_pairs_hook=hooks.object,
                parse_constant=hooks.constant,
                parse_int=hooks.integer,
                parse_float=hooks.decimal,
            )
    except UnicodeDecodeError as error:
        detail = f"Byte {error.start} is not UTF-8."
        raise Problem(WRONG_ENCODING, detail, "body") from None
    except RecursionError:
        raise Problem(TOO_DEEP, f"At most {DEPTH} levels.", "body") from None
    except ValueError as error:
        raise Problem(UNPARSABLE, _place_of(error), "body") from None
    if hooks.flawed or _may_hold_forbidden(raw) or _is_too_deep(value):
        _refuse_flaws(value)
    return value, tuple(islice(_too_large(value), MAX_FIELDS_NAMED)) if hooks.large else ()


def _place_of(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} (line {error.lineno}, column {error.colno})."
    return "The body is not JSON."


def _may_hold_forbidden(raw: bytes) -> bool:
    """Whether the text could hold a NUL or a surrogate."""
    return b"\\u" in raw and re.search(rb"\\u(?:0000|[dD])", raw) is not None


def _is_too_deep(value: Any) -> bool:
    """Level by level, without paths: most of what is nested is wide and not deep."""
    level = [value] if value and isinstance(value, dict | list) else []
    for _ in range(DEPTH):
        level = [
            each
            for outer in level
            for each in (outer.values() if isinstance(outer, dict) else outer)
            if each and isinstance(each, dict | list)
        ]
    return bool(level)


def _too_large(value: Any) -> Iterator[str]:
    """The fields that hold a number too large, named as reasons name them."""
    for path, found, _ in _walk(value):
        large = isinstance(found, float) and abs(found) > _LONGEST_INTEGER
        if large or isinstance(found, TooLarge):
            yield _field(path)


def _field(path: tuple[str, ...]) -> str:
    """A field as reasons name it: an answer by its question, a row of a repeat by its number."""
    inside = path[1:] if path[:1] == ("answers",) and len(path) > 1 else path
    name = ""
    for part in inside:
        name += f"[{part}]" if part.isdigit() and name else f".{part}" if name else part
    return name[:200] or "body"


def _refuse_flaws(value: Any) -> None:
    for path, found, depth in _walk(value):
        name = ".".join(path) or "body"
        if depth > DEPTH:
            raise Problem(TOO_DEEP, f"At most {DEPTH} levels.", _printable(path[0]))
        if isinstance(found, _Flaw):
            raise Problem(found.kind, found.detail, _printable(name))
        if isinstance(found, str):
            _refuse_characters(found, name)


def _refuse_characters(text: str, name: str) -> None:
    if "\x00" in text:
        raise Problem(FORBIDDEN_CHARACTER, "The text holds a NUL.", _printable(name))
    if _SURROGATE.search(text):
        raise Problem(FORBIDDEN_CHARACTER, "The text holds half a character.", _printable(name))


def _printable(name: str) -> str:
    return name.replace("\x00", "\\u0000").encode("ascii", "backslashreplace").decode()[:200]


def _walk(value: Any) -> Iterator[tuple[tuple[str, ...], Any, int]]:
    """Every key and value of a tree with its path and depth, without recursion."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), value)]
    while waiting:
        path, found = waiting.pop()
        yield path, found, len(path)
        if len(path) > DEPTH:
            continue
        if isinstance(found, dict):
            for name, member in found.items():
                yield (*path, name), name, 0
                waiting.append(((*path, name), member))
        elif isinstance(found, list):
            waiting.extend(((*path, str(at)), member) for at, member in enumerate(found))


def lines(raw: bytes) -> Iterator[bytes]:
    """The reports of an outbox, each as its line came; blank lines are none.

    One at a time: an outbox of many lines is never held as a list.
    """
    for found in _FILLED.finditer(raw):
        yield raw[raw.rfind(b"\n", 0, found.start()) + 1 : found.end()].removesuffix(b"\r")


def has_more_lines(raw: bytes, most: int) -> bool:
    """Whether an outbox holds more reports than that; no more of it is looked at."""
    return next(islice(_FILLED.finditer(raw), most, None), None) is not None
