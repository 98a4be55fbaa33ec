"""Observers and alarms that somebody may see: listed, counted, one found; an alarm settled."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session, col, func, select

from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.auth.visible import visible_alarms, visible_observers
from api.people.gates import GATES, GateState, standing_of
from schemas.audit import Alarm
from schemas.columns import now
from schemas.deployment import DeployedObserver, Deployment
from schemas.mission import Mission, Organisation
from schemas.observer import (
    Accreditation,
    Briefing,
    InterestDeclaration,
    Observer,
    Phone,
    Pledge,
)
from schemas.place import Area, Place
from schemas.report import Report


def find_observer(session: Session, who: Principal, pseudonym: str) -> UUID:
    """An observer that ``who`` may see, by pseudonym. Raises LookupError."""
    query = visible_observers(who).where(col(Observer.pseudonym) == pseudonym)
    found: Observer | None = session.execute(query).scalar_one_or_none()
    if found is None:
        raise LookupError(pseudonym)
    return found.id


def settle_alarm(work: Work, who: Principal, wanted: UUID) -> None:
    """Settle an alarm that ``who`` may see. Raises LookupError."""
    query = visible_alarms(who).where(col(Alarm.id) == wanted)
    found: Alarm | None = work.session.execute(query).scalar_one_or_none()
    if found is None:
        raise LookupError(str(wanted))
    found.settled_at, found.settled_by = now(), work.actor
    work.session.add(found)
    work.log("alarm.settle", found.id)


def without_phone(who: Principal) -> ColumnElement[bool]:
    """Holds for an observer that ``who`` may see and who has no phone."""
    own = visible_observers(who).with_only_columns(col(Observer.id))
    phones = select(Phone.observer_id).where(
        Phone.mission_id == who.mission_id, col(Phone.revoked_at).is_(None)
    )
    return col(Observer.id).in_(own) & col(Observer.id).not_in(phones)


@dataclass(frozen=True)
class Around:
    """What stands around a list of observers: whom somebody sees (None: everybody), the mission's
    own gates, and the alarms that are open, oldest first."""

    only: list[UUID] | None
    gates: list[str]
    alarms: Sequence[Alarm]


async def around_people(session: AsyncSession, who: Principal) -> Around:
    """What stands around the observers that ``who`` may see."""
    own: Any = visible_observers(who).with_only_columns(col(Observer.id))
    pending = visible_alarms(who).order_by(col(Alarm.raised_at))
    gates = (await session.execute(select(Mission.gates))).scalar_one()
    only = None
    if who.area_id is not None:
        only = list((await session.execute(own)).scalars())
    return Around(only, gates, list((await session.execute(pending)).scalars()))


async def page_of_observers(
    session: AsyncSession, who: Principal, behind: str | None, most: int
) -> list[tuple[Observer, Organisation]]:
    """At most so many observers that ``who`` may see, by pseudonym, behind one, each with its
    organisation."""
    query = visible_observers(who).order_by(col(Observer.pseudonym)).limit(most)
    if behind is not None:
        query = query.where(col(Observer.pseudonym) > behind)
    rows = list((await session.execute(query)).scalars())
    every = select(Organisation).where(Organisation.mission_id == who.mission_id)
    known = {each.id: each for each in (await session.execute(every)).scalars()}
    return [(row, known[row.organisation_id]) for row in rows]


async def open_alarms(session: AsyncSession, who: Principal) -> int:
    """How many alarms that ``who`` may see nobody has settled."""
    waiting = select(func.count()).select_from(visible_alarms(who).subquery())
    return int((await session.execute(waiting)).scalar_one())


async def alarms_of(session: AsyncSession, who: Principal) -> list[Alarm]:
    """Those alarms, oldest first."""
    query = visible_alarms(who).order_by(col(Alarm.raised_at))
    return list((await session.execute(query)).scalars())


async def pseudonyms_of(
    session: AsyncSession, who: Principal, ids: Collection[UUID]
) -> dict[UUID, str]:
    """The pseudonyms of these observers, of those that ``who`` may see."""
    query = visible_observers(who).where(col(Observer.id).in_(ids))
    return {each.id: each.pseudonym for each in (await session.execute(query)).scalars()}


async def observer_named(session: AsyncSession, who: Principal, pseudonym: str) -> Observer | None:
    """An observer that ``who`` may see, by pseudonym."""
    query = visible_observers(who).where(col(Observer.pseudonym) == pseudonym)
    found: Observer | None = (await session.execute(query)).scalar_one_or_none()
    return found


CLOSED = """
(q.declaration <> 'accepted' OR q.pledge <> 'signed' OR q.state = 'suspended')"""
WHICH = {
    "": "true",
    "closed": CLOSED,
    "pending": "q.declaration = 'pending'",
    "no_pledge": "q.pledge <> 'signed'",
    "not_enrolled": "q.enrolled_at IS NULL",
    "not_rehearsed": "q.rehearsed_at IS NULL",
    "suspended": "q.state = 'suspended'",
}
"""The filters of the page, by name."""
ONLY = "(%(only)s::uuid[] IS NULL OR q.id = ANY (%(only)s::uuid[]))"
EVERYONE = f"""
WITH everyone AS MATERIALIZED (SELECT q.*, f.enrolled_at, f.rehearsed_at FROM ({GATES}) q
LEFT JOIN (SELECT p.observer_id, max(p.enrolled_at) AS enrolled_at,
    max(p.rehearsed_at) AS rehearsed_at
  FROM phone p WHERE p.mission_id = %(m)s AND p.revoked_at IS NULL GROUP BY 1) f
  ON f.observer_id = q.id),
