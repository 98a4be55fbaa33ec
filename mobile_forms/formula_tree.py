"""A parser of the expressions of checks: XPath as authors write it, as a tree that can be read out.

Only what checks are made of is known: questions, figures, texts, calls, arithmetic, comparisons,
``and`` and ``or``. Of anything else there is no tree, and the author's own words stand alone.
"""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"\s*(?:(?P<name>\$\{\s*[\w.-]+\s*\}|/[\w./-]*\w)|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Za-z_][\w.-]*)|(?P<sign>!=|<=|>=|[=<>+*(),.-]))"
)
BINDING = {
    "or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5,
    "*": 6, "div": 6, "mod": 6,
}  # fmt: skip
"""How strongly each operator binds, as in XPath 1.0."""
COMPARING = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
"""Each comparison, and the one that holds where it does not."""


class NoTree(Exception):
    """An expression with something in it that is not read out."""


@dataclass(frozen=True)
class Name:
    """A question, by its name; empty for the one whose constraint it is."""

    name: str


@dataclass(frozen=True)
class Literal:
    """A figure or a text as it is written."""

    value: str
    text: bool = False


@dataclass(frozen=True)
class Call:
    """A function and what it is called with."""

    function: str
    given: tuple["Tree", ...]


@dataclass(frozen=True)
class Both:
    """An operator between two parts."""

    sign: str
    left: "Tree"
    right: "Tree"


Tree = Name | Literal | Call | Both


def parse(expression: str) -> Tree:
    """The tree of an expression. Raises :class:`NoTree`."""
    reading = _Reading(_tokens(expression))
    tree = reading.tree(0)
    if reading.next is not None:
        raise NoTree(expression)
    return tree


def parts(tree: Tree, sign: str) -> tuple[Tree, ...]:
    """The parts that one operator joins, in order."""
    if isinstance(tree, Both) and tree.sign == sign:
        return (*parts(tree.left, sign), *parts(tree.right, sign))
    return (tree,)


def joined(trees: tuple[Tree, ...], sign: str) -> Tree:
    """The same joined again."""
    first, *others = trees
    for each in others:
        first = Both(sign, first, each)
    return first


def opposite(tree: Tree) -> Tree:
    """What holds where a condition does not."""
    if isinstance(tree, Both) and tree.sign in COMPARING:
        return Both(COMPARING[tree.sign], tree.left, tree.right)
    if isinstance(tree, Both) and tree.sign in ("and", "or"):
        other = {"and": "or", "or": "and"}[tree.sign]
        return joined(tuple(opposite(each) for each in parts(tree, tree.sign)), other)
    if isinstance(tree, Call) and tree.function == "not" and len(tree.given) == 1:
        return tree.given[0]
    return Call("not", (tree,))


def _tokens(expression: str) -> list[tuple[str, str]]:
    found, at, written = [], 0, expression.rstrip()
    while at < len(written):
        match = _TOKEN.match(written, at)
        if match is None or match.lastgroup is None:
            raise NoTree(expression)
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


@dataclass
class _Reading:
    """Tokens that are read from the left, by how strongly operators bind."""

    tokens: list[tuple[str, str]]
    at: int = 0

    @property
    def next(self) -> tuple[str, str] | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, wanted: str | None = None) -> tuple[str, str]:
        token = self.next
        if token is None or wanted not in (None, token[1]):
            raise NoTree(wanted or "")
        self.at += 1
        return token

    def tree(self, least: int) -> Tree:
        left = self.part()
        while self.next is not None and BINDING.get(self.next[1], -1) > least:
            _, sign = self.take()
            left = Both(sign, left, self.tree(BINDING[sign]))
        return left

    def part(self) -> Tree:
        kind, value = self.take()
        if kind == "name":
            return Name(value.strip("${} \t\n").rpartition("/")[2])
        if kind == "text":
            return Literal(value[1:-1], text=True)
        if kind == "number":
            return Literal(value)
        if value == "(":
            inside = self.tree(0)
            self.take(")")
            return inside
        if value == "-" and self.next is not None and self.next[0] == "number":
            return Literal(f"-{self.take()[1]}")
        if value == ".":
            return Name("")
        if kind == "word" and self.next == ("sign", "("):
            return self.call(value)
        raise NoTree(value)

    def call(self, function: str) -> Tree:
        self.take("(")
        given: list[Tree] = []
        while self.next != ("sign", ")"):
            given.append(self.tree(0))
            if self.next == ("sign", ","):
                self.take(",")
        self.take(")")
        return Call(function, tuple(given))
