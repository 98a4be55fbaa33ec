"""The desk: queues at the side, one item in the middle, what is known beside it, acts beneath.

An item that is opened is held for ten minutes, and others see by whom. Every act is a form of its
panel (:mod:`api.pages.desk_panels`); what is done leads to the next item that nobody has open.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from api.audit.unit_of_work import act_on
from api.database.sessions import release_connection
from api.figures.reports import one_report, read_reports
from api.pages.desk_effect import effect_rows
from api.pages.desk_item import closed_gates_of, quality_of_item, refused_words
from api.pages.desk_panels import SOME_REASON, OpenItem, Panel, has_reason
from api.pages.desk_registry import panel_for, panels_of
from api.pages.desk_shown import (
    QUEUE_WORDS,
    context_of,
    listed_items,
    middle_of,
    queue_rows,
)
from api.pages.forms import Form, Given, read_form
from api.pages.page import PageRequest, serve_page
from api.problems import CONFLICT, INVALID, MISSION_CLOSED, NOT_FOUND, Problem
from api.review.desk_context import (
    corrected_by,
    deployment_team,
    last_decided,
    station_beside,
    team_of,
    undoable,
)
from api.review.effect import preview
from api.review.holds import (
    Hold,
    hold_for_reading,
    holds_now,
    leave_all,
    leave_for_later,
)
from api.review.overdue import next_call
from api.review.queue_items import Desk, Item, Order
from api.review.queues import REPORTS, desk_of, items_of, queue_or_reports, summaries
from api.review.undo import undo
from api.server.cursors import cursor, read_cursor
from schemas.credential import Role
from schemas.words import N_

router = APIRouter()
LISTED = 60
"""So many items of a queue are listed beside the open one."""
LOOKED_AT = 200
LOOK_ONLY = (Role.LEAD, Role.DEPUTY)
"""Who opens an item and does not hold it: it is theirs once they begin to write."""
REFUSED = (CONFLICT, INVALID, NOT_FOUND, MISSION_CLOSED)
REASON_MISSING = N_("To do it, write why.")


@serve_page(router, "/desk")
async def start(page: PageRequest) -> Response:
    """The first queue in which something waits."""
    async with desk_of(page.request, page.who) as desk:
        found = await summaries(desk)
    name = next((each.name for each in found if each.count), found[0].name)
    return RedirectResponse(f"{page.base}/desk/{name}", 303)


@serve_page(router, "/desk/sum")
async def waiting(page: PageRequest) -> Response:
    """How many items wait in all queues together, for the rail of every page."""
    async with desk_of(page.request, page.who) as desk:
        found = sum(each.count for each in await summaries(desk))
    return page.show("desk/_sum.html", "desk", found=found)


@serve_page(router, "/desk/counts")
async def counts(page: PageRequest) -> Response:
    """The queues with how many items wait in each, for the control room."""
    async with desk_of(page.request, page.who) as desk:
        rows = queue_rows(page, await summaries(desk))
    return page.show("desk/_counts.html", "desk", queues=rows)


@serve_page(router, "/desk/list")
async def lists(page: PageRequest) -> Response:
    """The queues and the items of one, for a page that is open already."""
    asked = page.request.query_params
    async with desk_of(page.request, page.who) as desk:
        sides = await _sides(page, desk, asked.get("queue", "held"), asked.get("item", ""))
    return page.show("desk/_queues.html", "desk", **sides)


@serve_page(router, "/desk/{queue}")
async def next_item(page: PageRequest) -> Response:
    """The first item that nobody else has open; behind the one that the address names."""
    name, asked = page.request.path_params["queue"], page.request.query_params
    if name == REPORTS:
        return RedirectResponse(f"{page.base}/reports", 303)
    after: Any = read_cursor(asked.get("after"), int, int, str)
    async with desk_of(page.request, page.who) as desk:
        found = await _free(desk, name, after)
        if found is not None:
            kept = {key: asked[key] for key in ("did",) if key in asked}
            return RedirectResponse(_address(page, name, found.id, **kept), 303)
        held = await holds_now(desk.session, page.who.mission_id)
        if any(each.member_id == page.who.holder_id for each in held.values()):
            await release_connection(desk.session)
            await leave_all(page.request, page.who)
        sides = await _sides(page, desk, name, "")
        return await _shown(page, desk, name, sides, asked.get("did", ""))


@serve_page(router, "/desk/{queue}/{item:path}")
async def one(page: PageRequest) -> Response:
    """An item, open to whoever asks for it first."""
    asked = page.request.query_params
    return await _one(page, act=asked.get("act", ""), did=asked.get("did", ""))


@serve_page(router, "/desk/undo/{act}", "POST")
async def take_back(page: PageRequest) -> Response:
    """Take an act back, and show what it was done to."""
    act = _uuid(page.request.path_params["act"])
    async with read_form(page.request) as form:
        given = form.given()
    queue, item = given.get("queue", "held"), given.get("item", "")
    queue_or_reports(queue)
    await act_on(page.request, page.who, lambda work: undo(work, page.who, act))
    return RedirectResponse(_address(page, queue, item) if item else f"{page.base}/desk", 303)


@serve_page(router, "/desk/{queue}/{item:path}/leave", "POST")
async def later(page: PageRequest) -> Response:
    """Leave an item for later: it is nobody's, and the next one is opened."""
    queue, item = page.request.path_params["queue"], page.request.path_params["item"]
    async with read_form(page.request) as form:
        given = form.given()
    await leave_for_later(page.request, page.who, item)
    if queue == REPORTS:
        return RedirectResponse(f"{page.base}/reports/{item}", 303)
    return RedirectResponse(_following(page, queue, given), 303)


