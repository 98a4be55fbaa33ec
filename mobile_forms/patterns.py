r"""Regular expressions of checklists: a subset that means the same to phones and to the server.

Phones run a pattern as JavaScript does (``new RegExp(pattern).test(answer)``, no flags), the
server runs it on RE2, in linear time. A pattern is read here into what it matches, set by set of
UTF-16 units, and written anew for RE2, so that ``.``, ``\s`` and the like are JavaScript's. What
the two engines do not share (look-around, back-references, ``\p``, flags) is refused.
"""

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2

Ranges = tuple[tuple[int, int], ...]
LAST = 0xFFFF
MAX_REPEATS = 1_000
"""The largest count in braces; RE2 takes no larger one."""
MEMORY = 1 << 20
"""Bytes that a compiled pattern may take."""
MAX_STEPS = 10_000_000
"""Length of a text times size of a pattern: a fifth of a second, in the worst case of RE2."""


class PatternProblem(ValueError):
    """A pattern that is not run: why, and what to write instead."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy


@dataclass(frozen=True)
class Chars:
    """One character out of a set."""

    ranges: Ranges


@dataclass(frozen=True)
class Anchor:
    """A place between characters, as RE2 writes it: beginning, end, boundary of a word."""

    written: str


@dataclass(frozen=True)
class Group:
    """Alternatives, each a sequence."""

    branches: "tuple[tuple[Node, ...], ...]"


@dataclass(frozen=True)
class Repeat:
    """Something several times; ``most`` None is without end."""

    node: "Node"
    least: int
    most: int | None


Node = Chars | Anchor | Group | Repeat

DIGITS: Ranges = ((48, 57),)
WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
SPACE: Ranges = (
    (9, 13),
    (32, 32),
    (0xA0, 0xA0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
)
"""What JavaScript calls a space; RE2's own knows five of them."""
LINE_ENDS: Ranges = ((10, 10), (13, 13), (0x2028, 0x2029))
START, END = Anchor(r"\A"), Anchor(r"\z")
EDGES = {"^": START, "$": END}
BOUNDARIES = {"b": Anchor(r"\b"), "B": Anchor(r"\B")}
CONTROL = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
COUNT = re.compile(r"\{(\d+)(?:(,)(\d*))?\}")
SIGNS = "The guide to checklists has what a pattern may hold."
LETTERS = r"Name the letters or their range, such as [A-Za-z] or [\u0621-\u064A]."
BEFORE_OR_BEHIND = "Split it: two calls of regex joined by `and`, or `not(regex(…))`."


def complement(ranges: Ranges) -> Ranges:
    """Every unit that is in none of the ranges."""
    found, begin = [], 0
    for low, high in sorted(ranges):
        if begin < low:
            found.append((begin, low - 1))
        begin = max(begin, high + 1)
    return (*found, (begin, LAST)) if begin <= LAST else tuple(found)


CLASSES: dict[str, Ranges] = {
    "d": DIGITS,
    "w": WORD,
    "s": SPACE,
    "D": complement(DIGITS),
    "W": complement(WORD),
    "S": complement(SPACE),
}


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self.text, self.at = pattern, 0

    def whole(self) -> Group:
        for each in self.text:
            if ord(each) < 32:
                raise PatternProblem("A line break or tab is lost in the form.", r"Write `\s`.")
            if ord(each) > LAST:
                raise PatternProblem(f"`{each}` is two characters to phones.", SIGNS)
        read = self.group()
        if self.at < len(self.text):
            raise PatternProblem("A `)` closes nothing.", r"Write `\)`, or open it.")
        return read

    def next(self) -> str:
        if self.at >= len(self.text):
            raise PatternProblem("It ends too early.", "Look at its brackets and `\\`.")
        self.at += 1
        return self.text[self.at - 1]

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def group(self) -> Group:
        branches: list[tuple[Node, ...]] = []
        branch: list[Node] = []
        while self.peek() not in ("", ")"):
            if self.peek() == "|":
                self.at += 1
                branches.append(tuple(branch))
                branch = []
            else:
                branch.append(self.repeated(self.one()))
        return Group((*branches, tuple(branch)))

    def one(self) -> Node:
        sign = self.next()
        if sign in EDGES:
            return EDGES[sign]
        if sign == ".":
            return Chars(complement(LINE_ENDS))
        if sign == "(":
            return self.bracketed()
        if sign == "[":
            return self.set()
        if sign == "\\":
            return self.escaped()
        if sign in "*+?{}]":
            raise PatternProblem(
                f"`{sign}` follows nothing that it repeats, or closes nothing.",
                f"Write `\\{sign}` for the sign itself.",
            )
        return Chars(((ord(sign), ord(sign)),))

    def bracketed(self) -> Group:
        if self.peek() == "?":
            self.at += 1
            if self.next() != ":":
                raise PatternProblem("`(?` looks ahead, behind, or sets flags.", BEFORE_OR_BEHIND)
        read = self.group()
        self.next()
        return read

    def escaped(self) -> Node:
        sign = self.peek()
        if sign in BOUNDARIES and sign:
            self.at += 1
            return BOUNDARIES[sign]
        return Chars(self.escape())

    def escape(self) -> Ranges:
        """What follows a backslash, as a set."""
        sign = self.next()
        if sign in CLASSES:
            return CLASSES[sign]
        if sign in string.punctuation or sign == " ":
            return ((ord(sign), ord(sign)),)
        if sign in CONTROL:
            return ((CONTROL[sign], CONTROL[sign]),)
        if sign in "ux":
            digits = self.text[self.at : self.at + (4 if sign == "u" else 2)]
            if re.fullmatch("[0-9A-Fa-f]{4}" if sign == "u" else "[0-9A-Fa-f]{2}", digits):
                self.at += len(digits)
                return ((int(digits, 16), int(digits, 16)),)
        if sign in "123456789k":
            raise PatternProblem(f"`\\{sign}` speaks of what was matched before.", SIGNS)
        remedy = LETTERS if sign in "pP" else SIGNS
        raise PatternProblem(f"`\\{sign}` is not read alike everywhere.", remedy)

    def set(self) -> Chars:
        negative = self.peek() == "^"
        self.at += negative
        ranges: list[tuple[int, int]] = []
        while self.peek() != "]":
            ranges += self.member()
        self.at += 1
        if not ranges:
            raise PatternProblem("`[]` holds no character.", "Name some.")
        found = tuple(sorted(set(ranges)))
        return Chars(complement(found) if negative else found)

    def member(self) -> Ranges:
        low = self.unit()
        rest = self.text[self.at : self.at + 2]
        if not rest.startswith("-") or rest == "-]":
            return low
        self.at += 1
        high = self.unit()
        if len(low) != 1 or len(high) != 1 or low[0][0] != low[0][1] or high[0][0] != high[0][1]:
            raise PatternProblem("A range goes from one character to another.", r"Write `\-`.")
        if low[0][0] > high[0][0]:
            raise PatternProblem("A range goes backwards.", "Turn it round.")
        return ((low[0][0], high[0][0]),)

    def unit(self) -> Ranges:
        sign = self.next()
        if sign == "[" and self.peek() in (":", ".", "="):
            raise PatternProblem(f"`[{self.peek()}` is not read by phones.", LETTERS)
        return self.escape() if sign == "\\" else ((ord(sign), ord(sign)),)

    def repeated(self, node: Node) -> Node:
        found = self.count()
        if found is None:
            return node
        if isinstance(node, Anchor):
            raise PatternProblem("A beginning, an end or a boundary is not repeated.", SIGNS)
        if self.peek() == "?":
            self.at += 1  # as few as possible: whether it matches is the same
        if self.count() is not None:
            raise PatternProblem("It says twice how often.", "Put brackets around the first.")
        return Repeat(node, *found)

    def count(self) -> tuple[int, int | None] | None:
        simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        sign = self.peek()
        if sign in simple:
            self.at += 1
            return simple[sign]
        found = COUNT.match(self.text, self.at)
        if found is None:
            return None
        self.at = found.end()
        least = int(found[1][:5])
        most = least if found[2] is None else (int(found[3][:5]) if found[3] else None)
        if max(least, most or 0) > MAX_REPEATS or (most is not None and most < least):
            raise PatternProblem(f"`{found[0]}` is no count up to {MAX_REPEATS}.", SIGNS)
        return least, most


