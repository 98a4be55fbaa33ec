"""``compliance``: each paragraph of the Declaration and duty of the Code, with the evidence."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.auth.principal import Principal, principal
from api.compliance.duties import Duty, ledger_now
from api.routes.asking import answer, digest, facts_of
from schemas.rights import Right
from schemas.standards import catalogue

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["registers"])


@router.get("/compliance")
async def compliance(request: Request, who: Annotated[Principal, Depends(principal)]) -> Response:
    """What the mission has on record for each principle and duty, and what is missing."""
    who.must(Right.SEE_REGISTERS)
    facts = await facts_of(request, who)
    items = [_out(each) for each in await ledger_now(request.app.state.pool, facts)]
    return answer(request, {"items": items, "next": None}, f"compliance-{digest(items)}")


def _out(duty: Duty) -> dict[str, Any]:
    standard = catalogue()[duty.standard]
    return {
        "standard": duty.standard,
        "instrument": standard.instrument,
        "says": standard.says,
        "state": duty.state,
        "on_record": duty.on_record.format(**duty.values),
        "missing": duty.missing.format(**duty.values),
    }