@serve_page(router, "/desk/{queue}/{item:path}/hold", "POST")
async def begun(page: PageRequest) -> Response:
    """Somebody who only looked begins to write: the item is theirs, where nobody else has it."""
    queue, item = page.request.path_params["queue"], page.request.path_params["item"]
    async with desk_of(page.request, page.who) as desk:
        found = await queue_or_reports(queue).one(desk, item)
    if found is None:
        raise Problem(NOT_FOUND)
    await hold_for_reading(page.request, page.who, queue, found.id)
    return Response(status_code=204)


@serve_page(router, "/desk/{queue}/{item:path}/effect/{panel}", "POST")
async def effect(page: PageRequest) -> Response:
    """What the act of a panel would change, as its form stands."""
    async with read_form(page.request) as form, desk_of(page.request, page.who) as desk:
        open_item, panel = await _panel(page, desk)
        given = dict(form.given())
        try:
            write = await panel.write(page, open_item, _with_some_reason(form))
            found = await preview(page.request, page.who, write)
        except Problem as problem:
            if problem.kind not in REFUSED:
                raise
            said = page.say(problem.detail or problem.kind.title)
            return page.show("desk/_effect.html", "desk", rows=[], said=said, refused=True)
    return page.show(
        "desk/_effect.html",
        "desk",
        rows=effect_rows(page, found),
        said="" if has_reason(given) else page.say(REASON_MISSING),
        refused=False,
    )


@serve_page(router, "/desk/{queue}/{item:path}/acts/{panel}", "POST")
async def done(page: PageRequest) -> Response:
    """Do the act of a panel, then open the next item; what prevents it is said beside the form."""
    queue = page.request.path_params["queue"]
    async with read_form(page.request) as form:
        given = form.given()
        try:
            async with desk_of(page.request, page.who) as desk:
                open_item, panel = await _panel(page, desk)
            write = await panel.write(page, open_item, form)
            written = await act_on(page.request, page.who, write)
        except Problem as problem:
            if problem.kind not in REFUSED:
                raise
            return await _one(
                page,
                act=page.request.path_params["panel"],
                given=given,
                problem=problem,
                accepted=form.texts("accept"),
            )
    act = getattr(written, "act", None)
    if queue == REPORTS or getattr(written, "stays", False):
        item = page.request.path_params["item"]
        return RedirectResponse(_address(page, queue, item, did=str(act)), 303)
    return RedirectResponse(_following(page, queue, given, act), 303)


def _with_some_reason(form: Form) -> Form:
    """The form with a reason: what an act would change is asked before one is written."""
    if has_reason(form.given()):
        return form
    fields = [(name, value) for name, value in form.sent.multi_items() if name != "reason"]
    return Form(FormData([*fields, ("reason", SOME_REASON)]))


def _following(page: PageRequest, queue: str, given: Given, act: UUID | None = None) -> str:
    """The address of the item behind the one that a form was of."""
    asked = {"after": given.get("order", "")} | ({"did": str(act)} if act else {})
    return f"{page.base}/desk/{queue}?{urlencode(asked)}"


def _address(page: PageRequest, queue: str, item: str, **asked: str) -> str:
    query = f"?{urlencode(asked)}" if asked else ""
    return f"{page.base}/desk/{queue}/{quote(item, safe='~')}{query}"


async def _panel(page: PageRequest, desk: Desk) -> tuple[OpenItem, Panel]:
    """The open item and the panel that an address names. Problem 404."""
    queue, item = page.request.path_params["queue"], page.request.path_params["item"]
    name = page.request.path_params["panel"]
    panel = next((each for each in panels_of(queue) if each.name == name), None)
    found = await queue_or_reports(queue).one(desk, item)
    if panel is None:
        raise Problem(NOT_FOUND)
    if found is None:
        raise Problem(CONFLICT, N_("This is not in the queue any more."), "item")
    return await _open(page, desk, queue, found, None), panel


