"""``stations``, ``deployments`` and ``observers``."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api.auth.principal import Principal, principal
from api.database.sessions import mission_connection, mission_session
from api.deployments.as_sent import page_of_deployments
from api.people.finding import page_of_observers, people
from api.places.stations import page_of_stations
from api.routes.paging import After, Limit, answer, digest
from api.server.cursors import cursor, plain, read_cursor

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
    (behind,) = read_cursor(after, str) or (None,)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        rows = await page_of_stations(session, who, behind, plain(q, "q"), limit + 1)
    items = [row.model_dump() for row in rows[:limit]]
    more = cursor(rows[limit - 1].code) if len(rows) > limit else None
    return answer(request, {"items": items, "next": more}, f"stations-{digest(items)}")


@router.get("/deployments")
async def deployments(
    request: Request, who: Who, after: After = None, limit: Limit = 200
) -> Response:
    """Who is sent where, and what is expected of them; an observer sees their own alone."""
    (behind,) = read_cursor(after, UUID) or (None,)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        rows = await page_of_deployments(session, who, behind, limit + 1)
    items = rows[:limit]
    more = cursor(items[-1]["id"]) if len(rows) > limit else None
    return answer(request, {"items": items, "next": more}, f"deployments-{digest(items)}")


@router.get("/observers")
async def observers(
    request: Request, who: Who, after: After = None, limit: Limit = 200
) -> Response:
    """Observers by pseudonym, with their gates, and the declaration that is to be decided."""
    (behind,) = read_cursor(after, str) or (None,)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        rows = await page_of_observers(session, who, behind, limit + 1)
    standing = await _standing(request, who, [row.id for row, _ in rows])
    items = [
        {
            "pseudonym": row.pseudonym,
            "organisation": organisation.code,
            "kind": organisation.kind,
            "languages": row.languages,
            "state": row.state,
            **standing[row.id],
        }
        for row, organisation in rows[:limit]
    ]
    more = cursor(rows[limit - 1][0].pseudonym) if len(rows) > limit else None
    return answer(request, {"items": items, "next": more}, f"observers-{digest(items)}")


async def _standing(
    request: Request, who: Principal, ids: list[UUID]
) -> dict[UUID, dict[str, Any]]:
    async with mission_connection(request.app.state.pool, who.mission_id) as connection:
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
