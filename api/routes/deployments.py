"""Deployments on the day: sent elsewhere, ended, called, changed."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from api.audit.unit_of_work import Work, act_on
from api.auth.principal import Principal, principal
from api.database.sessions import mission_session
from api.deployments.as_sent import may_change
from api.deployments.assigning import member, own_deployment, target
from api.deployments.calls import call_out, calls_noted
from api.deployments.changing import end_deployment, redeploy, swap_member
from api.people.contacts import Reached, contacts_of_team
from api.problems import NOT_FOUND, Problem
from api.review.calls import CallIn, call_team
from schemas.credential import Role
from schemas.deployment import Deployment, DeploymentState
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}/deployments", tags=["mission"])
Who = Annotated[Principal, Depends(principal)]
Words = Annotated[str, Field(max_length=2000)]
Code = Annotated[str | None, Field(max_length=200)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Elsewhere(_Shape):
    """Where a team is sent now: a station or an area, by its code."""

    station: Code = None
    area: Code = None
    reason: Words = ""


class Ending(_Shape):
    """How a deployment ends, and why."""

    state: Literal["cancelled", "withdrawn_security"]
    reason: Words


class Swap(_Shape):
    """Who leaves a team and who joins it, by pseudonym."""

    leave: Code = None
    join: Code = None


@router.post("/{deployment_id}/redeploy", status_code=201)
async def send_elsewhere(
    request: Request, who: Who, deployment_id: UUID, given: Elsewhere
) -> dict[str, Any]:
    """Send a team elsewhere. The phone learns of it when it next has a network; till then what
    it sends is taken as it comes."""
    await _must_keep(request, who, deployment_id)

    def write(work: Work) -> Deployment:
        for sort, code in (("station", given.station), ("area", given.area)):
            if code:
                target(work.session, who, sort, code, field=sort)
        return redeploy(
            work, deployment_id, station=given.station, area=given.area, reason=given.reason
        )

    made = await act_on(request, who, write)
    return {"id": made.id, "replaces": made.replaces_id, "state": made.state}


@router.post("/{deployment_id}/end")
async def end(request: Request, who: Who, deployment_id: UUID, given: Ending) -> dict[str, Any]:
    """Cancel a deployment, or withdraw its team for security: a disposition of its own."""
    await _must_keep(request, who, deployment_id)
    state = DeploymentState(given.state)

    def write(work: Work) -> Deployment:
        return end_deployment(work, deployment_id, state, given.reason)

    made = await act_on(request, who, write)
    return {"id": made.id, "state": made.state, "since": made.state_since}


@router.post("/{deployment_id}/calls", status_code=201)
async def call(request: Request, who: Who, deployment_id: UUID, given: CallIn) -> dict[str, Any]:
    """Note a telephone call about the team: till ``next_at`` it is not overdue. Without one the
    next call is due 20 minutes after the first call that nobody answered, 40 after the second; the
    third leads to the coordinator, then to the deputy. Whoever was reached has an hour."""
    who.must(Right.KEEP_DEPLOYMENTS)
    made = await act_on(
        request,
        who,
        lambda work: call_team(
            work,
            who,
            deployment_id,
            given.outcome,
            given.note,
            whom=given.whom,
            next_at=given.next_at,
        ),
    )
    return made.as_sent()


@router.get("/{deployment_id}/calls")
async def calls(request: Request, who: Who, deployment_id: UUID) -> dict[str, Any]:
    """The calls about the team, oldest first; who called, and when the next one is due."""
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        if who.role == Role.OBSERVER or not await may_change(session, who, deployment_id):
            raise Problem(NOT_FOUND)
        found = await calls_noted(session, who.mission_id, deployment_id)
    return {"items": [call_out(each) for each in found], "next": None}


@router.get("/{deployment_id}/contacts")
async def contacts(request: Request, who: Who, deployment_id: UUID) -> dict[str, Any]:
    """How the team is reached: telephones, coordinator, deputy. Each look is in the audit log."""
    who.must(Right.CALL_TEAMS)

    def look(work: Work) -> list[Reached]:
        found = own_deployment(work.session, who, deployment_id)
        return contacts_of_team(work, who, found.id)

    found = await act_on(request, who, look, though_closed=True)
    return {"items": [each.as_sent() for each in found], "next": None}


@router.post("/{deployment_id}/team")
async def swap(request: Request, who: Who, deployment_id: UUID, given: Swap) -> dict[str, Any]:
    """Let one of the team leave and another join."""
    who.must(Right.KEEP_DEPLOYMENTS)

    def write(work: Work) -> None:
        found = own_deployment(work.session, who, deployment_id)
        leave, join = (
            member(work.session, who, found, name or "", field)
            for name, field in ((given.leave, "leave"), (given.join, "join"))
        )
        swap_member(work, deployment_id, leave=leave, join=join)

    await act_on(request, who, write)
    return {"id": deployment_id, "left": given.leave, "joined": given.join}


async def _must_keep(request: Request, who: Principal, deployment_id: UUID) -> None:
    """A deployment that somebody may not change is not there for them: 404."""
    who.must(Right.KEEP_DEPLOYMENTS)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        if not await may_change(session, who, deployment_id):
            raise Problem(NOT_FOUND)
