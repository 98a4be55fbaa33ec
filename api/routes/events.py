"""``/missions/{slug}/events``: server-sent events when figures changed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import StreamingResponse

from api.auth.principal import Principal, principal
from api.figures.ask import Figures, ask
from api.figures.events import events
from api.figures.mission_facts import mission_facts
from api.problems import INVALID, Problem
from schemas.rights import Right

router = APIRouter(tags=["events"])
Who = Annotated[Principal, Depends(principal)]


@router.get("/missions/{slug}/events", response_class=StreamingResponse)
async def mission_events(
    request: Request, who: Who, last_event_id: Annotated[str | None, Header(max_length=20)] = None
) -> StreamingResponse:
    """A stream of ``folded`` events, each with the clock as its id."""
    who.must(Right.SEE_AGGREGATES)
    if last_event_id and not (last_event_id.isascii() and last_event_id.isdigit()):
        raise Problem(INVALID, "An event's id is a number.", "Last-Event-ID")
    figures: Figures = request.app.state.figures
    await ask(figures, who.mission_id, mission_facts)

    async def allowed() -> bool:
        try:
            return await principal(request, who.slug) == who
        except Problem:
            return False

    seen = int(last_event_id) if last_event_id else None
    return StreamingResponse(
        events(figures, who.mission_id, seen, request.app.state.closing, allowed=allowed),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
