"""``stations``, ``deployments`` and ``observers``."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlalchemy import func, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.auth.principal import ENTER, Principal, principal
from api.auth.visible import visible_deployments, visible_observers, visible_stations
from api.database.sessions import mission_session
from api.figures.loading import of
from api.people.listing import people
from api.routes.paging import After, Limit, answer, digest
from api.server.cursors import cursor, plain, read_cursor
from schemas.credential import Role
from schemas.deployment import DeployedObserver, Deployment, DeploymentState
from schemas.election import Round
from schemas.mission import Organisation
from schemas.observer import Observer
from schemas.place import Area, Place, StationOut

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["mission"])
Who = Annotated[Principal, Depends(principal)]


@router.get("/stations")
async def stations(
    request: Request,
    who: Who,
    after: After = None,
    limit: Limit = 200,
    q: Annotated[str | None, Query(max_length=100, description="Part of a code or name.")] = None,
) -> Response:
    """Polling stations by code."""
    query = visible_stations(who).order_by(col(Place.code)).limit(limit + 1)
    behind = read_cursor(after, str)
    if behind is not None:
        query = query.where(col(Place.code) > behind[0])
    if plain(q, "q"):
        query = query.where(
            or_(
                *(
                    func.strpos(func.lower(column), func.lower(q)) > 0
                    for column in (col(Place.code), col(Place.name))
                )
            )
        )
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        rows = list((await session.execute(query)).scalars())
        areas = await _areas(session, who.mission_id)
    items = [station_out(row, areas).model_dump() for row in rows[:limit]]
    more = cursor(rows[limit - 1].code) if len(rows) > limit else None
    return answer(request, {"items": items, "next": more}, f"stations-{digest(items)}")


@router.get("/deployments")
async def deployments(
    request: Request, who: Who, after: After = None, limit: Limit = 200
) -> Response:
    """Who is sent where, and what is expected of them; an observer sees their own that stand."""
    query = visible_deployments(who).order_by(col(Deployment.id)).limit(limit + 1)
    if who.role == Role.OBSERVER:
        query = query.where(col(Deployment.state) == DeploymentState.PLANNED)
    behind = read_cursor(after, UUID)
    if behind is not None:
        query = query.where(col(Deployment.id) > behind[0])
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        rows = list((await session.execute(query)).scalars())
        items = await _deployments(session, who.mission_id, rows[:limit])
    more = cursor(rows[limit - 1].id) if len(rows) > limit else None
    return answer(request, {"items": items, "next": more}, f"deployments-{digest(items)}")


@router.get("/observers")
async def observers(
    request: Request, who: Who, after: After = None, limit: Limit = 200
) -> Response:
    """Observers by pseudonym, with their gates, and the declaration that is to be decided."""
    query = visible_observers(who).order_by(col(Observer.pseudonym)).limit(limit + 1)
    behind = read_cursor(after, str)
    if behind is not None:
        query = query.where(col(Observer.pseudonym) > behind[0])
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        rows = list((await session.execute(query)).scalars())
        names = {each.id: each for each in await _all(session, of(who.mission_id, Organisation))}
    standing = await _standing(request, who, [row.id for row in rows])
    items = [
        {
            "pseudonym": row.pseudonym,
            "organisation": names[row.organisation_id].code,
            "kind": names[row.organisation_id].kind,
            "languages": row.languages,
            "state": row.state,
            **standing[row.id],
        }
        for row in rows[:limit]
    ]
    more = cursor(rows[limit - 1].pseudonym) if len(rows) > limit else None
    return answer(request, {"items": items, "next": more}, f"observers-{digest(items)}")


def station_out(place: Place, areas: dict[UUID, str]) -> StationOut:
    """A station as the API shows it."""
    return StationOut(
        code=place.code,
        name=place.name,
        address=place.address,
        area=areas.get(place.area_id) if place.area_id else None,
        registered_voters=place.registered_voters,
        lat=place.latitude,
        lon=place.longitude,
    )


async def _deployments(
    session: AsyncSession, mission_id: UUID, rows: list[Deployment]
) -> list[dict[str, Any]]:
    areas = await _areas(session, mission_id)
    rounds = {each.id: each.code for each in await _all(session, of(mission_id, Round))}
    wanted = [row.place_id for row in rows if row.place_id]
    there = of(mission_id, Place).where(col(Place.id).in_(wanted))
    places = {each.id: each for each in await _all(session, there)}
    teams = await _teams(session, mission_id, [row.id for row in rows])
    return [
        {
            "id": str(row.id),
            "round": rounds[row.round_id],
            "kind": row.kind,
            "station": station_out(places[row.place_id], areas).model_dump()
            if row.place_id
            else None,
            "area": areas.get(row.area_id) if row.area_id else None,
            "expected": row.expected,
            "with": sorted(teams.get(row.id, [])),
            "state": row.state,
            "replaces": str(row.replaces_id) if row.replaces_id else None,
        }
        for row in rows
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


async def _areas(session: AsyncSession, mission_id: UUID) -> dict[UUID, str]:
    return {each.id: each.name for each in await _all(session, of(mission_id, Area))}


async def _all(session: AsyncSession, query: Any) -> list[Any]:
    return list((await session.execute(query)).scalars())


async def _standing(
    request: Request, who: Principal, ids: list[UUID]
) -> dict[UUID, dict[str, Any]]:
    async with request.app.state.pool.connection() as connection, connection.transaction():
        await connection.execute(ENTER, (str(who.mission_id),))
        found = await people(connection, who.mission_id, "", only=ids, limit=len(ids))
    return {
        each.id: {
            "gates": each.standing.as_sent(),
            "declaration": each.declaration_id
            and {
                "id": each.declaration_id,
                "decision": each.standing.declaration,
                "declares_something": each.declared,
            },
        }
        for each in found.rows
    }
