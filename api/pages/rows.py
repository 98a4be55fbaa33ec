"""Irregularities as rows of a table: one line an irregularity, two kinds of number side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.figures import axis_for, dot_and_interval, squares
from analytics.figures.intervals import Axis
from analytics.irregularities import Rate
from analytics.numbers import Estimate, ObservedCount
from analytics.wording import ENGLISH, FORMATS, Said, say
from api.reading.figures import indicators_of, rates
from api.reading.watch import Watch
from schemas.checklist import Indicator
from schemas.mission import Kind

STAGES = ("opening", "voting", "closing", "counting", "tabulation", "pre_election", "all")


@dataclass(frozen=True)
class Cell:
    """A number and its picture: an interval for an estimate, squares for a count."""

    picture: str
    said: Said
    basis: str
    link: str


@dataclass(frozen=True)
class Row:
    """One irregularity: ``first`` is the sample's number, ``second`` what was only observed."""

    code: str
    words: str
    severity: int
    first: Cell | None
    second: Cell | None
    rate: Rate


@dataclass(frozen=True)
class Stage:
    """The rows of one stage."""

    name: str
    rows: tuple[Row, ...]


def stages(watch: Watch, language: str, kind: Kind | None = None) -> tuple[tuple[Stage, ...], Axis]:
    """All rows by stage, and the axis that the estimates share."""
    found: dict[str, list[Row]] = {}
    told = {name: _told(watch, name, kind) for name in watch.frame.checklists}
    estimates = [
        each.number
        for rated in told.values()
        for each in rated
        if isinstance(each.number, Estimate)
    ]
    axis = axis_for(estimates)
    for name, rated in told.items():
        stage = watch.frame.newest(name)
        for indicator in indicators_of(watch, name):
            row = _row(indicator, name, rated, axis, language)
            if row is not None:
                group = indicator.stage if indicator.stage != "all" else None
                key = group or (stage.definition.stage if stage else "all")
                found.setdefault(key, []).append(row)
    ordered = tuple(
        Stage(name, tuple(sorted(found[name], key=_weight))) for name in STAGES if name in found
    )
    return ordered, axis


def _told(watch: Watch, checklist: str, kind: Kind | None) -> tuple[Rate, ...]:
    return tuple(each for each in rates(watch, checklist) if kind in (None, each.kind))


def _weight(row: Row) -> tuple[int, float]:
    number = row.rate.number
    share = number.value if isinstance(number, Estimate) else number.seen / max(number.of, 1)
    return -row.severity, -share


def _row(
    indicator: Indicator, checklist: str, rated: Sequence[Rate], axis: Axis, language: str
) -> Row | None:
    own = [each for each in rated if each.indicator == indicator.code and each.observations]
    if not own:
        return None
    words = indicator.phrase.get(language) or indicator.phrase.get("en") or indicator.code
    words = words[:1].upper() + words[1:]
    sample = next((each for each in own if each.part == "sample"), None)
    first = sample or next((each for each in own if each.kind == Kind.DOMESTIC), None)
    second = next((each for each in own if first is None or each.kind is not first.kind), None)
    pair = [
        None if rate is None else cell(rate, checklist, words, axis, language)
        for rate in (first, second)
    ]
    return Row(indicator.code, words, indicator.severity, pair[0], pair[1], first or own[0])


def cell(rate: Rate, checklist: str, words: str, axis: Axis, language: str) -> Cell:
    """A rate as number, picture, and the address of the reports beneath it."""
    style = FORMATS.get(language, ENGLISH)
    said = say(rate.number, style=style)
    key = f"{rate.indicator}-{checklist}-{rate.kind}-{rate.part}-{rate.area}"
    if said.kind == "estimate" and isinstance(rate.number, Estimate):
        picture = dot_and_interval(rate.number, axis=axis, label=words, key=key)
    else:
        count = ObservedCount(rate.seen, rate.observations, rate.stations, rate.missing)
        picture = squares(count, label=words, key=key)
    basis = f"{style.whole(rate.seen)} {style.of} {style.whole(rate.observations)}"
    query = f"checklist={checklist}&indicator={rate.indicator}&kind={rate.kind}&part={rate.part}"
    area = "" if rate.area is None else f"&area={rate.area}"
    return Cell(picture, said, basis, f"reports?{query}{area}")
