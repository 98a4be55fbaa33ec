"""Estimates from any table: a question names a column, a design and domains.

The answer speaks of the design that the asker named, which nobody here can check: it is a row of
figures and no :class:`~analytics.numbers.Estimate`, so that it cannot be bound into a finding.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.numbers import Estimate
from analytics.survey.design import Design, DesignProblem, Floats, Ints, Lonely, Truths, make_design
from analytics.survey.estimates import (
    estimate_mean,
    estimate_proportion,
    estimate_ratio,
    estimate_total,
)
from analytics.survey.intervals import Method

MISSING = frozenset({"", ".", "na", "nan", "n/a", "null"})
"""Cells that say nothing, whatever their case."""
_TWO_WAYS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
"""A number of thousands, or one with three decimals."""


@dataclass(frozen=True)
class Question:
    """What is asked: names of columns, ``equals`` a value of ``y``; the rest as in the design.

    ``psu`` and ``fpc`` have a column a stage. ``method`` is None for the usual interval: beta of
    a proportion, t of anything else.
    """

    y: str
    x: str | None = None
    equals: str | None = None
    total: bool = False
    strata: str | None = None
    psu: tuple[str, ...] = ()
    weight: str | None = None
    fpc: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    level: float = 0.95
    lonely: Lonely = "adjust"
    method: Method | None = None

    def check(self) -> None:
        """Raise :class:`DesignProblem` for options that do not go together."""
        if self.x is not None and (self.total or self.equals is not None):
            raise DesignProblem("--x asks for a ratio; it does not go with --total or --equals.")
        if self.equals is not None and _is_missing(self.equals):
            raise DesignProblem("--equals is a value; empty cells say nothing and equal none.")
        if not 0 < self.level < 1:
            raise DesignProblem("--level is a number between 0 and 1, such as 0.95.")
        if len(self.psu) > 2 or len(self.fpc) > 2:
            raise DesignProblem("--psu and --fpc name one column a stage, at most two.")
        if self.method not in (None, "t") and (self.x is not None or self.total):
            raise DesignProblem(f"--ci {self.method} is for proportions; a ratio or total has t.")


@dataclass(frozen=True)
class Answer:
    """One domain's figures, or why there are none. ``n`` counts rows, ``units`` primary units."""

    domain: dict[str, str]
    found: Estimate | None
    n: int
    problem: str | None = None


@dataclass(frozen=True)
class Columns:
    """The cells of a table by column; ``lines`` says where in the file each row stands.

    ``comma``: decimals are written with a comma, as where semicolons stand between the cells.
    """

    cells: Mapping[str, Sequence[str]]
    lines: Sequence[int]
    comma: bool = False

    def texts(self, name: str) -> Sequence[str]:
        """A column. Raises :class:`DesignProblem` where there is none."""
        if name not in self.cells:
            raise DesignProblem(f"There is no column {name!r}. It has: {', '.join(self.cells)}.")
        return self.cells[name]

    def numbers(self, name: str) -> Floats:
        """A column as numbers, NaN where a cell says nothing."""
        return np.array(
            [
                self._number(name, line, text)
                for line, text in zip(self.lines, self.texts(name), strict=True)
            ]
        )

    def filled(self, name: str, of: str) -> Floats:
        """The same, where a number is needed in each row."""
        values = self.numbers(name)
        self._refuse(name, of, np.isnan(values), "is empty")
        self._refuse(name, of, values < 0, "is below 0")
        return values

    def labels(self, name: str, of: str) -> list[object]:
        """A column as labels, one in each row."""
        texts = self.texts(name)
        self._refuse(name, of, np.array([_is_missing(text) for text in texts]), "is empty")
        return list(texts)

    def _refuse(self, name: str, of: str, wrong: Truths, says: str) -> None:
        if np.any(wrong):
            line = self.lines[int(np.argmax(wrong))]
            raise DesignProblem(f"Row {line}, column {name} ({of}): the cell {says}.")

    def _number(self, name: str, line: int, text: str) -> float:
        if _is_missing(text):
            return math.nan
        if self.comma and _TWO_WAYS.fullmatch(text):
            raise DesignProblem(f"Row {line}, column {name}: {text!r} can be read in two ways.")
        try:
            value = float(text.replace(",", ".") if self.comma else text)
        except ValueError:
            value = math.inf
        if not math.isfinite(value):
            raise DesignProblem(f"Row {line}, column {name}: {text[:40]!r} is not a number.")
        return value


