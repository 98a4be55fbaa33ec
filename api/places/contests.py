"""The contests of a mission's rounds, who stands in them, and which are voted on where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session

from analytics.observation.code_matrix import NOWHERE
from analytics.observation.station_contests import (
    StationContests,
    contests_of_places,
    named_contests,
)

AREAS = "SELECT id, parent_id FROM area WHERE mission_id = %(m)s"
CONTESTS = """
SELECT c.round_id, c.id, c.code, c.name,
  ARRAY(SELECT a.area_id FROM contest_area a
    WHERE a.mission_id = c.mission_id AND a.contest_id = c.id),
  ARRAY(SELECT unnest(ARRAY[n.code, n.name]) FROM contestant n
    WHERE n.mission_id = c.mission_id AND n.contest_id = c.id)
FROM contest c WHERE c.mission_id = %(m)s ORDER BY c.position NULLS FIRST, c.id"""
NAMED = """
SELECT round_id, place_id, contests FROM round_place
WHERE mission_id = %(m)s AND contests IS NOT NULL"""

NAMED_IN_FILE = r"""to_jsonb(regexp_split_to_array(
  nullif(btrim({place}.attributes ->> 'contests'), ''), '\s*;\s*'))"""
"""The contests that the file of stations names for one in its column ``contests``; null of none."""


@dataclass(frozen=True)
class KnownContest:
    """A contest: ``contestants`` are the codes and names of those who stand."""

    id: UUID
    code: str
    name: str
    contestants: frozenset[str]

    def covers(self, lines: Sequence[str]) -> bool:
        """Whether every line of votes is of somebody who stands in it."""
        return self.contestants.issuperset(lines)


@dataclass(frozen=True)
class RoundContests:
    """The contests of one round in its own order, and which are voted on where."""

    contests: tuple[KnownContest, ...] = ()
    voted: StationContests = field(default_factory=StationContests)

    def at(self, place: UUID | None, area: int, *, station: bool) -> tuple[KnownContest, ...]:
        """Those of a place; of no place that the mission knows, all of the round."""
        if place is None:
            return self.contests
        return tuple(self.contests[at] for at in self.voted.at(place, area, station=station))


@dataclass(frozen=True)
class MissionContests:
    """The contests of every round, and the position of each area."""

    rounds: Mapping[UUID, RoundContests] = field(default_factory=dict)
    areas: Mapping[UUID, int] = field(default_factory=dict)

    def of(self, round_id: UUID) -> RoundContests:
        """Those of one round."""
        return self.rounds.get(round_id, RoundContests())

    def at(
        self, round_id: UUID, place: UUID | None, area: UUID | None, *, station: bool
    ) -> tuple[KnownContest, ...]:
        """Those that are voted on at a place of an area."""
        position = self.areas.get(area, NOWHERE) if area else NOWHERE
        return self.of(round_id).at(place, position, station=station)


def read_contests(
    areas: Sequence[tuple[Any, ...]],
    contests: Sequence[tuple[Any, ...]],
    named: Sequence[tuple[Any, ...]],
) -> MissionContests:
    """The contests of a mission as :data:`AREAS`, :data:`CONTESTS` and :data:`NAMED` give them."""
    area_at = {row[0]: at for at, row in enumerate(areas)}
    parents = [area_at.get(row[1], NOWHERE) for row in areas]
    rows: dict[UUID, list[tuple[Any, ...]]] = {}
    for row in contests:
        rows.setdefault(row[0], []).append(row)
    found = {}
    for round_id, own in rows.items():
        codes = {row[2]: at for at, row in enumerate(own)}
        here = {row[1]: named_contests(codes, row[2]) for row in named if row[0] == round_id}
        found[round_id] = RoundContests(
            tuple(KnownContest(row[1], row[2], row[3], frozenset(row[5])) for row in own),
            contests_of_places(
                parents,
                [{area_at[each] for each in row[4]} for row in own],
                {place: voted for place, voted in here.items() if voted},
            ),
        )
    return MissionContests(found, area_at)


def contests_by(session: Session, mission_id: UUID) -> MissionContests:
    """The contests of a mission, by a session that is in it and waits for the database."""
    connection, of = session.connection(), {"m": mission_id}
    contests, named, areas = (
        [tuple(row) for row in connection.exec_driver_sql(each, of)]
        for each in (CONTESTS, NAMED, AREAS)
    )
    return read_contests(areas, contests, named)


async def contests_in(session: AsyncSession, mission_id: UUID) -> MissionContests:
    """The same by a session that is in the mission."""
    connection, of = await session.connection(), {"m": mission_id}
    found = [await connection.exec_driver_sql(each, of) for each in (CONTESTS, NAMED, AREAS)]
    contests, named, areas = ([tuple(row) for row in each.all()] for each in found)
    return read_contests(areas, contests, named)


async def load_contests(connection: AsyncConnection[Any], mission_id: UUID) -> MissionContests:
    """The contests of a mission, by a connection that is in it."""
    of = {"m": mission_id}
    # The areas last: a contest names none that is not there by then.
    asked = [await connection.execute(each, of) for each in (CONTESTS, NAMED, AREAS)]
    contests, named, areas = [await each.fetchall() for each in asked]
    return read_contests(areas, contests, named)
