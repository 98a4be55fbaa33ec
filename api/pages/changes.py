"""Forms for changes on polling day: hours, and stations closed, merged, moved or split."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from api.audit.unit_of_work import Work
from api.pages.forms import Given, plan, words
from api.pages.page import PageRequest
from api.places.changing import (
    HoursGiven,
    StationChange,
    change_station,
    changes_on_the_day,
    set_hours,
)
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


def change_hours(work: Work, given: Given) -> Any:
    """Hours as the form gives them; its moment is in the mission's zone."""
    more: dict[str, Any] = {}
    if given.get("decided_at"):
        more["decided_at"] = _moment(work, given["decided_at"])
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
        work,
        wanted.round,
        area=wanted.area,
        station=wanted.station,
        zone=wanted.zone,
        opens=wanted.opens,
        closes=wanted.closes,
        authority=wanted.authority,
        decided_at=wanted.decided_at,
    )


def change_place(work: Work, given: Given) -> Any:
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
            work,
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


async def recent_changes(session: AsyncSession, page: PageRequest) -> dict[str, Any]:
    """The last hours set and the last stations changed, newest first."""
    changed = await changes_on_the_day(session, page.who.mission_id)
    return {
        "hours": [
            dict(each)
            | {
                "opens": _hour(each["opens"]),
                "closes": _hour(each["closes"]),
                "decided_at": page.clock(each["decided_at"], "%Y-%m-%d %H:%M"),
            }
            for each in changed.hours
        ],
        "changes": [
            dict(each) | {"kind": page.say(KINDS[ChangeKind(each["kind"])])}
            for each in changed.stations
        ],
        "kinds": [(each.value, page.say(says)) for each, says in KINDS.items()],
    }


def _moment(work: Work, given: str) -> datetime:
    zone = work.session.get_one(Mission, work.mission_id).zone
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        raise Refusal("a date and time is needed.", "decided_at") from None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))


def _hour(at: Any) -> str:
    return f"{at:%H:%M}" if at else "–"
