"""The expression language on the server: XPath 1.0 with the functions of ODK XForms.

Registered for the default function namespace, so that ``if`` and ``selected`` are written as
phones know them. An argument arrives as a text, a number, a truth, or a list of nodes.
"""

import math
import re
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from lxml import etree

Value = Any
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ExpressionProblem(Exception):
    """An expression that is not well formed, or uses a function that does not exist."""


_SELECTED = re.compile(r"selected\(\s*(/[\w./-]+)\s*,\s*'([^'\s]+)'\s*\)")
_AS_XPATH = r"contains(concat(' ', normalize-space(\1), ' '), ' \2 ')"


def native(expression: str) -> str:
    """The same expression with ``selected(path, 'option')`` in XPath's own functions.

    It is by far the most frequent call, and XPath's own functions are many times faster.
    """
    return _SELECTED.sub(_AS_XPATH, expression)


@cache
def compile_expression(expression: str) -> etree.XPath:
    """An expression ready to be evaluated. Raises :class:`ExpressionProblem`.

    Evaluated once on an empty instance, so that an unknown function is found here.
    """
    try:
        compiled = etree.XPath(expression)
        compiled(etree.Element("data"))
    except etree.XPathError as error:
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
    try:
        return float(text)
    except ValueError:
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
    return str(int(value)) if value.is_integer() else repr(value)


def _texts(values: Sequence[Value]) -> list[str]:
    """Every text in the arguments, nodes one by one."""
    found: list[str] = []
    for value in values:
        many = isinstance(value, list)
        found += [_node_text(node) for node in value] if many else [text_of(value)]
    return found


def _numbers(values: Sequence[Value]) -> list[float]:
    numbers = [number_of(text) for text in _texts(values) if text != ""]
    return numbers or [math.nan]


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
    place = int(number_of(index))
    return chosen[place] if 0 <= place < len(chosen) else ""


def _count_selected(_: Any, value: Value) -> float:
    return float(len(text_of(value).split()))


def _count_non_empty(_: Any, nodes: Value) -> float:
    return float(sum(1 for text in _texts([nodes]) if text))


def _regex(_: Any, value: Value, pattern: Value) -> bool:
    return re.search(text_of(pattern), text_of(value)[:4000]) is not None


def _int(_: Any, value: Value) -> float:
    number = number_of(value)
    return float(math.trunc(number)) if math.isfinite(number) else number


def _number(_: Any, value: Value) -> float:
    return number_of(value)


def _round(_: Any, value: Value, digits: Value = 0.0) -> float:
    number, scale = number_of(value), 10 ** int(number_of(digits))
    if not math.isfinite(number):
        return number
    return float(math.floor(number * scale + 0.5) / scale)


def _substr(_: Any, value: Value, start: Value, end: Value = math.inf) -> str:
    text, last = text_of(value), number_of(end)
    return text[int(number_of(start)) : None if math.isinf(last) else int(last)]


def _join(_: Any, separator: Value, *values: Value) -> str:
    return text_of(separator).join(_texts(values))


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


def _date(_: Any, value: Value) -> str:
    text = text_of(value)
    if isinstance(value, int | float):
        return (date(1970, 1, 1) + timedelta(days=math.floor(value))).isoformat()
    moment = _moment(text)
    return moment.date().isoformat() if moment else ""


def _date_time(_: Any, value: Value) -> str:
    if isinstance(value, int | float):
        return (EPOCH + timedelta(days=value)).isoformat()
    moment = _moment(text_of(value))
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


FORMATS = {
    **{each: each for each in ("%Y", "%y", "%m", "%d", "%H", "%M", "%S", "%b", "%a")},
    "%n": "{month}", "%e": "{day}", "%h": "{hour}", "%3": "000",
}  # fmt: skip


def _format_date(_: Any, value: Value, pattern: Value) -> str:
    moment = _moment(text_of(value))
    if moment is None:
        return ""
    layout = re.sub(r"%[A-Za-z3]", lambda each: FORMATS.get(each[0], ""), text_of(pattern))
    return moment.strftime(layout).format(month=moment.month, day=moment.day, hour=moment.hour)


def _uuid(_: Any) -> str:
    return str(uuid.uuid4())


def _of_one(function: Callable[[float], float]) -> Callable[..., float]:
    def apply(_: Any, value: Value) -> float:
        try:
            return function(number_of(value))
        except ValueError:
            return math.nan

    return apply


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "if": _choose, "coalesce": _coalesce, "selected": _selected, "selected-at": _selected_at,
    "count-selected": _count_selected, "count-non-empty": _count_non_empty, "regex": _regex,
    "int": _int, "number": _number, "round": _round, "substr": _substr, "join": _join,
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
