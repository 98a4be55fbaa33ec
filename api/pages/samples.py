"""Samples: how many, how precise, and does the draw resemble its frame?"""

from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from analytics.observation.sample_response import StationOutcome
from analytics.survey.draw_srs import SampleProblem
from api.audit.unit_of_work import act_on
from api.database.sessions import mission_session
from api.figures.mission_facts import once
from api.pages.comparison import KINDS
from api.pages.forms import typed_in
from api.pages.page import Visit, page
from api.pages.quick_count import HEADS
from api.problems import INVALID, NOT_FOUND, Problem
from api.samples.draw import OF_PLACES, columns_of
from api.samples.drawing import DrawGiven, drawing
from api.samples.representativity import (
    FRAME_HEADERS,
    GROUPS,
    SampleRepresentativity,
    find_sample,
    frame_file,
    samples_of,
    stand,
)
from api.samples.response import ResponseShown, response_shown
from api.samples.size import ExpectedPrecision, foresee, strata_once
from schemas.problems import Refusal
from schemas.rights import Right
from schemas.sample import Sample
from schemas.words import N_

router = APIRouter()
METHODS = {
    "stratified": N_("by strata"),
    "simple": N_("singly"),
    "systematic": N_("down a sorted list"),
    "two-stage": N_("areas, then stations"),
    "pps": N_("by size"),
}
ALLOCATIONS = {
    "proportional": N_("in proportion"),
    "equal": N_("equally"),
    "minimum": N_("in proportion, with a minimum"),
    "neyman": N_("by size and spread (Neyman)"),
}
BY = {
    "stratum": N_("By stratum"),
    "area": N_("By area"),
    "setting": N_("By setting"),
    "sort": N_("By sort of station"),
}
EMPTY = {"": N_("not said")}
FATES = {
    StationOutcome.RECEIVED: N_("Received"),
    StationOutcome.SET_ASIDE: N_("Held or quarantined"),
    StationOutcome.CLOSED: N_("Closed"),
    StationOutcome.REFUSED: N_("Refused"),
    StationOutcome.WITHDRAWN: N_("Withdrawn"),
    StationOutcome.NOBODY_SENT: N_("Nobody sent"),
    StationOutcome.UNREACHED: N_("Not reached"),
    StationOutcome.MISSING: N_("No reason known"),
    StationOutcome.AWAITED: N_("To come"),
}
"""The heads of what became of a station, in the order of the table."""


@dataclass(frozen=True)
class PlannedDraw:
    """What was asked before a draw, and what it would give, or why it cannot be."""

    size: str = ""
    margin: str = ""
    deff: str = "1"
    stratify_by: str = ""
    round: str = ""
    found: ExpectedPrecision | None = None
    why_not: str = ""


@page(router, "/samples", right=Right.SEE_AGGREGATES)
async def samples(visit: Visit) -> Response:
    """The sample against its frame; before a draw, how many stations a margin needs."""
    wanted = (visit.request.query_params.get("show_round"), visit.request.query_params.get("code"))
    async with mission_session(visit.request.app.state.engine, visit.who.mission_id) as session:
        known = await samples_of(session, visit.who.mission_id)
        shown = next((each for each in known if (each[1], each[0].code) == wanted), None)
        if shown is None and any(wanted):
            raise Problem(NOT_FOUND)
        shown = shown or _usual(visit, known)
        columns, rounds = await once(
            visit.facts,
            "columns of stations",
            lambda: session.run_sync(columns_of),  # type: ignore[arg-type]
            session,
        )
        planned = await _plan(visit, session)
    found = await visit.ask(stand, *shown) if shown else None
    own = shown is not None and shown[0].id == visit.facts.main_sample
    response = _response(visit, await visit.ask(response_shown)) if own else None
    return visit.show(
        "samples.html",
        "samples",
        response=response,
        planned=planned,
        found=_view(visit, found) if found else None,
        known=[(code, each.code, _whose(visit, each), each.size) for each, code in known],
        kinds=_words(visit, KINDS),
        rounds=[(each, each) for each in rounds],
        columns=[(each, each) for each in sorted({*OF_PLACES, *columns})],
        margin_said=_points(visit, planned.found),
        methods=_words(visit, METHODS),
        allocations=_words(visit, ALLOCATIONS),
        may_draw=visit.who.may(Right.KEEP_PLACES),
    )


def _points(visit: Visit, found: ExpectedPrecision | None) -> str:
    return "" if found is None else visit.style.decimals(100 * found.margin, 2)


def _usual(visit: Visit, known: list[tuple[Any, str]]) -> tuple[Any, str] | None:
    """The sample that the figures go by, else the newest."""
    main = next((each for each in known if each[0].id == visit.facts.main_sample), None)
    return main or next(iter(known), None)


