"""The stations of the main sample, and what became of each: by class, with reasons."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.observation.dispositions import Fate
from analytics.observation.drawn_sample import DrawnSample, came_from
from analytics.observation.sample_response import (
    ClassResponse,
    Known,
    StationFate,
    in_all,
    response_by_class,
)
from analytics.results.vote_design import vote_design
from analytics.survey.design import Ints, Truths
from api.figures.ask import figure
from api.figures.figures import as_of
from api.figures.kept import kept, this_minute
from api.figures.unobservable_stations import closed_at, refused_at
from api.figures.watch import Watch


@dataclass(frozen=True)
class ChecklistResponse:
    """One checklist's response: the classes, and the whole sample."""

    checklist: str
    classes: tuple[ClassResponse, ...]

    @property
    def whole(self) -> ClassResponse:
        """All stations drawn."""
        return in_all(self.classes)


def sample_response(watch: Watch) -> tuple[ChecklistResponse, ...]:
    """What became of the stations drawn, for each checklist expected from them."""

    def make() -> tuple[ChecklistResponse, ...]:
        drawn = watch.frame.drawn
        if drawn is None:
            return ()
        design = vote_design(drawn.sample.method, drawn.strata)
        sample = watch.frame.drawn_samples[0]
        planned = watch.disposed().planned_at(sample.place, sample.kind, as_of=as_of(watch))
        return tuple(
            ChecklistResponse(
                name,
                response_by_class(
                    design.group[sample.stratum],
                    design.names,
                    _known(watch, sample, name, planned[name]),
                ),
            )
            for name in watch.frame.checklists
            if name in planned
        )

    return kept(watch, "response of the sample", make, this_minute())


def _known(
    watch: Watch, sample: DrawnSample, checklist: str, planned: Mapping[Fate, Truths]
) -> Known:
    matrix, kind = watch.readings.get(checklist), sample.kind
    received = np.zeros(len(sample), dtype=np.bool_)
    if matrix is not None:
        received = came_from(sample, matrix)
    aside, closed, refused = (
        _among(sample.place, places)
        for places in (
            watch.received.aside(checklist, kind),
            closed_at(watch),
            refused_at(watch, kind),
        )
    )
    return Known(received, aside, closed, refused, planned)


def _among(stations: Ints, places: Collection[int]) -> Truths:
    """Which stations are at these places."""
    here = np.zeros(int(stations.max(initial=-1)) + 1, dtype=np.bool_)
    here[[each for each in places if each < len(here)]] = True
    return here[stations]


@dataclass(frozen=True)
class ResponseShown:
    """The response of the main sample for each checklist; ``classes`` and ``why`` tell what the
    classes are, ``areas`` names the areas drawn by their codes."""

    checklists: tuple[ChecklistResponse, ...]
    classes: str
    why: str
    areas: Mapping[str, str]


@figure
def response_shown(watch: Watch) -> ResponseShown | None:
    """What a page shows of it; None where no sample was drawn."""
    drawn = watch.frame.drawn
    if drawn is None:
        return None
    design = vote_design(drawn.sample.method, drawn.strata)
    return ResponseShown(
        sample_response(watch), design.classes, design.why, watch.frame.areas_drawn
    )


@figure
def sample_response_out(watch: Watch) -> dict[str, Any]:
    """The same as JSON, with what the classes are."""
    drawn = watch.frame.drawn
    if drawn is None:
        return {"classes": None, "why": None, "checklists": []}
    design = vote_design(drawn.sample.method, drawn.strata)
    return {
        "classes": design.classes,
        "why": design.why or None,
        "checklists": [
            {
                "checklist": each.checklist,
                "whole": _row(each.whole),
                "rows": [_row(one) for one in each.classes],
            }
            for each in sample_response(watch)
        ],
    }


def _row(each: ClassResponse) -> dict[str, Any]:
    fates = {fate.value: each.fates[fate] for fate in StationFate}
    return {"class": each.name, "drawn": each.drawn, "expected": each.expected, **fates}
