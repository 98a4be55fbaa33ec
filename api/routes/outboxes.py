"""``outboxes``: files of phones without a network, taken in at the desk."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from api.auth.principal import Principal, principal
from api.intake.take_outbox import take_outbox
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}/outboxes", tags=["reports"])
Who = Annotated[Principal, Depends(principal)]
Vouch = Annotated[
    bool, Query(description="You know from whose hand it came, though its phone is signed out.")
]


@router.post("")
async def bring_in(request: Request, who: Who, vouch: Vouch = False) -> dict[str, Any]:
    """Take in a sealed outbox, sent as the body: each report is answered as if its phone had sent
    it, and the receipts come as a file and as addresses for the phone. The same file twice adds
    nothing. 409 where the phone is signed out and nobody vouches for the file."""
    who.must(Right.DECIDE_REPORTS)
    taken = await take_outbox(request.app.state, who, await request.body(), vouched=vouch)
    public = request.app.state.settings.public_url or str(request.base_url)
    return taken.as_sent(public)
