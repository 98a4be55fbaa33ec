"""Answers as they are sent, read by the type of each question.

What cannot be read is a reason to hold the report, naming the field; it is never dropped.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from schemas.checklist import Definition, Question
from schemas.report import Reason

LARGEST_INTEGER = 999_999_999
LARGEST_DECIMAL = 1e15
RESERVED = ("not_observed", "not_applicable")
"""Choice names with a meaning of their own; see :class:`schemas.codes.Status`."""

_INTEGER = re.compile(r"[+-]?\d{1,30}")
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


@dataclass(frozen=True)
class Reader:
    """Reads answers to one checklist version."""

    questions: Mapping[str, Question]
    children: Mapping[str, Mapping[str, Question]]
    options: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, definition: Definition) -> "Reader":
        """A reader of a definition; questions inside a repeat stand with their repeat."""
        children: dict[str, dict[str, Question]] = {}
        for each in definition.questions:
            if each.repeat:
                children.setdefault(each.repeat, {})[each.name] = each
        top = {each.name: each for each in definition.questions if not each.repeat}
        options = {
            each.name: frozenset(choice.name for choice in each.choices)
            for each in definition.questions
        }
        return cls(top, children, options)

    def read(self, answers: Mapping[str, Any]) -> Read:
        """Read every answer; a null or an empty text is no answer."""
        found = Read()
        self._read(answers, self.questions, "", found.answers, found.reasons)
        return found

    def _read(
        self, answers: Mapping[str, Any], questions: Mapping[str, Question], prefix: str,
        into: dict[str, Any], reasons: list[Reason],
    ) -> None:  # fmt: skip
        for name, value in answers.items():
            question = questions.get(name)
            if question is None:
                message = "The checklist has no such question."
                reasons.append(Reason(field=prefix + name[:200], code="unknown_question",
                                      message=message))  # fmt: skip
            elif value is not None and value != "":
                self._read_one(question, value, prefix + name, into, reasons)

    def _read_one(
        self, question: Question, value: Any, where: str,
        into: dict[str, Any], reasons: list[Reason],
    ) -> None:  # fmt: skip
        if question.type == "repeat":
            into[question.name] = self._rows(question, value, where, reasons)
            return
        try:
            read = _READERS[question.type](value)
            if question.choices:
                _refuse_unknown(self.options[question.name], read)
            into[question.name] = read
        except _Wrong as wrong:
            reasons.append(Reason(field=where, code=wrong.code, message=wrong.message))

    def _rows(
        self, question: Question, value: Any, where: str, reasons: list[Reason]
    ) -> list[dict[str, Any]]:
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            message = "A repeat is a list of objects."
            reasons.append(Reason(field=where, code="wrong_type", message=message))
            return []
        children = self.children.get(question.name, {})
        rows: list[dict[str, Any]] = []
        for number, each in enumerate(value):
            row: dict[str, Any] = {}
            self._read(each, children, f"{where}[{number}].", row, reasons)
            rows.append(row)
        return rows


def _integer(value: Any) -> int:
    if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _Wrong("wrong_type", "A whole number is needed.")
    if abs(value) > LARGEST_INTEGER:
        raise _Wrong("too_large", f"At most {LARGEST_INTEGER}.")
    return value


def _decimal(value: Any) -> float:
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Wrong("wrong_type", "A number is needed.")
    if abs(value) > LARGEST_DECIMAL:
        raise _Wrong("too_large", f"At most {LARGEST_DECIMAL:.0f}.")
    return float(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Wrong("wrong_type", "A text is needed.")
    return value


def _select_one(value: Any) -> str:
    if not isinstance(value, str):
        raise _Wrong("wrong_type", "The name of one option is needed.")
    return value


def _select_multiple(value: Any) -> list[str]:
    chosen = value.split() if isinstance(value, str) else value
    if not isinstance(chosen, list) or not all(isinstance(each, str) for each in chosen):
        raise _Wrong("wrong_type", "A list of option names is needed.")
    return list(dict.fromkeys(chosen))


def _refuse_unknown(options: frozenset[str], chosen: str | list[str]) -> None:
    for each in (chosen,) if isinstance(chosen, str) else chosen:
        if each not in options:
            raise _Wrong("unknown_option", f"`{each[:100]}` is not an option.")


def _iso(parse: Callable[[str], Any], example: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if isinstance(value, str):
            try:
                parse(value.strip())
            except ValueError:
                pass
            else:
                return value.strip()
        raise _Wrong("wrong_type", f"Such as {example} is needed.")

    return read


def _geopoint(value: Any) -> str:
    if isinstance(value, Mapping) and {"lat", "lon"} <= value.keys():
        value = " ".join(str(value.get(key, 0)) for key in ("lat", "lon", "alt", "accuracy_m"))
    if not isinstance(value, str) or not _GEOPOINT.fullmatch(value):
        raise _Wrong("wrong_type", "Latitude and longitude are needed.")
    return value.strip()


_READERS: dict[str, Callable[[Any], Any]] = {
    "integer": _integer, "decimal": _decimal, "text": _text, "select_one": _select_one,
    "select_multiple": _select_multiple, "image": _text, "calculate": lambda value: value,
    "hidden": lambda value: value, "geopoint": _geopoint,
    "date": _iso(date.fromisoformat, "2027-03-14"),
    "time": _iso(time.fromisoformat, "08:15"),
    "datetime": _iso(datetime.fromisoformat, "2027-03-14T08:15:00+02:00"),
}  # fmt: skip


def lexical(value: Any) -> str:
    """An answer as it stands in an XML instance."""
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
