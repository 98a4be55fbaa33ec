"""Quick counts as pages show them: shares with their doubt, the verdict, and the pictures."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from analytics.charts import EstimateAtMoment, convergence, share_and_line
from analytics.results.quick_count import QuickCount, Share, against_threshold
from analytics.results.quick_count import Response as StratumResponse
from analytics.wording import WordedNumber, say
from api.pages.page import PageRequest
from api.results.quick_counts import ContestShown, LeftOut
from schemas.words import N_

VERDICTS = {
    "above": ("=", "agree", N_("Above the threshold")),
    "below": ("=", "agree", N_("Below the threshold")),
    "cannot determine": ("?", "", N_("Cannot determine")),
}
OUT_OF = {
    "valid": N_("of valid votes"),
    "valid_without_blank": N_("of valid votes without blank ones"),
    "cast": N_("of votes cast"),
    "registered": N_("of registered voters"),
}
HEADS = {
    "strata": N_("Stratum"),
    "none": N_("Stratum"),
    "areas": N_("Area"),
    "sizes": N_("Registered voters"),
}
"""What the classes of response are, by the design."""


@dataclass(frozen=True)
class ShareView:
    """One contestant's share: adjusted, raw beside it, and the bounds, which are given alone where
    too few stations answered."""

    name: str
    bounds: str
    said: WordedNumber | None = None
    raw: WordedNumber | None = None
    low: str = ""
    high: str = ""


@dataclass(frozen=True)
class ContestView:
    """A contest as it is shown. ``line`` is the threshold that the verdict speaks of; ``head``
    names the classes of response, ``classed`` says why they are no strata. Unless it may speak,
    the shares are bounds in the order of the ballot, and ``why`` says so."""

    code: str
    name: str
    out_of: str
    received: int
    planned: int
    set_aside: int
    may_speak: bool
    threshold: str
    head: str = ""
    classed: str = ""
    ruled: bool = True
    shares: tuple[ShareView, ...] = ()
    verdict: str | None = None
    line: str = ""
    why: str = ""
    curve: str = ""
    picture: str = ""
    """The leading share against its line."""
    least: tuple[str, int, int] | None = None
    """The class of which the smallest part has answered: its name, how many, of how many."""
    response: tuple[StratumResponse, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    """The first results that did not enter and that somebody should look at."""
    more: int = 0
    beside: tuple[int, int] = (0, 0)
    """How many came from stations that were not drawn, and how many said the same again."""


def contest_views(page: PageRequest, contests: Iterable[ContestShown]) -> list[ContestView]:
    """Every contest of the round."""
    return [_view(page, each) for each in contests]


def _view(page: PageRequest, counted: ContestShown) -> ContestView:
    contest, count = counted.contest, counted.count
    plain = ContestView(
        code=contest.code,
        name=contest.says(page.language),
        out_of=page.say(OUT_OF.get(contest.denominator, contest.denominator)),
        received=counted.received,
        planned=counted.planned,
        set_aside=counted.set_aside,
        may_speak=counted.may_speak,
        threshold=f"{100 * counted.threshold:.0f}",
        left_out=counted.left_out,
        more=counted.more,
        beside=counted.beside,
        head=page.say(HEADS[counted.classes]),
        ruled=counted.ruled,
        classed=page.say(counted.why) if counted.why else "",
    )
    if count is None:
        return plain
    names = contest.contestants_in(page.language)
    if not counted.may_speak:
        return replace(
            plain,
            shares=tuple(_bounds(page, each, names) for each in count.shares),
            why=page.say("Too few stations have answered, overall or in a class."),
            response=_told(count),
            least=_least(count),
        )
    order = counted.order
    shares = tuple(_share(page, count.shares[at], names) for at in order)
    verdict, line, why = _verdict(page, counted, count.shares[order[0]])
    return replace(
        plain,
        shares=shares,
        verdict=verdict,
        line=line,
        why=why,
        response=_told(count),
        curve=_curve(page, counted, order[0], names),
        picture=_picture(page, counted, count.shares[order[0]], names),
    )


def _least(count: QuickCount) -> tuple[str, int, int] | None:
    found = min(count.response, key=lambda each: (each.rate, each.stratum), default=None)
    return None if found is None else (found.stratum, found.received, found.planned)


def _picture(page: PageRequest, counted: ContestShown, share: Share, names: dict[str, str]) -> str:
    thresholds = counted.contest.thresholds_in(page.language)
    name, line = thresholds[0] if thresholds else ("", None)
    at = "" if line is None else page.style.decimals(100 * line, 0) + page.style.percent
    return share_and_line(
        share.estimate,
        label=names.get(share.contestant, share.contestant),
        line=line,
        line_label=page.listed([each for each in (at, name) if each]),
        style=page.style,
    )


def _told(count: QuickCount) -> tuple[StratumResponse, ...]:
    """The classes in their order; areas drawn first, of which there are many, least first."""
    if count.ruled:
        return count.response
    return tuple(sorted(count.response, key=lambda each: (each.rate, each.stratum)))


def _bounds(page: PageRequest, share: Share, names: dict[str, str]) -> ShareView:
    """What a share is at least and at most, whoever has not answered."""
    style = page.style
    lowest, highest = (style.decimals(100 * each, 1) for each in (share.lowest, share.highest))
    name = names.get(share.contestant, share.contestant)
    return ShareView(name, f"{lowest}–{highest}{style.percent}")


def _share(page: PageRequest, share: Share, names: dict[str, str]) -> ShareView:
    style = page.style
    low, high = (
        style.decimals(100 * each, 1) for each in (share.estimate.low, share.estimate.high)
    )
    return replace(
        _bounds(page, share, names),
        said=say(share.estimate, measure="votes", style=style),
        raw=say(share.raw, measure="votes", style=style),
        low=low,
        high=high + style.percent,
    )


def _verdict(page: PageRequest, counted: ContestShown, share: Share) -> tuple[str | None, str, str]:
    """The verdict on the leading contestant against the first threshold, and why."""
    thresholds = counted.contest.thresholds_in(page.language)
    if not thresholds:
        return None, "", ""
    name, line = thresholds[0]
    style = page.style
    at = f"{style.decimals(100 * line, 0)}{style.percent}"
    found = against_threshold(share, line, response_met=True)
    if min(share.estimate.low, share.raw.low) <= line <= max(share.estimate.high, share.raw.high):
        why = page.say("The range crosses {line}.").format(line=at)
    elif found == "cannot determine":
        why = page.say(
            "The range lies on one side of {line}, but the stations not used could move it across."
        ).format(line=at)
    else:
        why = page.say("The range and the bounds lie on one side of {line}.").format(line=at)
    return found, f"{at} ({name})", why


def _line(page: PageRequest, name: str, line: float) -> str:
    """A threshold as its line in a picture says it."""
    return page.listed([f"{page.style.decimals(100 * line, 0)}{page.style.percent}", name])


def _curve(page: PageRequest, counted: ContestShown, leading: int, names: dict[str, str]) -> str:
    contest = counted.contest
    points = [
        EstimateAtMoment(moment, each.value, each.low, each.high)
        for moment, each in counted.running
    ]
    threshold = next(iter(contest.thresholds_in(page.language)), None)
    code = contest.contestants[leading][0]
    return convergence(
        points,
        title=f"{contest.says(page.language)}: {page.say('The estimate as results came in')}",
        contestant=code if len(code) <= 12 else names[code][:12],
        zone=page.zone,
        threshold=threshold[1] if threshold else None,
        threshold_label=_line(page, *threshold) if threshold else "",
    )
