"""Samples as they were drawn, and how each stands against its frame: by stratum, area, voters."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from analytics.sampling import DrawnStratum
from analytics.selection import margin_of
from api.reading.watch import Watch
from schemas.election import Round
from schemas.sample import Sample, Stratum

By = Literal["stratum", "area", "setting", "sort"]
GROUPS: tuple[By, ...] = ("stratum", "area", "setting", "sort")
MOST_GROUPS = 200
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
class Station:
    """A station of a frozen frame; ``arrived`` where a report from it counts."""

    id: UUID
    code: str
    stratum: str
    drawn: bool
    area: str
    setting: str
    sort: str
    voters: int | None
    arrived: bool


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
    """A sample with its strata, its stations, and the margin that was to be expected of it."""

    sample: Sample
    round: str
    strata: tuple[DrawnStratum, ...]
    stations: tuple[Station, ...]
    margin: float

    @property
    def arrived(self) -> int:
        """Stations drawn from which a report counts."""
        return sum(each.drawn and each.arrived for each in self.stations)

    def against_frame(self, by: By) -> tuple[Compared, ...]:
        """The draw against the frame, a row a group, the farthest from its share first where
        there are many. Nothing where all stations are of one group."""
        groups: defaultdict[str, list[Station]] = defaultdict(list)
        for each in self.stations:
            groups[getattr(each, by)].append(each)
        if len(groups) < 2:
            return ()
        rows = [self._compared(name, here) for name, here in sorted(groups.items())]
        if len(rows) <= MOST_GROUPS:
            return tuple(rows)
        return tuple(sorted(rows, key=lambda each: -abs(each.drawn - each.proportional)))

    def _compared(self, group: str, here: Sequence[Station]) -> Compared:
        drawn = [each for each in here if each.drawn]
        share = len(here) * self.sample.size / max(len(self.stations), 1)
        return Compared(group, len(here), share, len(drawn), sum(one.arrived for one in drawn))

    @property
    def voters(self) -> Voters:
        """Voters a station in the frame, among those drawn, among those that arrived."""
        drawn = [each for each in self.stations if each.drawn]
        return Voters(_mean(self.stations), _mean(drawn), _mean(e for e in drawn if e.arrived))


def _mean(stations: Iterable[Station]) -> float | None:
    known = [each.voters for each in stations if each.voters is not None]
    return sum(known) / len(known) if known else None


def arrived_at(watch: Watch) -> Callable[[UUID], bool]:
    """Whether at least one report from a place counts, as of now."""
    known = watch.frame.place_index
    arrived = np.zeros(len(known) + 1, dtype=np.bool_)
    with watch.lock:
        for each in watch.readings.values():
            arrived[each["place"][each.counted]] = True
    arrived[-1] = False
    return lambda place: bool(arrived[known.get(place, -1)])


async def samples_of(session: AsyncSession, mission_id: UUID) -> list[tuple[Sample, str]]:
    """Every sample with its round's code, newest first."""
    query = (
        select(Sample, Round.code)
        .join(
            Round, (col(Round.mission_id) == col(Sample.mission_id))
            & (col(Round.id) == col(Sample.round_id)),
        )
        .where(Sample.mission_id == mission_id)
        .order_by(col(Sample.drawn_at).desc(), col(Sample.id))
    )  # fmt: skip
    return [(sample, code) for sample, code in (await session.execute(query)).all()]


async def stand(
    session: AsyncSession, sample: Sample, round_code: str, is_arrived: Callable[[UUID], bool]
) -> SampleStands:
    """A sample and its frozen frame."""
    of = sample.mission_id
    rows = await session.execute(
        select(Stratum)
        .where(Stratum.mission_id == of, Stratum.sample_id == sample.id)
        .order_by(col(Stratum.code))
    )
    strata = tuple(DrawnStratum(s.code, s.population, s.drawn) for s in rows.scalars())
    values = {"m": of, "sample": sample.id, "round": sample.round_id}
    stations = tuple(
        Station(row.id, row.code, row.stratum, row.drawn, row.area, row.setting, row.sort,
                row.voters, is_arrived(row.id))
        for row in (await session.execute(FRAME, values)).all()
    )  # fmt: skip
    return SampleStands(sample, round_code, strata, stations, margin_of(sample.method, strata))


def sample_out(sample: Sample, round_code: str) -> dict[str, Any]:
    """A sample as the JSON lists it."""
    return {
        "code": sample.code, "round": round_code, "kind": sample.kind or None,
        "size": sample.size, "seed": sample.seed, "frame_size": sample.frame_size,
        "frame_sha256": sample.frame_sha256, "stratify_by": sample.stratify_by,
        "method": sample.method, "drawn_at": sample.drawn_at,
    }  # fmt: skip


def stands_out(found: SampleStands) -> dict[str, Any]:
    """A sample against its frame, with the stations drawn."""
    return sample_out(found.sample, found.round) | {
        "expected_margin": found.margin, "arrived": found.arrived,
        "strata": [vars(each) for each in found.strata],
        "against_frame": {
            by: [vars(each) for each in found.against_frame(by)] for by in GROUPS
        },
        "voters_a_station": vars(found.voters),
        "stations": [each.code for each in found.stations if each.drawn],
    }  # fmt: skip