@lru_cache(1024)
def read_pattern(pattern: str) -> Group:
    """What a pattern matches. Raises :class:`PatternProblem` where the engines might differ."""
    try:
        return _Reader(pattern).whole()
    except RecursionError:
        raise PatternProblem("Its brackets are nested too deeply.", SIGNS) from None


def is_whole(pattern: Group) -> bool:
    """Whether it asks for the whole answer: every alternative begins with ^ and ends with $."""
    return all(len(each) > 1 and each[0] == START and each[-1] == END for each in pattern.branches)


def matches(text: str, pattern: str) -> bool:
    """Whether the whole text is what a pattern says. Raises :class:`PatternProblem` for one that
    is not run, or a text that is too long for it."""
    compiled = _compiled(pattern)
    if len(text) * compiled.programsize > MAX_STEPS:
        raise PatternProblem("The text is too long for the pattern.", "Shorten one of them.")
    return compiled.fullmatch(_in_units(text)) is not None


@lru_cache(1024)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors, options.max_mem, options.never_capture = False, MEMORY, True
    try:
        return re2.compile("".join(_written(read_pattern(pattern))), options)
    except re2.error:
        raise PatternProblem("It is too large.", "Count less often, or to less.") from None


def _written(node: Node) -> Iterator[str]:
    """A node as RE2 reads it."""
    if isinstance(node, Anchor):
        yield node.written
    elif isinstance(node, Chars):
        ranges = [rf"\x{{{low:x}}}-\x{{{high:x}}}" for low, high in _for_re2(node)]
        yield f"[{''.join(ranges)}]"
    elif isinstance(node, Group):
        written = (
            "".join(part for each in branch for part in _written(each)) for branch in node.branches
        )
        yield f"(?:{'|'.join(written)})"
    else:
        most = "" if node.most is None else node.most
        yield f"(?:{''.join(_written(node.node))}){{{node.least},{most}}}"


SURROGATES = (0xD800, 0xDFFF)
MOVED = 0x10F800
"""Halves of characters stand for RE2 here, where no character of a text in halves can be."""


def _for_re2(node: Chars) -> Iterator[tuple[int, int]]:
    first, last = SURROGATES
    for low, high in node.ranges:
        if low < first:
            yield low, min(high, first - 1)
        if low <= last and high >= first:
            yield max(low, first) - first + MOVED, min(high, last) - first + MOVED
        if high > last:
            yield max(low, last + 1), high


def _in_units(text: str) -> str:
    """A text as phones count it: a character beyond the first 65,536 is two."""
    if text.isascii() or max(text) <= "\uffff":
        return text
    return re.sub("[\U00010000-\U0010ffff]", _halves, text)


def _halves(match: re.Match[str]) -> str:
    rest = ord(match[0]) - 0x10000
    return chr(MOVED + (rest >> 10)) + chr(MOVED + 0x400 + (rest & 0x3FF))