async def _free(desk: Desk, queue: str, after: Order | None) -> Item | None:
    """The first item from behind one that nobody else has open, else from the beginning."""
    for behind in (after, None) if after else (None,):
        for item, hold in await items_of(desk, queue, behind, LOOKED_AT):
            if hold is None or hold.member_id == desk.who.holder_id:
                return item
    return None


async def _open(
    page: PageRequest, desk: Desk, queue: str, item: Item, hold: Hold | None
) -> OpenItem:
    """All that is known of an item."""
    if item.noun == "report":
        signer = page.request.app.state.intake.signer
        query = one_report(page.who, UUID(item.id))
        ((row, shown),) = await read_reports(desk.session, page.who, signer, query)
        rules = page.facts.rules.get(row.rules_id) if row.rules_id else None
        known = OpenItem(queue, item, hold, row, shown, rules.definition if rules else None)
        known = replace(known, team=await team_of(desk, row))
    else:
        known = OpenItem(queue, item, hold)
        if item.noun == "deployment":
            known = replace(known, team=await deployment_team(desk, UUID(item.id)))
    return replace(known, station=await station_beside(desk, item.station))


async def _one(
    page: PageRequest,
    *,
    act: str = "",
    did: str = "",
    given: Given | None = None,
    problem: Problem | None = None,
    accepted: list[str] | None = None,
) -> Response:
    queue, name = page.request.path_params["queue"], page.request.path_params["item"]
    async with desk_of(page.request, page.who) as desk:
        item = await queue_or_reports(queue).one(desk, name)
        if item is None:
            response = await _gone(page, desk, queue, name, did)
            response.status_code = problem.kind.status if problem else 200
            return response
        if page.who.role in LOOK_ONLY:
            hold = (await holds_now(desk.session, page.who.mission_id, [item.id])).get(item.id)
        else:
            await release_connection(desk.session)
            hold = await hold_for_reading(page.request, page.who, queue, item.id)
        open_item = await _open(page, desk, queue, item, hold)
        sides = await _sides(page, desk, queue, item.id)
        corrected = await corrected_by(desk, open_item.report) if open_item.report else None
        gates = await closed_gates_of(desk, open_item)
        quality = await quality_of_item(page, open_item)
        panels = panels_of(queue)
        panel = panel_for(open_item, act)
        await release_connection(desk.session)
        values = await panel.values(page, open_item) if panel else {}
        response = await _shown(
            page,
            desk,
            queue,
            sides,
            did=did,
            open=open_item,
            middle=middle_of(page, open_item, quality, corrected, gates),
            context=await context_of(page, desk, open_item),
            order=cursor(*item.order),
            at=_address(page, queue, item.id),
            panels=panels,
            panel=panel,
            values=values,
            given=given or {},
            accepted=accepted or [],
            holds=page.who.role not in LOOK_ONLY,
            refused=refused_words(page, problem),
        )
    response.status_code = problem.kind.status if problem else 200
    return response


async def _gone(page: PageRequest, desk: Desk, queue: str, item: str, did: str) -> Response:
    """Who has done it meanwhile, and where it is seen. Problem 404 where there is no such thing."""
    decided = await last_decided(desk, item)
    sides = await _sides(page, desk, queue, "")
    known, report = _known(item), None
    if known is not None:
        found = await desk.session.execute(one_report(page.who, known))
        report = found.scalar_one_or_none()
    if report is None and decided is None:
        raise Problem(NOT_FOUND)
    return await _shown(
        page,
        desk,
        queue,
        sides,
        did=did,
        gone={
            "by": decided.by if decided else None,
            "at": page.clock(decided.at) if decided else "",
            "report": None if report is None else str(report.id),
        },
    )


async def _sides(page: PageRequest, desk: Desk, queue: str, item: str) -> dict[str, Any]:
    """The queues with their counts, and the items of one."""
    found = [] if queue == REPORTS else await items_of(desk, queue, None, LISTED)
    return {
        "queue": queue,
        "queue_word": page.say(QUEUE_WORDS[queue]),
        "queues": queue_rows(page, await summaries(desk)),
        "items": listed_items(page, queue, found, item),
        "item_id": item,
    }


async def _shown(
    page: PageRequest, desk: Desk, queue: str, sides: Mapping[str, Any], did: str = "", **more: Any
) -> Response:
    known = _known(did)
    act = None if known is None else await undoable(desk, known)
    empty: dict[str, Any] = {"open": None, "gone": None, "panels": [], "refused": None}
    if "open" not in more:
        empty["next_call"] = page.clock(await next_call(desk.session, page.who.mission_id))
    return page.show("desk.html", "desk", did=act, **{**empty, **sides, **more})


def _known(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _uuid(text: str) -> UUID:
    found = _known(text)
    if found is None:
        raise Problem(NOT_FOUND)
    return found
