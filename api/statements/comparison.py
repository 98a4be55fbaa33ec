"""Comparisons: two samples of one round, and this mission with earlier ones.

Both take what :mod:`analytics.survey.difference_tests` allows; everything else is listed with its
reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from analytics.numbers import Estimate, counted
from analytics.observation.irregularity_rates import Rate
from analytics.statements.ledger import from_data
from analytics.survey.difference_tests import (
    Comparison,
    DifferenceTest,
    NotCompared,
    Sampled,
    compare,
    compare_samples,
    together,
)
from api.figures.ask import figure
from api.figures.breakdowns import wanted
from api.figures.edition import Edition
from api.figures.export import number_out
from api.figures.rates import indicators_of, rates
from schemas.checklist import Indicator
from schemas.memory import EarlierIndicator
from schemas.mission import Kind


@dataclass(frozen=True)
class KindsCompared:
    """One irregularity as the domestic and the international observers have it."""

    indicator: Indicator
    comparison: Comparison


@dataclass(frozen=True)
class MissionsCompared:
    """One irregularity in this mission (first) and in an earlier one."""

    indicator: Indicator
    kind: Kind
    earlier: EarlierIndicator
    comparison: Comparison


def kinds_compared(edition: Edition, checklist: str) -> tuple[KindsCompared, ...]:
    """Every irregularity that both kinds of observers answered, in one checklist."""

    def make() -> tuple[KindsCompared, ...]:
        found = []
        for indicator in indicators_of(edition, checklist):
            one, other = (_spoken(edition, checklist, indicator.code, kind) for kind in Kind)
            if one and other:
                found.append((indicator, _between(edition, one, other)))
        return tuple(KindsCompared(*each) for each in together(found))

    return edition.cached(f"kinds compared {checklist}", make)


@figure
def kinds_of_samples(edition: Edition, checklist: str) -> tuple[KindsCompared, ...]:
    """The same; nothing where the round has not a sample of each."""
    return kinds_compared(edition, checklist) if len(edition.reference.samples) > 1 else ()


def _spoken(edition: Edition, checklist: str, indicator: str, kind: Kind) -> Rate | None:
    """What one kind of observers says: its sample, where anybody there answered, else visits."""
    own = [
        each
        for each in rates(edition, checklist)
        if (each.indicator, each.kind) == (indicator, kind) and counted(each.number).of
    ]
    return min(own, key=lambda rate: rate.part != "sample", default=None)


def _between(edition: Edition, one: Rate, other: Rate) -> Comparison:
    first, second = one.number, other.number
    if not isinstance(first, Estimate) or not isinstance(second, Estimate):
        return NotCompared(first, second, one.why_count or other.why_count or "not_a_sample")
    frames = {each.kind: each.stations for each in edition.reference.samples}
    return compare_samples(Sampled(first, frames[one.kind]), Sampled(second, frames[other.kind]))


def _earlier(edition: Edition) -> list[EarlierIndicator]:
    """What the mission inherited of earlier ones, the latest polling first."""
    query = (
        select(EarlierIndicator)
        .where(EarlierIndicator.mission_id == edition.reference.mission.mission_id)
        .order_by(
            col(EarlierIndicator.polling_day).desc(),
            col(EarlierIndicator.of_mission),
            col(EarlierIndicator.round),
            col(EarlierIndicator.indicator),
        )
    )
    return [row[0] for row in edition.rows_of(query)]


@figure
def missions_compared(edition: Edition, checklist: str) -> tuple[MissionsCompared, ...]:
    """Every irregularity of a checklist that this mission and an earlier one both asked for."""
    return _compared(edition, _earlier(edition), checklist)


def _compared(
    edition: Edition, earlier: Sequence[EarlierIndicator], checklist: str
) -> tuple[MissionsCompared, ...]:
    indicators = {each.code: each for each in indicators_of(edition, checklist)}
    found = []
    for each in _foremost(row for row in earlier if row.checklist == checklist):
        indicator, kind = indicators.get(each.indicator), Kind(each.kind)
        now = _spoken(edition, checklist, each.indicator, kind)
        others = (_spoken(edition, checklist, each.indicator, other) for other in Kind)
        present = now or next(filter(None, others), None)
        if indicator and present:
            found.append(((indicator, kind, each), _across(indicator, present, each)))
    return tuple(MissionsCompared(*key, comparison) for key, comparison in together(found))


def _foremost(rows: Iterable[EarlierIndicator]) -> list[EarlierIndicator]:
    """Of each irregularity and kind of observers the sample, where it was answered in it."""
    chosen: dict[tuple[str, ...], EarlierIndicator] = {}
    for each in sorted(rows, key=lambda row: row.part != "sample"):
        number = from_data(each.number)
        if isinstance(number, Estimate) or number.of:
            chosen.setdefault((each.of_mission, each.round, each.indicator, each.kind), each)
    return list(chosen.values())


def _across(indicator: Indicator, now: Rate, earlier: EarlierIndicator) -> Comparison:
    first, second = now.number, from_data(earlier.number)
    if now.kind != earlier.kind:
        return NotCompared(first, second, "kind")
    if not isinstance(first, Estimate) or not isinstance(second, Estimate):
        return NotCompared(first, second, now.why_count or _why(earlier))
    if indicator.asked_as() != earlier.sources:
        return NotCompared(first, second, "question")
    return compare(first, second)


def _why(earlier: EarlierIndicator) -> Any:
    return earlier.why_count or "not_a_sample"


@figure
def kinds_out(
    edition: Edition, checklist: str | None, stages: Sequence[str]
) -> list[dict[str, Any]]:
    """Domestic against international as JSON; ``difference`` is domestic less international."""
    return [
        _named(name, each.indicator)
        | {
            "domestic": number_out(each.comparison.first),
            "international": number_out(each.comparison.second),
        }
        | outcome_out(each.comparison)
        for name in wanted(edition, checklist, stages)
        for each in kinds_compared(edition, name)
    ]


@figure
def missions_out(
    edition: Edition, checklist: str | None, stages: Sequence[str]
) -> list[dict[str, Any]]:
    """This mission against earlier ones as JSON; ``difference`` is present less earlier."""
    earlier = _earlier(edition)
    return [
        _named(name, each.indicator)
        | {
            "kind": each.kind,
            "of_mission": each.earlier.of_mission,
            "round": each.earlier.round,
            "polling_day": each.earlier.polling_day,
            "present": number_out(each.comparison.first),
            "earlier": number_out(each.comparison.second),
            "earlier_draw": each.earlier.draw,
        }
        | outcome_out(each.comparison)
        for name in wanted(edition, checklist, stages)
        for each in _compared(edition, earlier, name)
    ]


def _named(checklist: str, indicator: Indicator) -> dict[str, Any]:
    return {
        "checklist": checklist,
        "indicator": indicator.code,
        "stage": indicator.stage,
        "severity": indicator.severity,
        "phrase": indicator.phrase,
    }


def outcome_out(found: Comparison) -> dict[str, Any]:
    """A test with its difference and verdict, or why none was made: two shapes of one."""
    if isinstance(found, DifferenceTest):
        return {
            "difference": vars(found.difference),
            "verdict": found.verdict,
            "tests": found.tests,
            "why_not": None,
        }
    return {"difference": None, "verdict": None, "tests": 0, "why_not": found.why}
