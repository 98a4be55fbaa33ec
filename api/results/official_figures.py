"""Official results of a contest by station, as columns."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import text

from analytics.observation.ids import ids_of
from analytics.results.four_copies import Hand
from analytics.results.station_figures import Given, StationFigures, figures_of
from api.figures.edition import Edition

CONTEST = text("SELECT id FROM contest WHERE round_id = :round AND code = :code")
OFFICIAL = text("""
SELECT place_id, source, figures, votes FROM official_result
WHERE mission_id = :m AND contest_id = :contest""")


def official_figures(edition: Edition, contest_id: UUID) -> Mapping[Hand, StationFigures]:
    """What officials gave of a contest, by source; it changes only with the reference data."""

    def read() -> dict[Hand, StationFigures]:
        places, given = edition.reference.places, defaultdict[Hand, list[Given]](list)
        values = {"m": edition.reference.mission.mission_id, "contest": contest_id}
        rows = edition.rows_of(OFFICIAL, values)
        at = places.ids.find(ids_of([row.place_id for row in rows])).tolist()
        for row, place in zip(rows, at, strict=True):
            if place >= 0:
                given[row.source].append((place, row.figures, row.votes))
        return {source: figures_of(lines) for source, lines in given.items()}

    return edition.once(f"official figures {contest_id}", read)


def contest_id(edition: Edition, code: str) -> UUID | None:
    """The id of a contest of the round."""
    polling = edition.reference.polling
    rows = edition.rows_of(CONTEST, {"round": polling.round_id, "code": code})
    return rows[0].id if rows else None
