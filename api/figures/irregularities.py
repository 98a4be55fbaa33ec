"""Irregularities with the rates that somebody may see of each: in the nation, or area by area."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analytics.numbers import Estimate
from analytics.observation.irregularity_rates import Rate
from api.figures.ask import figure
from api.figures.edition import Edition
from api.figures.rates import indicators_of, rates, rates_by_area
from api.figures.role_tables import By, IrregularityFilter, irregularity_rows
from schemas.checklist import Indicator
from schemas.mission import Kind

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
        """How often, for the order of rows: by the sample where there is one."""
        first = min(self.rates, key=lambda rate: rate.part != "sample")
        number = first.number
        return number.value if isinstance(number, Estimate) else number.seen / max(number.of, 1)


@dataclass(frozen=True)
class TopIrregularities:
    """The irregularities that stand first, of so many in all."""

    shown: tuple[Irregularity, ...]
    of: int


@figure
def irregularities(
    edition: Edition, kind: Kind | None = None, sections: Sequence[str] = ()
) -> tuple[Irregularity, ...]:
    """Every irregularity that somebody could see, gravest and then most frequent first: of one
    kind of observers or of any, in the stages ``sections`` of whoever is bounded to some."""
    told = _told_to(edition, sections, None)
    found = []
    for name in edition.reference.checklists:
        rules = edition.reference.newest(name)
        shown: defaultdict[str, list[Rate]] = defaultdict(list)
        for each in rates(edition, name):
            if (
                each.observations
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
def foremost_irregularities(edition: Edition) -> TopIrregularities:
    """Those that the control room shows."""
    found = irregularities(edition)
    return TopIrregularities(tuple(foremost(found)), len(found))


def foremost(
    found: Iterable[Irregularity], gravest: int = 2, others: int = 4
) -> list[Irregularity]:
    """Of each stage some of the gravest and of the most frequent, most frequent first."""
    left: dict[tuple[str, bool], int] = {}
    chosen = []
    for each in sorted(found, key=lambda each: -each.share):
        key = (each.stage, each.indicator.severity >= GRAVEST)
        left.setdefault(key, gravest if key[1] else others)
        if left[key]:
            left[key] -= 1
            chosen.append(each)
    return chosen


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
            and each.observations
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
