"""Drawn samples compared with their frames: by stratum, area and voters."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal
from uuid import UUID

import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from analytics.observation.ids import ids_of
from analytics.survey.design import Floats, Ints, Truths
from analytics.survey.draw import DrawnStratum
from analytics.survey.methods import margin_of
from api.figures.ask import figure
from api.figures.edition import Edition
from api.figures.export import as_csv
from api.figures.reference_data import Places
from api.problems import NOT_FOUND, Problem
from schemas.election import Round
from schemas.sample import Sample

By = Literal["stratum", "area", "setting", "sort"]
GROUPS: tuple[By, ...] = ("stratum", "area", "setting", "sort")
MAX_GROUPS = 200
FRAME_HEADERS = {
    "Content-Disposition": 'attachment; filename="frame.csv"',
    "Cache-Control": "private, no-store",
}
"""What a frame's file is sent with."""
STRATA = text("""
SELECT code, population, drawn FROM stratum
WHERE mission_id = :m AND sample_id = :sample ORDER BY code""")
FRAME = text("""
SELECT p.id, p.code, h.code AS stratum, s.drawn, coalesce(a.name, '') AS area, p.setting, p.sort,
  coalesce(r.registered_voters, p.registered_voters) AS voters
FROM sampled_station s
JOIN place p ON p.mission_id = s.mission_id AND p.id = s.place_id
JOIN stratum h ON h.mission_id = s.mission_id AND h.id = s.stratum_id
LEFT JOIN area a ON a.mission_id = p.mission_id AND a.id = p.area_id
LEFT JOIN round_place r ON r.mission_id = s.mission_id AND r.place_id = s.place_id
  AND r.round_id = :round
WHERE s.mission_id = :m AND s.sample_id = :sample ORDER BY h.code, p.code""")


@dataclass(frozen=True)
class StationGroupsOf:
    """Which group each station of a frame is in: an index into ``names``, which are in order."""

    names: tuple[str, ...]
    of: Ints

    @classmethod
    def by(cls, groups: Iterable[str]) -> "StationGroupsOf":
        """The groups of stations, one after another."""
        names, of = np.unique(np.array(list(groups), dtype=object), return_inverse=True)
        return cls(tuple(names.tolist()), of.reshape(-1))

    def counted(self, some: Truths) -> list[int]:
        """How many of some stations each group has."""
        found: list[int] = np.bincount(self.of[some], minlength=len(self.names)).tolist()
        return found


@dataclass(frozen=True)
class FrozenFrame:
    """The stations of a sample's frame, as they were drawn from: one entry a station in each.

    ``places`` are indexes into the mission's places, −1 of what is not in it; ``voters`` is not a
    number where nobody said.
    """

    codes: tuple[str, ...]
    drawn: Truths
    places: Ints
    groups: Mapping[By, StationGroupsOf]
    voters: Floats

    @cached_property
    def sizes(self) -> Mapping[By, tuple[list[int], list[int]]]:
        """How many stations each group has, and how many of them were drawn."""
        every = np.ones_like(self.drawn)
        return {
            by: (groups.counted(every), groups.counted(self.drawn))
            for by, groups in self.groups.items()
        }

    @cached_property
    def usual_voters(self) -> tuple[float | None, float | None]:
        """Voters a station, on average: in the frame, and of those drawn."""
        return _mean(self.voters), _mean(self.voters[self.drawn])

    @cached_property
    def codes_drawn(self) -> list[str]:
        """The codes of the stations drawn."""
        return [self.codes[at] for at in np.flatnonzero(self.drawn).tolist()]

    def lines(self) -> Iterator[tuple[str, str, int]]:
        """Code, stratum, and whether it was drawn, as the frame's hash takes them."""
        strata = self.groups["stratum"]
        for code, at, drawn in zip(self.codes, strata.of, self.drawn, strict=True):
            yield code, strata.names[at], int(drawn)


@dataclass(frozen=True)
class GroupComparison:
    """A group of stations: in the frame, as many as its share of the draw, drawn, arrived."""

    group: str
    frame: int
    proportional: float
    drawn: int
    arrived: int


@dataclass(frozen=True)
class Voters:
    """Voters a station, on average, where they are known; None of nobody."""

    frame: float | None
    drawn: float | None
    arrived: float | None


@dataclass(frozen=True)
class SampleRepresentativity:
    """A sample with its strata against its frame, and the margin that was to be expected of it.

    ``arrived`` counts the stations drawn from which a report counts; ``against_frame`` has a row a
    group, the farthest from its share first where there are many, and nothing where all stations
    are of one group. ``voters`` are those a station in the frame, among those drawn, among those
    that arrived.
    """

    sample: Sample
    round: str
    strata: tuple[DrawnStratum, ...]
    margin: float
    arrived: int
    against_frame: Mapping[By, tuple[GroupComparison, ...]]
    voters: Voters


def _mean(voters: Floats) -> float | None:
    known = voters[~np.isnan(voters)]
    return float(known.mean()) if len(known) else None


