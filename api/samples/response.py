"""Response of the main sample: the outcome of each station, by class, with reasons."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.observation.dispositions import (
    ClassResponse,
    ExpectedReportState,
    SampledStations,
    StationOutcome,
    in_all,
    response_by_class,
)
from analytics.observation.drawn_sample import DrawnSample, came_from
from analytics.observation.received import aside
from analytics.results.sampled_results import vote_design
from analytics.survey.design import Ints, Truths
from api.figures.ask import figure
from api.figures.coverage import disposed
from api.figures.edition import Edition
from api.figures.unobserved import closed_at, refused_at, unsafe_at


@dataclass(frozen=True)
class ChecklistResponse:
    """One checklist's response: the classes, and the whole sample."""

    checklist: str
    classes: tuple[ClassResponse, ...]

    @property
    def whole(self) -> ClassResponse:
        """All stations drawn."""
        return in_all(self.classes)


def sample_response(edition: Edition) -> tuple[ChecklistResponse, ...]:
    """What became of the stations drawn, for each checklist expected from them."""

    def make() -> tuple[ChecklistResponse, ...]:
        drawn = edition.reference.drawn
        if drawn is None:
            return ()
        design = vote_design(drawn.sample.method, drawn.strata)
        sample = edition.reference.drawn_samples[0]
        planned = disposed(edition).planned_at(sample.place, sample.kind)
        return tuple(
            ChecklistResponse(
                name,
                response_by_class(
                    design.group[sample.stratum],
                    design.names,
                    _known(edition, sample, name, planned[name]),
                ),
            )
            for name in edition.reference.checklists
            if name in planned
        )

    return edition.cached("response of the sample", make)


def _known(
    edition: Edition,
    sample: DrawnSample,
    checklist: str,
    planned: Mapping[ExpectedReportState, Truths],
) -> SampledStations:
    matrix, kind = edition.record.matrices.get(checklist), sample.kind
    received = np.zeros(len(sample), dtype=np.bool_)
    if matrix is not None:
        received = came_from(sample, matrix)
    beside, closed, refused, unsafe = (
        _among(sample.place, places)
        for places in (
            aside(edition.record, checklist, kind),
            closed_at(edition),
            refused_at(edition, kind),
            unsafe_at(edition),
        )
    )
    return SampledStations(received, beside, closed, refused, unsafe, planned)


def _among(stations: Ints, places: Collection[int]) -> Truths:
    """Which stations are at these places."""
    here = np.zeros(int(stations.max(initial=-1)) + 1, dtype=np.bool_)
    here[[each for each in places if each < len(here)]] = True
    return here[stations]


@dataclass(frozen=True)
class ResponseShown:
    """The response of the main sample for each checklist; ``classes`` and ``why`` say what the
    classes are, ``areas`` names the areas drawn by their codes."""

    checklists: tuple[ChecklistResponse, ...]
    classes: str
    why: str
    areas: Mapping[str, str]


@figure
def response_shown(edition: Edition) -> ResponseShown | None:
    """What a page shows of it; None where no sample was drawn."""
    drawn = edition.reference.drawn
    if drawn is None:
        return None
    design = vote_design(drawn.sample.method, drawn.strata)
    return ResponseShown(
        sample_response(edition), design.classes, design.why, edition.reference.areas_drawn
    )


@figure
def sample_response_out(edition: Edition) -> dict[str, Any]:
    """The same as JSON, with what the classes are."""
    drawn = edition.reference.drawn
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
            for each in sample_response(edition)
        ],
    }


def _row(each: ClassResponse) -> dict[str, Any]:
    fates = {fate.value: each.fates[fate] for fate in StationOutcome}
    return {"class": each.name, "drawn": each.drawn, "expected": each.expected, **fates}
