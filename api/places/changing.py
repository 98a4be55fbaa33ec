"""What becomes of stations and of their hours on the day: given, written, and listed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import select

from api.audit.unit_of_work import Work
from schemas.columns import now
from schemas.election import Hours, Round
from schemas.place import Area, ChangeKind, Place, PlaceChange, PlaceKind
from schemas.problems import Refusal

Code = Annotated[str, Field(min_length=1, max_length=200)]
Words = Annotated[str, Field(max_length=2000)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class HoursGiven(_Shape):
    """Hours of an area or a station; ``authority`` and ``decided_at`` for a change on the day."""

    round: Code
    area: Code | None = None
    station: Code | None = None
    zone: Code | None = None
    opens: time | None = None
    closes: time | None = None
    authority: Words = ""
    decided_at: AwareDatetime | None = None


class StationChange(_Shape):
    """What became of a station, from a day on; ``successors`` are codes."""

    kind: ChangeKind
    on: date
    successors: list[Code] = []
    authority: Words = ""
    address: Words | None = None
    lat: float | None = Field(default=None, ge=-90, le=90)
    lon: float | None = Field(default=None, ge=-180, le=180)


def change_station(
    work: Work,
    code: str,
    kind: ChangeKind,
    on: date,
    *,
    successors: tuple[str, ...] = (),
    authority: str = "",
    address: str | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> list[PlaceChange]:
    """Close, merge, move or split a station, from a day on.

    A station that was closed, merged or split is offered to no new deployment; its reports stay
    its own. A frozen frame is not touched. Raises :class:`Refusal` naming the field, LookupError
    where there is no such station.
    """
    station = _station(work, code)
    if station is None:
        raise LookupError(code)
    if station.closed_on is not None:
        raise Refusal(f"it is closed since {station.closed_on}.", "station")
    heirs = [_heir(work, station, each) for each in successors]
    needed = {ChangeKind.MERGED: (1, 1), ChangeKind.SPLIT: (2, 50)}.get(kind, (0, 0))
    if not needed[0] <= len(heirs) <= needed[1]:
        raise Refusal(
            "a merged station has one, a split one two or more, the others none.", "successors"
        )
    was = {"address": station.address, "lat": station.latitude, "lon": station.longitude}
    if kind is ChangeKind.MOVED:
        _move(station, address, latitude, longitude)
    else:
        station.closed_on = on
    work.session.add(station)
    named: list[UUID | None] = [*heirs] or [None]
    rows = [
        PlaceChange(
            mission_id=work.mission_id,
            place_id=station.id,
            successor_id=heir,
            kind=kind,
            happened_on=on,
            authority=authority,
            was=was,
            recorded_by=work.actor,
            recorded_at=now(),
        )
        for heir in named
    ]
    work.session.add_all(rows)
    work.log(f"station.{kind.value}", code, f"{on} {successors} {authority}")
    work.session.flush()
    return rows


def set_hours(
    work: Work,
    round_code: str,
    *,
    area: str | None,
    station: str | None,
    zone: str | None,
    opens: time | None,
    closes: time | None,
    authority: str,
    decided_at: datetime | None,
) -> Hours:
    """Set the hours of an area or a station in a round; with ``authority`` a change on the day.

    Raises :class:`Refusal` naming the field.
    """
    if bool(area) == bool(station):
        raise Refusal("a station or an area is needed, and not both.", "station")
    if zone is None and opens is None and closes is None:
        raise Refusal("at least one of zone, opens, closes is needed.", "opens")
    if opens is not None and closes is not None and closes <= opens:
        raise Refusal("polling closes after it opens, on the same day.", "closes")
    if authority and decided_at is None:
        raise Refusal("a change on the day has its moment.", "decided_at")
    _check_zone(zone)
    round_ = work.session.exec(
        select(Round).where(Round.mission_id == work.mission_id, Round.code == round_code)
    ).first()
    if round_ is None:
        raise Refusal(f"the mission has no round {round_code!r}.", "round")
    place = _station(work, station) if station else None
    if station and place is None:
        raise Refusal(f"the mission knows no station {station!r}.", "station")
    made = Hours(
        mission_id=work.mission_id,
        round_id=round_.id,
        area_id=_area(work, area),
        place_id=place.id if place else None,
        zone=zone,
        opens=opens,
        closes=closes,
        authority=authority,
        decided_at=decided_at,
        recorded_by=work.actor,
        recorded_at=now(),
    )
    work.session.add(made)
    said = f"{area} {station} {zone} {opens} {closes} {authority} {decided_at}"
    work.log("hours.set", round_code, said)
    work.session.flush()
    return made


def _check_zone(zone: str | None) -> None:
    try:
        ZoneInfo(zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refusal("a time zone such as Africa/Bamako is needed.", "zone") from None


def _station(work: Work, code: str) -> Place | None:
    query = select(Place).where(
        Place.mission_id == work.mission_id, Place.kind == PlaceKind.STATION, Place.code == code
    )
    return work.session.exec(query).first()


def _area(work: Work, code: str | None) -> UUID | None:
    if code is None:
        return None
    query = select(Area.id).where(Area.mission_id == work.mission_id, Area.code == code)
    found = work.session.exec(query).first()
    if found is None:
        raise Refusal(f"the mission knows no area {code!r}.", "area")
    return found


def _heir(work: Work, station: Place, code: str) -> UUID:
    found = _station(work, code)
    if found is None or found.id == station.id or found.closed_on is not None:
        raise Refusal(f"{code!r} is no other station that is open.", "successors")
    return found.id


def _move(
    station: Place, address: str | None, latitude: float | None, longitude: float | None
) -> None:
    if address is None and latitude is None and longitude is None:
        raise Refusal("a station moves to an address or a position.", "address")
    if (latitude is None) != (longitude is None):
        raise Refusal("a position is a latitude and a longitude.", "lat")
    station.address = address if address is not None else station.address
    if latitude is not None:
        station.latitude, station.longitude = latitude, longitude


SHOWN = 50
"""So many of each are told."""
HOURS = text("""
SELECT r.code AS round, a.code AS area, p.code AS station, h.opens, h.closes, h.zone, h.authority,
  h.decided_at
