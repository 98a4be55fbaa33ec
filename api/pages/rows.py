"""Irregularities as rows of a table: a line each, each type of number in its own column.

An estimate and a count are never on one axis."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analytics.charts import Axis, axis_for, axis_scale, dot_and_interval, squares
from analytics.numbers import Estimate, ObservedCount, counted
from analytics.observation.irregularity_rates import Rate
from analytics.wording import (
    ENGLISH,
    FORMATS,
    OF_STATIONS,
    Format,
    WordedNumber,
    noun,
    say,
    say_interval,
)
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
    noun: str = ""
    """What a count is of, in words: the unit of the number."""
    other: str = ""
    """The same counted in the other unit, where that is another count."""
    beside: tuple[tuple[str, int], ...] = ()
    """What is counted beside the number, by its name: each by itself."""
    interval: str = ""
    """The interval of an estimate by itself."""
    share: float = 0.0
    """How often it was seen, 0 to 1, for an order."""
    noun_of: str = ""
    """What a share or a count is of, in words: ``of polling stations``."""


@dataclass(frozen=True)
class Row:
    """One irregularity: its estimate and its counts by kind of observer."""

    code: str
    checklist: str
    words: str
    severity: int
    estimates: dict[str, Cell]
    counts: dict[str, tuple[Cell, ...]]
    among: str = ""
    """Where it was asked, where that is not everywhere."""


@dataclass(frozen=True)
class Table:
    """Rows by stage; ``estimating`` and ``kinds`` are the kinds of observers that have columns of
    estimates and of counts."""

    stages: tuple[tuple[str, tuple[Row, ...]], ...]
    kinds: tuple[str, ...]
    estimating: tuple[str, ...]
    axis: Axis
    rows: int
    scale: str
    """The numbers of the axis, drawn."""

    @property
    def domains(self) -> tuple[str, ...]:
        """Where rows were asked that were not asked everywhere, each once."""
        found = (row.among for _, rows in self.stages for row in rows if row.among)
        return tuple(dict.fromkeys(found))

    @property
    def nouns(self) -> dict[str, str]:
        """By kind of observers what its counts are of, where they all are of the same."""
        found: dict[str, set[str]] = {}
        for _, rows in self.stages:
            for row in rows:
                for kind, cells in row.counts.items():
                    found.setdefault(kind, set()).update(each.noun for each in cells)
        return {kind: next(iter(each)) for kind, each in found.items() if len(each) == 1}

    @property
    def axis_end(self) -> int:
        """The end of the axis, in percent."""
        return round(100 * self.axis.end)


PLAIN, WIDE = 120.0, 200.0
"""How wide an axis is, and one that stands alone beside its figures."""


def table(
    found: Iterable[Irregularity],
    language: str,
    *,
    exact: bool = True,
    wide: bool = False,
    as_given: bool = False,
) -> Table:
    """The rows drawn, by stage in the order of the day, or the stages as they are given; all
    estimates share one axis, which is wide where asked and only one kind has estimates.

    Not ``exact``: for a partner (:func:`cell`).
    """
    found = list(found)
    numbers = [rate.number for each in found for rate in each.rates]
    axis = axis_for(each for each in numbers if isinstance(each, Estimate))
    sampled = {rate.kind for each in found for rate in each.rates if rate.part == "sample"}
    width = WIDE if wide and len(sampled) < 2 else PLAIN
    by_stage: dict[str, list[Row]] = {}
    for each in found:
        by_stage.setdefault(each.stage, []).append(_row(each, axis, language, exact, width))
    rows = [row for some in by_stage.values() for row in some]
    kinds = tuple(kind for kind in Kind if any(row.counts.get(kind) for row in rows))
    ordered = list(by_stage)
    if not as_given:
        ordered.sort(key=lambda name: STAGES.index(name) if name in STAGES else 99)
    return Table(
        tuple((name, tuple(by_stage[name])) for name in ordered),
        kinds,
        tuple(kind for kind in Kind if any(kind in row.estimates for row in rows)),
        axis,
        len(rows),
        axis_scale(axis, style=FORMATS.get(language, ENGLISH), width=width),
    )


def _row(one: Irregularity, axis: Axis, language: str, exact: bool, width: float = PLAIN) -> Row:
    words = phrase_of(one.indicator, language)
    several = Counter(rate.kind for rate in one.rates if said_of(rate, language).kind == "count")
    estimates: dict[str, Cell] = {}
    counts: dict[str, tuple[Cell, ...]] = {}
    for rate in one.rates:
        part = word(language, PARTS[rate.part]) if several[rate.kind] > 1 else ""
        drawn = cell(
            rate, one.checklist, words, axis, language, exact=exact, part=part, width=width
        )
        if drawn.said.kind == "estimate":
            estimates[str(rate.kind)] = drawn
        else:
            counts[str(rate.kind)] = (*counts.get(str(rate.kind), ()), drawn)
    return Row(
        one.indicator.code,
        one.checklist,
        words,
        one.indicator.severity,
        estimates,
        counts,
        domain_of(one.rates, language),
    )


def domain_of(rates: Iterable[Rate], language: str) -> str:
    """Where rates of one irregularity were asked; nothing where everywhere."""
    domain = next((rate.number.domain for rate in rates), None)
    return "" if domain is None else domain.says(language)


def phrase_of(indicator: Indicator, language: str) -> str:
    """What the irregularity is, as a sentence begins."""
    words = indicator.phrase.get(language) or indicator.phrase.get("en") or indicator.code
    return words[:1].upper() + words[1:]


def label_of(indicator: Indicator, language: str) -> str:
    """Its short name, such as ``Family or group voting``; the sentence where it has none."""
    words = indicator.label.get(language) or indicator.label.get("en")
    return words[:1].upper() + words[1:] if words else phrase_of(indicator, language)


def with_domain(indicator: Indicator, language: str) -> str:
    """The same, and where it is asked, where that is not everywhere."""
    where = indicator.among.get(language) or indicator.among.get("en")
    words = phrase_of(indicator, language)
    return f"{words}, {where}" if where else words


def cell(
    rate: Rate,
    checklist: str,
    words: str,
    axis: Axis,
    language: str,
    *,
    exact: bool = True,
    part: str = "",
    width: float = PLAIN,
) -> Cell:
    """A rate as number, picture, and the address of its supporting reports.

    Not ``exact``: an estimate is drawn as it is printed, without what it rests on, and its
    supporting reports are not linked.
    """
    style, said = FORMATS.get(language, ENGLISH), said_of(rate, language)
    key = f"p-{rate.indicator}-{checklist}-{rate.kind}-{rate.part}-{rate.area}"
    interval = ""
    if said.kind == "estimate" and isinstance(rate.number, Estimate):
        drawn = rate.number if exact else as_printed(rate.number)
        picture = dot_and_interval(drawn, axis=axis, label=words, key=key, width=width)
        interval = say_interval(rate.number, style=style)
    else:
        picture = squares(
            counted(rate.number), label=f"{words}, {part}" if part else words, key=key
        )
    count = counted(rate.number)
    named = word(language, noun(count.unit, count.of))
    if not exact:
        return Cell(picture, said, "", 0, "", part, named, interval=interval)
    basis = basis_of(rate, style)
    query = f"checklist={checklist}&indicator={rate.indicator}&kind={rate.kind}&part={rate.part}"
    area = "" if rate.area is None else f"&area={rate.area}"
    return Cell(
        picture,
        said,
        basis,
        rate.missing,
        f"reports?{query}{area}",
        part,
        named,
        other_of(rate, language),
        tuple((word(language, words), many) for words, many in _beside(rate) if many),
        interval,
        rate.number.value if interval and isinstance(rate.number, Estimate) else _share(count),
        word(language, OF_STATIONS) if interval else named,
    )


def _share(count: ObservedCount) -> float:
    return count.seen / count.of if count.of else 0.0


def other_of(rate: Rate, language: str) -> str:
    """The count of a rate in the other unit, with its noun; nothing where it is the same count."""
    own, other = counted(rate.number), rate.other
    if (own.seen, own.of) == (other.seen, other.of) or not other.of:
        return ""
    said = say(other, style=FORMATS.get(language, ENGLISH))
    return f"{said.text} {word(language, said.unit)}"


def _beside(rate: Rate) -> list[tuple[str, int]]:
    beside = rate.beside
    return [
        (N_("no report"), rate.missing),
        (N_("not asked"), beside.not_asked),
        (N_("not observed"), beside.not_observed),
        (N_("not answered"), beside.unanswered),
        (N_("reported to observers"), beside.told),
        (N_("does not apply"), beside.not_applicable),
    ]


def said_of(rate: Rate, language: str) -> WordedNumber:
    """A rate's number in words; of one that was frozen, its words then."""
    frozen: Mapping[str, WordedNumber] | None = getattr(rate, "said", None)
    if frozen is not None:
        return frozen.get(language) or frozen["en"]
    return say(rate.number, style=FORMATS.get(language, ENGLISH))


def basis_of(rate: Rate, style: Format) -> str:
    """What a number rests on, in its unit: ``116 of 981``."""
    count = counted(rate.number)
    return f"{style.whole(count.seen)} {style.of} {style.whole(count.of)}"
