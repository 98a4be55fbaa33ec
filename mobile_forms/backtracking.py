"""Whether a regular expression backtracks exponentially on phones (ReDoS).

It does exactly where some text leads round a loop of the pattern in two ways, as in ``(a+)+``:
then each letter more doubles the ways to try. Looked for on the automaton of positions, one for
each set of characters in the pattern; what follows what is counted, for two ways to one place.
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import TypeVar

from mobile_forms.patterns import (
    Anchor,
    Chars,
    Group,
    Node,
    PatternProblem,
    Ranges,
    Repeat,
    is_whole,
    matches,
    read_pattern,
)

ENDLESS_FROM = 8
"""A repetition that may vary by more than this counts as endless: so many ways are too many."""
MAX_POSITIONS = 1_500
MAX_PAIRS = 100_000
TYPOGRAPHIC = re.compile("  |[‘’“”]")
"""What pyxform tidies up in a spreadsheet's cells."""
ANCHOR_ADVICE = (
    "Begin it with ^ and end it with $; alternatives stand in brackets, as in `^(a|b)$`."
)
Ends = Counter[int]
_N = TypeVar("_N", bound=Hashable)
_Pair = tuple[int, int]


@dataclass(frozen=True)
class _Part:
    """Where a part of a pattern may begin and end, and whether it may be empty."""

    first: Ends
    last: Ends
    empty: bool


EMPTY = _Part(Counter(), Counter(), empty=True)


@dataclass
class _Positions:
    """The positions of a pattern, and in how many ways each follows another."""

    sets: list[Ranges] = field(default_factory=list)
    after: dict[int, Ends] = field(default_factory=dict)

    def part(self, node: Node) -> _Part:
        if isinstance(node, Anchor):
            return EMPTY
        if isinstance(node, Chars):
            return self._position(node.ranges)
        if isinstance(node, Group):
            return _either([self._sequence(each) for each in node.branches])
        return self._repeated(node)

    def _position(self, ranges: Ranges) -> _Part:
        if len(self.sets) >= MAX_POSITIONS:
            raise PatternProblem("It is too large.", "Count less often, or to less.")
        self.sets.append(ranges)
        number = len(self.sets) - 1
        self.after[number] = Counter()
        return _Part(Counter([number]), Counter([number]), empty=False)

    def _sequence(self, nodes: Iterable[Node]) -> _Part:
        found = EMPTY
        for each in nodes:
            found = self._joined(found, self.part(each))
        return found

    def _joined(self, one: _Part, two: _Part) -> _Part:
        self._follow(one, two)
        first = one.first + two.first if one.empty else one.first
        last = two.last + one.last if two.empty else two.last
        return _Part(first, last, one.empty and two.empty)

    def _follow(self, one: _Part, two: _Part) -> None:
        for (before, ways), (after, more) in product(one.last.items(), two.first.items()):
            self.after[before][after] += ways * more

    def _repeated(self, node: Repeat) -> _Part:
        found = EMPTY
        for _ in range(min(node.least, ENDLESS_FROM)):
            found = self._joined(found, self.part(node.node))
        if node.most is not None and node.most - node.least <= ENDLESS_FROM:
            for _ in range(node.most - node.least):
                found = self._joined(found, _optional(self.part(node.node)))
            return found
        again = self.part(node.node)
        self._follow(again, again)
        return self._joined(found, _optional(again))


def _optional(part: _Part) -> _Part:
    return _Part(part.first, part.last, empty=True)


def _either(parts: list[_Part]) -> _Part:
    first: Ends = Counter()
    last: Ends = Counter()
    for each in parts:
        first, last = first + each.first, last + each.last
    return _Part(first, last, any(each.empty for each in parts))


def takes_exponential_time(pattern: Group) -> bool:
    """Whether each letter of an answer may double the time. Raises :class:`PatternProblem` for a
    pattern too large to tell."""
    found = _Positions()
    found.part(pattern)
    return any(_in_two_ways(loop, found) for loop in _loops(found.after))


def check_pattern(pattern: str) -> None:
    """Raises :class:`PatternProblem` for a pattern that no checklist should hold: one that the
    engines read differently, that does not ask for the whole answer, or that stalls a phone."""
    read = read_pattern(pattern)
    lost = TYPOGRAPHIC.search(pattern)
    if lost:
        message = f"`{lost[0]}` becomes something else in the form that phones carry."
        raise PatternProblem(
            message, r"Write ` {2}` for two blanks, `\u2019` for a printer's quote."
        )
    if not is_whole(read):
        message = "Some phones find it anywhere in an answer, some ask for all of it."
        raise PatternProblem(message, ANCHOR_ADVICE)
    matches("", pattern)
    if takes_exponential_time(read):
        message = "Each letter of an answer may double the time a phone takes, until it stalls."
        raise PatternProblem(message, "Do not repeat what repeats itself: `^a+$`, not `^(a+)+$`.")


def _in_two_ways(loop: set[int], positions: _Positions) -> bool:
    """Whether one text leads from a position of a loop back to it in two ways."""
    inside = {at: [to for to in positions.after[at] if to in loop] for at in sorted(loop)}
    if any(positions.after[at][to] > 1 for at, after in inside.items() for to in after):
        return True
    if len(loop) ** 2 > MAX_PAIRS:
        raise PatternProblem("It is too large.", "Count less often, or to less.")

    @cache
    def share(one: int, two: int) -> bool:
        return any(
            low <= top and bottom <= high
            for low, high in positions.sets[one]
            for bottom, top in positions.sets[two]
        )

    pairs: dict[_Pair, list[_Pair]] = {
        (one, two): [
            (next_one, next_two)
            for next_one, next_two in product(inside[one], inside[two])
            if share(next_one, next_two)
        ]
        for one, two in product(inside, inside)
    }
    return any(
        any(one == two for one, two in each) and any(one != two for one, two in each)
        for each in _loops(pairs)
    )


def _loops(graph: Mapping[_N, Iterable[_N]]) -> list[set[_N]]:
    """The strongly connected parts of a graph that are no single node without a way to itself."""
    order: list[_N] = []
    seen: set[_N] = set()
    for start in graph:
        order += _finished(start, graph, seen)
    back: dict[_N, list[_N]] = {each: [] for each in graph}
    for each, after in graph.items():
        for to in after:
            back[to].append(each)
    found, seen = [], set()
    for start in reversed(order):
        part = set(_finished(start, back, seen))
        if len(part) > 1 or any(to in part for each in part for to in graph[each]):
            found.append(part)
    return found


def _finished(start: _N, graph: Mapping[_N, Iterable[_N]], seen: set[_N]) -> list[_N]:
    """What is reached from a node and not yet seen, in the order in which it is left."""
    if start in seen:
        return []
    seen.add(start)
    done: list[_N] = []
    waiting = [(start, iter(graph[start]))]
    while waiting:
        node, rest = waiting[-1]
        to = next((each for each in rest if each not in seen), None)
        if to is None:
            waiting.pop()
            done.append(node)
        else:
            seen.add(to)
            waiting.append((to, iter(graph[to])))
    return done
