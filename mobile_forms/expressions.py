"""The expression language on the server: XPath 1.0 with the functions of ODK XForms.

Registered for the default function namespace, so that ``if`` and ``selected`` are written as
phones know them. An argument arrives as a text, a number, a truth, or a list of nodes.
"""

import math
import re
import uuid
from collections.abc import Callable, Container, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from lxml import etree

Value = Any
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_DAY, LAST_DAY = -719_000, 2_900_000
"""Days from 1970 between which the calendar is defined."""
LONGEST_MATCHED = 4_000
"""Characters of a text that a regular expression looks at."""
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")


class ExpressionProblem(Exception):
    """An expression that is not well formed, or uses a function that does not exist."""


_LITERAL = re.compile(r"""('[^']*'|"[^"]*")""")
_OWN = re.compile(r"(?<![\w.:-])(round|number|concat)(?=\s*\()")
_PLACE = re.compile(r"(?<![\w.:-])position(?=\s*\(\s*[^\s)])")
_SELECTED = re.compile(r"(?<![\w.:-])selected\(\s*(/[\w./-]+)\s*,\s*'([^'\s]+)'\s*\)")
_IN_LIST = "contains(concat(' ', normalize-space({0}), ' '), ' {1} ')"


def native(expression: str, single: Container[str] = ()) -> str:
    """The same expression as lxml is to evaluate it.

    XPath has functions of its own that are called like ODK's and do less; those are given
    ODK's by another name. ``selected(path, 'option')``, by far the most frequent call, is put in
    XPath's own functions, which are many times faster; ``single`` holds the paths of questions
    that have one answer.
    """
    parts = _LITERAL.split(expression)
    parts[::2] = [_PLACE.sub("odk-position", _OWN.sub(r"odk-\1", each)) for each in parts[::2]]

    def plain(match: re.Match[str]) -> str:
        path, option = match[1], match[2]
        return f"({path} = '{option}')" if path in single else _IN_LIST.format(path, option)

    return _SELECTED.sub(plain, "".join(parts))


@lru_cache(4096)
def compile_expression(expression: str) -> etree.XPath:
    """An expression ready to be evaluated. Raises :class:`ExpressionProblem`.

    Evaluated once on an empty instance, so that an unknown function is found here.
    """
    try:
        compiled = etree.XPath(native(expression))
        compiled(etree.Element("data"))
    except (etree.XPathError, re.error, TypeError) as error:
        raise ExpressionProblem(f"{expression}: {error}") from error
    return compiled


def text_of(value: Value) -> str:
    """A value as text; of nodes the first."""
    if isinstance(value, list):
        return _node_text(value[0]) if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number_text(value)
    return str(value)


def number_of(value: Value) -> float:
    """A value as a number; dates count days since 1970, anything else is not a number."""
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, int | float):
        return float(value)
    text = text_of(value).strip()
    if _NUMBER.fullmatch(text):
        return float(text)
    moment = _moment(text)
    return math.nan if moment is None else _days(moment)


def truth_of(value: Value) -> bool:
    """A value as a truth, as XPath has it: nodes where there are any, a text where not empty."""
    if isinstance(value, float):
        return not math.isnan(value) and value != 0
    return bool(value)


def _node_text(node: Any) -> str:
    return str(node) if isinstance(node, str) else "".join(node.itertext())


def _number_text(value: float) -> str:
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    return str(int(value)) if value.is_integer() else repr(value)


def _whole(value: Value, otherwise: int) -> int:
    """A value as a small whole number, for places in a text or a list."""
    number = number_of(value)
    return int(number) if abs(number) < 1_000_000 else otherwise


def _texts(values: Sequence[Value]) -> list[str]:
    """Every text in the arguments, nodes one by one."""
    found: list[str] = []
    for value in values:
        many = isinstance(value, list)
        found += [_node_text(node) for node in value] if many else [text_of(value)]
    return found


def _numbers(values: Sequence[Value]) -> list[float]:
    """Every number in the arguments; not one where any is missing, as on phones."""
    numbers = [number_of(text) for text in _texts(values)]
    return [math.nan] if not numbers or any(map(math.isnan, numbers)) else numbers


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _days(moment: datetime) -> float:
    return (moment - EPOCH) / timedelta(days=1)


def _choose(_: Any, condition: Value, yes: Value, no: Value) -> Value:
    return yes if truth_of(condition) else no


def _coalesce(_: Any, first: Value, second: Value) -> str:
    return text_of(first) or text_of(second)


def _selected(_: Any, value: Value, option: Value) -> bool:
    return text_of(option).strip() in text_of(value).split()


def _selected_at(_: Any, value: Value, index: Value) -> str:
    chosen = text_of(value).split()
    place = _whole(index, -1)
    return chosen[place] if 0 <= place < len(chosen) else ""


def _count_selected(_: Any, value: Value) -> float:
    return float(len(text_of(value).split()))


def _count_non_empty(_: Any, nodes: Value) -> float:
    return float(sum(1 for text in _texts([nodes]) if text))


def _regex(_: Any, value: Value, pattern: Value) -> bool:
    return re.fullmatch(text_of(pattern), text_of(value)[:LONGEST_MATCHED]) is not None


def _int(_: Any, value: Value) -> float:
    number = number_of(value)
    return float(math.trunc(number)) if math.isfinite(number) else number


