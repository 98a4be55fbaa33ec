"""``reports/{id}/typing``: the figures of a protocol typed a second time, by another person."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from api.audit.unit_of_work import act_on
from api.auth.principal import Principal, principal
from api.review.second_typing import TypingIn, type_again

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["desk"])
Who = Annotated[Principal, Depends(principal)]


@router.post("/reports/{report_id}/typing")
async def typing(request: Request, who: Who, report_id: UUID, given: TypingIn) -> dict[str, Any]:
    """Type the figures of a protocol from its photograph, without having seen those of the first
    typing. The answer tells whether both are equal, and which figures differ, with both values; a
    correction decides between them."""
    typed = await act_on(request, who, lambda work: type_again(work, who, report_id, given))
    return typed.as_sent()
