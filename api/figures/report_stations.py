"""Where single reports are from: the stations of the few that a page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.figures.ask import figure
from api.figures.watch import Watch


@dataclass(frozen=True)
class ReportStation:
    """A report's station, and when the report came. Without a station code and name are empty."""

    code: str
    name: str
    received_at: datetime


@figure
def stations_of_reports(watch: Watch, reports: Sequence[UUID]) -> Mapping[UUID, ReportStation]:
    """The stations of these reports; one that did not come in the round is left out."""
    found: dict[UUID, ReportStation] = {}
    for report in reports:
        came = watch.received.get(report)
        if came is not None:
            place = watch.frame.places[came.place] if came.place is not None else None
            code, name = (place.code, place.name) if place else ("", "")
            found[report] = ReportStation(code, name, came.received_at)
    return found


@figure
def names_of_places(watch: Watch, places: Sequence[UUID]) -> Mapping[UUID, str]:
    """The names of these places; one that is not known is left out."""
    index = {each: watch.frame.place_index.get(each) for each in places}
    return {each: watch.frame.places[at].name for each, at in index.items() if at is not None}
