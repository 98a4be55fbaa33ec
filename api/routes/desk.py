"""The desk's acts on reports: placing, accepting, correcting, deciding, and taking an act back."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.audit.unit_of_work import Work, act_on
from api.auth.principal import Principal, principal
from api.review.accept_held import AcceptanceIn, acceptance
from api.review.acts import Acted
from api.review.correct import CorrectionIn, correction
from api.review.decide import DecisionIn
from api.review.decide_answers import decision
from api.review.effect import preview as effect_of
from api.review.new_version import VersionWritten
from api.review.place import PlacementIn, placement
from api.review.undo import undo
from api.routes.asking import Preview, answer, digest, effect_answer
from api.routes.reports import report as report_now

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["desk"])
Who = Annotated[Principal, Depends(principal)]


@router.post("/reports/{report_id}/placement")
async def place(
    request: Request, who: Who, report_id: UUID, given: PlacementIn, preview: Preview = False
) -> Response:
    """Say where a report belongs: a new version, judged anew. A held report counts if nothing else
    holds it; the answer is the report as it is then, with what changed and the act."""
    write = await placement(request, who, report_id, given)
    return await _done(request, who, write, preview=preview)


@router.post("/reports/{report_id}/acceptance")
async def accept(
    request: Request, who: Who, report_id: UUID, given: AcceptanceIn, preview: Preview = False
) -> Response:
    """Let a held report count in spite of named reasons; never past a gate or an answer that cannot
    be read. The answer is the report as it is then, with what changed and the act."""
    write = await acceptance(request, who, report_id, given)
    return await _done(request, who, write, preview=preview)


@router.post("/reports/{report_id}/corrections")
async def correct(
    request: Request, who: Who, report_id: UUID, given: CorrectionIn, preview: Preview = False
) -> Response:
    """Give other answers, or take answers away (null): a new version in the name of whoever does
    it, judged anew. The answer is the report as it is then, with what changed and the act."""
    write = await correction(request, who, report_id, given)
    return await _done(request, who, write, preview=preview)


@router.post("/reports/{report_id}/decision")
async def decide(
    request: Request, who: Who, report_id: UUID, given: DecisionIn, preview: Preview = False
) -> Response:
    """Verify or exclude a report, or take that back; or single answers of it, or its results alone.
    The answer is the report as it is then, with what changed and the act."""
    write = await decision(request, who, report_id, given)
    return await _done(request, who, write, preview=preview)


@router.post("/acts/{act}/undo")
async def take_back(request: Request, who: Who, act: UUID) -> dict[str, Any]:
    """Take an act of one's own back, within 30 seconds of it; what is different then."""
    return await act_on(request, who, lambda work: undo(work, who, act))


async def _done(
    request: Request,
    who: Principal,
    write: Callable[[Work], VersionWritten | Acted],
    *,
    preview: bool,
) -> Response:
    """The report after the act; or what the act would change, if that alone is asked."""
    if preview:
        return effect_answer(request, await effect_of(request, who, write))
    written = await act_on(request, who, write)
    now = await report_now(request, who, written.report)
    content: Mapping[str, Any] = orjson.loads(bytes(now.body)) | written.as_sent()
    return answer(request, content, f"report-{digest(content)}")
