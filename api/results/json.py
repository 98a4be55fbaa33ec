"""Quick counts as the JSON API shows them."""

from collections.abc import Iterable, Mapping
from typing import Any

from analytics.results.inclusion import Entry
from analytics.results.quick_count import Share, against_threshold
from analytics.survey.methods import method_of
from api.figures.edition import Edition
from api.figures.json import number_out
from api.results.quick_count import ContestCounted

WITHHELD = "Response is below the mission's threshold, overall or in a class of stratum."


def contest_out(edition: Edition, counted: ContestCounted) -> dict[str, Any]:
    """A quick count: shares, and response by stratum. Below the response that the mission asks
    for each share is null, with its bounds beside it, and ``withheld`` says why."""
    count, contest, drawn = counted.count, counted.contest, edition.reference.drawn
    design = counted.included.results.design
    names = dict(contest.contestants)
    return {
        "contest": {"code": contest.code, "name": contest.name},
        "denominator": contest.denominator,
        "thresholds": [{"name": name, "share": share} for name, share in contest.thresholds],
        "response_threshold": counted.threshold,
        "may_speak": counted.may_speak,
        "withheld": None if counted.may_speak else WITHHELD,
        "design": {
            "method": None if drawn is None else method_of(drawn.sample.method),
            "classes": design.classes,
            "why": design.why or None,
        },
        "planned": None if count is None else count.planned,
        "received": len(counted.included.arrivals),
        "set_aside": counted.included.results.set_aside,
        "shares": []
        if count is None
        else [_share_out(each, names, counted) for each in count.shares],
        "strata": []
        if count is None
        else [
            {
                "code": each.stratum,
                "population": each.population,
                "planned": each.planned,
                "received": each.received,
                "refused": each.refused,
                "closed": each.closed,
                "missing": each.missing,
                "rate": each.rate,
            }
            for each in count.response
        ],
    }


def entries_out(edition: Edition, entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Reports of a quick count, each with why it entered or not."""
    places = edition.reference.places
    return [
        {
            "report": each.report,
            "entered": each.entered,
            "why_not": each.why_not,
            "station": places[each.place].code if each.place >= 0 else None,
        }
        for each in entries
    ]


def _share_out(share: Share, names: Mapping[str, str], counted: ContestCounted) -> dict[str, Any]:
    """One contestant's share, and on which side of each threshold it lies: never who won."""
    return {
        "contestant": share.contestant,
        "name": names.get(share.contestant, share.contestant),
        "number": number_out(share.estimate, "votes") if counted.may_speak else None,
        "raw": number_out(share.raw, "votes") if counted.may_speak else None,
        "lowest": share.lowest,
        "highest": share.highest,
        "thresholds": [
            {
                "name": name,
                "share": line,
                "verdict": against_threshold(share, line, response_met=counted.may_speak),
            }
            for name, line in counted.contest.thresholds
        ],
    }
