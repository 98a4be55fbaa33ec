"""Observers and alarms that somebody may see, found to be acted on or shown."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session, col, func, select

from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.auth.visible import visible_alarms, visible_observers
from schemas.audit import Alarm
from schemas.columns import now
from schemas.mission import Mission, Organisation
from schemas.observer import Observer, Phone


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