def _whose(visit: Visit, sample: Sample) -> str:
    return visit.say(KINDS[sample.kind]) if sample.kind else ""


def _words(visit: Visit, words: dict[str, str]) -> list[tuple[str, str]]:
    return [(name, visit.say(text)) for name, text in words.items()]


async def _plan(visit: Visit, session: AsyncSession) -> PlannedDraw:
    given = {name: value[:200] for name, value in visit.request.query_params.items()}
    asked = PlannedDraw(
        given.get("size", ""),
        given.get("margin", ""),
        given.get("deff") or "1",
        given.get("stratify_by", ""),
        given.get("round", ""),
    )
    if not (asked.size or asked.margin):
        return asked
    try:
        size = int(asked.size) if asked.size else None
        margin = _number(asked.margin) / 100 if asked.margin else None
        deff = _number(asked.deff)
        column, round_code = asked.stratify_by or None, asked.round or None
        sizes = await strata_once(session, visit.facts, column, round_code)
        found = foresee(sizes, size=size, margin=margin, deff=deff)
    except (Refusal, SampleProblem) as problem:
        return replace(asked, why_not=str(problem))
    except ValueError:
        why = visit.say("Size, margin and design effect are numbers.")
        return replace(asked, why_not=why)
    return replace(asked, found=found)


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _view(visit: Visit, found: SampleRepresentativity) -> dict[str, Any]:
    style, sample = visit.style, found.sample

    def name(group: str) -> str:
        return visit.say(EMPTY.get(group, group)) if group in EMPTY else group

    tables = [
        (visit.say(BY[by]), [(name(row.group), row) for row in rows])
        for by in GROUPS
        if (rows := found.against_frame[by])
    ]
    voters = found.voters
    return {
        "sample": sample,
        "whose": _whose(visit, sample),
        "round": found.round,
        "arrived": found.arrived,
        "tables": tables,
        "margin": style.decimals(100 * found.margin, 1),
        "drawn_at": visit.clock(sample.drawn_at, "%Y-%m-%d %H:%M"),
        "proportional": lambda value: style.decimals(value, 1),
        "voters": None
        if voters.frame is None or voters.drawn is None
        else {
            "frame": style.whole(round(voters.frame)),
            "drawn": style.whole(round(voters.drawn)),
            "arrived": "–" if voters.arrived is None else style.whole(round(voters.arrived)),
        },
    }


def _response(visit: Visit, told: ResponseShown | None) -> dict[str, Any] | None:
    """What became of the stations drawn, for the checklist asked for, or else the first."""
    if told is None or not told.checklists:
        return None
    asked = visit.request.query_params.get("checklist")
    shown = next((each for each in told.checklists if each.checklist == asked), told.checklists[0])
    rows = [(visit.say("All"), shown.whole), *((each.name, each) for each in shown.classes)]
    return {
        "rows": rows[:1] if len(rows) == 2 else rows,
        "head": visit.say(HEADS[told.classes]),
        "why": visit.say(told.why) if told.why else "",
        "areas": told.areas,
        "fates": [(fate, visit.say(words)) for fate, words in FATES.items()],
        "checklist": shown.checklist,
        "checklists": [
            (each.checklist, visit.title(rules.definition.title))
            for each in told.checklists
            if (rules := visit.facts.newest(each.checklist))
        ],
    }


@page(router, "/samples.csv", right=Right.SEE_AGGREGATES)
async def frame_csv(visit: Visit) -> Response:
    """The frozen frame as a file."""
    given = visit.request.query_params
    async with mission_session(visit.request.app.state.engine, visit.who.mission_id) as session:
        sample = await find_sample(
            session, visit.who.mission_id, given.get("show_round", ""), given.get("code", "")
        )
    file = await visit.ask(frame_file, sample)
    return Response(file, media_type="text/csv; charset=utf-8", headers=FRAME_HEADERS)


@page(router, "/samples", "POST", right=Right.KEEP_PLACES)
async def draw(visit: Visit) -> Response:
    """Draw a sample with a seed that was published. A draw stands."""
    given = {name: text for name, text in (await typed_in(visit.request)).items() if text.strip()}
    try:
        wanted = DrawGiven.model_validate(given)
    except ValidationError as problem:
        field = str(problem.errors()[0]["loc"][0])
        raise Problem(INVALID, f"{field}: {problem.errors()[0]['msg']}.", field) from None
    await act_on(visit.request, visit.who, drawing(wanted))
    return RedirectResponse(f"{visit.base}/samples", 303)
