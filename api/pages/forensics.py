"""The page Forensics, for analysts. Never a finding by itself."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from analytics.charts.squares import turnout_picture
from analytics.results.forensics import SOURCES, Source, SourcePictures
from analytics.results.whole_percentages import WholePercentages
from api.pages.page import PageRequest, serve_page
from api.problems import INVALID, NOT_FOUND, Problem
from api.results.by_station import forensics as look_at_results
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
ROWS_SHOWN = 50
SOURCE = {
    "published": N_("As published"),
    "entered": N_("As entered at tabulation"),
    "posted": N_("As posted at the stations"),
    "observed": N_("As observers copied them"),
}


@serve_page(router, "/forensics", right=Right.WRITE_STATEMENTS)
async def forensics(page: PageRequest) -> Response:
    """A contest's results by station: pictures, spikes, the highest turnouts, and what is not
    tested, and why."""
    contests = {each.code: each for each in page.facts.polling.contests}
    code = page.request.query_params.get("contest") or next(iter(contests), "")
    wanted = page.request.query_params.get("source")
    if wanted is not None and wanted not in SOURCES:
        raise Problem(INVALID, "There is no such source.", "source")
    if contests and code not in contests:
        raise Problem(NOT_FOUND)
    sources: tuple[Source, ...] = ()
    found: SourcePictures | None = None
    if contests:
        source = next((each for each in SOURCES if each == wanted), None)
        looked = await page.ask(look_at_results, code, source)
        sources, found = (looked.sources, looked.looked) if looked else ((), None)
    return page.show(
        "forensics.html",
        "forensics",
        code=code,
        found=_view(page, found) if found else None,
        contests=[(each.code, each.says(page.language)) for each in contests.values()],
        contest=contests[code].says(page.language) if contests else "",
        sources=[(each, page.say(SOURCE[each])) for each in sources],
    )


def _view(page: PageRequest, found: SourcePictures) -> dict[str, Any]:
    style = page.style

    def percent(share: float | None) -> str:
        return "–" if share is None else style.decimals(100 * share, 1) + style.percent

    return {
        "source": found.source,
        "words": page.say(SOURCE[found.source]),
        "name": found.name,
        "stations": found.stations,
        "left_out": found.left_out,
        "picture": turnout_picture(
            found.cells,
            title=page.say("Turnout and share, by station"),
            across=page.say("Turnout"),
            up=page.say("Share of {name}").format(
                name=found.name if len(found.name) <= 16 else found.contestant
            ),
        ),
        "beyond": found.cells.beyond,
        "without": found.cells.without,
        "spikes": [
            _spike(page, page.say("Turnout"), found.turnout),
            _spike(page, page.say("Share of {name}").format(name=found.name), found.share),
        ],
        "high": [
            (each.code, percent(each.turnout), percent(each.share), each.cast, each.registered)
            for each in found.high[:ROWS_SHOWN]
        ],
        "more": len(found.high) - len(found.high[:ROWS_SHOWN]),
    }


def _spike(page: PageRequest, words: str, found: WholePercentages) -> dict[str, Any]:
    return {
        "words": words,
        "seen": found.seen,
        "of": found.stations,
        "highest": found.highest,
        "expected": page.style.whole(round(found.expected)),
        "unusual": found.unusual,
    }
