"""Results by station: what officials gave, copies compared, and where analysts should look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.observation.protocols import MISSING
from analytics.results.forensics import SOURCES, Source, SourcePictures, look
from analytics.results.station_figures import (
    HANDS,
    Comparison,
    Hand,
    StationFigures,
    compare_copies,
    copies_alike,
    newest_copies,
)
from analytics.results.whole_percentages import WholePercentages
from analytics.survey.design import Truths
from api.figures.ask import figure
from api.figures.columns import Column, columns_of, columns_statement, id_column, number_column
from api.figures.edition import Edition
from api.figures.reference_data import ContestFacts, Places
from api.results.of_contest import contest_of, protocols_of, stations_of

FROM_OFFICIAL = "FROM official_result WHERE mission_id = %(m)s AND contest_id = %(contest)s"
FIGURES = ("registered", "cast", "valid", "invalid")
"""What an import of results reads beside votes."""
MOST_DIGITS = 16
"""A figure of more is none."""


def official_figures(edition: Edition, contest: ContestFacts) -> Mapping[Hand, StationFigures]:
    """What officials gave of a contest at its stations, by source; it changes only with the
    reference data."""

    def read() -> dict[Hand, StationFigures]:
        codes = [code for code, _ in contest.contestants]
        columns = {
            "source": number_column("array_position(%(sources)s::text[], source) - 1"),
            "place": id_column("place_id"),
            **{f"figure {name}": _said("figures", f"'{name}'") for name in FIGURES},
            **{f"votes {at}": _said("votes", f"%(code{at})s") for at in range(len(codes))},
        }
        given: dict[str, Any] = {"contest": contest.id, "sources": [*HANDS]}
        given |= {f"code{at}": code for at, code in enumerate(codes)}
        rows = edition.rows_of(columns_statement(columns, FROM_OFFICIAL, "source"), given)
        places, voting = edition.reference.places, stations_of(edition, contest)
        return {
            HANDS[int(part["source"][0])]: _of_stations(places, voting, part, codes)
            for part in columns_of(columns, rows)
        }

    return edition.once(f"official figures {contest.id}", read)


def _said(column: str, name: str) -> Column:
    """A figure of an official result; :data:`MISSING` where it is not said."""
    said = f"{column} ->> {name}::text"
    short = f"length({said}) <= {MOST_DIGITS}"
    return number_column(f"CASE WHEN {short} THEN ({said})::int8 ELSE {MISSING}::numeric END", 8)


def _of_stations(
    places: Places, voting: Truths, part: Mapping[str, Any], codes: Sequence[str]
) -> StationFigures:
    """One source's columns, by place; without the places that do not vote in the contest."""
    place = places.ids.find(part["place"])
    order = np.argsort(place, kind="stable")
    order = order[np.append(voting, False)[place[order]]]
    return StationFigures(
        place[order],
        {name: part[f"figure {name}"][order] for name in FIGURES},
        {code: part[f"votes {at}"][order] for at, code in enumerate(codes)},
    )


@figure
def copies_compared(edition: Edition, code: str, most: int, behind: str) -> dict[str, Any] | None:
    """The copies of each station from which observers brought one, as :func:`comparison_out`;
    None where the round has no such contest."""
    contest = contest_of(edition, code)
    if contest is None:
        return None
    named = {"contest": {"code": contest.code, "name": contest.name}}
    return named | comparison_out(*_compared(edition, contest), most, behind)


def _compared(edition: Edition, contest: ContestFacts) -> tuple[Comparison, Mapping[str, int]]:
    """The newest copy that counts of each station compared with what officials gave; and the codes
    of stations where something differs, in order, each with its place."""

    def make() -> tuple[Comparison, Mapping[str, int]]:
        observed = newest_copies(protocols_of(edition, contest), contest.contestants)
        official = official_figures(edition, contest)
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
    contest = contest_of(edition, code)
    if contest is None:
        return None
    sources = _sources(edition, contest)
    source = wanted or next(iter(sources), None)
    if source is None or source not in sources:
        return Forensics(sources, None)
    return Forensics(sources, _look_at(edition, contest, source))


def _sources(edition: Edition, contest: ContestFacts) -> tuple[Source, ...]:
    found = set[str](official_figures(edition, contest))
    if len(_copied(edition, contest)):
        found.add("observed")
    return tuple(each for each in SOURCES if each in found)


def _look_at(edition: Edition, contest: ContestFacts, source: Source) -> SourcePictures | None:
    """What officials gave is looked at once, what observers copied for every edition."""

    def pictures(given: StationFigures) -> SourcePictures | None:
        return look(source, given, contest.contestants, edition.reference.places.codes)

    name = f"looked at {contest.code} {source}"
    if source == "observed":
        return edition.cached(name, lambda: pictures(_copied(edition, contest)))
    given = official_figures(edition, contest)[source]
    return edition.once(name, lambda: pictures(given))


def _copied(edition: Edition, contest: ContestFacts) -> StationFigures:
    """The observers' copies: one a station; two that differ are not used."""

    def make() -> StationFigures:
        return copies_alike(protocols_of(edition, contest), contest.contestants)

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
