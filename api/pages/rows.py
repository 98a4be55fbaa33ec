"""Irregularities as rows of a table: one line an irregularity, each kind of number in its own
column. An estimate and a count never stand on one axis."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analytics.charts import axis_for, dot_and_interval, squares
from analytics.charts.intervals import Axis
from analytics.numbers import Estimate, ObservedCount
from analytics.observation.irregularity_rates import Rate
from analytics.wording import ENGLISH, FORMATS, Format, Said, say
from api.auth.principal import Principal
from api.figures.figures import indicators_of, rates
from api.figures.json import as_printed
from api.figures.role_tables import Asked as Wanted
from api.figures.role_tables import By, irregularity_rows
from api.figures.watch import Watch
from schemas.checklist import Indicator
from schemas.mission import Kind
from schemas.words import N_, word

STAGES = ("pre_election", "opening", "voting", "closing", "counting", "tabulation", "all")
GRAVEST = 3
PARTS = {"sample": N_("in the sample"), "visits": N_("at other visits")}
"""What tells two counts of one kind of observers apart."""


@dataclass(frozen=True)
class Cell:
    """A number and its picture: an interval for an estimate, squares for a count."""

    picture: str
    said: Said
    basis: str
    missing: int
    link: str
    part: str = ""
    """Of which part of the reports it is, in words, where two counts stand together."""


@dataclass(frozen=True)
class Asked:
    """One irregularity of one checklist with its national rates, not yet drawn."""

    checklist: str
    stage: str
    indicator: Indicator
    rates: tuple[Rate, ...]

    @property
    def share(self) -> float:
        """How often, for the order of rows: by the sample where there is one."""
        first = min(self.rates, key=lambda rate: rate.part != "sample")
        number = first.number
        return number.value if isinstance(number, Estimate) else number.seen / max(number.of, 1)


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


Key = tuple[str, str, str, str, str | None]
"""Checklist, indicator, kind, part and area of a rate."""


def told_to(watch: Watch, who: Principal, by: By | None = None) -> frozenset[Key] | None:
    """The rates that a bounded analyst may see; None is all of them."""
    if not who.sections:
        return None
    return frozenset(
        (
            each["checklist"],
            each["indicator"],
            str(each["kind"]),
            each["part"],
            each["area"] and each["area"]["code"],
        )
        for each in irregularity_rows(watch, Wanted(by, stages=who.sections), everything=True)
    )


def key_of(watch: Watch, checklist: str, rate: Rate) -> Key:
    """The key of a rate among those that may be told."""
    area = None if rate.area is None else watch.frame.areas[rate.area].code
    return checklist, rate.indicator, str(rate.kind), rate.part, area


def gather(
    watch: Watch, kind: Kind | None = None, told: frozenset[Key] | None = None
) -> list[Asked]:
    """Every irregularity that somebody could see, gravest and then most frequent first.

    Of ``told``, where given, only those rates.
    """
    found = []
    for name in watch.frame.checklists:
        rules = watch.frame.newest(name)
        shown: defaultdict[str, list[Rate]] = defaultdict(list)
        for each in rates(watch, name):
            if (
                each.observations
                and kind in (None, each.kind)
                and (told is None or key_of(watch, name, each) in told)
            ):
                shown[each.indicator].append(each)
        for indicator in indicators_of(watch, name):
            own = tuple(shown[indicator.code])
            stage = indicator.stage
            if stage == "all" and rules is not None:
                stage = rules.definition.stage
            if own:
                found.append(Asked(name, stage, indicator, own))
    return sorted(found, key=lambda each: (-each.indicator.severity, -each.share))


def foremost(asked: Iterable[Asked], gravest: int = 2, others: int = 4) -> list[Asked]:
    """Of each stage some of the gravest and of the most frequent, most frequent first."""
    left: dict[tuple[str, bool], int] = {}
    chosen = []
    for each in sorted(asked, key=lambda each: -each.share):
        key = (each.stage, each.indicator.severity >= GRAVEST)
        left.setdefault(key, gravest if key[1] else others)
        if left[key]:
            left[key] -= 1
            chosen.append(each)
    return chosen


def table(asked: Iterable[Asked], language: str, *, exact: bool = True) -> Table:
    """The rows drawn, by stage in the order of the day; all estimates share one axis.

    Not ``exact``: for a partner (:func:`cell`).
    """
    asked = list(asked)
    numbers = [rate.number for each in asked for rate in each.rates]
    axis = axis_for(each for each in numbers if isinstance(each, Estimate))
    by_stage: dict[str, list[Row]] = {}
    for each in asked:
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


def _row(asked: Asked, axis: Axis, language: str, exact: bool) -> Row:
    words = phrase_of(asked.indicator, language)
    counted = Counter(rate.kind for rate in asked.rates if said_of(rate, language).kind == "count")
    estimates: dict[str, Cell] = {}
    counts: dict[str, tuple[Cell, ...]] = {}
    for rate in asked.rates:
        part = word(language, PARTS[rate.part]) if counted[rate.kind] > 1 else ""
        drawn = cell(rate, asked.checklist, words, axis, language, exact=exact, part=part)
        if drawn.said.kind == "estimate":
            estimates[str(rate.kind)] = drawn
        else:
            counts[str(rate.kind)] = (*counts.get(str(rate.kind), ()), drawn)
    return Row(
        asked.indicator.code, asked.checklist, words, asked.indicator.severity, estimates, counts
    )


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
    """A rate as number, picture, and the address of the reports beneath it.

    Not ``exact``: an estimate is drawn as it is printed, without what it rests on, and no
    report lies open beneath it.
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


def said_of(rate: Rate, language: str) -> Said:
    """How a rate's number is said; of one that was frozen, what was said of it then."""
    frozen: Mapping[str, Said] | None = getattr(rate, "said", None)
    if frozen is not None:
        return frozen.get(language) or frozen["en"]
    return say(rate.number, style=FORMATS.get(language, ENGLISH))


def basis_of(rate: Rate, style: Format) -> str:
    """What a number rests on: stations for an estimate, observations for a count."""
    number, seen, of = rate.number, rate.seen, rate.observations
    if isinstance(number, Estimate) and number.seen is not None:
        seen, of = number.seen, number.n
    return f"{style.whole(seen)} {style.of} {style.whole(of)}"
