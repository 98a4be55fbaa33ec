"""Forensic pictures of results by station, for analysts. Never a finding by themselves."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from analytics.results.source_pictures import SOURCES, Source, SourcePictures, look
from analytics.results.station_figures import StationFigures, copies_alike
from analytics.results.whole_percentages import WholePercentages
from api.figures.ask import figure
from api.figures.edition import Edition
from api.figures.reference_data import ContestFacts
from api.results.official_figures import contest_id, official_figures


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
