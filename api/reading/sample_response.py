"""The stations of the sample under watch, and what became of each: by class, with reasons."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from analytics.dispositions import Fate
from analytics.drawn import DrawnSample, sent_by
from analytics.sample_response import (
    ClassResponse,
    Known,
    StationFate,
    in_all,
    response_by_class,
)
from analytics.vote_design import vote_design
from api.reading.figures import dispositions, kept, this_minute
from api.reading.out_of_reach import closed_at, refused_at
from api.reading.watch import Watch
from schemas.report import COUNTED, ReportStatus

ASIDE = frozenset(ReportStatus) - COUNTED - {ReportStatus.SUPERSEDED}


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
        drawn, sample = watch.frame.drawn, watch.frame.drawn_sample()
        if drawn is None or sample is None:
            return ()
        design = vote_design(drawn.sample.method, drawn.strata)
        places = [(place, int(design.group[at])) for place, at in drawn.stratum.items()]
        planned = _planned(watch, sample)
        return tuple(
            ChecklistResponse(name, response_by_class(
                places, design.names, _known(watch, sample, name, planned[name])
            ))
            for name in watch.frame.checklists if name in planned
        )  # fmt: skip

    return kept(watch, "response of the sample", make, this_minute())


def _planned(watch: Watch, sample: DrawnSample) -> dict[str, dict[int, set[Fate]]]:
    """By checklist and place what became of the reports planned of the sample's observers."""
    drawn = set(sample.place.tolist())
    found: defaultdict[str, dict[int, set[Fate]]] = defaultdict(dict)
    for each in dispositions(watch):
        if each.place is not None and each.place in drawn and each.kind == sample.kind:
            found[each.checklist].setdefault(each.place, set()).update(+each.fates)
    return found


def _known(
    watch: Watch, sample: DrawnSample, checklist: str, planned: dict[int, set[Fate]]
) -> Known:
    readings = watch.readings.get(checklist)
    received: list[int] = []
    if readings is not None:
        received = readings["place"][readings.counted & sent_by(sample, readings)].tolist()
    aside = {
        each.place for each in watch.received.values()
        if each.status in ASIDE and each.checklist == checklist and each.place is not None
        and each.kind == sample.kind
    }  # fmt: skip
    return Known(set(received), aside, closed_at(watch), refused_at(watch, sample.kind), planned)


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
