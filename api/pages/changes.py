"""What changed on the day: hours, and stations that were closed, merged, moved or split."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session, select

from api.audit.act import Act
from api.pages.forms import Given, plan, words
from api.pages.page import Visit
from api.places.changing import change_station, set_hours
from api.routes.places import HoursGiven, StationChange
from schemas.mission import Mission
from schemas.place import ChangeKind
from schemas.problems import Refusal
from schemas.words import N_

KINDS = {
    ChangeKind.CLOSED: N_("closed"),
    ChangeKind.MERGED: N_("merged"),
    ChangeKind.MOVED: N_("moved"),
    ChangeKind.SPLIT: N_("split"),
}
SHOWN = 50
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


def change_hours(session: Session, act: Act, given: Given) -> Any:
    """Hours as the form gives them; its moment is in the mission's zone."""
    more: dict[str, Any] = {}
    if given.get("decided_at"):
        more["decided_at"] = _moment(session, act, given["decided_at"])
    wanted: HoursGiven = plan(
        HoursGiven,
        given,
        "round",
        "area",
        "station",
        "zone",
        "opens",
        "closes",
        "authority",
        **more,
    )
    return set_hours(
        session,
        act,
        wanted.round,
        area=wanted.area,
        station=wanted.station,
        zone=wanted.zone,
        opens=wanted.opens,
        closes=wanted.closes,
        authority=wanted.authority,
        decided_at=wanted.decided_at,
    )


def change_place(session: Session, act: Act, given: Given) -> Any:
    """What became of a station, as the form gives it."""
    wanted: StationChange = plan(
        StationChange,
        given,
        "kind",
        "on",
        "authority",
        "address",
        "lat",
        "lon",
        successors=words(given.get("successors", "")),
    )
    try:
        return change_station(
            session,
            act,
            given.get("station", ""),
            wanted.kind,
            wanted.on,
            successors=tuple(wanted.successors),
            authority=wanted.authority,
            address=wanted.address,
            latitude=wanted.lat,
            longitude=wanted.lon,
        )
    except LookupError:
        raise Refusal("the mission knows no station by this code.", "station") from None


async def recent_changes(session: AsyncSession, visit: Visit) -> dict[str, Any]:
    """The last hours set and the last stations changed, newest first."""
    of = {"m": visit.who.mission_id, "shown": SHOWN}
    hours = (await session.execute(HOURS, of)).mappings().all()
    changes = (await session.execute(CHANGES, of)).mappings().all()
    return {
        "hours": [
            dict(each)
            | {
                "opens": _hour(each["opens"]),
                "closes": _hour(each["closes"]),
                "decided_at": visit.clock(each["decided_at"], "%Y-%m-%d %H:%M"),
            }
            for each in hours
        ],
        "changes": [
            dict(each) | {"kind": visit.say(KINDS[ChangeKind(each["kind"])])} for each in changes
        ],
        "kinds": [(each.value, visit.say(says)) for each, says in KINDS.items()],
    }


def _moment(session: Session, act: Act, given: str) -> datetime:
    zone = session.exec(select(Mission.zone).where(Mission.mission_id == act.mission_id)).one()
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        raise Refusal("a date and time is needed.", "decided_at") from None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))


def _hour(at: Any) -> str:
    return f"{at:%H:%M}" if at else "–"
