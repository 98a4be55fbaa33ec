"""An observer who uses ODK Collect: an account for it, and the QR code that sets it up."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from api.audit.unit_of_work import writing
from api.auth.http_digest import ANONYMOUS, Digest
from api.auth.principal import Principal, issue_credential, principal, token_hash
from api.checklists.collect_settings import CollectAccount
from api.database.sessions import mission_session
from api.people.listing import observer_named
from api.problems import NOT_FOUND, Problem
from schemas.credential import Purpose, Role
from schemas.mission import Mission
from schemas.observer import WITHOUT_ACCOUNT
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["identity"])


@router.post("/observers/{pseudonym}/collect", status_code=201)
async def set_up_collect(
    request: Request, who: Annotated[Principal, Depends(principal)], pseudonym: str
) -> dict[str, Any]:
    """Make an account for an observer's Collect. Its password is shown this once.

    Whoever has no account in the mission (interpreters, drivers, staff) gets none: 404.
    """
    who.must(Right.KEEP_PEOPLE)
    state = request.app.state
    async with mission_session(state.engine, who.mission_id) as session:
        observer = await observer_named(session, who, pseudonym)
        if observer is None or observer.function in WITHOUT_ACCOUNT:
            raise Problem(NOT_FOUND)
        async with writing(session, who) as work:
            work.log("collect.set_up", pseudonym)
            mission = await session.get_one(Mission, who.mission_id)
    async with state.pool.connection() as connection, connection.transaction():
        token = await issue_credential(
            connection, who.mission_id, Role.OBSERVER, Purpose.BEARER, observer.id
        )
    name, password = Digest(state.settings.secret).account(token_hash(token))
    base = state.settings.public_url or str(request.base_url).rstrip("/")
    account = CollectAccount(f"{base}/openrosa/{ANONYMOUS}", name, password)
    return {
        "server_url": account.server_url,
        "username": name,
        "password": password,
        "settings": account.settings(mission.title),
    }
