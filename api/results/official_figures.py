"""What officials gave of a contest, station by station, as columns."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import text

from analytics.results.four_copies import Hand
from analytics.results.station_figures import Given, StationFigures, figures_of
from api.figures.kept import kept
from api.figures.watch import Watch

CONTEST = text("SELECT id FROM contest WHERE round_id = :round AND code = :code")
OFFICIAL = text("""
SELECT place_id, source, figures, votes FROM official_result
WHERE mission_id = :m AND contest_id = :contest""")


def official_figures(watch: Watch, contest_id: UUID) -> Mapping[Hand, StationFigures]:
    """What officials gave of a contest, by source; it changes only with the mission's setting."""

    def read() -> dict[Hand, StationFigures]:
        index, given = watch.frame.place_index, defaultdict[Hand, list[Given]](list)
        values = {"m": watch.frame.mission.mission_id, "contest": contest_id}
        for row in watch.rows_of(OFFICIAL, values):
            if row.place_id in index:
                given[row.source].append((index[row.place_id], row.figures, row.votes))
        return {source: figures_of(lines) for source, lines in given.items()}

    return kept(watch, f"official figures {contest_id}", read, moved=watch.setting)


def contest_id(watch: Watch, code: str) -> UUID | None:
    """The id of a contest of the round."""
    polling = watch.frame.polling
    rows = watch.rows_of(CONTEST, {"round": polling.round_id, "code": code})
    return rows[0].id if rows else None


def moved(watch: Watch) -> int:
    """What copies rest on: protocols, and what officials gave."""
    return watch.protocols.changes + watch.setting
