"""The page of one deployment: re-deployment, calls, team, end."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from api.audit.unit_of_work import Work, act_on
from api.database.sessions import mission_connection, mission_session
from api.deployments import planner
from api.deployments.assigning import NewDeployment, assign, member, own_deployment, target
from api.deployments.calls import NotedCall, calls_noted, next_call
from api.deployments.changing import end_deployment, redeploy, swap_member
from api.deployments.planner import one_deployment
from api.imports.deployments import stages_of_checklists
from api.pages.deployments import identity, plan_of, read_once, shown
from api.pages.forms import read_form
from api.pages.page import PageRequest, serve_page
from api.people.contacts import Reached, contacts_of_team
from api.problems import INVALID, NOT_FOUND, Problem
from api.review.calls import call_team
from schemas.columns import now
from schemas.deployment import Call, CallOutcome, Deployment, DeploymentState, Whom
from schemas.problems import Refusal
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
LONGEST_TEXT = 2000
OFFERED = 30
"""So many observers who are sent nowhere are listed beside the form."""
STAGES = ("access", "pre_election", "opening", "voting", "closing", "counting", "tabulation")
CALL_NOW = {
    "observer": N_("Call the observer"),
    "coordinator": N_("Call the coordinator"),
    "deputy": N_("Call the deputy"),
}
WHOM = {
    "observer": N_("the observer"),
    "coordinator": N_("the coordinator"),
    "deputy": N_("the deputy"),
}
OUTCOME = {
    "reached": N_("reached"),
    "no_answer": N_("no answer"),
    "unreachable": N_("not reachable"),
}


@serve_page(router, "/deployments/new", right=Right.KEEP_DEPLOYMENTS)
async def new(page: PageRequest) -> Response:
    """The form by which a team is sent, filled in as the address says."""
    given = {name: value[:200] for name, value in page.request.query_params.items()}
    return await _form(page, given)


@serve_page(router, "/deployments/new", "POST", right=Right.KEEP_DEPLOYMENTS)
async def send(page: PageRequest) -> Response:
    """Send a team; what cannot be used comes back with its field."""
    given = await _given(page)
    try:
        plan = await plan_of(page, given.get("round", ""))
        wanted = NewDeployment(
            plan.scope.round_id,
            given.get("sort", ""),
            given.get("code", "").strip(),
            given.get("team", "").replace(",", " ").replace(";", " ").split(),
            given.get("kind", "") if given.get("sort") == "station" else "",
            _quota(given),
        )
        made = await act_on(
            page.request,
            page.who,
            lambda work: assign(work, page.who, wanted).id,
        )
    except Problem as problem:
        if problem.kind is not INVALID:
            raise
        return await _form(page, given, problem)
    return RedirectResponse(f"{page.base}/deployments/{made}", 303)


@serve_page(router, "/deployments/{id}", right=Right.SEE_PEOPLE)
async def one(page: PageRequest) -> Response:
    """A deployment: its team, what is expected, its calls; what may be done with it."""
    return await _one(page)


@serve_page(router, "/deployments/{id}/redeploy", "POST", right=Right.KEEP_DEPLOYMENTS)
async def elsewhere(page: PageRequest) -> Response:
    """Send the team elsewhere."""
    given = await _given(page)
    sort, code = given.get("sort", ""), given.get("code", "").strip()

    def write(work: Work, found: Deployment) -> UUID:
        if sort not in ("station", "area"):
            raise Refusal("a station or an area.", "sort")
        target(work.session, page.who, sort, code)
        at = {"station": None, "area": None} | {sort: code}
        return redeploy(work, found.id, **at, reason=given.get("reason", "")).id

    return await _acted(page, given, write)


@serve_page(router, "/deployments/{id}/end", "POST", right=Right.KEEP_DEPLOYMENTS)
async def end(page: PageRequest) -> Response:
    """Withdraw the team for security, or cancel the deployment; with a reason."""
    given = await _given(page)
    withdrawn = given.get("state") == DeploymentState.WITHDRAWN_SECURITY
    state = DeploymentState.WITHDRAWN_SECURITY if withdrawn else DeploymentState.CANCELLED

    def write(work: Work, found: Deployment) -> UUID:
        return end_deployment(work, found.id, state, given.get("reason", "")).id

    return await _acted(page, given, write)


@serve_page(router, "/deployments/{id}/calls", "POST", right=Right.KEEP_DEPLOYMENTS)
async def called(page: PageRequest) -> Response:
    """Note how a telephone call about the team ended, and when to call again."""
    given = await _given(page)

    def write(work: Work, found: Deployment) -> UUID:
        if given.get("outcome") not in OUTCOME:
            raise Refusal("how did the call end?", "outcome")
        if given.get("whom", "") not in ("", *WHOM):
            raise Refusal("who was called?", "whom")
        made = call_team(
            work,
            page.who,
            found.id,
            CallOutcome(given["outcome"]),
            given.get("note", ""),
            whom=Whom(given["whom"]) if given.get("whom") else None,
            next_at=page.local(given.get("next_at", ""), "next_at"),
        )
        return made.call.deployment_id

    return await _acted(page, given, write)


@serve_page(router, "/deployments/{id}/contacts", "POST", right=Right.CALL_TEAMS)
async def reached(page: PageRequest) -> Response:
    """The same page with how the team is reached. The look is in the audit log."""
    wanted = identity(page.request.path_params["id"])
    if wanted is None:
        raise Problem(NOT_FOUND)
    found = await act_on(
        page.request,
        page.who,
        lambda work: contacts_of_team(
            work, page.who, own_deployment(work.session, page.who, wanted).id
        ),
        though_closed=True,
    )
    if page.request.headers.get("hx-request"):
        return page.show("contacts.html", "deployments", reached=found)
    return await _one(page, reached=found)


@serve_page(router, "/deployments/{id}/team", "POST", right=Right.KEEP_DEPLOYMENTS)
async def swapped(page: PageRequest) -> Response:
    """Let one of the team leave, one join; both stay on record."""
    given = await _given(page)

    def write(work: Work, found: Deployment) -> UUID:
        leave, join = (
            member(work.session, page.who, found, given.get(name, "").strip(), name)
            for name in ("leave", "join")
        )
        swap_member(work, found.id, leave=leave, join=join)
        return found.id

    return await _acted(page, given, write)


async def _acted(
    page: PageRequest, given: dict[str, str], write: Callable[[Work, Deployment], UUID]
) -> Response:
    """Do something with a deployment that the visitor may see, and show what became of it."""
    wanted = identity(page.request.path_params["id"])
    if wanted is None:
        raise Problem(NOT_FOUND)
    try:
        shown_next = await act_on(
            page.request,
            page.who,
            lambda work: write(work, own_deployment(work.session, page.who, wanted)),
        )
    except Problem as problem:
        if problem.kind is not INVALID:
            raise
        return await _one(page, given, problem)
    return RedirectResponse(f"{page.base}/deployments/{shown_next}", 303)


async def _given(page: PageRequest) -> dict[str, str]:
    """What the form sent, of a field that was sent several times all. Problem: 422 where a text
    is longer than any may be."""
    async with read_form(page.request) as form:
        given = {name: " ".join(form.texts(name)).replace("\0", "") for name in form.given()}
    for name, text in given.items():
        if len(text) > LONGEST_TEXT:
            raise Problem(INVALID, f"At most {LONGEST_TEXT} characters.", name)
    return given


def _quota(given: Mapping[str, str]) -> dict[str, int]:
    """The numbers typed, by checklist. Problem (422) for what is none."""
    quota = {}
    for name, text in given.items():
        if name.startswith("expect.") and text.strip():
            if not text.strip().isascii() or not text.strip().isdigit() or len(text) > 9:
                raise Problem(INVALID, "A whole number.", name.removeprefix("expect."))
            quota[name.removeprefix("expect.")] = int(text)
    return quota


async def _form(
    page: PageRequest, given: dict[str, str], problem: Problem | None = None
) -> Response:
    unknown = problem is not None and problem.field == "round"
    plan = await plan_of(page, "" if unknown else given.get("round", ""))
    state, of = page.request.app.state, page.who.mission_id
    quota = await read_once(
        page, f"usual quota {plan.scope.round_id}", planner.usual_quota, plan.scope
    )
    idle = await read_once(
        page,
        f"offered {plan.scope.round_id} {page.who.area_id}",
        planner.unassigned,
        plan.scope,
        OFFERED,
    )
    async with mission_session(state.engine, of) as session:
        stages: dict[str, str] = await session.run_sync(stages_of_checklists)  # type: ignore[arg-type]
    order = sorted(stages, key=lambda name: (_place(stages[name]), name))
    response = page.show(
        "deploy.html",
        "deployments",
        rounds=plan.rounds,
        round_code=plan.round_code,
        given=given,
        quota=[(name, given.get(f"expect.{name}", quota.get(name, ""))) for name in order],
        idle=idle,
        problem=problem,
    )
    response.status_code = problem.kind.status if problem else 200
    return response


def _place(stage: str) -> int:
    return STAGES.index(stage) if stage in STAGES else len(STAGES)


async def _one(
    page: PageRequest,
    given: dict[str, str] | None = None,
    problem: Problem | None = None,
    reached: list[Reached] | None = None,
) -> Response:
    wanted = identity(page.request.path_params["id"])
    plan = await plan_of(page, "")
    state, of = page.request.app.state, page.who.mission_id
    async with mission_connection(state.pool, of) as connection:
        found = wanted and await one_deployment(connection, plan.scope, wanted)
    if not found:
        raise Problem(NOT_FOUND)
    async with mission_session(state.engine, of) as session:
        calls = await calls_noted(session, of, found.id)
    response = page.show(
        "deployment.html",
        "deployments",
        each=shown(page, found),
        given=given or {},
        problem=problem,
        keeps=page.who.may(Right.KEEP_DEPLOYMENTS),
        calls=[_call(page, each) for each in reversed(calls)],
        due=_due(page, [each.call for each in calls]),
        names=page.who.may(Right.CALL_TEAMS),
        reached=reached,
        whom=[(name, page.say(words)) for name, words in WHOM.items()],
        outcomes=[(name, page.say(words)) for name, words in OUTCOME.items()],
    )
    response.status_code = problem.kind.status if problem else 200
    return response


def _due(page: PageRequest, calls: Sequence[Call]) -> dict[str, str]:
    """Whom to call next, and when, in words."""
    whom = next_call(calls).whom
    at = calls[-1].next_at if calls else None
    later = at is not None and at > now()
    return {
        "whom": whom,
        "words": page.say(CALL_NOW[whom]),
        "at": page.when(at) if later else "",
    }


def _call(page: PageRequest, noted: NotedCall) -> dict[str, Any]:
    call = noted.call
    return {
        "at": page.when(call.called_at),
        "by": noted.by,
        "note": call.note,
        "whom": page.say(WHOM.get(call.whom, call.whom)),
        "outcome": page.say(OUTCOME.get(call.outcome, call.outcome)),
        "reached": call.outcome == CallOutcome.REACHED,
    }
