"""The page Outboxes: files of phones without a network, taken in, and the receipts that go back."""

from base64 import b64encode
from typing import Any

import orjson
import segno
from fastapi import APIRouter
from fastapi.responses import Response

from api.intake.accept import Answer
from api.intake.take_outbox import TakenOutbox, take_outbox
from api.pages.forms import read_form
from api.pages.page import PageRequest, serve_page
from api.problems import CONFLICT, INVALID, TOO_LARGE, UNPARSABLE, Problem
from api.server.body_limits import MAX_TABLE_BYTES
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
STATUS = {
    200: N_("received before"),
    201: N_("received now"),
    202: N_("received now, held for review"),
    409: N_("other bytes are here under this id: they are kept beside it, for review"),
}
NOT_TAKEN = N_("not taken")


@serve_page(router, "/outboxes", right=Right.DECIDE_REPORTS)
async def outboxes(page: PageRequest) -> Response:
    """Choose a file that a phone saved."""
    return _shown(page)


@serve_page(router, "/outboxes", "POST", right=Right.DECIDE_REPORTS)
async def bring_in(page: PageRequest) -> Response:
    """Take the file in, and show what became of each report and the receipts for its phone."""
    async with read_form(page.request, files=1, most=MAX_TABLE_BYTES) as form:
        file = next(iter(form.files()), None)
        raw = await file.read() if file is not None else b""
        vouched = bool(form.given().get("vouch"))
    state = page.request.app.state
    try:
        if not raw:
            raise Problem(INVALID, page.say(N_("Choose the file first.")), "file")
        taken = await take_outbox(state, page.who, raw, vouched=vouched)
    except Problem as problem:
        if problem.kind not in (INVALID, TOO_LARGE, UNPARSABLE, CONFLICT):
            raise
        return _shown(page, problem=problem)
    public = state.settings.public_url or str(page.request.base_url)
    return _shown(page, taken=_told(page, taken, public))


def _shown(
    page: PageRequest, *, taken: dict[str, Any] | None = None, problem: Problem | None = None
) -> Response:
    response = page.show(
        "outboxes.html",
        "outboxes",
        taken=taken,
        problem=problem and page.say(problem.detail or problem.kind.title),
        vouch=problem is not None and problem.kind is CONFLICT,
    )
    response.status_code = problem.kind.status if problem else 200
    return response


def _told(page: PageRequest, taken: TakenOutbox, public: str) -> dict[str, Any]:
    links = taken.links(public)
    file = b64encode(orjson.dumps(taken.receipts())).decode()
    return {
        "observer": taken.observer,
        "rows": [_row(page, *each) for each in zip(taken.names, taken.answers, strict=True)],
        "received": sum(each.receipt is not None for each in taken.answers),
        "photos": len(taken.photos_kept),
        "refused": taken.photos_refused,
        "file": f"data:application/json;base64,{file}",
        "links": [(each, _qr(each)) for each in links],
    }


def _row(page: PageRequest, name: tuple[str, str], answer: Answer) -> dict[str, Any]:
    problem = answer.problem
    said = STATUS.get(answer.status) or NOT_TAKEN
    why = (problem.detail or problem.kind.title) if problem and answer.status != 409 else ""
    return {
        "id": answer.id if answer.receipt else None,
        "station": name[0],
        "checklist": page.checklist(name[1]) if name[1] else (answer.id or "–"),
        "said": page.say(said),
        "why": page.say(why) if why else "",
        "reasons": [each["message"] for each in answer.reasons],
    }


def _qr(link: str) -> str:
    picture = segno.make_qr(link, error="l")
    return picture.svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
