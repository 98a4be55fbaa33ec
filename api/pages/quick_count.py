"""The quick count: what may we say?"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response

from analytics.figures import Running, convergence
from analytics.quick_count import Response as StratumResponse
from analytics.quick_count import against_threshold
from analytics.wording import ENGLISH, FORMATS, Said, say
from api.pages.page import Visit, page
from api.reading.figures import ContestCounted, quick_counts, running
from api.reading.protocols import Entry
from api.reading.watch import Watch

router = APIRouter()
VERDICTS = {
    "above": ("=", "agree", "Above the threshold"),
    "below": ("=", "agree", "Below the threshold"),
    "cannot determine": ("?", "", "Cannot determine"),
}


@dataclass(frozen=True)
class ShareView:
    """One contestant's share: adjusted, raw beside it, and the bounds."""

    name: str
    said: Said
    raw: Said
    low: str
    high: str
    bounds: str


@dataclass(frozen=True)
class ContestView:
    """A contest as it is shown."""

    name: str
    out_of: str
    received: int
    planned: int
    set_aside: int
    may_speak: bool
    shares: tuple[ShareView, ...]
    verdict: tuple[str, str, str] | None
    threshold: str
    curve: str
    response: tuple[StratumResponse, ...]
    entries: tuple[Entry, ...]


def contest_views(visit: Visit, watch: Watch) -> list[ContestView]:
    """Every contest of the round."""
    return [_view(visit, watch, each) for each in quick_counts(watch)]


def _view(visit: Visit, watch: Watch, counted: ContestCounted) -> ContestView:
    contest, count = counted.contest, counted.count
    names = dict(contest.contestants)
    planned = sum(each.drawn for each in watch.frame.drawn.strata) if watch.frame.drawn else 0
    if count is None:
        return ContestView(
            contest.name, contest.denominator, len(counted.included.arrivals), planned, 0,
            False, (), None, "", "", (), counted.included.entries,
        )  # fmt: skip
    style = FORMATS.get(visit.language, ENGLISH)

    def percent(value: float) -> str:
        return style.decimals(100 * value, 1)

    shares = tuple(
        ShareView(
            names.get(each.contestant, each.contestant),
            say(each.estimate, measure="votes", style=style),
            say(each.raw, measure="votes", style=style),
            percent(each.estimate.low), percent(each.estimate.high),
            f"{percent(each.lowest)}–{percent(each.highest)}",
        )
        for each in count.shares
    )  # fmt: skip
    order = sorted(range(len(shares)), key=lambda place: -count.shares[place].estimate.value)
    leading = order[0]
    verdict, line = None, ""
    if contest.thresholds:
        name, share = contest.thresholds[0]
        found = against_threshold(count.shares[leading], share, response_met=counted.may_speak)
        verdict, line = VERDICTS[found], f"{percent(share)}{style.percent}, {name}"
    return ContestView(
        contest.name, contest.denominator, count.received, count.planned, count.set_aside,
        counted.may_speak, tuple(shares[place] for place in order), verdict, line,
        _curve(visit, watch, counted, leading, names), count.response, counted.included.entries,
    )  # fmt: skip


def _curve(
    visit: Visit, watch: Watch, counted: ContestCounted, leading: int, names: dict[str, str]
) -> str:
    contest = counted.contest
    points = [
        Running(moment, each.value, each.low, each.high)
        for moment, each in running(counted, leading)
    ]
    threshold = contest.thresholds[0] if contest.thresholds else None
    code = contest.contestants[leading][0]
    return convergence(
        points, title=visit.say("The estimate as results came in"),
        contestant=code if len(code) <= 12 else names[code][:12],
        zone=ZoneInfo(watch.frame.polling.zone), threshold=threshold[1] if threshold else None,
        threshold_label=threshold[0] if threshold else "",
    )  # fmt: skip


@page(router, "/quick-count")
async def quick_count(visit: Visit) -> Response:
    """Figure, verdict, convergence, response by stratum, and which results entered."""
    contests = await visit.compute(lambda watch: contest_views(visit, watch))
    places = visit.watch.frame.places
    return visit.show(
        "quick_count.html", "quick-count", contests=contests, has_sample=bool(contests),
        station=lambda place: places[place].code if place >= 0 else "–",
    )  # fmt: skip
