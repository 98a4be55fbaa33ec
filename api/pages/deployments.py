"""The page Deployments: where teams are sent, the planner, no-go areas."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from api.database.sessions import mission_connection, mission_session
from api.deployments import planner
from api.deployments.planner import Plan, PlannerScope, Some, bounded_plan
from api.figures.mission_facts import once
from api.pages.page import PageRequest, serve_page
from api.problems import INVALID, Problem
from api.server.cursors import cursor, plain, read_cursor
from schemas.place import Area
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
PER_PAGE = 50
FIRST = 10
"""So many of those who come first are listed above the plan."""
MAX_AREAS = 100
SHOW = {
    "": N_("Planned"),
    "closed": N_("Sent to a closed station"),
    "ended": N_("Cancelled or withdrawn"),
    "uncovered": N_("Sampled stations with nobody"),
    "unassigned": N_("Observers sent nowhere"),
}
KIND = {"static": N_("static"), "mobile": N_("mobile"), "centre": N_("at a centre")}
STATE = {
    "planned": N_("planned"),
    "cancelled": N_("cancelled"),
    "withdrawn_security": N_("withdrawn for security"),
}


@dataclass(frozen=True)
class DeploymentFilter:
    """What the address asks for: a filter, words, an area, a round, how far in."""

    show: str
    q: str
    area: Area | None
    round_code: str
    after: str
    skip: int

    def address(self, **changed: str) -> str:
        """The same, with something changed, as the end of an address."""
        now = {
            "round": self.round_code,
            "show": self.show,
            "q": self.q,
            "area": self.area.code if self.area else "",
        }
        return urlencode({name: value for name, value in (now | changed).items() if value})


@serve_page(router, "/deployments", right=Right.SEE_PEOPLE)
async def deployments(page: PageRequest) -> Response:
    """Sampled stations with nobody and observers sent nowhere first; areas; the plan, in pages."""
    plan = await plan_of(page, page.request.query_params.get("round", ""))
    asked = _asked(page, plan)
    scope = _narrowed(page, plan.scope, asked.area)
    values = await _lists(page, scope, asked)
    return page.show(
        "deployments.html",
        "deployments",
        rounds=plan.rounds,
        asked=asked,
        filters=[(name, page.say(words)) for name, words in SHOW.items()],
        keeps=page.who.may(Right.KEEP_DEPLOYMENTS),
        **values,
    )


async def plan_of(page: PageRequest, round_code: str) -> Plan:
    """The round named (else the one of the request), bounded as the visitor is."""
    wanted = plain(round_code, "round") or page.facts.polling.code
    async with mission_session(page.request.app.state.engine, page.who.mission_id) as session:
        plan = await bounded_plan(session, page.who, wanted)
    if plan is None:
        raise Problem(INVALID, "The mission has no such round.", "round")
    return plan


def _asked(page: PageRequest, plan: Plan) -> DeploymentFilter:
    given = page.request.query_params
    for name, value in given.items():
        plain(value, name)
    areas = {each.code: each for each in page.facts.areas}
    if given.get("show", "") not in SHOW:
        raise Problem(INVALID, "There is no such filter.", "show")
    if given.get("area") and given["area"] not in areas:
        raise Problem(INVALID, "The mission has no such area.", "area")
    skip = given.get("skip", "0")
    return DeploymentFilter(
        given.get("show", ""),
        given.get("q", "").strip()[:100],
        areas.get(given.get("area", "")),
        plan.round_code,
        given.get("after", "")[:600],
        int(skip) if skip.isdecimal() else 0,
    )


def _narrowed(page: PageRequest, scope: PlannerScope, area: Area | None) -> PlannerScope:
    if area is None:
        return scope
    inside = planner.within(page.facts.areas, area.id)
    both = inside if scope.areas is None else [each for each in inside if each in scope.areas]
    return PlannerScope(scope.mission_id, scope.round_id, both, scope.own)


async def read_once(
    page: PageRequest, name: str, query: Callable[..., Awaitable[Any]], *values: Any
) -> Any:
    """What a query gives, read once under this name: on a connection that only whoever reads it
    takes, and nobody who waits for that."""
    pool, mission_id = page.request.app.state.pool, page.who.mission_id

    async def read() -> Any:
        async with mission_connection(pool, mission_id) as connection:
            return await query(connection, *values)

    return await once(page.facts, name, read)


async def _lists(page: PageRequest, scope: PlannerScope, asked: DeploymentFilter) -> dict[str, Any]:
    whole = asked.show in ("uncovered", "unassigned")
    skip = min(asked.skip, 1_000_000)
    here = asked.area.id if asked.area else page.who.area_id
    own = f"{scope.round_id} {page.who.area_id} {here}"
    nobody = await _some(page, scope, asked, ("uncovered", own, skip))
    idle = await _some(page, scope, asked, ("unassigned", own, skip))
    areas = await read_once(
        page, f"plan by area {own}", planner.plan_by_area, scope, page.facts.areas, here
    )
    rows, more = ([], "") if whole else await _rows(page, scope, asked, own)
    return {
        "uncovered": nobody,
        "unassigned": idle,
        "whole": whole,
        "rows": rows,
        "next": more,
        "further": asked.address(skip=str(skip + PER_PAGE)),
        "skip": skip,
        "areas": areas[:MAX_AREAS],
        "other_areas": len(areas) - len(areas[:MAX_AREAS]),
        "first": FIRST,
        "sampled": sum(each.sampled for each in areas),
        "planned": sum(each.planned for each in areas),
        "kinds": {"domestic": page.say("domestic"), "international": page.say("international")},
    }


async def _some(
    page: PageRequest, scope: PlannerScope, asked: DeploymentFilter, wanted: tuple[str, str, int]
) -> Some:
    """A list of what is lacking: a page of it where it is asked for, else who come first."""
    name, own, skip = wanted
    query = planner.uncovered if name == "uncovered" else planner.unassigned
    limit, offset = (PER_PAGE, skip) if asked.show == name else (FIRST, 0)
    found: Some = await read_once(
        page, f"{name} {own} {limit} {offset}", query, scope, limit, offset
    )
    return found


async def _rows(
    page: PageRequest, scope: PlannerScope, asked: DeploymentFilter, own: str
) -> tuple[list[dict[str, Any]], str]:
    behind = read_cursor(asked.after, str, str, str)
    query = partial(planner.deployments, after=behind, limit=PER_PAGE + 1)
    found = await read_once(
        page,
        f"deployments {own} {asked.show} {asked.q!r} {behind}",
        query,
        scope,
        asked.show,
        asked.q,
    )
    more = asked.address(after=cursor(*found[PER_PAGE - 1].keys)) if len(found) > PER_PAGE else ""
    return [shown(page, each) for each in found[:PER_PAGE]], more


def shown(page: PageRequest, each: planner.ListedDeployment) -> dict[str, Any]:
    """A deployment as the pages show it."""
    return {
        "id": each.id,
        "code": each.code,
        "name": each.name or "",
        "area": each.area or "",
        "area_code": each.area_code,
        "place_kind": each.place_kind,
        "team": each.team,
        "kind": page.say(KIND.get(each.kind, each.kind)),
        "organisation": each.organisation,
        "state": each.state,
        "state_word": page.say(STATE.get(each.state, each.state)),
        "reason": each.reason,
        "since": page.moment(each.since),
        "expected": expected(each.expected),
        "sampled": each.sampled,
        "closed": each.closed,
        "replaces": each.replaces,
        "replaced_by": each.replaced_by,
    }


def expected(quota: Mapping[str, Any]) -> list[tuple[str, int]]:
    """How many reports of which checklist, by name."""
    return sorted((name, int(count)) for name, count in quota.items())


def identity(text: str) -> UUID | None:
    """An id in an address, or None where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
