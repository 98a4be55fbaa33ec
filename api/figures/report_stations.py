"""Where single reports are from: the stations of the few that a page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from analytics.observation.ids import ids_of
from analytics.observation.moments import moment_of
from api.figures.ask import figure
from api.figures.edition import Edition


@dataclass(frozen=True)
class ReportStation:
    """A report's station, and when the report came. Without a station code and name are empty."""

    code: str
    name: str
    received_at: datetime


@figure
def stations_of_reports(edition: Edition, reports: Sequence[UUID]) -> Mapping[UUID, ReportStation]:
    """The stations of these reports; one that did not come in the round is left out."""
    places, record = edition.reference.places, edition.record
    found: dict[UUID, ReportStation] = {}
    for report, at in zip(reports, record.find(ids_of(reports)).tolist(), strict=True):
        if at >= 0:
            row = record.rows[at]
            place = places[row["place"]] if row["place"] >= 0 else None
            code, name = (place.code, place.name) if place else ("", "")
            found[report] = ReportStation(code, name, moment_of(int(row["came"])))
    return found


@figure
def names_of_places(edition: Edition, places: Sequence[UUID]) -> Mapping[UUID, str]:
    """The names of these places; one that is not known is left out."""
    known = edition.reference.places
    found = zip(places, known.ids.find(ids_of(places)).tolist(), strict=True)
    return {each: known.names[at] for each, at in found if at >= 0}
