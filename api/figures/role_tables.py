"""The tables of irregularities as each role may read them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from analytics.observation.irregularity_rates import Rate
from api.figures.ask import figure
from api.figures.edition import Edition
from api.figures.json import rate_out
from api.figures.rates import indicators_of, rates, rates_by_area
from api.figures.suppression import Cell, withheld

By = Literal["area", "kind", "stage"]
Row = TypeVar("Row")


@dataclass(frozen=True)
class IrregularityFilter:
    """What of the irregularities is asked for; None is everything."""

    by: By | None = None
    checklist: str | None = None
    kind: str | None = None
    area: str | None = None
    """An area's code; only with ``by`` area."""
    stages: tuple[str, ...] = ()
    """The stages of whoever is bounded to some; empty is all."""


def irregularity_rows(
    edition: Edition, asked: IrregularityFilter, *, everything: bool
) -> list[dict[str, Any]]:
    """The rates asked for, gravest first within each group. They are not to be changed.

    Domestic and international figures are never pooled, so every row says its kind; by area
    each row is one area's. Not ``everything``: as :func:`coverage_table`.
    """
    found: list[dict[str, Any]] = []
    for name in edition.reference.checklists:
        if asked.checklist not in (None, name):
            continue
        by_area = asked.by == "area"
        rows = _of_areas(edition, name, asked, everything) if by_area else rates(edition, name)
        told = rows if everything else told_outside(rows, rates(edition, name))
        known = {each.code: each for each in indicators_of(edition, name)}
        found += [
            rate_out(
                edition.reference.areas, name, known.get(each.indicator), each, exact=everything
            )
            for each in told
            if asked.kind in (None, each.kind)
        ]
    if asked.area is not None:
        found = [each for each in found if each["area"] and each["area"]["code"] == asked.area]
    if asked.stages:
        found = [each for each in found if each["stage"] in asked.stages]
    return sorted(found, key=row_order(asked.by))


@figure
def irregularities_now(edition: Edition, asked: IrregularityFilter) -> list[dict[str, Any]]:
    """:func:`irregularity_rows` for whoever sees everything."""
    return irregularity_rows(edition, asked, everything=True)


def _of_areas(
    edition: Edition, checklist: str, asked: IrregularityFilter, everything: bool
) -> tuple[Rate, ...]:
    """The level of areas that the one asked for stands on; a partner is told the outermost alone,
    as levels that overlap would give away what is withheld."""
    areas = edition.reference.areas
    parent = next((each.parent_id for each in areas if each.code == asked.area), None)
    above = next((each for each in areas if parent is not None and each.id == parent), None)
    return rates_by_area(edition, checklist, above if everything else None)


def row_order(by: By | None) -> Callable[[dict[str, Any]], Any]:
    """The order of rates: by group, then gravest first."""

    def key(row: dict[str, Any]) -> Any:
        first = row["area"]["code"] if by == "area" else row[by] if by else ""
        return (
            str(first),
            -row["severity"],
            row["checklist"],
            row["indicator"],
            str(row["kind"]),
            row["part"],
        )

    return key


def told_outside(rows: Iterable[Rate], nation: Iterable[Rate] = ()) -> list[Rate]:
    """The rates that a partner may see: table by table, each with its total in ``nation``."""
    totals = {(each.indicator, each.kind, each.part): each for each in nation}
    tables: defaultdict[Any, list[Rate]] = defaultdict(list)
    for each in rows:
        tables[each.indicator, each.kind, each.part].append(each)
    told: list[Rate] = []
    for which, table in tables.items():
        hidden = withheld([*map(_cell, table), *_nowhere(totals.get(which), table)])
        told += [each for index, each in enumerate(table) if index not in hidden]
    return told


def _nowhere(total: Rate | None, table: Sequence[Rate]) -> list[Cell]:
    """Stations in no area: no row shows them, and yet they are the total less the areas."""
    if total is None:
        return []
    stations = total.stations - sum(each.stations for each in table)
    seen = total.seen - sum(each.seen for each in table)
    observations = total.observations - sum(each.observations for each in table)
    return [Cell(stations, ((seen, observations),))] if stations > 0 else []


def _cell(rate: Rate) -> Cell:
    return Cell(rate.stations, ((rate.seen, rate.observations),))
