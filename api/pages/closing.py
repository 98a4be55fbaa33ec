"""The page Closing: what is outstanding, closing by typing the name, undoing it within a day."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from api.audit.unit_of_work import Work, carry_out
from api.closing.freezing import freeze, mission_and_open, must_name, reopen, reopens_until
from api.pages.accounts import plain, session_of
from api.pages.forms import typed_in
from api.pages.page import PageRequest, serve_page
from schemas.mission import MissionState
from schemas.problems import Refusal
from schemas.rights import Right

router = APIRouter()
Done = TypeVar("Done")


@serve_page(router, "/closing", right=Right.DIRECT)
async def closing(page: PageRequest) -> Response:
    """What is open in the mission, and how it is closed; or until when that can be undone."""
    return await _shown(page)


@serve_page(router, "/closing", "POST", right=Right.DIRECT)
async def close(page: PageRequest) -> Response:
    """Close the mission, where its name was typed exactly."""
    typed = (await typed_in(page.request)).get("name", "")

    def done(work: Work) -> None:
        must_name(work.session, typed)
        freeze(work)

    try:
        await _write(page, done)
    except Refusal:
        return await _shown(page, typed=typed, status=422)
    return await _shown(page, just_closed=True)


@serve_page(router, "/closing/undo", "POST", right=Right.DIRECT)
async def undo(page: PageRequest) -> Response:
    """Reopen the mission. Whoever is signed in since stays so."""
    await _write(page, reopen)
    return RedirectResponse(f"{page.base}/closing", 303)


async def _write(page: PageRequest, write: Callable[[Work], Done]) -> Done:
    return await carry_out(page.request, page.who, write, though_closed=True)


async def _shown(
    page: PageRequest, *, typed: str = "", just_closed: bool = False, status: int = 200
) -> Response:
    async with session_of(page) as session:
        mission, found = await session.run_sync(lambda inner: mission_and_open(plain(inner)))
    closed = mission.state == MissionState.CLOSED
    shown = page.show(
        "closing.html",
        "closing",
        slug=mission.slug,
        closed=closed,
        just_closed=just_closed,
        closed_at=_moment(page, mission.closed_at),
        until=_moment(page, reopens_until(mission)),
        wrong=status == 422,
        typed=typed,
        items=[
            {
                "title": page.say(each.title),
                "page": each.page,
                "open": each.count > 0,
                "count": page.style.whole(each.count),
            }
            for each in found
        ],
    )
    shown.status_code = status
    return shown


def _moment(page: PageRequest, at: datetime | None) -> str:
    return page.when(at) if at else ""
