"""The expression language on the server: XPath 1.0 with the functions of ODK XForms.

Registered for the default function namespace, so that ``if`` and ``selected`` are written as
phones know them. An argument arrives as a text, a number, a truth, or a list of nodes.
"""

import re
from collections.abc import Container
from functools import lru_cache

from lxml import etree

from mobile_forms.functions import FUNCTIONS, ON_PHONES


class ExpressionProblem(Exception):
    """An expression that is not well formed, or uses a function that does not exist: ``reason``."""

    def __init__(self, expression: str, reason: str) -> None:
        super().__init__(f"{expression}: {reason}")
        self.reason = reason


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
        raise ExpressionProblem(expression, str(error)) from error
    return compiled


_CALL = re.compile(r"(?<![\w.:/-])([A-Za-z][\w.-]*(?::[\w-]+)?)\s*\(")


def only_on_phones(expression: str) -> dict[str, str]:
    """The functions in an expression that only phones evaluate, and what to write instead."""
    code = outside_quotes(expression)
    return {name: ON_PHONES[name] for name in _CALL.findall(code) if name in ON_PHONES}


def outside_quotes(expression: str) -> str:
    """An expression without its texts."""
    return "".join(quotes_apart(expression)[::2])


def quotes_apart(expression: str) -> list[str]:
    """An expression in pieces, every second one a text in its quotes."""
    return _LITERAL.split(expression)


_namespace = etree.FunctionNamespace(None)
for _name, _function in FUNCTIONS.items():
    _namespace[_name] = _function
