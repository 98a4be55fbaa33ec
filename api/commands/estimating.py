"""``estimate``: a design-based number from any table."""

import math
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from analytics.survey.any_table import Answer, Columns, Question, ask
from analytics.survey.design import Design, DesignProblem, Lonely
from analytics.survey.intervals import Method
from api.commands.output import AsJson, about
from api.imports.options import ReadOptions
from api.imports.table import read_table
from schemas.problems import Refusal

FIGURES = ("estimate", "se", "low", "high", "n", "df", "deff", "method")


def estimate(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="A table, a row a unit.")],
    y: Annotated[str, typer.Option("--y", help="The column to estimate.")],
    x: Annotated[str | None, typer.Option("--x", help="The ratio of Y to this column.")] = None,
    equals: Annotated[str | None, typer.Option(help="The share of Y that is this.")] = None,
    total: Annotated[bool, typer.Option("--total", help="The total of Y.")] = False,
    strata: Annotated[str | None, typer.Option(help="The column of strata.")] = None,
    psu: Annotated[str, typer.Option(help="Units drawn: a column a stage, A[,B].")] = "",
    weight: Annotated[str | None, typer.Option(help="The column of weights.")] = None,
    fpc: Annotated[
        str, typer.Option(help="Population sizes, or fractions up to 1: a column a stage.")
    ] = "",
    by: Annotated[str, typer.Option(help="Columns of domains, C[,D].")] = "",
    level: Annotated[float, typer.Option(help="Of the interval.")] = 0.95,
    lonely: Annotated[Lonely, typer.Option(help="Strata with a single unit.")] = "adjust",
    ci: Annotated[Method | None, typer.Option(help="The interval.")] = None,
    as_json: AsJson = False,
) -> None:
    """Estimate a mean, ratio, proportion or total from a sample, with its margin."""
    question = Question(
        y, x, equals, total, strata, _names(psu), weight, _names(fpc), _names(by), level, lonely, ci
    )
    with about(file):
        table = read_table(file, options=ReadOptions(header_row=1))
        rows = list(table.rows)
    cells = {name: [row.cells.get(name, "") for row in rows] for name in table.headers if name}
    try:
        lines, comma = [row.line for row in rows], table.separator == ";"
        design, answers = ask(Columns(cells, lines, comma), question)
    except DesignProblem as problem:
        raise Refusal(f"{file}: {problem}") from problem
    print(_as_json(answers, design) if as_json else _as_text(answers, design))


def _names(listed: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in listed.split(",") if name.strip())


def _row(answer: Answer, design: Design) -> dict[str, Any]:
    found = answer.found
    figures = (
        dict.fromkeys(FIGURES)
        if found is None
        else {
            "estimate": found.value,
            "se": found.se,
            "low": found.low,
            "high": found.high,
            "n": answer.n,
            "df": found.df,
            "deff": found.deff,
            "method": found.method,
        }
    )
    row = {"domain": answer.domain, **figures, "n": answer.n, "design": design.describes}
    said = _note(answer)
    return row if said is None else {**row, "says": said}


def _as_json(answers: list[Answer], design: Design) -> str:
    return orjson.dumps([_row(answer, design) for answer in answers]).decode()


def _as_text(answers: list[Answer], design: Design) -> str:
    """A table for people; what none or all said is a bound, not a share."""
    names = list(answers[0].domain) if answers else []
    lines = [[*names, *FIGURES]]
    notes = []
    for answer in answers:
        row = _row(answer, design)
        bound = answer.found is not None and answer.found.seen == 0
        hidden = ("estimate", "se") if bound else ()
        cells = (_cell(None if name in hidden else row[name]) for name in FIGURES)
        lines.append([*answer.domain.values(), *cells])
        place = ", ".join(answer.domain.values())
        notes += [": ".join(filter(None, (place, said))) for said in (_note(answer),) if said]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    table = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
    return "\n".join([f"Design assumed: {design.describes}.", *table, *notes])


def _note(answer: Answer) -> str | None:
    found = answer.found
    if found is None:
        return answer.problem
    if found.seen == 0:
        return f"none seen: fewer than {math.ceil(1000 * found.high) / 10:g} %"
    if found.seen is not None and found.seen == answer.n and found.low < 1:
        return f"seen in all: more than {math.floor(1000 * found.low) / 10:g} %"
    return None


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
