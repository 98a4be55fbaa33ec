"""Official results and the mission's releases, beside a quick count."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.auth.visible import refuse_quick_count
from api.pages.forms import typed_in
from api.pages.page import PageRequest, serve_page
from api.pages.statements import session_of
from api.problems import NOT_FOUND, Problem
from api.results.official_totals import Counted, hold_against, official_totals
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
    style, names = page.style, dict(counted.contest.contestants)
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
            page.clock(row.proposed_at, "%Y-%m-%d %H:%M"),
            row.sha256[:12],
            page.clock(row.released_at, "%Y-%m-%d %H:%M"),
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
