"""Irregularities with their rates, as each role may read them: small cells are suppressed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from analytics.numbers import counted
from analytics.observation.irregularity_rates import Rate
from api.figures.ask import figure
from api.figures.edition import Edition
from api.figures.export import rate_out
from api.figures.rates import indicators_of, rates, rates_by_area
from schemas.checklist import Indicator
from schemas.mission import Kind

LEAST_STATIONS = 10
"""The fewest stations on which a row may rest that leaves the mission."""
LEAST_HIDDEN = 2
"""The fewest rows to withhold beside a total: one alone is the total less the others."""


@dataclass(frozen=True)
class Cell:
    """One row of a table that adds up to a total.

    ``stations`` is what it rests on; ``parts`` are (numerator, denominator) pairs shown of it,
    each of which adds up over the table as well.
    """

    stations: int
    parts: tuple[tuple[int, int], ...] = ()


def withheld(cells: Sequence[Cell], least: int = LEAST_STATIONS) -> frozenset[int]:
    """The positions of the rows not to be shown beside their total.

    Either nothing of substance is withheld, or at least ``LEAST_HIDDEN`` rows that together rest
    on at least ``least`` stations, and whose hidden numerators are neither all nothing nor all of
    their denominators. Where even withholding every row does not reach that, all are withheld.
    """
    hidden = {index for index, cell in enumerate(cells) if cell.stations < least}
    shown = sorted(set(range(len(cells))) - hidden, key=lambda index: cells[index].stations)
    while shown and not _well_hidden([cells[index] for index in hidden], least):
        hidden.add(shown.pop(0))
    return frozenset(hidden)


def _well_hidden(cells: Iterable[Cell], least: int) -> bool:
    """Whether the sums of what is hidden leave every hidden row open."""
    real = [cell for cell in cells if cell.stations]
    if not real:
        return True
    stations = sum(cell.stations for cell in real)
    if len(real) < LEAST_HIDDEN or stations < least or stations <= len(real):
        return False
    return all(_open(part) for part in zip(*(cell.parts for cell in real), strict=True))


def _open(parts: Iterable[tuple[int, int]]) -> bool:
    """Whether a hidden numerator could be another one, the sums being known."""
    pairs = [pair for pair in parts if pair[1]]
    seen, of = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    return not pairs or (len(pairs) >= LEAST_HIDDEN and 0 < seen < of)


By = Literal["area", "kind", "stage"]


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
    """The rates asked for, most severe first within each group. They are not to be changed.

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
    """The level that the area asked for is on; a partner sees the outermost alone,
    as levels that overlap would give away what is withheld."""
    areas = edition.reference.areas
    parent = next((each.parent_id for each in areas if each.code == asked.area), None)
    above = next((each for each in areas if parent is not None and each.id == parent), None)
    return rates_by_area(edition, checklist, above if everything else None)


def row_order(by: By | None) -> Callable[[dict[str, Any]], Any]:
    """The order of rates: by group, then most severe first."""

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
    if total is None or not table:
        return []
    stations = total.stations - sum(each.stations for each in table)
    parts = tuple(
        (seen - sum(each[0] for each in of_rows), of - sum(each[1] for each in of_rows))
        for (seen, of), of_rows in zip(
            _parts(total), zip(*map(_parts, table), strict=True), strict=True
        )
    )
    return [Cell(stations, parts)] if stations > 0 or any(of > 0 for _, of in parts) else []


def _parts(rate: Rate) -> tuple[tuple[int, int], ...]:
    """The pairs of a row that add up over its table: in either unit."""
    return tuple((each.seen, each.of) for each in (rate.by_observation, rate.by_station))


def _cell(rate: Rate) -> Cell:
    return Cell(rate.stations, _parts(rate))


GRAVEST = 3
Key = tuple[str, str, str, str, str | None]
"""Checklist, indicator, kind, part and area of a rate."""


@dataclass(frozen=True)
class Irregularity:
    """One irregularity of one checklist with its national rates; ``stage`` is the one that it is
    shown under."""

    checklist: str
    stage: str
    indicator: Indicator
    rates: tuple[Rate, ...]

    @property
    def share(self) -> float:
        """How often, for the order of rows: by the sample where there is one, and of all stations;
        below 0 of what has no place in an order."""
        first = min(self.rates, key=lambda rate: rate.part != "sample")
        return -1.0 if first.ranked_share is None else first.ranked_share


@figure
def irregularities(
    edition: Edition, kind: Kind | None = None, sections: Sequence[str] = ()
) -> tuple[Irregularity, ...]:
    """Every irregularity that somebody could see, most severe and then most frequent first: of one
    kind of observers or of any, in the stages ``sections`` of whoever is bounded to some."""
    told = _told_to(edition, sections, None)
    found = []
    for name in edition.reference.checklists:
        rules = edition.reference.newest(name)
        shown: defaultdict[str, list[Rate]] = defaultdict(list)
        for each in rates(edition, name):
            if (
                counted(each.number).of
                and kind in (None, each.kind)
                and _is_told(edition, told, name, each)
            ):
                shown[each.indicator].append(each)
        for indicator in indicators_of(edition, name):
            own = tuple(shown[indicator.code])
            stage = indicator.stage
            if stage == "all" and rules is not None:
                stage = rules.definition.stage
            if own:
                found.append(Irregularity(name, stage, indicator, own))
    return tuple(sorted(found, key=lambda each: (-each.indicator.severity, -each.share)))


@figure
def irregularity_by_area(
    edition: Edition, code: str, sections: Sequence[str] = ()
) -> Mapping[str, tuple[tuple[str, Rate], ...]]:
    """The rates of one irregularity on each checklist that asks for it, each under the name of its
    area; ``sections`` as in :func:`irregularities`."""
    told = _told_to(edition, sections, "area")
    areas = edition.reference.areas
    return {
        name: tuple(
            (areas[each.area].name, each)
            for each in rates_by_area(edition, name)
            if each.indicator == code
            and each.area is not None
            and counted(each.number).of
            and _is_told(edition, told, name, each)
        )
        for name in edition.reference.checklists
        if any(each.code == code for each in indicators_of(edition, name))
    }


def _told_to(edition: Edition, sections: Sequence[str], by: By | None) -> frozenset[Key] | None:
    """The rates that whoever is bounded to some stages may see; None is all of them."""
    if not sections:
        return None
    return frozenset(
        (
            each["checklist"],
            each["indicator"],
            str(each["kind"]),
            each["part"],
            each["area"] and each["area"]["code"],
        )
        for each in irregularity_rows(
            edition, IrregularityFilter(by, stages=tuple(sections)), everything=True
        )
    )


def _is_told(edition: Edition, told: frozenset[Key] | None, checklist: str, rate: Rate) -> bool:
    if told is None:
        return True
    area = None if rate.area is None else edition.reference.areas[rate.area].code
    return (checklist, rate.indicator, str(rate.kind), rate.part, area) in told
