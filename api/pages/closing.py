"""Closing the mission: what is still open, its name typed; and a day to undo it."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from api.audit.unit_of_work import Work, carry_out
from api.closing.freezing import freeze
from api.closing.reopening import reopen, reopens_until
from api.closing.still_open import mission_and_open, must_name
from api.pages.accounts import plain, session_of
from api.pages.forms import typed_in
from api.pages.page import Visit, page
from schemas.mission import MissionState
from schemas.problems import Refusal
from schemas.rights import Right

router = APIRouter()
Done = TypeVar("Done")
MOMENT = "%Y-%m-%d %H:%M"


@page(router, "/closing", right=Right.DIRECT)
async def closing(visit: Visit) -> Response:
    """What is open in the mission, and how it is closed; or until when that can be undone."""
    return await _shown(visit)


@page(router, "/closing", "POST", right=Right.DIRECT)
async def close(visit: Visit) -> Response:
    """Close the mission, where its name was typed exactly."""
    typed = (await typed_in(visit.request)).get("name", "")

    def done(work: Work) -> None:
        must_name(work.session, typed)
        freeze(work)

    try:
        await _write(visit, done)
    except Refusal:
        return await _shown(visit, typed=typed, status=422)
    return await _shown(visit, just_closed=True)


@page(router, "/closing/undo", "POST", right=Right.DIRECT)
async def undo(visit: Visit) -> Response:
    """Reopen the mission. Whoever is signed in since stays so."""
    await _write(visit, reopen)
    return RedirectResponse(f"{visit.base}/closing", 303)


async def _write(visit: Visit, write: Callable[[Work], Done]) -> Done:
    return await carry_out(visit.request, visit.who, write, though_closed=True)


async def _shown(
    visit: Visit, *, typed: str = "", just_closed: bool = False, status: int = 200
) -> Response:
    async with session_of(visit) as session:
        mission, found = await session.run_sync(lambda beneath: mission_and_open(plain(beneath)))
    closed = mission.state == MissionState.CLOSED
    shown = visit.show(
        "closing.html",
        "closing",
        slug=mission.slug,
        closed=closed,
        just_closed=just_closed,
        closed_at=_moment(visit, mission.closed_at),
        until=_moment(visit, reopens_until(mission)),
        wrong=status == 422,
        typed=typed,
        items=[
            {
                "title": visit.say(each.title),
                "page": each.page,
                "open": each.count > 0,
                "count": visit.style.whole(each.count),
            }
            for each in found
        ],
    )
    shown.status_code = status
    return shown


def _moment(visit: Visit, at: datetime | None) -> str:
    return visit.clock(at, MOMENT) if at else ""
