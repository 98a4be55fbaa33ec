"""Reading what a client sent, strictly: one validator for every JSON body.

A number that no 64-bit field can hold is kept as its text, so that the judge finds a wrong
type and the report is held with its field named, instead of being refused.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
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

_LONGEST_INTEGER = 2**63 - 1
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class _Flaw:
    """Stands in the parsed tree where something is wrong, until its path is known."""

    kind: Kind
    detail: str


@dataclass
class _Hooks:
    """What the JSON scanner calls back; remembers whether anything was wrong."""

    flawed: bool = field(default=False)

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


def _integer(text: str) -> int | str:
    if len(text) > 20:
        return text
    number = int(text)
    return number if -_LONGEST_INTEGER <= number <= _LONGEST_INTEGER else text


def _decimal(text: str) -> float | str:
    number = float(text)
    return number if isfinite(number) else text


def read_json(raw: bytes) -> Any:
    """The value of a JSON text. Raises :class:`Problem` (422) that names the field.

    Refused: anything but UTF-8, NUL, lone surrogates, NaN and Infinity, duplicate keys,
    nesting deeper than ``DEPTH``.
    """
    hooks = _Hooks()
    try:
        text = raw.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=hooks.object,
            parse_constant=hooks.constant,
            parse_int=_integer,
            parse_float=_decimal,
        )
    except UnicodeDecodeError as error:
        detail = f"Byte {error.start} is not UTF-8."
        raise Problem(WRONG_ENCODING, detail, "body") from None
    except RecursionError:
        raise Problem(TOO_DEEP, f"At most {DEPTH} levels.", "body") from None
    except ValueError as error:
        raise Problem(UNPARSABLE, _place_of(error), "body") from None
    if hooks.flawed or _needs_a_walk(raw):
        _refuse_flaws(value)
    return value


def _place_of(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} (line {error.lineno}, column {error.colno})."
    return "The body is not JSON."


def _needs_a_walk(raw: bytes) -> bool:
    """Whether the text could hold a NUL, a surrogate, or too many levels."""
    if b"\\u" in raw and re.search(rb"\\u(?:0000|[dD])", raw):
        return True
    return raw.count(b"[") + raw.count(b"{") > DEPTH


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
    """The reports of an outbox, each as the bytes of its line; blank lines are none."""
    for line in raw.split(b"\n"):
        stripped = line.removesuffix(b"\r")
        if stripped.strip():
            yield stripped
