"""The recommendations page: a table of all, filtered by mission and status, and the form to add."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from api.audit.unit_of_work import act_on
from api.pages.forms import Given, typed_in
from api.pages.page import PageRequest, serve_page
from api.pages.statements import session_of
from api.problems import CONFLICT, INVALID, Problem
from api.registers.catalogue import FOLLOWED, PARTS, PRIORITIES
from api.registers.reading import known_standards
from api.statements.finding_list import list_findings, round_findings
from api.statements.recommendations import (
    AssessmentIn,
    RecommendationIn,
    add_recommendation,
    assess,
    list_recommendations,
)
from schemas.rights import Right
from schemas.words import LANGUAGES, in_language

router = APIRouter()


@serve_page(router, "/recommendations", right=Right.SEE_REGISTERS)
async def recommendations(page: PageRequest) -> Response:
    """All recommendations, those of this mission first."""
    return await _shown(page, {}, None)


@serve_page(router, "/recommendations", "POST", right=Right.KEEP_REGISTERS)
async def add(page: PageRequest) -> Response:
    """Add a recommendation."""
    given = await typed_in(page.request)
    found = await page.ask(round_findings)
    async with session_of(page) as session:
        standards = await known_standards(session, page.who.mission_id)
        findings = (await list_findings(session, page.who, found)).candidates
    try:
        wanted = _typed(given)
        await act_on(
            page.request,
            page.who,
            lambda work: add_recommendation(work, wanted, standards=standards, findings=findings),
        )
    except Problem as problem:
        if problem.kind not in (INVALID, CONFLICT):
            raise
        return await _shown(page, given, problem)
    return RedirectResponse(f"{page.base}/recommendations", 303)


@serve_page(router, "/recommendations/status", "POST", right=Right.KEEP_REGISTERS)
async def follow_up(page: PageRequest) -> Response:
    """Say how far a recommendation was followed."""
    given = await typed_in(page.request)
    try:
        wanted = AssessmentIn(status=given.get("status"), was=given.get("was"))
        await act_on(
            page.request, page.who, lambda work: assess(work, given.get("number", ""), wanted)
        )
    except ValidationError:
        raise Problem(INVALID, "Choose a status.", "status") from None
    except Problem as problem:
        if problem.kind not in (INVALID, CONFLICT):
            raise
        return await _shown(page, {}, problem)
    return RedirectResponse(f"{page.base}/recommendations", 303)


def _typed(given: Given) -> RecommendationIn:
    plain = ("number", "addressee", "priority", "law", "part", "earlier", "of_mission", "status")
    listed = ("obligations", "findings")
    texts = {each: given[f"text-{each}"] for each in LANGUAGES if given.get(f"text-{each}")}
    try:
        return RecommendationIn.model_validate(
            {name: given[name] for name in plain if given.get(name)}
            | {name: given.get(name, "").replace(",", " ").split() for name in listed}
            | {"texts": texts}
        )
    except ValidationError as error:
        raise Problem(INVALID, "This field is needed.", str(error.errors()[0]["loc"][0])) from None


async def _shown(page: PageRequest, given: Given, problem: Problem | None) -> Response:
    asked = page.request.query_params
    status = asked.get("status") if asked.get("status") in dict(FOLLOWED) else None
    async with session_of(page) as session:
        every = await list_recommendations(session, page.who)
    missions = list(dict.fromkeys(each["mission"] for each in every))
    mission = asked.get("mission") if asked.get("mission") in missions else None
    rows = [
        each
        for each in every
        if mission in (None, each["mission"]) and status in (None, each["status"])
    ]
    own = page.facts.mission.languages or ["en"]
    response = page.show(
        "recommendations.html",
        "recommendations",
        rows=[_row(page, each) for each in rows],
        every=len(every),
        missions=missions,
        of_mission=mission or "",
        asked_status=status or "",
        followed=_words(page, FOLLOWED),
        priorities=_words(page, PRIORITIES),
        parts=_words(page, PARTS),
        text_languages=[(each, LANGUAGES.get(each, each)) for each in own],
        may_write=page.who.may(Right.KEEP_REGISTERS),
        given=given,
        problem=problem,
    )
    response.status_code = problem.kind.status if problem else 200
    return response


def _words(page: PageRequest, choices: Any) -> list[tuple[str, str]]:
    return [(key, page.say(text)) for key, text in choices]


def _row(page: PageRequest, each: dict[str, Any]) -> dict[str, Any]:
    return each | {
        "own": each["mission"] == page.who.slug,
        "said": in_language(each["texts"], page.language),
        "priority_word": page.say(dict(PRIORITIES).get(each["priority"], each["priority"])),
        "part_word": page.say(dict(PARTS).get(each["part"], each["part"])),
        "status_word": page.say(dict(FOLLOWED).get(each["status"], each["status"])),
    }