def _number(_: Any, value: Value) -> float:
    return number_of(value)


def _round(_: Any, value: Value, digits: Value = 0.0) -> float:
    number, scale = number_of(value), 10.0 ** max(-15, min(15, _whole(digits, 0)))
    if not math.isfinite(number):
        return number
    return float(math.floor(number * scale + 0.5) / scale)


def _substr(_: Any, value: Value, start: Value, end: Value = math.inf) -> str:
    text = text_of(value)
    return text[_whole(start, 0) : _whole(end, len(text))]


def _join(_: Any, separator: Value, *values: Value) -> str:
    return text_of(separator).join(_texts(values))


def _concat(_: Any, *values: Value) -> str:
    return "".join(_texts(values))


def _position(_: Any, nodes: Value) -> float:
    """Which of its repeat's rows a node is, from 1."""
    if not isinstance(nodes, list) or not nodes:
        return math.nan
    return 1.0 + sum(1 for _ in nodes[0].itersiblings(nodes[0].tag, preceding=True))


def _minimum(_: Any, *values: Value) -> float:
    return min(_numbers(values))


def _maximum(_: Any, *values: Value) -> float:
    return max(_numbers(values))


def _power(_: Any, base: Value, exponent: Value) -> float:
    try:
        return float(number_of(base) ** number_of(exponent))
    except (OverflowError, ZeroDivisionError, TypeError):
        return math.nan


def _boolean_from_string(_: Any, value: Value) -> bool:
    return text_of(value).strip().lower() in ("true", "1")


def _ends_with(_: Any, value: Value, end: Value) -> bool:
    return text_of(value).endswith(text_of(end))


def _today(_: Any) -> str:
    return datetime.now(UTC).date().isoformat()


def _now(_: Any) -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _instant(value: Value) -> datetime | None:
    """The moment that a text tells, or that a number of days since 1970 is."""
    if isinstance(value, int | float):
        return EPOCH + timedelta(days=value) if FIRST_DAY < value < LAST_DAY else None
    return _moment(text_of(value))


def _date(_: Any, value: Value) -> str:
    moment = _instant(value)
    return moment.date().isoformat() if moment else ""


def _date_time(_: Any, value: Value) -> str:
    moment = _instant(value)
    return moment.isoformat() if moment else ""


def _decimal_date_time(_: Any, value: Value) -> float:
    moment = _moment(text_of(value))
    return _days(moment) if moment else number_of(value)


def _decimal_time(_: Any, value: Value) -> float:
    parts = re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?.*", text_of(value))
    if parts is None:
        return math.nan
    hours, minutes, seconds = parts.groups(default="0")
    return (int(hours) * 3600 + int(minutes) * 60 + float(seconds)) / 86_400


_AS_FORMATTED: dict[str, Callable[[datetime], str]] = {
    "%n": lambda moment: str(moment.month), "%e": lambda moment: str(moment.day),
    "%h": lambda moment: str(moment.hour), "%3": lambda moment: f"{moment.microsecond // 1000:03}",
    **{code: lambda moment, code=code: moment.strftime(code)  # type: ignore[misc]
       for code in ("%Y", "%y", "%m", "%d", "%H", "%M", "%S", "%b", "%a")},
}  # fmt: skip


def _format_date(_: Any, value: Value, pattern: Value) -> str:
    moment = _instant(value)
    if moment is None:
        return ""

    def part(match: re.Match[str]) -> str:
        write = _AS_FORMATTED.get(match[0])
        return write(moment) if write else ""

    return re.sub(r"%[A-Za-z3]", part, text_of(pattern))


def _uuid(_: Any) -> str:
    return str(uuid.uuid4())


def _of_one(function: Callable[[float], float]) -> Callable[..., float]:
    def apply(_: Any, value: Value) -> float:
        try:
            return function(number_of(value))
        except (ValueError, OverflowError):
            return math.nan

    return apply


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "if": _choose, "coalesce": _coalesce, "selected": _selected, "selected-at": _selected_at,
    "count-selected": _count_selected, "count-non-empty": _count_non_empty, "regex": _regex,
    "int": _int, "odk-number": _number, "odk-concat": _concat,
    "odk-position": _position, "odk-round": _round, "substr": _substr, "join": _join,
    "min": _minimum, "max": _maximum, "pow": _power, "ends-with": _ends_with,
    "boolean-from-string": _boolean_from_string, "today": _today, "now": _now, "date": _date,
    "date-time": _date_time, "decimal-date-time": _decimal_date_time,
    "decimal-time": _decimal_time, "format-date": _format_date,
    "format-date-time": _format_date, "uuid": _uuid, "abs": _of_one(abs),
    "sqrt": _of_one(math.sqrt), "exp": _of_one(math.exp), "log": _of_one(math.log),
    "log10": _of_one(math.log10), "sin": _of_one(math.sin), "cos": _of_one(math.cos),
    "tan": _of_one(math.tan), "pi": lambda _: math.pi,
}  # fmt: skip
"""Beside these stand the functions that XPath 1.0 has itself: count, sum, concat, not, …"""

_namespace = etree.FunctionNamespace(None)
for _name, _function in FUNCTIONS.items():
    _namespace[_name] = _function