FROM hours h JOIN round r ON r.mission_id = h.mission_id AND r.id = h.round_id
LEFT JOIN area a ON a.mission_id = h.mission_id AND a.id = h.area_id
LEFT JOIN place p ON p.mission_id = h.mission_id AND p.id = h.place_id
WHERE h.mission_id = :m ORDER BY h.recorded_at DESC LIMIT :shown""")
CHANGES = text("""
SELECT p.code AS station, c.kind, c.happened_on, c.authority,
  array_remove(array_agg(s.code ORDER BY s.code), NULL) AS successors
FROM place_change c JOIN place p ON p.mission_id = c.mission_id AND p.id = c.place_id
LEFT JOIN place s ON s.mission_id = c.mission_id AND s.id = c.successor_id
WHERE c.mission_id = :m
GROUP BY p.code, c.kind, c.happened_on, c.authority, c.recorded_at
ORDER BY c.recorded_at DESC LIMIT :shown""")


@dataclass(frozen=True)
class RecentChanges:
    """The last hours that were set and the last stations that changed, newest first."""

    hours: Sequence[Mapping[str, Any]]
    stations: Sequence[Mapping[str, Any]]


async def changes_on_the_day(session: AsyncSession, mission_id: UUID) -> RecentChanges:
    """The last changes of a mission."""
    of = {"m": mission_id, "shown": SHOWN}
    return RecentChanges(
        [dict(each) for each in (await session.execute(HOURS, of)).mappings()],
        [dict(each) for each in (await session.execute(CHANGES, of)).mappings()],
    )
