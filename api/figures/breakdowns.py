"""Rates by hour, setting and type of station, of both kinds side by side; areas ranked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal, get_args

import numpy as np

from analytics.numbers import counted
from analytics.observation.breakdowns import (
    AreaSeverity,
    IrregularityAgreement,
    agreement_of,
    rank_areas,
)
from analytics.observation.code_matrix import NOWHERE, CodeMatrix
from analytics.observation.irregularity_rates import Rate, rates_in_groups
from analytics.observation.visits import Grouping
from analytics.survey.design import Ints
from api.figures.ask import figure
from api.figures.edition import Edition
from api.figures.export import number_out, rate_out
from api.figures.rates import groups, indicators_of, matrix_of, rates_of_cells, visits_of

Dimension = Literal["hour", "setting", "sort"]
HOURS = tuple(f"{hour:02}:00" for hour in range(24))
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)


@dataclass(frozen=True)
class Broken:
    """Rates in groups: ``labels`` names each group that a rate's ``area`` numbers."""

    labels: tuple[str, ...]
    rates: tuple[Rate, ...]


def rates_in(edition: Edition, checklist: str, by: Dimension) -> Broken:
    """The rates of a checklist by one dimension; kinds of observers side by side."""

    def make() -> Broken:
        matrix = matrix_of(edition, checklist)
        if matrix is None:
            return Broken((), ())
        if by == "hour":
            return Broken(HOURS, _by_hour(edition, matrix, checklist))
        labels, groups = edition.reference.cells.by(by)
        return Broken(labels, rates_of_cells(edition, checklist, groups))

    return edition.cached(("rates", checklist, by), make)


def _by_hour(edition: Edition, matrix: CodeMatrix, checklist: str) -> tuple[Rate, ...]:
    """Hours are the observations' own: a station may have some in several. Of a visit it is the
    hour of arrival, where a visit has several observations that of finishing."""
    reference, rules = edition.reference, edition.reference.newest(checklist)
    several = rules is not None and rules.definition.policy.per == "observation"
    moment = matrix["finished" if several else "arrived"]
    hours = _hours(reference.polling.opens.utcoffset(), moment)
    return rates_in_groups(
        matrix,
        indicators_of(edition, checklist),
        Grouping(hours, None, len(HOURS)),
        samples=reference.drawn_samples,
        threshold=reference.mission.response_threshold,
    )


def _hours(offset: timedelta | None, moment: Ints) -> Ints:
    """The hour of a moment on the mission's clock; −1 where nobody noted it."""
    local = (moment + int((offset or timedelta(0)).total_seconds())) // 3600 % 24
    return np.where(moment == NOWHERE, -1, local)


def agreements(edition: Edition, checklist: str) -> tuple[IrregularityAgreement, ...]:
    """Where both kinds of observer were: do they say the same?"""
    matrix = matrix_of(edition, checklist)
    if matrix is None:
        return ()
    return edition.cached(
        ("agreements", checklist), lambda: agreement_of(matrix, indicators_of(edition, checklist))
    )


def ranking(edition: Edition, checklist: str) -> tuple[AreaSeverity, ...]:
    """Areas by the gravity of what was seen, where the main sample allows an order at all."""
    visits, reference = visits_of(edition, checklist), edition.reference
    if visits is None:
        return ()
    return rank_areas(
        visits,
        indicators_of(edition, checklist),
        reference.cells.by_area(groups(reference.areas)),
        reference.mission.response_threshold,
    )


def wanted(edition: Edition, checklist: str | None, stages: Sequence[str]) -> list[str]:
    """The checklists asked for, of the stages that somebody may see."""
    found = []
    for name in edition.reference.checklists:
        rules = edition.reference.newest(name)
        stage = rules.definition.stage if rules else ""
        if checklist in (None, name) and (not stages or stage in stages):
            found.append(name)
    return found


@figure
def broken_out(
    edition: Edition, by: Dimension, checklist: str | None, stages: Sequence[str]
) -> list[dict[str, Any]]:
    """Rates by a dimension as JSON rows; kinds are never pooled."""
    rows = []
    for name in wanted(edition, checklist, stages):
        broken, known = rates_in(edition, name, by), indicators_of(edition, name)
        indicators = {each.code: each for each in known}
        for rate in broken.rates:
            if counted(rate.number).of:
                whole, indicator = replace(rate, area=None), indicators.get(rate.indicator)
                plain = rate_out(edition.reference.areas, name, indicator, whole)
                rows.append(plain | {by: broken.labels[rate.area or 0]})
    return rows


@figure
def agreement_out(
    edition: Edition, checklist: str | None, stages: Sequence[str]
) -> list[dict[str, Any]]:
    """Agreement where both kinds were, a row an irregularity, in stations."""
    return [
        {
            "checklist": name,
            "indicator": each.indicator,
            "stations": each.agreement.stations,
            "agree": each.agreement.agree,
            "both": each.agreement.both,
            "only_domestic": each.agreement.only_first,
            "only_international": each.agreement.only_second,
            "neither": each.agreement.neither,
        }
        for name in wanted(edition, checklist, stages)
        for each in agreements(edition, name)
    ]


@figure
def ranking_out(
    edition: Edition, checklist: str | None, stages: Sequence[str]
) -> list[dict[str, Any]]:
    """Areas in order of gravity; empty where no probability sample allows an order."""
    return [
        {
            "checklist": name,
            "area": edition.reference.areas[each.area].code,
            "name": edition.reference.areas[each.area].name,
            "number": number_out(each.estimate),
            "not_different": each.not_different,
        }
        for name in wanted(edition, checklist, stages)
        for each in ranking(edition, name)
    ]


@dataclass(frozen=True)
class RankedArea:
    """An area of the ranking, with its name."""

    name: str
    ranked: AreaSeverity


@figure
def rates_by(edition: Edition, checklist: str, by: Dimension) -> Broken:
    """The rates of a checklist that somebody was asked about, in the groups of one dimension."""
    found = rates_in(edition, checklist, by)
    return Broken(found.labels, tuple(each for each in found.rates if counted(each.number).of))


@figure
def agreed(edition: Edition, checklist: str) -> tuple[IrregularityAgreement, ...]:
    """How far both kinds of observers agree, those that do least first."""
    return tuple(
        sorted(
            agreements(edition, checklist),
            key=lambda each: (each.agreement.agree - each.agreement.stations, each.indicator),
        )
    )


@figure
def ranked_areas(edition: Edition, checklist: str) -> tuple[RankedArea, ...]:
    """The areas in order, where the sample allows one."""
    areas = edition.reference.areas
    return tuple(RankedArea(areas[each.area].name, each) for each in ranking(edition, checklist))
