"""Deployments as the API shows them: who is sent where, and what is expected of them."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.auth.principal import Principal
from api.auth.visible import visible_deployments
from api.places.contests import MissionContests, contests_in
from api.places.stations import names_of_areas, station_out
from schemas.credential import Role
from schemas.deployment import DeployedObserver, Deployment, DeploymentState
from schemas.election import Round
from schemas.observer import Observer
from schemas.place import Place, PlaceKind

NO_PLACE = UUID(int=0)


async def page_of_deployments(
    session: AsyncSession, who: Principal, behind: UUID | None, most: int
) -> list[dict[str, Any]]:
    """At most so many deployments that ``who`` may see, oldest first, behind one; an observer sees
    their own that stand."""
    query = visible_deployments(who).order_by(col(Deployment.id)).limit(most)
    if who.role == Role.OBSERVER:
        query = query.where(col(Deployment.state) == DeploymentState.PLANNED)
    if behind is not None:
        query = query.where(col(Deployment.id) > behind)
    rows = list((await session.execute(query)).scalars())
    return await _shown(session, who.mission_id, rows)


async def may_change(session: AsyncSession, who: Principal, deployment: UUID) -> bool:
    """Whether there is such a deployment among those that ``who`` may see."""
    query = visible_deployments(who).where(col(Deployment.id) == deployment)
    return (await session.execute(query)).scalar_one_or_none() is not None


async def _shown(
    session: AsyncSession, mission_id: UUID, rows: list[Deployment]
) -> list[dict[str, Any]]:
    areas = await names_of_areas(session, mission_id)
    named = select(Round.id, Round.code).where(Round.mission_id == mission_id)
    rounds = {row[0]: row[1] for row in (await session.execute(named)).all()}
    there = select(Place).where(
        Place.mission_id == mission_id,
        col(Place.id).in_([row.place_id for row in rows if row.place_id]),
    )
    places = {each.id: each for each in (await session.execute(there)).scalars()}
    teams = await _teams(session, mission_id, [row.id for row in rows])
    contests = await contests_in(session, mission_id)
    return [
        {
            "id": str(row.id),
            "round": rounds[row.round_id],
            "kind": row.kind,
            "station": station_out(places[row.place_id], areas).model_dump()
            if row.place_id
            else None,
            "area": areas.get(row.area_id) if row.area_id else None,
            "contests": _voted(contests, row, places.get(row.place_id) if row.place_id else None),
            "expected": row.expected,
            "with": sorted(teams.get(row.id, [])),
            "state": row.state,
            "replaces": str(row.replaces_id) if row.replaces_id else None,
        }
        for row in rows
    ]


def _voted(contests: MissionContests, row: Deployment, place: Place | None) -> list[dict[str, str]]:
    """The contests that are voted on where the team is sent, in the round's own order."""
    area = place.area_id if place else row.area_id
    station = place is None or place.kind == PlaceKind.STATION
    of = place.id if place else NO_PLACE
    return [
        {"code": each.code, "name": each.name}
        for each in contests.at(row.round_id, of, area, station=station)
    ]


async def _teams(
    session: AsyncSession, mission_id: UUID, deployments: list[UUID]
) -> dict[UUID, list[str]]:
    names = (
        select(DeployedObserver.deployment_id, Observer.pseudonym)
        .join(
            Observer,
            (col(Observer.mission_id) == col(DeployedObserver.mission_id))
            & (col(Observer.id) == col(DeployedObserver.observer_id)),
        )
        .where(
            DeployedObserver.mission_id == mission_id,
            col(DeployedObserver.deployment_id).in_(deployments),
            col(DeployedObserver.left_at).is_(None),
        )
    )
    teams: dict[UUID, list[str]] = {}
    for deployment, pseudonym in (await session.execute(names)).all():
        teams.setdefault(deployment, []).append(pseudonym)
    return teams
