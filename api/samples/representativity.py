"""Drawn samples compared with their frames: by stratum, area and voters."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from analytics.survey.design import Floats, Ints, Truths
from analytics.survey.draw import DrawnStratum
from analytics.survey.methods import margin_of
from api.figures.ask import figure
from api.figures.columns import columns_of, columns_statement, id_column, number_column
from api.figures.edition import Edition
from api.figures.export import as_csv
from api.figures.reference import Reference
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
FRAME = {
    "place": id_column("place_id"),
    "stratum": number_column("stratum - 1"),
    "drawn": number_column("drawn::int", 2),
    "voters": number_column("voters", 8),
}
FROM_FRAME = """
FROM (SELECT s.place_id, s.drawn, array_position(%(strata)s::text[], h.code::text) AS stratum,
    coalesce(r.registered_voters, p.registered_voters) AS voters
  FROM sampled_station s
  JOIN place p ON p.mission_id = s.mission_id AND p.id = s.place_id
  JOIN stratum h ON h.mission_id = s.mission_id AND h.id = s.stratum_id
  LEFT JOIN round_place r ON r.mission_id = s.mission_id AND r.place_id = s.place_id
    AND r.round_id = %(round)s
  WHERE s.mission_id = %(m)s AND s.sample_id = %(sample)s ORDER BY h.code, p.code) f"""


@dataclass(frozen=True)
class StationGroupsOf:
    """Which group each station of a frame is in: an index into ``names``, which are in order."""

    names: tuple[str, ...]
    of: Ints

    @classmethod
    def by(cls, names: Sequence[str], of: Ints) -> "StationGroupsOf":
        """The groups of stations, of which each has the index of its name; those of one name are
        one group, and those that no station is in are none."""
        there = np.unique(of)
        own = [names[at] for at in there.tolist()]
        every = sorted(set(own))
        number = {name: at for at, name in enumerate(every)}
        into = np.array([number[name] for name in own], dtype=np.int64)
        return cls(tuple(every), into[np.searchsorted(there, of)])

    def counted(self, some: Truths) -> list[int]:
        """How many of some stations each group has."""
        found: list[int] = np.bincount(self.of[some], minlength=len(self.names)).tolist()
        return found


@dataclass(frozen=True)
class FrozenFrame:
    """The stations of a sample's frame, as they were drawn from: one entry a station in each.

    ``places`` are indexes into the mission's places, of which there are ``codes``, −1 of what is
    not among them; ``voters`` is not a number where nobody said.
    """

    codes: Sequence[str]
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
        return [self.codes[at] for at in self.places[self.drawn].tolist()]

    def lines(self) -> Iterator[tuple[str, str, int]]:
        """Code, stratum, and whether it was drawn, as the frame's hash takes them."""
        strata = self.groups["stratum"]
        columns = self.places.tolist(), strata.of.tolist(), self.drawn.tolist()
        for place, at, drawn in zip(*columns, strict=True):
            yield self.codes[place], strata.names[at], int(drawn)


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
    of: dict[str, Any] = {"sample": sample.id, "round": sample.round_id}

    def make() -> FrozenFrame:
        found = edition.rows_of(STRATA, {"m": sample.mission_id, "sample": sample.id})
        strata = [row.code for row in found]
        rows = edition.rows_of(columns_statement(FRAME, FROM_FRAME), of | {"strata": strata})
        frame = next(
            columns_of(FRAME, rows), {name: each.read(b"") for name, each in FRAME.items()}
        )
        return _frozen(frame, strata, edition.reference)

    return edition.once(f"frame {sample.id}", make)


def _frozen(
    frame: Mapping[str, NDArray[Any]], strata: Sequence[str], reference: Reference
) -> FrozenFrame:
    known = reference.places
    at = known.ids.find(frame["place"])
    areas = [*(each.name for each in reference.areas), ""]
    groups: dict[By, tuple[Sequence[str], Ints]] = {
        "stratum": (strata, frame["stratum"]),
        "area": (areas, np.append(known.area, -1)[at]),
        "setting": ((*known.settings, ""), np.append(known.setting, -1)[at]),
        "sort": ((*known.sorts, ""), np.append(known.sort, -1)[at]),
    }
    return FrozenFrame(
        known.codes,
        frame["drawn"] > 0,
        at,
        {by: StationGroupsOf.by(*each) for by, each in groups.items()},
        np.where(frame["voters"] < 0, np.nan, frame["voters"]).astype(np.float64),
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
