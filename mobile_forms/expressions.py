"""The expression language on the server: XPath 1.0 with the functions of ODK XForms.

Registered for the default function namespace, so that ``if`` and ``selected`` are written as
phones know them. An argument arrives as a text, a number, a truth, or a list of nodes.
"""

import re
from collections.abc import Container, Iterable
from functools import lru_cache

from lxml import etree

from mobile_forms.functions import FUNCTIONS, ON_PHONES
from mobile_forms.patterns import PatternProblem


class ExpressionProblem(Exception):
    """An expression that is not well formed, or uses a function that does not exist: ``reason``."""

    def __init__(self, expression: str, reason: str) -> None:
        super().__init__(f"{expression}: {reason}")
        self.reason = reason


_LITERAL = re.compile(r"""('[^']*'|"[^"]*")""")
_OWN = re.compile(
    r"(?<![\w.:-])(round|number|concat|contains|substring-before|substring-after|translate)(?=\s*\()"
)
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
    if _EVERYTHING.search(outside_quotes(expression)):
        raise ExpressionProblem(expression, "`preceding::` and `following::` read the whole report")
    try:
        compiled = etree.XPath(native(expression))
        compiled(etree.Element("data"))
    except (etree.XPathError, PatternProblem, TypeError) as error:
        raise ExpressionProblem(expression, str(error)) from error
    return compiled


_MANY = re.compile(r"//|::|\*|\.\.")
_EVERYTHING = re.compile(r"(?<![\w.-])(preceding|following)\s*::")
_AXIS = re.compile(r"(preceding|following|ancestor|descendant)[a-z-]*\s*::")


def is_wide(expression: str) -> bool:
    """Whether an expression steps to and fro over the report: for each row it may read all of
    them, and no time can be looked at meanwhile."""
    code = outside_quotes(expression)
    return code.count("//") > 1 or _AXIS.search(code) is not None


def guarded(expression: str, single: Container[str], repeats: Iterable[str]) -> str:
    """As :func:`native`, and the time is looked at once for each node that is asked about, where
    there may be many: in the rows of ``repeats`` (their paths), or behind a wildcard."""
    written = native(expression, single)
    if not (_MANY.search(outside_quotes(expression)) or any(each in written for each in repeats)):
        return written
    parts = _LITERAL.split(written)
    parts[::2] = [each.replace("[", "[odk-each(").replace("]", ")]") for each in parts[::2]]
    return "".join(parts)


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


_REGEX = re.compile(r"(?<![\w.:-])regex\s*\(")


def patterns_of(expression: str) -> list[str | None]:
    """The patterns of every call of ``regex``; None for one that is not written out as a text."""
    texts = iter(quotes_apart(expression)[1::2])
    flat = _LITERAL.sub("\0", expression)
    literals = [next(texts) if each == "\0" else "" for each in flat]
    return [_second(flat, literals, call.end()) for call in _REGEX.finditer(flat)]


def _second(flat: str, literals: list[str], begin: int) -> str | None:
    """The second argument of the call whose first begins there, where it is one text."""
    depth, starts = 1, [begin]
    for at in range(begin, len(flat)):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(flat[at], 0)
        if depth == 0 or (depth == 1 and flat[at] == ","):
            starts.append(at + 1)
        if depth == 0:
            break
    if len(starts) != 3:
        return None
    written = "".join(literals[starts[1] : starts[2] - 1])
    return written[1:-1] if flat[starts[1] : starts[2] - 1].strip() == "\0" else None


_namespace = etree.FunctionNamespace(None)
for _name, _function in FUNCTIONS.items():
    _namespace[_name] = _function
