"""``lists``: the choices of forms that come from the mission, cached on phones for days."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.auth.principal import Principal, principal
from api.checklists.form_lists import LISTS, mission_list
from api.database.sessions import mission_connection
from api.problems import NOT_FOUND, Problem
from schemas.credential import Role
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["checklists"])
Who = Annotated[Principal, Depends(principal)]


@router.get("/lists/{name}")
async def one_list(request: Request, who: Who, name: str) -> Response:
    """A list as CSV, as the mission has it now: ``stations.csv`` or ``contestants.csv``. An
    observer's stations are those of their deployments."""
    if name not in LISTS or not (who.role == Role.OBSERVER or who.may(Right.SEE_REPORTS)):
        raise Problem(NOT_FOUND)
    async with mission_connection(request.app.state.pool, who.mission_id) as connection:
        made = await mission_list(connection, who.mission_id, who.role, who.holder_id, name)
    return Response(made, media_type="text/csv; charset=utf-8")
