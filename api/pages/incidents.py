"""The pages of incidents: the list, danger first, and the card of each with what is done."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from api.audit.unit_of_work import act_on
from api.database.sessions import mission_session
from api.figures.ask import question
from api.figures.coverage import access_denied
from api.figures.incident_events import EVIDENCE
from api.figures.incidents import IncidentFilter, incident_list, incident_neighbours
from api.pages.forms import Form, Given, plan, read_form, typed_in
from api.pages.incident_shown import GRADES, STATES, card_of, nature_of, row_of, words_of
from api.pages.page import PageRequest, serve_page
from api.problems import CONFLICT, INVALID, NOT_FOUND, Problem
from api.review.incident_card import handlers, incident_card, of_other_teams, own_handle
from api.review.incident_events import IncidentEventIn, incident_act
from api.review.undo import UNDO_SECONDS, undo
from schemas.desk import IncidentState
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
INCIDENTS_SHOWN = 100
FILTERS = ("state", "owner", "nature")
DANGER = "danger"
NOBODY = "-"
"""In the filters: incidents with danger, and those that nobody owns."""
FIELDS = ("state", "note", "owner", "escalated_to", "link", "unlink", "evidence", "reason")
SAY_WHETHER = N_(
    "Another team reported an incident from here. Say first whether it is the same event: link it, "
    "or say that it is not."
)
NOT_A_REPORT = N_("This is not the id of a report.")


@serve_page(router, "/incidents", right=Right.SEE_INCIDENTS)
async def listed(page: PageRequest) -> Response:
    """Incidents, danger first, then open ones, gravest and oldest; counts by nature; access
    denied."""
    asked = page.request.query_params
    wanted = [question(incident_list, page.who, INCIDENTS_SHOWN, _filter(asked))]
    if page.everything:
        wanted.append(question(access_denied))
    found, *beside = (await page.ask_together(*wanted)).values
    words = words_of(page)
    return page.show(
        "incidents.html",
        "incidents",
        rows=[row_of(page, each, words) for each in found.rows],
        more=found.more,
        summary=found.summary,
        reads=page.who.may(Right.SEE_REPORTS),
        asked={name: asked.get(name, "") for name in FILTERS},
        narrowed=any(asked.get(name) for name in FILTERS),
        again=f"{page.base}/incidents?{urlencode({n: asked.get(n, '') for n in FILTERS})}",
        states=[(state.value, page.say(STATES[state])) for state in IncidentState],
        natures=[(name, nature_of(name, words)) for name in found.natures],
        owners=found.owners,
        denied=beside[0] if beside else None,
        grades=[page.say(GRADES[each]) for each in EVIDENCE],
        counts=[(nature_of(row["nature"], words), row) for row in found.summary["by_nature"]],
    )


def _filter(asked: Any) -> IncidentFilter:
    """What the address asks for. What is not known there is any."""
    state, owner = asked.get("state", ""), asked.get("owner", "")
    wanted = IncidentFilter(nature=asked.get("nature") or None)
    if state == DANGER:
        wanted = replace(wanted, danger=True)
    elif state in set(IncidentState):
        wanted = replace(wanted, state=IncidentState(state))
    if owner:
        wanted = replace(wanted, owner="" if owner == NOBODY else owner)
    return wanted


@serve_page(router, "/incidents/{id}", right=Right.SEE_INCIDENTS)
async def card(page: PageRequest) -> Response:
    """One incident: danger first, then what is known and what was done about it."""
    return await _card(page, did=page.request.query_params.get("did", ""))


@serve_page(router, "/incidents/{id}/events", "POST", right=Right.HANDLE_INCIDENTS)
async def done(page: PageRequest) -> Response:
    """Do something about an incident; what prevents it is said on its card."""
    async with read_form(page.request) as form:
        given = form.given()
        try:
            asked = _asked(form)
            await _must_say_whether_same(page, asked)
            write = incident_act(page.who, _identity(page), asked)
            written = await act_on(page.request, page.who, write)
        except Problem as problem:
            if problem.kind not in (CONFLICT, INVALID):
                raise
            return await _card(page, given=given, problem=problem)
    return RedirectResponse(f"{page.base}/incidents/{_identity(page)}?did={written.act}", 303)


@serve_page(router, "/incidents/{id}/undo/{act}", "POST", right=Right.HANDLE_INCIDENTS)
async def taken_back(page: PageRequest) -> Response:
    """Take back what was just done."""
    await typed_in(page.request)
    act = _uuid(page.request.path_params["act"])
    try:
        await act_on(page.request, page.who, lambda work: undo(work, page.who, act))
    except Problem as problem:
        if problem.kind is not CONFLICT:
            raise
        return await _card(page, problem=problem)
    return RedirectResponse(f"{page.base}/incidents/{_identity(page)}", 303)


async def _must_say_whether_same(page: PageRequest, asked: IncidentEventIn) -> None:
    """Problem 422 where an incident is verified before somebody has said whether what other teams
    reported from there is the same event."""
    if asked.state != IncidentState.VERIFIED:
        return
    state = page.request.app.state
    async with mission_session(state.engine, page.who.mission_id) as session:
        found = await incident_card(session, page.who, state.intake.signer, _identity(page))
    if of_other_teams(found):
        raise Problem(INVALID, SAY_WHETHER, "same")


def _asked(form: Form) -> IncidentEventIn:
    """What a form asks to be done."""
    given: Given = {name: text.strip() for name, text in form.given().items()}
    for name in ("link", "unlink"):
        if given.get(name):
            try:
                given[name] = str(UUID(given[name]))
            except ValueError:
                raise Problem(INVALID, NOT_A_REPORT, name) from None
    more: dict[str, Any] = {}
    if given.get("danger_over"):
        more["danger_over"] = True
    if given.get("restrict"):
        more["visible_to"] = form.texts("visible_to")
        more["visible_to_members"] = form.texts("visible_to_members")
    asked: IncidentEventIn = plan(IncidentEventIn, given, *FIELDS, **more)
    return asked


async def _card(
    page: PageRequest, *, did: str = "", given: Given | None = None, problem: Problem | None = None
) -> Response:
    state, report = page.request.app.state, _identity(page)
    async with mission_session(state.engine, page.who.mission_id) as session:
        try:
            found = await incident_card(session, page.who, state.intake.signer, report)
        except Problem as hidden:
            if not hidden.more.get("restricted"):
                raise
            response = page.show(
                "incident_restricted.html", "incidents", area=hidden.more.get("area")
            )
            response.status_code = 404
            return response
        members = await handlers(session, page.who)
        own = await own_handle(session, page.who)
    acts = page.who.may(Right.HANDLE_INCIDENTS)
    before, behind = await page.ask(incident_neighbours, page.who, found["report"])
    response = page.show(
        "incident.html",
        "incidents",
        card=card_of(page, found, members),
        own=own,
        before=before,
        behind=behind,
        acts=acts,
        decides=page.who.may(Right.DECIDE_REPORTS),
        reads=page.who.may(Right.SEE_REPORTS),
        calls=page.who.may(Right.SEE_PEOPLE),
        did=_uuid(did) if did and acts else None,
        seconds=UNDO_SECONDS,
        given=given or {},
        refused=page.say(problem.detail or problem.kind.title) if problem else "",
        field=problem.field if problem else "",
    )
    response.status_code = problem.kind.status if problem else 200
    return response


def _identity(page: PageRequest) -> UUID:
    return _uuid(page.request.path_params["id"])


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Problem(NOT_FOUND) from None
