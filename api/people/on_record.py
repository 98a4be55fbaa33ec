"""What is on record of one observer. No name: that is kept apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, select

from api.auth.principal import Principal
from api.auth.visible import visible_observers
from schemas.deployment import DeployedObserver, Deployment
from schemas.mission import Organisation
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
