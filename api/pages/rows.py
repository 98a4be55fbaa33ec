"""Irregularities as rows of a table: a line each, each type of number in its own column. An
estimate and a count are never on one axis."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analytics.charts import axis_for, dot_and_interval, squares
from analytics.charts.intervals import Axis
from analytics.numbers import Estimate, ObservedCount
from analytics.observation.irregularity_rates import Rate
from analytics.wording import ENGLISH, FORMATS, Format, WordedNumber, say
from api.figures.export import as_printed
from api.figures.irregularities import Irregularity
from schemas.checklist import Indicator
from schemas.mission import Kind
from schemas.words import N_, word

STAGES = ("pre_election", "opening", "voting", "closing", "counting", "tabulation", "all")
PARTS = {"sample": N_("in the sample"), "visits": N_("at other visits")}
"""What distinguishes two counts of one kind of observers."""


@dataclass(frozen=True)
class Cell:
    """A number and its picture: an interval for an estimate, squares for a count."""

    picture: str
    said: WordedNumber
    basis: str
    missing: int
    link: str
    part: str = ""
    """Of which part of the reports it is, in words, where two counts are side by side."""


@dataclass(frozen=True)
class Row:
    """One irregularity: its estimate and its counts by kind of observer."""

    code: str
    checklist: str
    words: str
    severity: int
    estimates: dict[str, Cell]
    counts: dict[str, tuple[Cell, ...]]


@dataclass(frozen=True)
class Table:
    """Rows by stage; ``estimating`` and ``kinds`` are the kinds of observers that have columns of
    estimates and of counts."""

    stages: tuple[tuple[str, tuple[Row, ...]], ...]
    kinds: tuple[str, ...]
    estimating: tuple[str, ...]
    axis: Axis
    rows: int

    @property
    def axis_end(self) -> int:
        """The end of the axis, in percent."""
        return round(100 * self.axis.end)


def table(found: Iterable[Irregularity], language: str, *, exact: bool = True) -> Table:
    """The rows drawn, by stage in the order of the day; all estimates share one axis.

    Not ``exact``: for a partner (:func:`cell`).
    """
    found = list(found)
    numbers = [rate.number for each in found for rate in each.rates]
    axis = axis_for(each for each in numbers if isinstance(each, Estimate))
    by_stage: dict[str, list[Row]] = {}
    for each in found:
        by_stage.setdefault(each.stage, []).append(_row(each, axis, language, exact))
    rows = [row for some in by_stage.values() for row in some]
    kinds = tuple(kind for kind in Kind if any(row.counts.get(kind) for row in rows))
    ordered = sorted(by_stage, key=lambda name: STAGES.index(name) if name in STAGES else 99)
    return Table(
        tuple((name, tuple(by_stage[name])) for name in ordered),
        kinds,
        tuple(kind for kind in Kind if any(kind in row.estimates for row in rows)),
        axis,
        len(rows),
    )


def _row(one: Irregularity, axis: Axis, language: str, exact: bool) -> Row:
    words = phrase_of(one.indicator, language)
    counted = Counter(rate.kind for rate in one.rates if said_of(rate, language).kind == "count")
    estimates: dict[str, Cell] = {}
    counts: dict[str, tuple[Cell, ...]] = {}
    for rate in one.rates:
        part = word(language, PARTS[rate.part]) if counted[rate.kind] > 1 else ""
        drawn = cell(rate, one.checklist, words, axis, language, exact=exact, part=part)
        if drawn.said.kind == "estimate":
            estimates[str(rate.kind)] = drawn
        else:
            counts[str(rate.kind)] = (*counts.get(str(rate.kind), ()), drawn)
    return Row(one.indicator.code, one.checklist, words, one.indicator.severity, estimates, counts)


def phrase_of(indicator: Indicator, language: str) -> str:
    """What the irregularity is, as a sentence begins."""
    words = indicator.phrase.get(language) or indicator.phrase.get("en") or indicator.code
    return words[:1].upper() + words[1:]


def cell(
    rate: Rate,
    checklist: str,
    words: str,
    axis: Axis,
    language: str,
    *,
    exact: bool = True,
    part: str = "",
) -> Cell:
    """A rate as number, picture, and the address of its supporting reports.

    Not ``exact``: an estimate is drawn as it is printed, without what it rests on, and its
    supporting reports are not linked.
    """
    style, said = FORMATS.get(language, ENGLISH), said_of(rate, language)
    key = f"p-{rate.indicator}-{checklist}-{rate.kind}-{rate.part}-{rate.area}"
    if said.kind == "estimate" and isinstance(rate.number, Estimate):
        drawn = rate.number if exact else as_printed(rate.number)
        picture = dot_and_interval(drawn, axis=axis, label=words, key=key)
    else:
        count = ObservedCount(rate.seen, rate.observations, rate.stations, rate.missing)
        picture = squares(count, label=f"{words}, {part}" if part else words, key=key)
    if not exact:
        return Cell(picture, said, "", 0, "", part)
    basis = basis_of(rate, style)
    query = f"checklist={checklist}&indicator={rate.indicator}&kind={rate.kind}&part={rate.part}"
    area = "" if rate.area is None else f"&area={rate.area}"
    return Cell(picture, said, basis, rate.missing, f"reports?{query}{area}", part)


def said_of(rate: Rate, language: str) -> WordedNumber:
    """A rate's number in words; of one that was frozen, its words then."""
    frozen: Mapping[str, WordedNumber] | None = getattr(rate, "said", None)
    if frozen is not None:
        return frozen.get(language) or frozen["en"]
    return say(rate.number, style=FORMATS.get(language, ENGLISH))


def basis_of(rate: Rate, style: Format) -> str:
    """What a number rests on: stations for an estimate, observations for a count."""
    number, seen, of = rate.number, rate.seen, rate.observations
    if isinstance(number, Estimate) and number.seen is not None:
        seen, of = number.seen, number.n
    return f"{style.whole(seen)} {style.of} {style.whole(of)}"
