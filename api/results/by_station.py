"""Results by station: what officials gave, copies compared, and where analysts should look."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from analytics.observation.ids import ids_of
from analytics.results.forensics import SOURCES, Source, SourcePictures, look
from analytics.results.station_figures import (
    Comparison,
    Given,
    Hand,
    StationFigures,
    compare_copies,
    copies_alike,
    figures_of,
    first_copies,
)
from analytics.results.whole_percentages import WholePercentages
from api.figures.ask import figure
from api.figures.edition import Edition
from api.figures.reference_data import ContestFacts

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


@figure
def copies_compared(edition: Edition, code: str, most: int, behind: str) -> dict[str, Any] | None:
    """The copies of each station from which observers brought one, as :func:`comparison_out`;
    None where the round has no such contest, or no sample."""
    contest = next((each for each in edition.reference.polling.contests if each.code == code), None)
    found = contest_id(edition, code)
    if contest is None or found is None or edition.reference.drawn is None:
        return None
    return comparison_out(*_compared(edition, found, contest), most, behind)


def _compared(
    edition: Edition, contest_id: UUID, contest: ContestFacts
) -> tuple[Comparison, Mapping[str, int]]:
    """The first copy that came from each station compared with what officials gave; and the codes
    of stations where something differs, in order, each with its place."""

    def make() -> tuple[Comparison, Mapping[str, int]]:
        observed = first_copies(edition.record.protocols, contest.contestants)
        official = official_figures(edition, contest_id)
        found = compare_copies({"observed": observed, **official}, observed.place)
        places = edition.reference.places
        return found, dict(sorted((places[at].code, at) for at in found.differing.tolist()))

    return edition.cached(f"copies compared {contest.code}", make)


def comparison_out(
    found: Comparison, codes: Mapping[str, int], most: int, behind: str = ""
) -> dict[str, Any]:
    """Pairs of copies, and each difference at so many stations behind one; ``more`` is the last of
    these stations where others follow. ``codes`` are those of the stations where something
    differs, in order, each with its place."""
    stations = [each for each in codes if each > behind]
    shown = [
        each for code in stations[:most] for each in found.of_station(codes[code], code).differences
    ]
    return {
        "pairs": [
            {
                "earlier": each.earlier,
                "later": each.later,
                "both": each.both,
                "equal": each.equal,
                "only_earlier": each.only_earlier,
                "only_later": each.only_later,
            }
            for each in found.pairs
        ],
        "items": [
            {
                "station": each.station,
                "figure": each.figure,
                "earlier": each.earlier,
                "later": each.later,
                "before": each.before,
                "after": each.after,
                "change": each.change,
            }
            for each in shown
        ],
        "more": shown[-1].station if len(stations) > most else None,
    }


@dataclass(frozen=True)
class Forensics:
    """The sources of a contest's results, the published first, the observers' copies last; and
    the pictures of one of them."""

    sources: tuple[Source, ...]
    looked: SourcePictures | None


@figure
def forensics(edition: Edition, code: str, wanted: Source | None) -> Forensics | None:
    """A contest's sources and the pictures of the wanted one, else of the first; None where the
    round has no such contest."""
    contest = next((each for each in edition.reference.polling.contests if each.code == code), None)
    found = contest_id(edition, code)
    if contest is None or found is None:
        return None
    sources = _sources(edition, found, contest)
    source = wanted or next(iter(sources), None)
    if source is None or source not in sources:
        return Forensics(sources, None)
    return Forensics(sources, _look_at(edition, found, contest, source))


def _sources(edition: Edition, contest_id: UUID, contest: ContestFacts) -> tuple[Source, ...]:
    found = set[str](official_figures(edition, contest_id))
    if len(_copied(edition, contest)):
        found.add("observed")
    return tuple(each for each in SOURCES if each in found)


def _look_at(
    edition: Edition, contest_id: UUID, contest: ContestFacts, source: Source
) -> SourcePictures | None:
    """What officials gave is looked at once, what observers copied for every edition."""

    def pictures(given: StationFigures) -> SourcePictures | None:
        return look(source, given, contest.contestants, edition.reference.places.codes)

    name = f"looked at {contest.code} {source}"
    if source == "observed":
        return edition.cached(name, lambda: pictures(_copied(edition, contest)))
    return edition.once(name, lambda: pictures(official_figures(edition, contest_id)[source]))


def _copied(edition: Edition, contest: ContestFacts) -> StationFigures:
    """The observers' copies: one a station; two that differ are not used."""

    def make() -> StationFigures:
        return copies_alike(edition.record.protocols, contest.contestants)

    return edition.cached(f"copies alike {contest.code}", make)


def looked_out(found: SourcePictures) -> dict[str, Any]:
    """The pictures as JSON."""
    return {
        "source": found.source,
        "contestant": found.contestant,
        "stations": found.stations,
        "left_out": found.left_out,
        "turnout_by_share": {
            "cells": found.cells.cells.tolist(),
            "beyond": found.cells.beyond,
            "without": found.cells.without,
        },
        "whole_percentages": {
            "turnout": _whole_out(found.turnout),
            "share": _whole_out(found.share),
        },
        "high_turnout": [vars(each) for each in found.high],
    }


def _whole_out(found: WholePercentages) -> dict[str, Any]:
    return vars(found) | {"unusual": found.unusual}