def arrived_at(edition: Edition) -> Truths:
    """Of each place whether at least one report from it counts, as of now; the last entry is of
    what is no place."""
    arrived = np.zeros(len(edition.reference.places) + 1, dtype=np.bool_)
    for matrix in edition.record.matrices.values():
        arrived[matrix["place"][matrix.counted]] = True
    arrived[-1] = False
    return arrived


async def samples_of(session: AsyncSession, mission_id: UUID) -> list[tuple[Sample, str]]:
    """Every sample with its round's code, newest first."""
    query = (
        select(Sample, Round.code)
        .join(
            Round,
            (col(Round.mission_id) == col(Sample.mission_id))
            & (col(Round.id) == col(Sample.round_id)),
        )
        .where(Sample.mission_id == mission_id)
        .order_by(col(Sample.drawn_at).desc(), col(Sample.id))
    )
    return [(sample, code) for sample, code in (await session.execute(query)).all()]


async def find_sample(
    session: AsyncSession, mission_id: UUID, round_code: str, code: str
) -> Sample:
    """The sample of this name. Problem: 404."""
    for sample, of_round in await samples_of(session, mission_id):
        if (of_round, sample.code) == (round_code, code):
            return sample
    raise Problem(NOT_FOUND)


@figure
def stand(edition: Edition, sample: Sample, round_code: str) -> SampleRepresentativity:
    """A sample against its frozen frame."""
    of = {"m": sample.mission_id, "sample": sample.id}
    strata = tuple(
        DrawnStratum(row.code, row.population, row.drawn) for row in edition.rows_of(STRATA, of)
    )
    frame = _frozen_frame(edition, sample)
    came = frame.drawn & arrived_at(edition)[frame.places]
    return SampleRepresentativity(
        sample=sample,
        round=round_code,
        strata=strata,
        margin=margin_of(sample.method, strata),
        arrived=int(came.sum()),
        against_frame={by: _against_frame(frame, sample, came, by) for by in GROUPS},
        voters=Voters(*frame.usual_voters, _mean(frame.voters[came])),
    )


@figure
def stations_drawn(edition: Edition, sample: Sample) -> list[str]:
    """The codes of a sample's stations."""
    return _frozen_frame(edition, sample).codes_drawn


@figure
def frame_file(edition: Edition, sample: Sample) -> bytes:
    """A sample's frozen frame as CSV, in the lines that its hash is made of."""

    def write() -> bytes:
        return as_csv(("code", "stratum", "drawn"), _frozen_frame(edition, sample).lines())

    return edition.once(f"file of {sample.id}", write)


def _against_frame(
    frame: FrozenFrame, sample: Sample, came: Truths, by: By
) -> tuple[GroupComparison, ...]:
    groups = frame.groups[by]
    if len(groups.names) < 2:
        return ()
    whole, chosen = frame.sizes[by]
    arrived = groups.counted(came)
    share = sample.size / max(len(frame.drawn), 1)
    rows = [
        GroupComparison(name, whole[at], whole[at] * share, chosen[at], arrived[at])
        for at, name in enumerate(groups.names)
    ]
    if len(rows) <= MAX_GROUPS:
        return tuple(rows)
    return tuple(sorted(rows, key=lambda each: -abs(each.drawn - each.proportional)))


def _frozen_frame(edition: Edition, sample: Sample) -> FrozenFrame:
    values = {"m": sample.mission_id, "sample": sample.id, "round": sample.round_id}

    def make() -> FrozenFrame:
        return _frozen(edition.rows_of(FRAME, values), edition.reference.places)

    return edition.once(f"frame {sample.id}", make)


def _frozen(rows: Sequence[Any], known: Places) -> FrozenFrame:
    return FrozenFrame(
        tuple(row.code for row in rows),
        np.array([row.drawn for row in rows], dtype=np.bool_),
        known.ids.find(ids_of([row.id for row in rows])),
        {by: StationGroupsOf.by(getattr(row, by) for row in rows) for by in GROUPS},
        np.array([np.nan if row.voters is None else row.voters for row in rows], dtype=np.float64),
    )


def sample_out(sample: Sample, round_code: str) -> dict[str, Any]:
    """A sample as the JSON lists it."""
    return {
        "code": sample.code,
        "round": round_code,
        "kind": sample.kind or None,
        "size": sample.size,
        "seed": sample.seed,
        "frame_size": sample.frame_size,
        "frame_sha256": sample.frame_sha256,
        "stratify_by": sample.stratify_by,
        "method": sample.method,
        "drawn_at": sample.drawn_at,
    }


def stands_out(found: SampleRepresentativity, stations: Sequence[str]) -> dict[str, Any]:
    """A sample against its frame, with the stations drawn."""
    return sample_out(found.sample, found.round) | {
        "expected_margin": found.margin,
        "arrived": found.arrived,
        "strata": [vars(each) for each in found.strata],
        "against_frame": {by: [vars(each) for each in found.against_frame[by]] for by in GROUPS},
        "voters_a_station": vars(found.voters),
        "stations": stations,
    }
