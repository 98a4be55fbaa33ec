"""The stations of the sample under watch, and what became of each: by class, with reasons."""

from dataclasses import dataclass
from typing import Any

from analytics.dispositions import Fate
from analytics.sample_response import (
    ClassResponse,
    Known,
    StationFate,
    in_all,
    response_by_class,
)
from analytics.vote_design import vote_design
from api.reading.figures import as_of, kept, this_minute
from api.reading.out_of_reach import closed_at, refused_at
from api.reading.setting import Drawn
from api.reading.watch import Watch


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
        places = [(place, int(design.group[at])) for place, at in drawn.stratum.items()]
        planned = watch.disposed().planned_at(drawn.stratum, drawn.kind, as_of=as_of(watch))
        return tuple(
            ChecklistResponse(name, response_by_class(
                places, design.names, _known(watch, drawn, name, planned[name])
            ))
            for name in watch.frame.checklists if name in planned
        )  # fmt: skip

    return kept(watch, "response of the sample", make, this_minute())


def _known(watch: Watch, drawn: Drawn, checklist: str, planned: dict[int, set[Fate]]) -> Known:
    standing, kind = watch.standing(checklist), drawn.kind
    received: list[int] = []
    if standing is not None and (sample := standing.drawn_for(kind)) is not None:
        received = sample.place[standing.reports_at_stations(kind) > 0].tolist()
    aside = watch.received.aside(checklist, kind)
    return Known(set(received), aside, closed_at(watch), refused_at(watch, kind), planned)


def sample_response_out(watch: Watch) -> dict[str, Any]:
    """The same as JSON, with what the classes are."""
    drawn = watch.frame.drawn
    if drawn is None:
        return {"classes": None, "why": None, "checklists": []}
    design = vote_design(drawn.sample.method, drawn.strata)
    return {
        "classes": design.classes, "why": design.why or None,
        "checklists": [
            {"checklist": each.checklist, "whole": _row(each.whole),
             "rows": [_row(one) for one in each.classes]}
            for each in sample_response(watch)
        ],
    }  # fmt: skip


def _row(each: ClassResponse) -> dict[str, Any]:
    fates = {fate.value: each.fates[fate] for fate in StationFate}
    return {"class": each.name, "drawn": each.drawn, "expected": each.expected, **fates}
