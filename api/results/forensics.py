"""Results by station as analysts look at them: where to look, never a finding by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import text

from analytics.results.whole_percentages import WholePercentages
from api.figures.ask import figure
from api.figures.kept import kept
from api.figures.protocols import Protocol
from api.figures.reference_data import ContestFacts
from api.figures.standing_look import SOURCES, Line, Looked, Source, StandingLook, look
from api.figures.watch import Watch
from schemas.report import COUNTED

CONTEST = text("SELECT id FROM contest WHERE round_id = :round AND code = :code")
IMPORTED = text("""
SELECT DISTINCT source FROM official_result WHERE mission_id = :m AND contest_id = :contest""")
ROWS = text("""
SELECT p.code, o.figures, o.votes FROM official_result o
JOIN place p ON p.mission_id = o.mission_id AND p.id = o.place_id
WHERE o.mission_id = :m AND o.contest_id = :contest AND o.source = :source ORDER BY p.code""")


@dataclass(frozen=True)
class Forensics:
    """The sources of a contest's results, the published first, the observers' copies last; and
    the pictures of one of them."""

    sources: tuple[Source, ...]
    looked: Looked | None


@figure
def forensics(watch: Watch, code: str, wanted: Source | None) -> Forensics | None:
    """A contest's sources and the pictures of the wanted one, else of the first; None where the
    round has no such contest."""
    contest = next((each for each in watch.frame.polling.contests if each.code == code), None)
    found = contest_id(watch, code)
    if contest is None or found is None:
        return None
    sources = _sources(watch, found, contest)
    source = wanted or next(iter(sources), None)
    if source is None or source not in sources:
        return Forensics(sources, None)
    return Forensics(sources, _look_at(watch, found, contest, source))


def contest_id(watch: Watch, code: str) -> UUID | None:
    """The id of a contest of the round."""
    polling = watch.frame.polling
    rows = watch.rows_of(CONTEST, {"round": polling.round_id, "code": code})
    return rows[0].id if rows else None


def _sources(watch: Watch, contest_id: UUID, contest: ContestFacts) -> tuple[Source, ...]:
    values = {"m": watch.frame.mission.mission_id, "contest": contest_id}

    def read() -> set[str]:
        return {row.source for row in watch.rows_of(IMPORTED, values)}

    found = kept(watch, f"sources {contest_id}", read, moved=watch.setting)
    copied = {"observed"} if _copied(watch, contest).look.lines else set()
    return tuple(each for each in SOURCES if each in found | copied)


def _look_at(
    watch: Watch, contest_id: UUID, contest: ContestFacts, source: Source
) -> Looked | None:
    """One source's pictures: of what was imported made once, of the observers' copies after one
    of them changed."""
    if source == "observed":
        return _look_at_copies(watch, contest)
    values = {"m": watch.frame.mission.mission_id, "contest": contest_id, "source": source}

    def make() -> Looked | None:
        lines = [cast(Line, tuple(row)) for row in watch.rows_of(ROWS, values)]
        return look(source, lines, contest)

    return kept(watch, f"looked {contest_id} {source}", make, moved=watch.setting)


@dataclass
class _Copied:
    """The observers' copies of a contest, up to so many changes of protocols."""

    look: StandingLook
    changes: int = 0
    found: tuple[int, Looked | None] = (-1, None)
    """The pictures, and of how many changes they are."""


def _look_at_copies(watch: Watch, contest: ContestFacts) -> Looked | None:
    held = _copied(watch, contest)
    if held.found[0] != held.changes:
        held.found = held.changes, held.look.found
    return held.found[1]


def _copied(watch: Watch, contest: ContestFacts) -> _Copied:
    """As they stand now: only stations where something changed are read again."""
    held: _Copied = watch.compared.setdefault(
        f"looked copies {contest.code}", _Copied(StandingLook("observed", contest))
    )
    if held.changes != watch.protocols.changes:
        touched = watch.protocols.touched_after(held.changes)
        held.look.put({place: _line(watch, contest, place) for place in touched if place >= 0})
        held.changes = watch.protocols.changes
    return held


def _line(watch: Watch, contest: ContestFacts, place: int) -> Line | None:
    """One copy a station: two that differ are not used."""
    said = [
        (each.figures, _votes(each, contest))
        for each in watch.protocols.at(place)
        if each.complete and each.status in COUNTED
    ]
    alike = bool(said) and all(each == said[0] for each in said)
    return (watch.frame.places[place].code, *said[0]) if alike else None


def _votes(each: Protocol, contest: ContestFacts) -> Mapping[str, int]:
    """Votes by the contestants' codes, whichever the observer wrote."""
    if len(each.votes) == len(contest.contestants) and all(
        code in each.votes for code, _ in contest.contestants
    ):
        return each.votes
    return {
        code: each.votes.get(code, each.votes.get(name, 0)) for code, name in contest.contestants
    }


def looked_out(found: Looked) -> dict[str, Any]:
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
