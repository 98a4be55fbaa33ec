"""Answers as they are sent, read by the type of each question.

What cannot be read is a reason to hold the report, naming the field; it is never dropped.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from mobile_forms.outline import CONTEXT
from schemas.checklist import Definition, Question
from schemas.report import Reason

LARGEST_INTEGER = 999_999_999
LARGEST_DECIMAL = 1e15
MAX_REPEAT_ROWS = 2_000
"""Rows of a repeat. No protocol has so many contestants."""
MAX_REASONS = 100

_INTEGER = re.compile(r"[+-]?\d+")
_DECIMAL = re.compile(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})")
_GEOPOINT = re.compile(r"\s*(-?\d+(\.\d+)?)(\s+-?\d+(\.\d+)?){1,3}\s*")


class _Wrong(Exception):
    """An answer that is not of its question's type."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass
class Read:
    """The answers that could be read, in the type of their question, and why others could not."""

    answers: dict[str, Any] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)

    def blame(self, field: str, code: str, message: str) -> None:
        """Note why something could not be read; after a hundred reasons no more are noted."""
        if len(self.reasons) < MAX_REASONS:
            self.reasons.append(Reason(field=field[:200], code=code, message=message))


@dataclass(frozen=True)
class Reader:
    """Reads answers to one checklist version. ``rows`` has the questions of each repeat."""

    single: Mapping[str, "ReadOne"]
    rows: Mapping[str, Mapping[str, "ReadOne"]]

    @classmethod
    def of(cls, definition: Definition) -> "Reader":
        """A reader of a definition. The context is no answer: it travels in the envelope."""
        rows: dict[str, dict[str, ReadOne]] = {
            each.name: {} for each in definition.questions if each.type == "repeat"
        }
        single: dict[str, ReadOne] = {}
        for each in definition.questions:
            if each.type != "repeat" and each.section != CONTEXT:
                (rows[each.repeat] if each.repeat else single)[each.name] = _reader_of(each)
        return cls(single, rows)

    def read(self, answers: Mapping[str, Any]) -> Read:
        """Read every answer; a null or an empty text is no answer."""
        found = Read()
        self._read(answers, self.single, "", found.answers, found)
        return found

    def _read(
        self,
        answers: Mapping[str, Any],
        readers: Mapping[str, "ReadOne"],
        prefix: str,
        into: dict[str, Any],
        found: Read,
    ) -> None:
        for name, value in answers.items():
            read = readers.get(name)
            if read is None:
                self._read_other(prefix + name, value, found)
            elif value is not None and value != "":
                try:
                    into[name] = read(value)
                except _Wrong as wrong:
                    found.blame(prefix + name, wrong.code, wrong.message)

    def _read_other(self, name: str, value: Any, found: Read) -> None:
        """Read a repeat, or blame a name that no question has."""
        children = self.rows.get(name)
        if children is None:
            found.blame(name, "unknown_question", "The checklist has no such question.")
        elif value is None:
            return
        elif not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            found.blame(name, "wrong_type", "A repeat is a list of objects.")
        elif len(value) > MAX_REPEAT_ROWS:
            found.blame(name, "too_many", f"At most {MAX_REPEAT_ROWS} rows.")
        else:
            rows: list[dict[str, Any]] = [{} for _ in value]
            found.answers[name] = rows
            for number, (each, row) in enumerate(zip(value, rows, strict=True)):
                self._read(each, children, f"{name}[{number}].", row, found)


def _reader_of(question: Question) -> "ReadOne":
    options = frozenset(each.name for each in question.choices)
    if question.type == "select_one":
        return _one_of(options)
    return _some_of(options) if question.type == "select_multiple" else _READERS[question.type]


def _integer(value: Any) -> int:
    if type(value) is not int:
        value = _whole(value)
    if abs(value) > LARGEST_INTEGER:
        raise _Wrong("too_large", f"At most {LARGEST_INTEGER}.")
    return int(value)


def _whole(value: Any) -> int:
    if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        # Python refuses to read thousands of digits; thirty are too many for any question.
        return int(value.strip()[:30])
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise _Wrong("wrong_type", "A whole number is needed.")


def _decimal(value: Any) -> float:
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise _Wrong("wrong_type", "A number is needed.")
    if abs(value) > LARGEST_DECIMAL:
        raise _Wrong("too_large", f"At most {LARGEST_DECIMAL:.0f}.")
    return float(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Wrong("wrong_type", "A text is needed.")
    return value


def _scalar(value: Any) -> Any:
    if not isinstance(value, str | int | float):
        raise _Wrong("wrong_type", "A text or a number is needed.")
    return value


def _one_of(options: frozenset[str]) -> "ReadOne":
    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise _Wrong("wrong_type", "The name of one option is needed.")
        if options and value not in options:
            raise _Wrong("unknown_option", f"`{value[:100]}` is not an option.")
        return value

    return read


def _some_of(options: frozenset[str]) -> "ReadOne":
    def read(value: Any) -> list[str]:
        chosen = value.split() if isinstance(value, str) else value
        if not isinstance(chosen, list) or not all(isinstance(each, str) for each in chosen):
            raise _Wrong("wrong_type", "A list of option names is needed.")
        for each in chosen:
            if options and each not in options:
                raise _Wrong("unknown_option", f"`{each[:100]}` is not an option.")
        return list(dict.fromkeys(chosen))

    return read


def _iso(parse: Callable[[str], Any], example: str) -> "ReadOne":
    def read(value: Any) -> str:
        if isinstance(value, str):
            try:
                return str(parse(value.strip()).isoformat())
            except ValueError:
                pass
        raise _Wrong("wrong_type", f"Such as {example} is needed.")

    return read


def _geopoint(value: Any) -> str:
    if isinstance(value, Mapping) and {"lat", "lon"} <= value.keys():
        value = " ".join(str(value.get(key, 0)) for key in ("lat", "lon", "alt", "accuracy_m"))
    if isinstance(value, str) and _GEOPOINT.fullmatch(value):
        latitude, longitude = map(float, value.split()[:2])
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            return value.strip()
    raise _Wrong("wrong_type", "Latitude and longitude are needed.")


ReadOne = Callable[[Any], Any]
"""Reads one answer that is not empty. Raises :class:`_Wrong`."""

_READERS: dict[str, ReadOne] = {
    "integer": _integer,
    "decimal": _decimal,
    "text": _text,
    "image": _text,
    "calculate": _scalar,
    "hidden": _scalar,
    "geopoint": _geopoint,
    "date": _iso(date.fromisoformat, "2027-03-14"),
    "time": _iso(time.fromisoformat, "08:15"),
    "datetime": _iso(datetime.fromisoformat, "2027-03-14T08:15:00+02:00"),
}


def lexical(value: Any) -> str:
    """An answer as it stands in an XML instance."""
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
