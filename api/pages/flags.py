"""The page Flags: reports with quality flags, to call about."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from analytics.quality.flags import Flag
from api.pages.page import PageRequest, serve_page
from api.problems import INVALID, Problem
from api.review.quality_flags import FlaggedReport, FlagList, flag_list, screen_one
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
FLAGS_SHOWN = 50
OBSERVERS = 30
WORDS = {
    "near-identical": N_("Nearly the same as another form of this observer"),
    "too-fast": N_("Filled in faster than anybody reads"),
    "straight-line": N_("One value through a whole scale"),
    "far-away": N_("Far from the station"),
    "before-opening": N_("Finished before the station was to open"),
    "same-photo": N_("The same photograph in another report"),
    "arithmetic": N_("Sums of the protocol that do not come out"),
}
SHORT_NAMES = {
    "near-identical": N_("Alike"),
    "too-fast": N_("Too fast"),
    "straight-line": N_("One value"),
    "far-away": N_("Far away"),
    "before-opening": N_("Before opening"),
    "same-photo": N_("Same photo"),
    "arithmetic": N_("Sums"),
}


@serve_page(router, "/flags", right=Right.DECIDE_REPORTS)
async def flags(page: PageRequest) -> Response:
    """Reports to ask about, by what raised them; observers with most of them, for data managers."""
    code = page.request.query_params.get("code", "")
    if code and code not in WORDS:
        raise Problem(INVALID, "There is no such flag.", "code")
    found = await page.ask(flag_list, code, FLAGS_SHOWN, OBSERVERS)
    return page.show(
        "flags.html",
        "flags",
        code=code,
        reports=found.reports,
        at=page.clock(found.at),
        flagged=found.flagged,
        codes=[(name, page.say(words), found.codes.get(name, 0)) for name, words in WORDS.items()],
        rows=[_row(page, each) for each in found.rows],
        more=found.more,
        observers=_observers(found),
        heads=[page.say(SHORT_NAMES[name]) for name in WORDS],
    )


async def quality_of(page: PageRequest, report: UUID) -> list[dict[str, Any]]:
    """One report's flags, for whoever decides on reports; to others there are none."""
    if not page.who.may(Right.DECIDE_REPORTS):
        return []
    found = await page.ask(screen_one, report)
    return [{"words": page.say(WORDS[each.code]), "why": why(page, each)} for each in found]


def _row(page: PageRequest, each: FlaggedReport) -> dict[str, Any]:
    return {
        "report": each.flag.report,
        "words": page.say(WORDS[each.flag.code]),
        "why": why(page, each.flag),
        "observer": each.observer or "–",
        "station": each.station or "–",
        "place": each.place,
    }


def _observers(found: FlagList) -> list[dict[str, Any]]:
    return [
        {
            "observer": each.observer or "–",
            "reports": each.reports,
            "counts": [each.codes.get(code, 0) for code in WORDS],
        }
        for each in found.observers
    ]


def why(page: PageRequest, flag: Flag) -> list[tuple[str, str, str]]:
    """What raised a flag: words, figures, and the report that it is like, if any."""
    said: Mapping[str, Any] = flag.inputs
    style = page.style
    if flag.code == "near-identical":
        share = f"{100 * said['share']:.0f}{style.percent}"
        return [(page.say("Equal answers"), f"{share} / {said['answers']}", said["like"])]
    if flag.code == "same-photo":
        return [(page.say("Also in"), "", each) for each in said["also"]]
    names = {
        "seconds": N_("Seconds"),
        "answers": N_("Answers"),
        "metres": N_("Metres"),
        "accuracy_m": N_("Error of the position, metres"),
        "items": N_("Questions"),
        "finished": N_("Finished"),
        "opens": N_("Opens"),
        "rule": N_("Rule"),
        "left": N_("Left side"),
        "right": N_("Right side"),
    }
    return [(page.say(words), str(said[name]), "") for name, words in names.items() if name in said]
