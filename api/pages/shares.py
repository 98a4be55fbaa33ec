"""The page Shared with partners: what they read, and sharing again."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from api.figures.irregularities import LEAST_STATIONS
from api.figures.reports import count_of
from api.pages.forms import read_form
from api.pages.page import PageRequest, serve_page
from api.pages.statements import session_of
from api.problems import INVALID, Problem
from api.sharing.freezing import FrozenFigures
from api.sharing.making import (
    MAX_REASON,
    Sharing,
    changed_between,
    figures_now,
    make_share,
    names_of,
    shares_of,
    upto_last_share,
)
from schemas.rights import Right
from schemas.share import Share, Shared
from schemas.words import N_

router = APIRouter()
WORDS = {
    Shared.COVERAGE: N_("Coverage"),
    Shared.IRREGULARITIES: N_("Irregularities"),
    Shared.REPORTS: N_("Reports"),
    Shared.FINDINGS: N_("Findings"),
}
FEW_REPORTS = LEAST_STATIONS
"""With fewer reports than this since the last share, single ones can be worked out."""


@serve_page(router, "/shares", right=Right.SHARE)
async def shares(page: PageRequest) -> Response:
    """What was shared and when, what would be shared now, and the form to share it."""
    return await _show(page)


@serve_page(router, "/shares", "POST", right=Right.SHARE)
async def share(page: PageRequest) -> Response:
    """Share what is chosen as it is now."""
    async with read_form(page.request) as form:
        reason = form.given().get("reason", "")
        chosen = set(form.texts("what"))
    try:
        what = [Shared(each) for each in sorted(chosen)]
    except ValueError:
        raise Problem(INVALID, "This is nothing that is shared.", "what") from None
    try:
        await make_share(Sharing.of(page.request), page.who, what, reason)
    except Problem as problem:
        if problem.field not in ("what", "reason"):
            raise
        return await _show(page, 422, problem.detail or "", chosen, reason)
    return RedirectResponse(f"{page.base}/shares", 303)


async def _show(
    page: PageRequest,
    status: int = 200,
    amiss: str = "",
    chosen: set[str] | None = None,
    reason: str = "",
) -> Response:
    figures = await figures_now(page.request.app.state.figures, page.who)
    async with session_of(page) as session:
        found = await shares_of(session, page.who)
        names = await names_of(session, page.who, found)
        after = await upto_last_share(session, page.who)
        every, new = [
            await count_of(session, changed_between(page.who, since, figures.upto))
            for since in (0, after)
        ]
    shown = page.show(
        "shares.html",
        "shares",
        shares=[_row(page, each, names) for each in found],
        kinds=[
            (each.value, page.say(WORDS[each]), words)
            for each, words in _preview(page, figures, every, new).items()
        ],
        chosen={each.value for each in Shared} if chosen is None else chosen,
        reason=reason,
        amiss=page.say(amiss),
        max_reason=MAX_REASON,
        new=new,
        few=bool(found) and 0 < new < FEW_REPORTS,
        least=FEW_REPORTS,
    )
    shown.status_code = status
    return shown


def _row(page: PageRequest, row: Share, names: dict[Any, str]) -> dict[str, Any]:
    return {
        "number": row.number,
        "at": page.clock(row.as_of, "%Y-%m-%d %H:%M"),
        "what": page.listed([page.say(WORDS[Shared(each)]) for each in row.what]),
        "by": names.get(row.shared_by, ""),
        "reason": row.reason,
        "reports": row.reports if Shared.REPORTS in row.what else None,
    }


def _preview(page: PageRequest, figures: FrozenFigures, every: int, new: int) -> dict[Shared, str]:
    """What partners would read of each, in words."""
    coverage = figures.coverage["rounds"][figures.coverage["round"]]
    rates = figures.irregularities["rounds"][figures.irregularities["round"]]
    whole = page.style.whole
    nation = coverage["nation"]
    return {
        Shared.COVERAGE: (
            page.say(
                N_(
                    "{received} of {expected} planned reports; areas shown: {areas}, "
                    "withheld: {withheld}"
                )
            ).format(
                received=whole(nation["received"]),
                expected=whole(nation["expected"]),
                areas=whole(len(coverage["areas"])),
                withheld=whole(coverage["withheld"]),
            )
            if nation
            else page.say(N_("Not enough stations to say"))
        ),
        Shared.IRREGULARITIES: page.say(
            N_("{nation} rows for the whole country, {areas} by area")
        ).format(nation=whole(len(rates["nation"])), areas=whole(len(rates["areas"]))),
        Shared.REPORTS: page.say(
            N_(
                "{reports} reports, without station, person, time or words; "
                "new or changed since last shared: {new}"
            )
        ).format(reports=whole(every), new=whole(new)),
        Shared.FINDINGS: page.say(N_("{findings} findings on the whole country")).format(
            findings=whole(len(figures.findings))
        ),
    }
