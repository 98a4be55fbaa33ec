"""Checking the expressions of a workbook: syntax errors and references to what is not there."""

import difflib
import re
from collections.abc import Iterator

from mobile_forms.backtracking import check_pattern
from mobile_forms.columns import EXPRESSIONS, RULES
from mobile_forms.expressions import (
    ExpressionProblem,
    compile_expression,
    only_on_phones,
    outside_quotes,
    patterns_of,
)
from mobile_forms.outline import CONTEXT, REFERENCE, ROOT, Outline
from mobile_forms.patterns import PatternProblem
from mobile_forms.sheets import Problem, Row, Sheet, split_language

EARLIER = re.compile(r"\$\{\s*last-saved#")
PRINTED = re.compile("[‘’‚“”„«»]")
"""Quotation marks of printers, which word processors put in the place of those that are typed."""


def formulas(sheets: dict[str, Sheet], form: Outline) -> Iterator[Problem]:
    """Every expression to mend, and every text that names a question that is not there."""
    for name in ("survey", "checks"):
        for row in sheets[name].rows:
            for column in row.cells:
                unknown = list(_references(name, row, column, form))
                patterns = list(_patterns(name, row, column))
                yield from (*unknown, *patterns)
                if column in RULES and not unknown and not patterns:
                    yield from _expression(name, row, column, form)


def _patterns(sheet: str, row: Row, column: str) -> Iterator[Problem]:
    """The patterns that phones and the server might read differently, or that stall a phone."""
    if column not in (*EXPRESSIONS, "default") and not column.startswith("bind::"):
        return
    for pattern in patterns_of(row[column]):
        if pattern is None:
            message = "The pattern of `regex` is not written out, so nobody can look at it."
            yield Problem(sheet, row.number, column, message, "Write it in quotes: '^[0-9]+$'.")
            continue
        try:
            check_pattern(pattern)
        except PatternProblem as problem:
            message = f"The pattern `{pattern}`: {problem.message}"
            yield Problem(sheet, row.number, column, message, problem.remedy)


def _expression(sheet: str, row: Row, column: str, form: Outline) -> Iterator[Problem]:
    written = row[column]
    if EARLIER.search(written):
        message = "`last-saved` speaks of an earlier report on the same phone."
        remedy = "Ask again: nobody else can evaluate it."
        yield Problem(sheet, row.number, column, message, remedy)
        return
    phones = only_on_phones(written)
    if phones and form.paths.get(row["name"], "").startswith(f"/{ROOT}/{CONTEXT}/"):
        return  # the envelope says what stands there, and the server judges none of it
    for function, remedy in phones.items():
        message = f"`{function}` stands on phones alone, and the server evaluates this too."
        yield Problem(sheet, row.number, column, message, remedy)
    if not phones:
        yield from _evaluated(sheet, row, column, form)


def _evaluated(sheet: str, row: Row, column: str, form: Outline) -> Iterator[Problem]:
    printed = PRINTED.search(outside_quotes(row[column]))
    if printed:
        message = f"`{printed[0]}` is a printer's quotation mark, which no phone reads."
        yield Problem(sheet, row.number, column, message, "Type ' instead.")
        return
    try:
        compile_expression(form.resolve(row[column]))
    except ExpressionProblem as problem:
        message = f"`{row[column]}` cannot be evaluated: {problem.reason}."
        yield Problem(sheet, row.number, column, message, _remedy(problem.reason))


def _remedy(reason: str) -> str:
    if reason in ("Invalid expression", "Unfinished literal", "Invalid predicate"):
        return "Look at its quotes, brackets and signs; the guide has examples of every function."
    return "The guide to checklists lists the functions that stand."


def _references(sheet: str, row: Row, column: str, form: Outline) -> Iterator[Problem]:
    base = split_language(column)[0]
    for name in REFERENCE.findall(row[column]):
        if name not in form.paths:
            near = difflib.get_close_matches(name, sorted(form.paths), 1)
            remedy = f"Did you mean `${{{near[0]}}}`?" if near else "Name a question of this form."
            yield Problem(sheet, row.number, base, f"No question is named `{name}`.", remedy)
