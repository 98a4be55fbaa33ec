"""Samples as they were drawn, and how each stands against its frame: by stratum, area, voters."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Literal
from uuid import UUID

import numpy as np
import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from analytics.survey.design import Floats, Ints, Truths
from analytics.survey.draw_srs import DrawnStratum
from analytics.survey.methods import margin_of
from api.figures.once import once
from api.figures.reference_data import Frame
from api.figures.watch import Watch
from schemas.election import Round
from schemas.sample import Sample, Stratum

By = Literal["stratum", "area", "setting", "sort"]
GROUPS: tuple[By, ...] = ("stratum", "area", "setting", "sort")
MOST_GROUPS = 200
AT_ONCE = 5_000
"""So many stations are read before somebody else has their turn."""
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
class Grouped:
    """Which group each station of a frame is in: an index into ``names``, which are in order."""

    names: tuple[str, ...]
    of: Ints

    @classmethod
    def by(cls, groups: Iterable[str]) -> "Grouped":
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

    ``places`` are indexes into the watch's own list, −1 of what is not in it; ``voters`` is not a
    number where nobody said.
    """

    codes: tuple[str, ...]
    drawn: Truths
    places: Ints
    groups: Mapping[By, Grouped]
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
    def codes_drawn(self) -> orjson.Fragment:
        """The codes of the stations drawn, as JSON: of a large sample they are most of it."""
        drawn = [self.codes[at] for at in np.flatnonzero(self.drawn).tolist()]
        return orjson.Fragment(orjson.dumps(drawn))

    def lines(self) -> Iterator[tuple[str, str, int]]:
        """Code, stratum, and whether it was drawn, as the frame's hash takes them."""
        strata = self.groups["stratum"]
        for code, at, drawn in zip(self.codes, strata.of, self.drawn, strict=True):
            yield code, strata.names[at], int(drawn)


@dataclass(frozen=True)
class Compared:
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
class SampleStands:
    """A sample with its strata, its frame, of which stations a report counts, and the margin that
    was to be expected of it."""

    sample: Sample
    round: str
    strata: tuple[DrawnStratum, ...]
    frame: FrozenFrame
    came: Truths
    margin: float

    @property
    def arrived(self) -> int:
        """Stations drawn from which a report counts."""
        return int((self.frame.drawn & self.came).sum())

    def against_frame(self, by: By) -> tuple[Compared, ...]:
        """The draw against the frame, a row a group, the farthest from its share first where
        there are many. Nothing where all stations are of one group."""
        groups = self.frame.groups[by]
        if len(groups.names) < 2:
            return ()
        whole, chosen = self.frame.sizes[by]
        arrived = groups.counted(self.frame.drawn & self.came)
        share = self.sample.size / max(len(self.frame.drawn), 1)
        rows = [
            Compared(name, whole[at], whole[at] * share, chosen[at], arrived[at])
            for at, name in enumerate(groups.names)
        ]
        if len(rows) <= MOST_GROUPS:
            return tuple(rows)
        return tuple(sorted(rows, key=lambda each: -abs(each.drawn - each.proportional)))

    @property
    def voters(self) -> Voters:
        """Voters a station in the frame, among those drawn, among those that arrived."""
        arrived = self.frame.voters[self.frame.drawn & self.came]
        return Voters(*self.frame.usual_voters, _mean(arrived))


def _mean(voters: Floats) -> float | None:
    known = voters[~np.isnan(voters)]
    return float(known.mean()) if len(known) else None


def arrived_at(watch: Watch) -> Truths:
    """Of each place whether at least one report from it counts, as of now; the last entry is of
    what is no place."""
    arrived = np.zeros(len(watch.frame.places) + 1, dtype=np.bool_)
    with watch.lock:
        for matrix in watch.readings.values():
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


async def stand(
    session: AsyncSession, watch: Watch, sample: Sample, round_code: str
) -> SampleStands:
    """A sample and its frozen frame."""
    of = sample.mission_id
    rows = await session.execute(
        select(Stratum)
        .where(Stratum.mission_id == of, Stratum.sample_id == sample.id)
        .order_by(col(Stratum.code))
    )
    strata = tuple(DrawnStratum(s.code, s.population, s.drawn) for s in rows.scalars())
    frame = await once(
        watch, f"frame {sample.id}", partial(_frozen_frame, session, sample, watch.frame), session
    )
    came = (await asyncio.to_thread(arrived_at, watch))[frame.places]
    return SampleStands(sample, round_code, strata, frame, came, margin_of(sample.method, strata))


async def _frozen_frame(session: AsyncSession, sample: Sample, known: Frame) -> FrozenFrame:
    values = {"m": sample.mission_id, "sample": sample.id, "round": sample.round_id}
    found = await session.stream(FRAME, values, execution_options={"yield_per": AT_ONCE})
    rows = [row async for some in found.partitions() for row in some]
    return await asyncio.to_thread(_frozen, rows, known)


def _frozen(rows: Sequence[Any], known: Frame) -> FrozenFrame:
    return FrozenFrame(
        tuple(row.code for row in rows),
        np.array([row.drawn for row in rows], dtype=np.bool_),
        np.array([known.place_index.get(row.id, -1) for row in rows], dtype=np.int64),
        {by: Grouped.by(getattr(row, by) for row in rows) for by in GROUPS},
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


def stands_out(found: SampleStands) -> dict[str, Any]:
    """A sample against its frame, with the stations drawn."""
    return sample_out(found.sample, found.round) | {
        "expected_margin": found.margin,
        "arrived": found.arrived,
        "strata": [vars(each) for each in found.strata],
        "against_frame": {by: [vars(each) for each in found.against_frame(by)] for by in GROUPS},
        "voters_a_station": vars(found.voters),
        "stations": found.frame.codes_drawn,
    }
