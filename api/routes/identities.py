"""Who stands behind a pseudonym, for the few who may know; and the mission's composition."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session

from api.audit.act import Act, log
from api.auth.principal import Principal, principal
from api.database.sessions import advance_clock, mission_session, unsealed
from api.people.composition import composition
from api.people.finding import find_observer
from api.problems import NOT_FOUND, Problem
from schemas.identity import Identity
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["people"])
Who = Annotated[Principal, Depends(principal)]


@router.get("/observers/{pseudonym}/identity")
async def identity(request: Request, who: Who, pseudonym: str) -> dict[str, Any]:
    """The person behind a pseudonym. That it was looked at stands in the audit log."""
    who.must(Right.SEE_IDENTITIES)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        act = Act(
            who.mission_id,
            await advance_clock(session, who.mission_id, though_closed=True),
            who.holder_id,
        )
        try:
            holder = await session.run_sync(
                lambda plain: find_observer(plain, who, pseudonym)  # type: ignore[arg-type]
            )
        except LookupError:
            raise Problem(NOT_FOUND) from None
        await session.run_sync(
            lambda plain: log(plain, act, "identity.open", holder)  # type: ignore[arg-type]
        )
        async with unsealed(session):
            found = await session.get(Identity, (who.mission_id, holder))
        await session.commit()
    if found is None:
        raise Problem(NOT_FOUND, "No identity is recorded.")
    return found.model_dump(mode="json", exclude={"mission_id", "holder_id"})


@router.get("/composition")
async def of_whom(request: Request, who: Who) -> dict[str, Any]:
    """Of whom the mission consists, counted."""
    who.must(Right.SEE_PEOPLE)

    def counted(session: Session) -> dict[str, dict[str, int]]:
        return composition(session)

    async with mission_session(request.app.state.engine, who.mission_id) as session:
        return await session.run_sync(counted)  # type: ignore[arg-type]
