"""Answers as they are sent, read by the type of each question.

What cannot be read is a reason to hold the report, naming the field; it is never dropped.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from mobile_forms.outline import CONTEXT, ROOT
from schemas.checklist import FILE_TYPES, Definition, Question
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


def _positions(least: int, *, closed: bool = False) -> "ReadOne":
    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise _Wrong("wrong_type", "Positions are needed, with a semicolon after each.")
        points = [_geopoint(each) for each in value.split(";") if each.strip()]
        if len(points) < least:
            raise _Wrong("wrong_type", f"At least {least} positions are needed.")
        if closed and points[0].split()[:2] != points[-1].split()[:2]:
            raise _Wrong("wrong_type", "The last position is the first one again.")
        return ";".join(points)

    return read


ReadOne = Callable[[Any], Any]
"""Reads one answer that is not empty. Raises :class:`_Wrong`."""

_READERS: dict[str, ReadOne] = {
    "integer": _integer,
    "decimal": _decimal,
    "text": _text,
    **dict.fromkeys(FILE_TYPES, _text),
    "calculate": _scalar,
    "hidden": _scalar,
    "geopoint": _geopoint,
    "geotrace": _positions(2),
    "geoshape": _positions(4, closed=True),
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


Nested = dict[str, Any]
Write = Callable[[Any], str]

_FREE = frozenset({"text", "hidden", "calculate"}) | FILE_TYPES
_WRITERS: dict[str, Write] = {"select_multiple": " ".join, "decimal": lexical}
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


@dataclass(frozen=True)
class Blank:
    """A form's instance as text with a place for each answer, made once and filled often.

    Writing text and parsing it is several times faster than copying a tree and setting nodes.
    """

    text: str
    places: tuple[tuple[str, Write], ...]

    @classmethod
    def of(cls, definition: Definition, expressions: Iterable[str] = ("//",)) -> "Blank":
        """The blank of a definition: questions at their paths, in order.

        Only those that an expression names, unless one may mean any node: half the work.
        """
        read = "\n".join(expressions)
        anything = any(each in read for each in ("//", "/*", "::"))
        tree: Nested = {}
        for each in definition.questions:
            if not each.repeat and (anything or each.path in read):
                _put(tree, each.path.split("/")[2:], each)
        places: list[tuple[str, Write]] = []
        text = _written(tree, definition.questions, places)
        return cls(f"<{ROOT}>{text}</{ROOT}>", tuple(places))

    def filled(self, answers: Mapping[str, Any]) -> "etree._Element":
        """The instance with these answers, each in the type of its question."""
        # A question without an answer keeps its element, empty; a repeat has none.
        return etree.fromstring(self.text % _texts(self.places, answers), _PARSER)


def _texts(places: Iterable[tuple[str, Write]], answers: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple([write(answers[name]) if name in answers else "" for name, write in places])


def _put(tree: Nested, path: list[str], question: Question) -> None:
    for group in path[:-1]:
        tree = tree.setdefault(group, {})
    tree[path[-1]] = question


def _written(tree: Nested, questions: tuple[Question, ...], places: list[tuple[str, Write]]) -> str:
    text = ""
    for name, inside in tree.items():
        if isinstance(inside, dict):
            text += f"<{name}>{_written(inside, questions, places)}</{name}>"
        elif inside.type == "repeat":
            places.append((name, _rows(inside, questions)))
            text += "%s"
        else:
            places.append((name, _writer(inside)))
            text += f"<{name}>%s</{name}>"
    return text


def _writer(question: Question) -> Write:
    if question.type in _FREE:
        return _free
    return _WRITERS.get(question.type, str)


def _free(value: Any) -> str:
    """A free text, without the few control characters that no XML document can hold."""
    return escape(_NOT_IN_XML.sub("", lexical(value)))


def _rows(repeat: Question, questions: tuple[Question, ...]) -> Write:
    """Writes the rows of a repeat, each like a small instance of its own."""
    tree: Nested = {}
    for each in questions:
        if each.repeat == repeat.name:
            _put(tree, each.path.removeprefix(f"{repeat.path}/").split("/"), each)
    places: list[tuple[str, Write]] = []
    text = f"<{repeat.name}>{_written(tree, (), places)}</{repeat.name}>"
    return lambda rows: "".join(text % _texts(places, row) for row in rows)
