"""The identity behind a pseudonym, for the few who may know; and the mission's composition."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session

from api.audit.unit_of_work import unit_of_work
from api.auth.principal import Principal, principal
from api.database.sessions import mission_session, unsealed
from api.people.composition import composition
from api.people.finding import find_observer
from api.problems import NOT_FOUND, Problem
from schemas.identity import Identity
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["people"])
Who = Annotated[Principal, Depends(principal)]


@router.get("/observers/{pseudonym}/identity")
async def identity(request: Request, who: Who, pseudonym: str) -> dict[str, Any]:
    """The person behind a pseudonym. That it was looked at is in the audit log."""
    who.must(Right.SEE_IDENTITIES)
    async with unit_of_work(request.app.state.engine, who, though_closed=True) as work:
        try:
            holder = await work.session.run_sync(
                lambda plain: find_observer(plain, who, pseudonym)  # type: ignore[arg-type]
            )
        except LookupError:
            raise Problem(NOT_FOUND) from None
        work.log("identity.open", holder)
        async with unsealed(work.session):
            found = await work.session.get(Identity, (who.mission_id, holder))
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
