"""The same readings by hour, setting and sort of station; both kinds side by side; in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, get_args

import numpy as np

from analytics.observation.breakdowns import Agreed, Ranked, agreement_of, rank_areas
from analytics.observation.code_matrix import NOWHERE, AnyMatrix
from analytics.observation.irregularity_rates import Rate, irregularities_in
from analytics.observation.visits import Grouping
from analytics.survey.design import Ints
from api.figures.areas import groups
from api.figures.ask import figure
from api.figures.figures import indicators_of, rates_of_cells, visits_of
from api.figures.json import number_out, rate_out
from api.figures.kept import folds_of, kept
from api.figures.watch import Watch
from schemas.checklist import CASES

Dimension = Literal["hour", "setting", "sort"]
HOURS = tuple(f"{hour:02}:00" for hour in range(24))
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)


@dataclass(frozen=True)
class Broken:
    """Rates in groups: ``labels`` names each group that a rate's ``area`` numbers."""

    labels: tuple[str, ...]
    rates: tuple[Rate, ...]


def rates_in(watch: Watch, checklist: str, by: Dimension) -> Broken:
    """The rates of a checklist by one dimension; kinds of observers side by side."""

    def make() -> Broken:
        matrix = watch.readings.get(checklist)
        if matrix is None or checklist in CASES:
            return Broken((), ())
        if by == "hour":
            return Broken(HOURS, _by_hour(watch, matrix, checklist))
        labels, groups = watch.frame.cells.by(by)
        return Broken(labels, rates_of_cells(watch, checklist, groups))

    return kept(watch, f"rates by {by} {checklist}", make, moved=folds_of(watch, checklist))


def _by_hour(watch: Watch, matrix: AnyMatrix, checklist: str) -> tuple[Rate, ...]:
    """Hours are the visits' own: a station may have visits in several."""
    frame = watch.frame
    return irregularities_in(
        matrix,
        indicators_of(watch, checklist),
        Grouping(_hours(frame.polling.opens.utcoffset(), matrix["arrived"]), None, len(HOURS)),
        samples=frame.drawn_samples,
        threshold=frame.mission.response_threshold,
    )


def _hours(offset: timedelta | None, arrived: Ints) -> Ints:
    """The hour of arrival on the mission's clock; −1 where nobody noted it."""
    local = (arrived + int((offset or timedelta(0)).total_seconds())) // 3600 % 24
    return np.where(arrived == NOWHERE, -1, local)


def agreements(watch: Watch, checklist: str) -> tuple[Agreed, ...]:
    """Where both kinds of observer were: do they say the same?"""

    def make() -> tuple[Agreed, ...]:
        matrix = watch.readings.get(checklist)
        if matrix is None or checklist in CASES:
            return ()
        return agreement_of(matrix, indicators_of(watch, checklist))

    return kept(watch, f"agreement {checklist}", make, moved=folds_of(watch, checklist))


def ranking(watch: Watch, checklist: str) -> tuple[Ranked, ...]:
    """Areas by the gravity of what was seen, where the main sample allows an order at all."""

    def make() -> tuple[Ranked, ...]:
        visits, frame = visits_of(watch, checklist), watch.frame
        if visits is None:
            return ()
        return rank_areas(
            visits,
            indicators_of(watch, checklist),
            frame.cells.by_area(groups(frame.areas)),
            frame.mission.response_threshold,
        )

    return kept(watch, f"ranking {checklist}", make, moved=folds_of(watch, checklist))


def wanted(watch: Watch, checklist: str | None, stages: Sequence[str]) -> list[str]:
    """The checklists asked for, of the stages that somebody may see."""
    found = []
    for name in watch.frame.checklists:
        rules = watch.frame.newest(name)
        stage = rules.definition.stage if rules else ""
        if checklist in (None, name) and (not stages or stage in stages):
            found.append(name)
    return found


@figure
def broken_out(
    watch: Watch, by: Dimension, checklist: str | None, stages: Sequence[str]
) -> list[dict[str, Any]]:
    """Rates by a dimension as JSON rows; kinds are never pooled."""
    rows = []
    for name in wanted(watch, checklist, stages):
        broken, known = rates_in(watch, name, by), indicators_of(watch, name)
        indicators = {each.code: each for each in known}
        for rate in broken.rates:
            if rate.observations:
                plain = rate_out(watch.frame, name, indicators.get(rate.indicator), _whole(rate))
                rows.append(plain | {by: broken.labels[rate.area or 0]})
    return rows


def _whole(rate: Rate) -> Rate:
    """A rate whose group is no area."""
    return Rate(**{name: getattr(rate, name) for name in vars(rate) if name != "area"}, area=None)


@figure
def agreement_out(
    watch: Watch, checklist: str | None, stages: Sequence[str]
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
        for name in wanted(watch, checklist, stages)
        for each in agreements(watch, name)
    ]


@figure
def ranking_out(watch: Watch, checklist: str | None, stages: Sequence[str]) -> list[dict[str, Any]]:
    """Areas in order of gravity; empty where no probability sample allows an order."""
    return [
        {
            "checklist": name,
            "area": watch.frame.areas[each.area].code,
            "name": watch.frame.areas[each.area].name,
            "number": number_out(each.estimate),
            "not_different": each.not_different,
        }
        for name in wanted(watch, checklist, stages)
        for each in ranking(watch, name)
    ]
