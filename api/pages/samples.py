"""The page Samples: drawing, size, margin, and the sample against its frame."""

from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from analytics.observation.dispositions import StationOutcome
from analytics.survey.draw import SampleProblem
from api.audit.unit_of_work import act_on
from api.database.sessions import mission_session
from api.figures.mission_facts import once
from api.pages.contest_views import HEADS
from api.pages.forms import typed_in
from api.pages.page import PageRequest, serve_page
from api.pages.side_by_side import KINDS
from api.problems import INVALID, NOT_FOUND, Problem
from api.samples.draw import OF_PLACES, DrawGiven, columns_of, drawing
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
    "sort": N_("By type of station"),
}
EMPTY = {"": N_("not said")}
FATES = {
    StationOutcome.RECEIVED: N_("Received"),
    StationOutcome.SET_ASIDE: N_("Held or excluded"),
    StationOutcome.CLOSED: N_("Closed"),
    StationOutcome.REFUSED: N_("Refused"),
    StationOutcome.UNSAFE: N_("Unsafe"),
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


@serve_page(router, "/samples", right=Right.SEE_AGGREGATES)
async def samples(page: PageRequest) -> Response:
    """The sample against its frame; before a draw, how many stations a margin needs."""
    wanted = (page.request.query_params.get("show_round"), page.request.query_params.get("code"))
    async with mission_session(page.request.app.state.engine, page.who.mission_id) as session:
        known = await samples_of(session, page.who.mission_id)
        shown = next((each for each in known if (each[1], each[0].code) == wanted), None)
        if shown is None and any(wanted):
            raise Problem(NOT_FOUND)
        shown = shown or _usual(page, known)
        columns, rounds = await once(
            page.facts,
            "columns of stations",
            lambda: session.run_sync(columns_of),  # type: ignore[arg-type]
            session,
        )
        planned = await _plan(page, session)
    found = await page.ask(stand, *shown) if shown else None
    own = shown is not None and shown[0].id == page.facts.main_sample
    response = _response(page, await page.ask(response_shown)) if own else None
    return page.show(
        "samples.html",
        "samples",
        response=response,
        planned=planned,
        found=_view(page, found) if found else None,
        known=[(code, each.code, _whose(page, each), each.size) for each, code in known],
        kinds=_words(page, KINDS),
        rounds=[(each, each) for each in rounds],
        columns=[(each, each) for each in sorted({*OF_PLACES, *columns})],
        margin_said=_points(page, planned.found),
        methods=_words(page, METHODS),
        allocations=_words(page, ALLOCATIONS),
        may_draw=page.who.may(Right.KEEP_PLACES),
    )


def _points(page: PageRequest, found: ExpectedPrecision | None) -> str:
    return "" if found is None else page.style.decimals(100 * found.margin, 2)


def _usual(page: PageRequest, known: list[tuple[Any, str]]) -> tuple[Any, str] | None:
    """The sample that the figures go by, else the newest."""
    main = next((each for each in known if each[0].id == page.facts.main_sample), None)
    return main or next(iter(known), None)


def _whose(page: PageRequest, sample: Sample) -> str:
    return page.say(KINDS[sample.kind]) if sample.kind else ""


def _words(page: PageRequest, words: dict[str, str]) -> list[tuple[str, str]]:
    return [(name, page.say(text)) for name, text in words.items()]


async def _plan(page: PageRequest, session: AsyncSession) -> PlannedDraw:
    given = {name: value[:200] for name, value in page.request.query_params.items()}
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
        sizes = await strata_once(session, page.facts, column, round_code)
        found = foresee(sizes, size=size, margin=margin, deff=deff)
    except (Refusal, SampleProblem) as problem:
        return replace(asked, why_not=str(problem))
    except ValueError:
        why = page.say("Size, margin and design effect are numbers.")
        return replace(asked, why_not=why)
    return replace(asked, found=found)


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _view(page: PageRequest, found: SampleRepresentativity) -> dict[str, Any]:
    style, sample = page.style, found.sample

    def name(group: str) -> str:
        return page.say(EMPTY.get(group, group)) if group in EMPTY else group

    tables = [
        (page.say(BY[by]), [(name(row.group), row) for row in rows])
        for by in GROUPS
        if (rows := found.against_frame[by])
    ]
    voters = found.voters
    return {
        "sample": sample,
        "whose": _whose(page, sample),
        "round": found.round,
        "arrived": found.arrived,
        "tables": tables,
        "margin": style.decimals(100 * found.margin, 1),
        "drawn_at": page.moment(sample.drawn_at),
        "proportional": lambda value: style.decimals(value, 1),
        "voters": None
        if voters.frame is None or voters.drawn is None
        else {
            "frame": style.whole(round(voters.frame)),
            "drawn": style.whole(round(voters.drawn)),
            "arrived": "–" if voters.arrived is None else style.whole(round(voters.arrived)),
        },
    }


def _response(page: PageRequest, told: ResponseShown | None) -> dict[str, Any] | None:
    """What became of the stations drawn, for the checklist asked for, or else the first."""
    if told is None or not told.checklists:
        return None
    asked = page.request.query_params.get("checklist")
    shown = next((each for each in told.checklists if each.checklist == asked), told.checklists[0])
    rows = [(page.say("All"), shown.whole), *((each.name, each) for each in shown.classes)]
    return {
        "rows": rows[:1] if len(rows) == 2 else rows,
        "head": page.say(HEADS[told.classes]),
        "why": page.say(told.why) if told.why else "",
        "areas": told.areas,
        "fates": [(fate, page.say(words)) for fate, words in FATES.items()],
        "checklist": shown.checklist,
        "checklists": [
            (each.checklist, page.title(rules.definition.title))
            for each in told.checklists
            if (rules := page.facts.newest(each.checklist))
        ],
    }


@serve_page(router, "/samples.csv", right=Right.SEE_AGGREGATES)
async def frame_csv(page: PageRequest) -> Response:
    """The frozen frame as a file."""
    given = page.request.query_params
    async with mission_session(page.request.app.state.engine, page.who.mission_id) as session:
        sample = await find_sample(
            session, page.who.mission_id, given.get("show_round", ""), given.get("code", "")
        )
    file = await page.ask(frame_file, sample)
    return Response(file, media_type="text/csv; charset=utf-8", headers=FRAME_HEADERS)


@serve_page(router, "/samples", "POST", right=Right.KEEP_PLACES)
async def draw(page: PageRequest) -> Response:
    """Draw a sample with a seed that was published. A draw is final."""
    given = {name: text for name, text in (await typed_in(page.request)).items() if text.strip()}
    try:
        wanted = DrawGiven.model_validate(given)
    except ValidationError as problem:
        field = str(problem.errors()[0]["loc"][0])
        raise Problem(INVALID, f"{field}: {problem.errors()[0]['msg']}.", field) from None
    await act_on(page.request, page.who, drawing(wanted))
    return RedirectResponse(f"{page.base}/samples", 303)
