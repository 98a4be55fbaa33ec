"""``compliance``: each paragraph of the Declaration and duty of the Code, kept, open or not due."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.auth.principal import Principal, principal
from api.compliance.duties import Duty, ledger
from api.compliance.record import read_record
from api.database.sessions import mission_session
from api.figures.judged import reports_in_all
from api.routes.figures import watched
from api.routes.paging import answer, digest
from schemas.rights import Right
from schemas.standards import catalogue

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["registers"])


async def ledger_of(request: Request, who: Principal) -> list[Duty]:
    """The ledger as the record stands now."""
    who.must(Right.SEE_REGISTERS)
    watch = await watched(request, who)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        reports = await reports_in_all(session, watch)
    return ledger(await read_record(request.app.state.pool, watch, reports))


@router.get("/compliance")
async def compliance(request: Request, who: Annotated[Principal, Depends(principal)]) -> Response:
    """What the mission has on record for each principle and duty, and what is missing."""
    items = [_out(each) for each in await ledger_of(request, who)]
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
