"""An act on people: one transaction under the clock, with its audit entry."""

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import Request
from sqlmodel import Session

from api.audit.act import Act
from api.auth.principal import Principal
from api.database.sessions import advance_clock, mission_session, notify
from api.problems import INVALID, NOT_FOUND, Problem
from schemas.problems import Refusal

Done = TypeVar("Done")


async def act_on(request: Request, who: Principal, work: Callable[[Session, Act], Done]) -> Done:
    """Do ``work``. Problems: 422 what is refused, naming its field; 404 what is not there."""
    engine: Any = request.app.state.engine
    async with mission_session(engine, who.mission_id) as session:
        act = Act(who.mission_id, await advance_clock(session, who.mission_id), who.holder_id)
        try:
            done = await session.run_sync(lambda plain: work(plain, act))  # type: ignore[arg-type]
        except Refusal as refusal:
            raise Problem(INVALID, refusal.text, refusal.field) from None
        except LookupError:
            raise Problem(NOT_FOUND) from None
        await notify(session, who.mission_id)
        await session.commit()
    return done