counts AS (SELECT {", ".join(f"count(*) FILTER (WHERE {each})" for each in WHICH.values())}
  FROM everyone q WHERE {ONLY})"""  # noqa: S608
ROWS = f"""
SELECT counts.*, r.* FROM counts LEFT JOIN (
  SELECT q.*, (SELECT count(*) FROM report r WHERE r.mission_id = %(m)s AND r.observer_id = q.id
      AND r.status = 'held'),
    (SELECT d.answers FROM interest_declaration d WHERE d.mission_id = %(m)s
      AND d.id = q.declaration_id)
  FROM everyone q WHERE {ONLY} AND {{which}} AND q.pseudonym > %(after)s
  ORDER BY q.pseudonym LIMIT %(limit)s) r ON true ORDER BY r.pseudonym"""  # noqa: S608
"""A page of observers, each beside the counts; these alone where the page is empty."""


@dataclass(frozen=True)
class Person:
    """One observer as the page lists it."""

    id: UUID
    pseudonym: str
    standing: GateState
    declaration_id: UUID | None
    declared: bool
    enrolled_at: datetime | None
    rehearsed_at: datetime | None
    held: int


@dataclass(frozen=True)
class People:
    """A page of observers, and how many each filter has."""

    rows: tuple[Person, ...]
    counts: dict[str, int]
    more: bool


async def people(
    connection: AsyncConnection[Any],
    mission_id: UUID,
    which: str,
    *,
    only: Collection[UUID] | None,
    after: str = "",
    limit: int = 50,
) -> People:
    """Observers after a pseudonym, filtered; ``only`` these, where somebody sees not all.

    The mission is entered already. Raises KeyError for an unknown filter.
    """
    of = {
        "m": mission_id,
        "only": None if only is None else list(only),
        "after": after,
        "limit": limit + 1,
    }
    query = EVERYONE + ROWS.format(which=WHICH[which])
    rows = await (await connection.execute(query, of)).fetchall()
    counts = dict(zip(WHICH, rows[0], strict=False))
    found = [_person(row) for each in rows if (row := each[len(WHICH) :])[0] is not None]
    return People(tuple(found[:limit]), counts, len(found) > limit)


def _person(row: tuple[Any, ...]) -> Person:
    declared = any(str(text).strip() for text in (row[14] or {}).values())
    return Person(row[0], row[1], standing_of(row), row[10], declared, row[11], row[12], row[13])


@dataclass(frozen=True)
class Sent:
    """A deployment: where to, with the code and the name of the place, or the name of the area."""

    id: UUID
    state: str
    code: str
    name: str


@dataclass(frozen=True)
class OnRecord:
    """An observer, and everything that was noted, each kind in the order it was; ``reports`` are
    counted by status."""

    observer: Observer
    organisation: str
    declarations: Sequence[InterestDeclaration]
    pledges: Sequence[Pledge]
    briefings: Sequence[Briefing]
    accreditations: Sequence[Accreditation]
    phones: Sequence[Phone]
    reports: Sequence[tuple[str, int]]
    deployments: Sequence[Sent]


async def read_person(session: AsyncSession, who: Principal, pseudonym: str) -> OnRecord | None:
    """What is on record of an observer that ``who`` may see; None where there is none."""
    query = visible_observers(who).where(col(Observer.pseudonym) == pseudonym)
    person: Observer | None = (await session.execute(query)).scalar_one_or_none()
    if person is None:
        return None
    of, identity = who.mission_id, person.id

    async def every(noun: Any, order: Any) -> list[Any]:
        query = select(noun).where(noun.mission_id == of, noun.observer_id == identity)
        return list((await session.execute(query.order_by(col(order)))).scalars())

    organisation = await session.get_one(Organisation, (of, person.organisation_id))
    counted = select(Report.status, func.count()).where(
        Report.mission_id == of, Report.observer_id == identity
    )
    reports = (await session.execute(counted.group_by(col(Report.status)))).all()
    return OnRecord(
        observer=person,
        organisation=organisation.name,
        declarations=await every(InterestDeclaration, InterestDeclaration.declared_at),
        pledges=await every(Pledge, Pledge.signed_at),
        briefings=await every(Briefing, Briefing.held_at),
        accreditations=await every(Accreditation, Accreditation.state),
        phones=await every(Phone, Phone.enrolled_at),
        reports=[(status, count) for status, count in reports],
        deployments=await _sent(session, of, identity),
    )


async def _sent(session: AsyncSession, mission_id: UUID, observer_id: UUID) -> list[Sent]:
    query = (
        select(Deployment, Place.code, Place.name, Area.name)
        .join(
            DeployedObserver,
            (col(DeployedObserver.deployment_id) == col(Deployment.id))
            & (col(DeployedObserver.mission_id) == col(Deployment.mission_id)),
        )
        .outerjoin(
            Place,
            (col(Place.id) == col(Deployment.place_id))
            & (col(Place.mission_id) == col(Deployment.mission_id)),
        )
        .outerjoin(
            Area,
            (col(Area.id) == col(Deployment.area_id))
            & (col(Area.mission_id) == col(Deployment.mission_id)),
        )
        .where(Deployment.mission_id == mission_id, DeployedObserver.observer_id == observer_id)
    )
    rows = (await session.execute(query)).all()
    return [Sent(row[0].id, row[0].state, row[1] or "", row[2] or row[3] or "") for row in rows]
