"""Stations that a report may be of: what speaks for each is said, and none is chosen.

Looked at are the stations whose codes nearly are the one that was sent, those nearest to the phone,
and those that the observer was sent to.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import col, select

from analytics.quality.flags import distance_m
from api.review.queue_items import Desk
from schemas.deployment import DeployedObserver, Deployment
from schemas.place import Area, Place, PlaceKind
from schemas.report import COUNTED, Report
from schemas.sample import SampledStation

MAX_SHOWN = 9
"""As many as there are digits to choose with."""
MAX_LOOKED_AT = 60
NEAR_DEGREES = 0.03
"""About three kilometres: beyond it a phone speaks for no station."""
NEAR_METRES = 500
LONGEST_CODE = 24
CodeFits = Literal["same", "swapped", "one_differs", "one_more", "one_less", ""]


@dataclass(frozen=True)
class Candidate:
    """A station and what fits: the code that was sent, how far the phone was, voters on the roll,
    the observer's plan, and reports of this checklist that are there already."""

    code: str
    name: str
    area: str
    sampled: bool
    code_fits: CodeFits
    metres: int | None
    registered_voters: int | None
    planned: bool
    received: int
    latitude: float | None
    longitude: float | None

    @property
    def fit(self) -> float:
        """How much speaks for it; figures of nothing but the order."""
        near = 0.0 if self.metres is None else 2 / (1 + self.metres / NEAR_METRES)
        code = {"": 0, "same": 3, "swapped": 2, "one_differs": 1}.get(self.code_fits, 1)
        return near + code + (2 if self.planned else 0) + (0.5 if self.sampled else 0)


async def station_candidates(
    desk: Desk, report: Report, sent: str, position: Mapping[str, Any] | None
) -> list[Candidate]:
    """The stations that fit best, the best first: by the code that was ``sent`` and the phone's
    ``position``."""
    at = _located(position)
    planned = await _planned(desk, report)
    fits: list[ColumnElement[bool]] = [col(Place.id).in_(planned)] if planned else []
    codes = nearly(sent)
    if codes:
        fits.append(col(Place.code).in_(codes))
    if at is not None:
        fits.append(_near(*at))
    if not fits:
        return []
    query = (
        select(Place)
        .where(
            Place.mission_id == desk.who.mission_id,
            Place.kind == PlaceKind.STATION,
            or_(*fits),
        )
        .limit(MAX_LOOKED_AT)
    )
    places = list((await desk.session.execute(query)).scalars())
    found = await _candidates(desk, report, places, sent, at, planned)
    return sorted(found, key=lambda each: (-each.fit, each.code))[:MAX_SHOWN]


def _located(position: Mapping[str, Any] | None) -> tuple[float, float] | None:
    given = position if isinstance(position, dict) else {}
    at = [given.get(name) for name in ("lat", "lon")]
    if not all(isinstance(each, int | float) and abs(each) <= 180 for each in at):
        return None
    return float(at[0] or 0), float(at[1] or 0)


def _near(latitude: float, longitude: float) -> ColumnElement[bool]:
    return and_(
        col(Place.latitude).between(latitude - NEAR_DEGREES, latitude + NEAR_DEGREES),
        col(Place.longitude).between(longitude - NEAR_DEGREES, longitude + NEAR_DEGREES),
    )


async def _planned(desk: Desk, report: Report) -> set[UUID]:
    if report.observer_id is None:
        return set()
    member = and_(
        col(DeployedObserver.mission_id) == col(Deployment.mission_id),
        col(DeployedObserver.deployment_id) == col(Deployment.id),
    )
    query = (
        select(Deployment.place_id)
        .join(DeployedObserver, member)
        .where(
            Deployment.mission_id == desk.who.mission_id,
            col(DeployedObserver.observer_id) == report.observer_id,
            col(Deployment.place_id).is_not(None),
        )
        .limit(MAX_LOOKED_AT)
    )
    return {each for each in (await desk.session.execute(query)).scalars() if each}


async def _candidates(
    desk: Desk,
    report: Report,
    places: list[Place],
    sent: str,
    at: tuple[float, float] | None,
    planned: set[UUID],
) -> Iterable[Candidate]:
    of, ids = desk.who.mission_id, [each.id for each in places]
    areas = await _by_id(
        desk, select(Area.id, Area.name).where(Area.mission_id == of), Area.id,
        [each.area_id for each in places if each.area_id],
    )  # fmt: skip
    drawn = select(SampledStation.place_id, func.count()).where(
        SampledStation.mission_id == of, col(SampledStation.drawn)
    )
    sampled = await _by_id(
        desk, drawn.group_by(col(SampledStation.place_id)), SampledStation.place_id, ids
    )
    counted = select(Report.place_id, func.count()).where(
        Report.mission_id == of,
        Report.checklist == report.checklist,
        col(Report.status).in_(COUNTED),
        Report.id != report.id,
        Report.contest_id == report.contest_id if report.contest_id else True,
    )
    received = await _by_id(desk, counted.group_by(col(Report.place_id)), Report.place_id, ids)
    return [
        Candidate(
            code=each.code,
            name=each.name,
            area=areas.get(each.area_id, ""),
            sampled=each.id in sampled,
            code_fits=code_fits(sent, each.code),
            metres=_metres(at, each),
            registered_voters=each.registered_voters,
            planned=each.id in planned,
            received=received.get(each.id, 0),
            latitude=each.latitude,
            longitude=each.longitude,
        )
        for each in places
    ]


async def _by_id(desk: Desk, query: Any, column: Any, ids: list[UUID]) -> dict[Any, Any]:
    if not ids:
        return {}
    rows = (await desk.session.execute(query.where(col(column).in_(ids)))).all()
    return {row[0]: row[1] for row in rows}


def _metres(at: tuple[float, float] | None, place: Place) -> int | None:
    if at is None or place.latitude is None or place.longitude is None:
        return None
    return round(distance_m(*at, place.latitude, place.longitude))


def nearly(code: str) -> list[str]:
    """The codes that a code may have been typed for: the same without its spaces, two neighbours
    swapped, one sign another digit, one too many or too few."""
    typed = code.strip()
    if not typed or len(typed) > LONGEST_CODE:
        return []
    digits = "0123456789"
    swapped = (typed[:at] + b + a + typed[at + 2 :] for at, (a, b) in enumerate(pairwise(typed)))
    places = range(len(typed))
    other = (typed[:at] + digit + typed[at + 1 :] for at in places for digit in digits)
    fewer = (typed[:at] + typed[at + 1 :] for at in places)
    more = (
        typed[:at] + digit + typed[at:] for at in range(len(typed) + 1) for digit in "0123456789"
    )
    return [each for each in dict.fromkeys([typed, *swapped, *other, *fewer, *more]) if each]


def code_fits(sent: str, code: str) -> CodeFits:
    """How a code that was sent differs from a station's; nothing where by more than a slip."""
    typed = sent.strip()
    if not typed:
        return ""
    if typed == code:
        return "same"
    if len(typed) == len(code):
        differ = [at for at, (a, b) in enumerate(zip(typed, code, strict=True)) if a != b]
        if len(differ) == 1:
            return "one_differs"
        swaps = len(differ) == 2 and differ[1] == differ[0] + 1
        if swaps and typed[differ[0]] == code[differ[1]] and typed[differ[1]] == code[differ[0]]:
            return "swapped"
        return ""
    if len(typed) == len(code) + 1:
        return "one_more" if _without_one(typed, code) else ""
    if len(typed) + 1 == len(code):
        return "one_less" if _without_one(code, typed) else ""
    return ""


def _without_one(longer: str, shorter: str) -> bool:
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))
