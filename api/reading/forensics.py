"""Results by station as analysts look at them: where to look, never a finding by itself."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args
from uuid import UUID

import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from analytics.forensics import (
    HighTurnout,
    StationResults,
    TurnoutByShare,
    WholePercentages,
    high_turnout,
    turnout_by_share,
    whole_percentages,
)
from api.reading.copies import StandingCopies
from api.reading.once import once
from api.reading.protocols import Protocol
from api.reading.setting import ContestFacts
from api.reading.watch import Watch
from schemas.report import COUNTED

Source = Literal["published", "entered", "posted", "observed"]
SOURCES: tuple[Source, ...] = get_args(Source)
IMPORTED = text("""
SELECT DISTINCT source FROM official_result WHERE mission_id = :m AND contest_id = :contest""")
ROWS = text("""
SELECT p.code, o.figures, o.votes FROM official_result o
JOIN place p ON p.mission_id = o.mission_id AND p.id = o.place_id
WHERE o.mission_id = :m AND o.contest_id = :contest AND o.source = :source ORDER BY p.code""")
AT_ONCE = 5_000
"""So many stations are read before somebody else has their turn."""
Line = tuple[str, Mapping[str, int], Mapping[str, int]]
"""A station's code, its figures, its votes."""


@dataclass(frozen=True)
class Looked:
    """What one source's results look like; ``left_out`` lack a figure or cannot be."""

    source: Source
    contestant: str
    name: str
    stations: int
    left_out: int
    cells: TurnoutByShare
    turnout: WholePercentages
    share: WholePercentages
    high: tuple[HighTurnout, ...]


async def sources_of(
    session: AsyncSession, watch: Watch, contest_id: UUID, contest: ContestFacts
) -> tuple[Source, ...]:
    """Every source of a contest's results, the published first; the observers' copies last."""
    values = {"m": watch.frame.mission.mission_id, "contest": contest_id}

    async def read() -> set[str]:
        return set((await session.execute(IMPORTED, values)).scalars())

    found = await once(watch, f"sources {contest_id}", read)
    copied = {"observed"} if _observed(watch, contest) else set()
    return tuple(each for each in SOURCES if each in found | copied)


async def look_at(
    session: AsyncSession, watch: Watch, contest_id: UUID, contest: ContestFacts, source: Source
) -> Looked | None:
    """One source's pictures: of what was imported made once, of the observers' copies after one
    of them changed."""
    if source == "observed":
        return await asyncio.to_thread(_look_at_copies, watch, contest)

    async def read() -> Looked | None:
        values = {"m": watch.frame.mission.mission_id, "contest": contest_id, "source": source}
        rows = await session.stream(ROWS, values, execution_options={"yield_per": AT_ONCE})
        lines = [tuple(row) async for some in rows.partitions() for row in some]
        return await asyncio.to_thread(look, source, cast(list[Line], lines), contest)

    return await once(watch, f"looked {contest_id} {source}", read)


def _look_at_copies(watch: Watch, contest: ContestFacts) -> Looked | None:
    name = f"looked copies {contest.code}"
    with watch.lock:
        changes, lines = watch.protocols.changes, _observed(watch, contest)
    before, found = watch.compared.get(name, (-1, None))
    if before != changes:
        found = look("observed", lines, contest)
        watch.compared[name] = changes, found
    return cast(Looked | None, found)


def _observed(watch: Watch, contest: ContestFacts) -> list[Line]:
    """One copy a station: two that differ are not used."""
    codes, places = {code for code, _ in contest.contestants}, watch.frame.places

    def read(place: int, here: Sequence[Protocol]) -> Line | None:
        said = [
            (each.figures, _votes(each, codes, contest))
            for each in here if each.complete and each.status in COUNTED
        ]  # fmt: skip
        alike = bool(said) and all(each == said[0] for each in said)
        return (places[place].code, *said[0]) if alike else None

    with watch.lock:
        lines = watch.copies.setdefault(f"copies {contest.code}", StandingCopies(read))
        return list(lines.update(watch.protocols).values())


def _votes(each: Protocol, codes: set[str], contest: ContestFacts) -> Mapping[str, int]:
    """Votes by the contestants' codes, whichever the observer wrote."""
    if each.votes.keys() == codes:
        return each.votes
    return {
        code: each.votes.get(code, each.votes.get(name, 0)) for code, name in contest.contestants
    }


def look(source: Source, lines: Iterable[Line], contest: ContestFacts) -> Looked | None:
    """The pictures of one source, of the contestant with most votes; None without votes."""
    lines = list(lines)
    totals = Counter[str]()
    for _, _, votes in lines:
        for code, count in votes.items():
            totals[code] += count
    if not totals or not max(totals.values()):
        return None
    leading = max(sorted(totals), key=lambda code: totals[code])
    rows = [(code, *four) for code, figures, votes in lines
            if (four := _four(figures, votes, leading)) is not None]  # fmt: skip
    columns = np.array([row[1:] for row in rows], dtype=np.int64).reshape(len(rows), 4).T
    results = StationResults(tuple(row[0] for row in rows), *columns)
    inside = results.cast <= results.registered
    return Looked(
        source, leading, dict(contest.contestants).get(leading, leading), len(rows),
        len(lines) - len(rows), turnout_by_share(results),
        whole_percentages(results.cast[inside], results.registered[inside]),
        whole_percentages(results.votes, results.valid), tuple(high_turnout(results)),
    )  # fmt: skip


def _four(
    figures: Mapping[str, int], votes: Mapping[str, int], code: str
) -> tuple[int, int, int, int] | None:
    """Registered, cast, valid and the list's votes; None where one is missing or cannot be."""
    registered, valid = figures.get("registered"), figures.get("valid")
    if registered is not None:
        registered += figures.get("supplementary", 0)
    if valid is None and votes:
        valid = sum(votes.values())
    cast = figures.get("cast", figures.get("in_box"))
    if cast is None and valid is not None and "invalid" in figures:
        cast = valid + figures["invalid"]
    if registered is None or valid is None or cast is None or code not in votes:
        return None
    four = (registered, cast, valid, votes[code])
    return four if min(four) >= 0 and votes[code] <= valid else None


def looked_out(found: Looked) -> dict[str, Any]:
    """The pictures as JSON."""
    return {
        "source": found.source, "contestant": found.contestant, "stations": found.stations,
        "left_out": found.left_out,
        "turnout_by_share": {
            "cells": found.cells.cells.tolist(), "beyond": found.cells.beyond,
            "without": found.cells.without,
        },
        "whole_percentages": {
            "turnout": _whole_out(found.turnout), "share": _whole_out(found.share),
        },
        "high_turnout": [vars(each) for each in found.high],
    }  # fmt: skip


def _whole_out(found: WholePercentages) -> dict[str, Any]:
    return vars(found) | {"unusual": found.unusual}
