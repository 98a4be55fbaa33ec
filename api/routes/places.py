"""Places and rounds: hours, what becomes of stations, a run-off, the mission's own state."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.audit.unit_of_work import Work, act_on
from api.auth.principal import Principal, principal
from api.database.sessions import mission_connection, mission_session
from api.deployments.as_sent import page_of_deployments
from api.people.listing import page_of_observers, people
from api.places.changing import Code, HoursGiven, StationChange, Words, change_station, set_hours
from api.places.mission_state import set_state
from api.places.runoff import hold_runoff
from api.places.stations import page_of_stations
from api.places.voting import (
    ContestPlan,
    ElectionPlan,
    RoundPlan,
    hold_contest,
    hold_election,
    hold_round,
)
from api.routes.asking import After, Limit, answer, digest
from api.server.cursors import cursor, plain, read_cursor
from schemas.mission import MissionState
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["mission"])
Who = Annotated[Principal, Depends(principal)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RunOff(_Shape):
    """A run-off of a round; ``contests`` maps a contest to the contestants who go on in it."""

    of: Code
    code: Code
    name: Words
    days: list[date] = Field(min_length=1, max_length=31)
    contests: dict[Code, list[Code]]


class Standing(_Shape):
    """The mission's new state; a withdrawal says why."""

    state: Literal["exploratory", "active", "withdrawn"]
    reason: Words = ""


@router.post("/hours", status_code=201)
async def hours(request: Request, who: Who, given: HoursGiven) -> dict[str, Any]:
    """Set hours; those of an area are inherited by the stations and areas in it."""
    who.must(Right.KEEP_PLACES)

    def write(work: Work) -> Any:
        return set_hours(
            work,
            given.round,
            area=given.area,
            station=given.station,
            zone=given.zone,
            opens=given.opens,
            closes=given.closes,
            authority=given.authority,
            decided_at=given.decided_at,
        )

    made = await act_on(request, who, write)
    return {"id": made.id, "recorded_at": made.recorded_at}


@router.post("/stations/{code}/changes", status_code=201)
async def station_change(
    request: Request, who: Who, code: str, given: StationChange
) -> dict[str, Any]:
    """Close, merge, move or split a station. Its reports stay its own."""
    who.must(Right.KEEP_PLACES)

    def write(work: Work) -> Any:
        return change_station(
            work,
            code,
            given.kind,
            given.on,
            successors=tuple(given.successors),
            authority=given.authority,
            address=given.address,
            latitude=given.lat,
            longitude=given.lon,
        )

    made = await act_on(request, who, write)
    return {"station": code, "kind": given.kind, "on": given.on, "changes": len(made)}


class RoundGiven(RoundPlan):
    """A round of an election; a repeat poll names the stations it is held in."""

    stations: list[Code] = Field(default=[], max_length=100_000)


@router.post("/elections", status_code=201)
async def add_election(request: Request, who: Who, given: ElectionPlan) -> dict[str, Any]:
    """Add another election."""
    who.must(Right.KEEP_PLACES)
    made = await act_on(request, who, lambda work: hold_election(work, given))
    return {"code": made.code, "name": made.name}


@router.post("/elections/{code}/rounds", status_code=201)
async def add_round(request: Request, who: Who, code: str, given: RoundGiven) -> dict[str, Any]:
    """Add a round: a repeat poll where ``stations`` are named, else in every station."""
    who.must(Right.KEEP_PLACES)

    def write(work: Work) -> Any:
        return hold_round(work, code, given, given.stations)

    made = await act_on(request, who, write)
    return {"code": made.code, "name": made.name, "polling_days": made.polling_days}


@router.post("/contests", status_code=201)
async def add_contest(request: Request, who: Who, given: ContestPlan) -> dict[str, Any]:
    """Add a contest to a round, with who stands in it."""
    who.must(Right.KEEP_PLACES)
    made = await act_on(request, who, lambda work: hold_contest(work, given))
    return {"round": given.round, "code": made.code, "name": made.name}


@router.post("/rounds", status_code=201)
async def runoff(request: Request, who: Who, given: RunOff) -> dict[str, Any]:
    """Hold a run-off: people, places and pledges are those that are there."""
    who.must(Right.DIRECT)

    def write(work: Work) -> Any:
        return hold_runoff(
            work,
            of=given.of,
            code=given.code,
            name=given.name,
            days=given.days,
            contests=given.contests,
        )

    made = await act_on(request, who, write)
    return {"code": made.code, "name": made.name, "polling_days": made.polling_days}


@router.post("/state")
async def state(request: Request, who: Who, given: Standing) -> dict[str, Any]:
    """Set the mission's state: exploring, active, withdrawn. Closing is a command."""
    who.must(Right.DIRECT)
    wanted = MissionState(given.state)

    def write(work: Work) -> datetime:
        return set_state(work, wanted, given.reason)

    return {"state": wanted, "since": await act_on(request, who, write)}


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