def ask(columns: Columns, question: Question) -> tuple[Design, list[Answer]]:
    """The answer in the whole, or in each domain in order of its labels.

    Raises :class:`DesignProblem` for a table or design that cannot be, and, where no domains are
    asked for, where nothing can be said.
    """
    question.check()
    design = _design(columns, question)
    y = _values(columns, question)
    x = None if question.x is None else columns.numbers(question.x)
    used = (design.weights > 0) & np.isfinite(y) & (True if x is None else np.isfinite(x))
    if not question.by:
        return design, [Answer({}, _whole(design, y, x, question), int(used.sum()))]
    return design, [
        _answer(
            design,
            y,
            x,
            rows,
            int(used[rows].sum()),
            dict(zip(question.by, key, strict=True)),
            question,
        )
        for key, rows in _domains(columns, question.by)
    ]


def _design(columns: Columns, question: Question) -> Design:
    psu = [columns.labels(name, "psu") for name in question.psu]
    fpc = [columns.filled(name, "fpc") for name in question.fpc]
    if not columns.lines:
        raise DesignProblem("The table has no rows.")
    return make_design(
        len(columns.lines),
        strata=columns.labels(question.strata, "strata") if question.strata else None,
        psu=psu[0] if psu else None,
        ssu=psu[1] if len(psu) > 1 else None,
        weights=columns.filled(question.weight, "weight") if question.weight else None,
        fpc=fpc[0] if fpc else None,
        second_fpc=fpc[1] if len(fpc) > 1 else None,
        lonely=question.lonely,
    )


def _values(columns: Columns, question: Question) -> Floats:
    if question.equals is None:
        return columns.numbers(question.y)
    wanted = question.equals.strip()
    return np.array(
        [
            math.nan if _is_missing(text) else float(_same(text, wanted))
            for text in columns.texts(question.y)
        ]
    )


def _same(text: str, wanted: str) -> bool:
    """Whether two cells say the same, as text or as numbers: 1 and 1.0."""
    if text == wanted:
        return True
    try:
        return float(text) == float(wanted)
    except ValueError:
        return False


def _is_missing(text: str) -> bool:
    return text.strip().casefold() in MISSING


def _domains(columns: Columns, by: Sequence[str]) -> Iterator[tuple[tuple[str, ...], Ints]]:
    """The domains in order, and the rows of each; a row with an empty cell is in none."""
    found: dict[tuple[str, ...], list[int]] = {}
    for at, key in enumerate(zip(*(columns.texts(name) for name in by), strict=True)):
        if not any(map(_is_missing, key)):
            found.setdefault(key, []).append(at)
    for key in sorted(found):
        yield key, np.array(found[key], dtype=np.int64)


def _whole(design: Design, y: Floats, x: Floats | None, question: Question) -> Estimate:
    """The estimate without domains. Raises :class:`DesignProblem` naming what it is of."""
    try:
        return _estimate(design, y, x, None, question)
    except DesignProblem as problem:
        asked = question.y if x is None else f"{question.y} by {question.x}"
        raise DesignProblem(f"Column {asked}: {problem}") from None


def _answer(
    design: Design,
    y: Floats,
    x: Floats | None,
    rows: Ints,
    n: int,
    domain: dict[str, str],
    question: Question,
) -> Answer:
    try:
        return Answer(domain, _estimate(design, y, x, rows, question), n)
    except DesignProblem as problem:
        return Answer(domain, None, n, str(problem))


def _estimate(
    design: Design, y: Floats, x: Floats | None, within: Ints | None, question: Question
) -> Estimate:
    with np.errstate(over="ignore", invalid="ignore"):
        found = _estimated(design, y, x, within, question)
    if not all(map(math.isfinite, (found.value, found.se, found.low, found.high))):
        raise DesignProblem("The numbers are too large to calculate with.")
    return found


def _estimated(
    design: Design, y: Floats, x: Floats | None, within: Ints | None, question: Question
) -> Estimate:
    level, method = question.level, question.method
    if question.total:
        return estimate_total(design, y, within, level)
    if x is not None:
        return estimate_ratio(design, y, x, within, level)
    if question.equals is None and method in (None, "t"):
        return estimate_mean(design, y, within, level)
    return estimate_proportion(design, y, within, level, method or "beta")
