"""The page Quick count: estimates, bounds, convergence, response."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.auth.visible import refuse_quick_count
from api.figures.ask import question
from api.pages.contest_views import VERDICTS, contest_views
from api.pages.forensics import SOURCE
from api.pages.forms import typed_in
from api.pages.page import PageRequest, serve_page
from api.pages.statements import session_of
from api.problems import NOT_FOUND, Problem
from api.results.by_station import copies_compared
from api.results.official_totals import Counted, hold_against, official_totals
from api.results.quick_counts import ContestShown, areas_drawn, contests_shown
from api.results.releases import find_contest, propose_release, release, releases_of
from schemas.problems import Refusal
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
HELD = {
    "consistent": ("=", "agree", N_("Consistent")),
    "inconsistent": ("≠", "differ", N_("Inconsistent")),
    "cannot determine": ("?", "", N_("Cannot determine")),
}
"""Verdicts on an official figure: mark, class, word."""


@dataclass(frozen=True)
class OfficialView:
    """What one source gives: its stations, and each contestant's share with a verdict."""

    source: str
    stations: int
    shares: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class ReleaseView:
    """A frozen quick count: when, its hash, and whether it is out. ``own``: by the visitor."""

    id: UUID
    frozen_at: str
    sha256: str
    released_at: str
    own: bool


async def beside_of(
    page: PageRequest, session: AsyncSession, counted: Counted
) -> tuple[list[OfficialView], list[ReleaseView]]:
    """Official results and releases of a contest."""
    round_id, code = page.facts.polling.round_id, counted.contest.code
    contest = await find_contest(session, page.who, round_id, code)
    totals = await official_totals(session, page.facts, contest.id)
    style, names = page.style, counted.contest.contestants_in(page.language)
    official = [
        OfficialView(
            each.source,
            each.stations,
            tuple(
                (
                    names.get(one.contestant, one.contestant),
                    "–"
                    if one.share is None
                    else style.decimals(100 * one.share, 1) + style.percent,
                    one.verdict,
                )
                for one in hold_against(counted, each)
            ),
        )
        for each in totals
    ]
    rows = await releases_of(session, page.who, code)
    releases = [
        ReleaseView(
            row.id,
            page.moment(row.proposed_at),
            row.sha256[:12],
            page.moment(row.released_at),
            row.proposed_by == page.who.holder_id,
        )
        for row, _ in rows
        if row.contest_id == contest.id
    ]
    return official, releases


@serve_page(router, "/quick-count/{contest}/releases", "POST", right=Right.WRITE_STATEMENTS)
async def freeze_or_release(page: PageRequest) -> Response:
    """Freeze a contest's quick count, or release what another person froze."""
    refuse_quick_count(page.who)
    code = page.request.path_params["contest"]
    wanted = (await typed_in(page.request)).get("release", "")
    async with session_of(page) as session:
        contest = await find_contest(session, page.who, page.facts.polling.round_id, code)
        try:
            if wanted:
                await release(session, page.who, contest, _identity(wanted))
            else:
                await propose_release(session, page.figures, page.who, contest, page.round_code)
        except Problem as problem:
            raise Refusal(page.say(problem.detail)) if problem.detail else problem from None
    return RedirectResponse(f"{page.base}/quick-count", 303)


def _identity(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Problem(NOT_FOUND) from None


WHY_NOT = {
    "held": N_("held for review"),
    "set_aside": N_("excluded"),
    "incomplete": N_("figures are missing"),
    "conflict": N_("two teams differ"),
}
LEFT_OUT_SHOWN = 100
"""So many results that did not enter are listed; all are in the JSON."""

FIGURE = {
    "registered": N_("Registered"),
    "cast": N_("Cast"),
    "valid": N_("Valid votes"),
    "invalid": N_("Invalid votes"),
}
COPIES_SHOWN = 20
"""Of so many stations the differences are listed; all are in the JSON."""


@dataclass(frozen=True)
class CopiesView:
    """The observers' copies of a contest beside each other source: its name, and at how many of
    how many stations that both give all figures agree; and the differences, as they are shown."""

    agree: tuple[tuple[str, int, int], ...]
    rows: tuple[tuple[str, str, str, str, str, str], ...]
    more: bool


def _copies(page: PageRequest, contest: ContestShown, found: Mapping[str, Any]) -> CopiesView:
    names = contest.contest.contestants_in(page.language)

    def row(each: Mapping[str, Any]) -> tuple[str, str, str, str, str, str]:
        code, whole = each["figure"], page.style.whole
        figure = names.get(code) or page.say(FIGURE.get(code, code))
        sources = each["earlier"], each["later"]
        earlier, later = (page.say(SOURCE[source]) for source in sources)
        return each["station"], figure, earlier, whole(each["before"]), later, whole(each["after"])

    beside = {
        each["later"]: (each["equal"], each["both"])
        for each in found["pairs"]
        if each["earlier"] == "observed" and each["both"]
    }
    return CopiesView(
        tuple((page.say(SOURCE[source]), *counts) for source, counts in beside.items()),
        tuple(row(each) for each in found["items"]),
        found["more"] is not None,
    )


@serve_page(router, "/quick-count", right=Right.SEE_AGGREGATES)
async def quick_count(page: PageRequest) -> Response:
    """Figure, verdict, convergence, response by stratum, and which results entered."""
    refuse_quick_count(page.who)
    codes = [each.code for each in page.facts.polling.contests]
    found = await page.ask_together(
        question(contests_shown, LEFT_OUT_SHOWN),
        question(areas_drawn),
        *(question(copies_compared, each, COPIES_SHOWN, "") for each in codes),
    )
    counted, areas, *compared = found.values
    copied = dict(zip(codes, compared, strict=True))
    async with session_of(page) as session:
        beside = {each.contest.code: await beside_of(page, session, each) for each in counted}
    return page.show(
        "quick_count.html",
        "quick-count",
        contests=contest_views(page, counted),
        verdicts=VERDICTS,
        why_not=WHY_NOT,
        drawn=page.facts.samples,
        shown=LEFT_OUT_SHOWN,
        areas=areas,
        beside=beside,
        copies={
            each.contest.code: _copies(page, each, copied[each.contest.code]) for each in counted
        },
        held=HELD,
        may_propose=page.who.may(Right.WRITE_STATEMENTS),
        may_release=page.who.may(Right.DIRECT),
    )
