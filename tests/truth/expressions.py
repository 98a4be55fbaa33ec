"""A recursive-descent evaluator of the part of XLSForm's expressions that the library uses.

Written from docs/checklists.md and docs/functions.md alone, for the oracle: what is missing is no
number, and every comparison with it is false but ``!=``.
"""

import math
import re
from collections.abc import Callable
from functools import cache
from typing import Any

TOKEN = re.compile(r"\s*(\$\{\w+\}|'[^']*'|\d+(?:\.\d+)?|!=|<=|>=|[=<>+\-*(),]|[A-Za-z][\w-]*)")
COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}


class Expression:
    """An expression, read anew for each evaluation: slow, and with nothing to go stale."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)

    def of(self, answers: dict[str, Any]) -> Any:
        """Its value, where ``answers`` has a value for each question that has one."""
        self._at, self._answers = 0, answers
        value = self._or()
        if self._at != len(self._tokens):
            raise ValueError(f"left over: {self._tokens[self._at :]}")
        return value

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        self._at += 1
        return str(self._tokens[self._at - 1])

    def _or(self) -> Any:
        value = self._and()
        while self._next() == "or":
            self._take()
            other = self._and()
            value = bool(value) or bool(other)
        return value

    def _and(self) -> Any:
        value = self._comparison()
        while self._next() == "and":
            self._take()
            other = self._comparison()
            value = bool(value) and bool(other)
        return value

    def _comparison(self) -> Any:
        value = self._sum()
        while self._next() in COMPARED:
            sign = self._take()
            other = self._sum()
            if (isinstance(value, str) and isinstance(other, str)) or "" in (value, other):
                value = COMPARED[sign](_text(value), _text(other)) if sign in "=!=" else False
            else:
                value = COMPARED[sign](_number(value), _number(other))
        return value

    def _sum(self) -> Any:
        value = self._primary()
        while self._next() in ("+", "-"):
            sign = 1 if self._take() == "+" else -1
            value = _number(value) + sign * _number(self._primary())
        return value

    def _primary(self) -> Any:
        token = self._take()
        if token == "(":
            value = self._or()
            self._take()
            return value
        if token.startswith("${"):
            return self._answers.get(token[2:-1], "")
        if token.startswith("'"):
            return token[1:-1]
        if token[0].isdigit():
            return float(token)
        return self._call(token)

    def _call(self, name: str) -> Any:
        self._take()
        given = []
        while self._next() != ")":
            given.append(self._or())
            if self._next() == ",":
                self._take()
        self._take()
        return FUNCTIONS[name](*given)


@cache
def _tokens(text: str) -> tuple[str, ...]:
    """The words of an expression; what is not among them is refused."""
    found = tuple(TOKEN.findall(text))
    if "".join(found) != re.sub(r"\s(?=(?:[^']*'[^']*')*[^']*$)", "", text):
        raise ValueError(f"not an expression of the oracle: {text}")
    return found


def _text(value: Any) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:g}"
    return " ".join(value) if isinstance(value, list) else str(value)


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def _selected(value: Any, option: str) -> bool:
    return option in (value if isinstance(value, list) else str(value).split())


def _sum_of(values: Any) -> float:
    return sum(_number(each) for each in values) if values else 0.0


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "selected": _selected,
    "not": lambda value: not value,
    "sum": _sum_of,
    "count": len,
    "count-non-empty": lambda values: sum(each != "" for each in values),
    "coalesce": lambda first, second: second if first == "" else first,
}
