"""Figures as the JSON API shows them: an estimate and a count are two shapes that never mix."""

from collections.abc import Iterable, Mapping
from typing import Any

from analytics.coverage import Coverage
from analytics.irregularities import Rate
from analytics.numbers import Estimate, Number
from analytics.quick_count import Share, against_threshold
from analytics.selection import method_of
from analytics.wording import Measure, say
from api.reading.figures import ContestCounted
from api.reading.protocols import Entry
from api.reading.setting import Frame
from api.reading.watch import Watch
from schemas.checklist import Indicator
from schemas.place import Area


def number_out(
    number: Number, measure: Measure = "process", *, exact: bool = True
) -> dict[str, Any]:
    """A number with its type. Shares are between 0 and 1.

    Without ``exact`` an estimate is as it is printed, in whole percent, and without what it
    could be computed back from (its standard error, degrees of freedom, design effect); a count
    is without how many more were asked.
    """
    text = say(number, measure=measure).text
    if not isinstance(number, Estimate):
        return {
            "type": "count", "seen": number.seen, "of": number.of, "stations": number.stations,
            "missing": number.missing if exact else None, "text": text,
        }  # fmt: skip
    value, low, high = number.value, number.low, number.high
    if not exact:
        value, low, high = round(value, 2), round(low, 2), round(high, 2)
    return {
        "type": "estimate", "value": value, "low": low, "high": high,
        "se": number.se if exact else None, "df": number.df if exact else None,
        "deff": number.deff if exact else None, "level": number.level, "n": number.n,
        "missing": number.missing, "population": number.population, "method": number.method,
        "text": text,
    }  # fmt: skip


def area_out(area: Area | None) -> dict[str, str] | None:
    """An area by its code and name; None for the nation, or for what could not be placed."""
    return None if area is None else {"code": area.code, "name": area.name}


def coverage_out(row: Coverage) -> dict[str, Any]:
    """The figures of one coverage row, in reports."""
    return {
        "expected": row.expected, "received": row.received, "missing": row.missing,
        "used": row.used, "held": row.held, "flagged": row.flagged, "late": row.late,
        "unplanned": row.unplanned, "share": row.share, "withdrawn": row.withdrawn,
    }  # fmt: skip


def rate_out(
    frame: Frame, checklist: str, indicator: Indicator | None, rate: Rate, *, exact: bool = True
) -> dict[str, Any]:
    """One rate with what it rests on. Not ``exact``: only what a partner may be told."""
    says: Mapping[str, Any] = {} if indicator is None else {
        "phrase": indicator.phrase, "standards": list(indicator.standards),
    }  # fmt: skip
    row = {
        "checklist": checklist, "indicator": rate.indicator, "stage": rate.stage,
        "severity": rate.severity, "kind": rate.kind, "part": rate.part,
        "area": None if rate.area is None else area_out(frame.areas[rate.area]),
        "number": number_out(rate.number, exact=exact), "stations": rate.stations,
        "why_count": rate.why_count, **says,
    }  # fmt: skip
    if exact:
        row |= {
            "seen": rate.seen, "observations": rate.observations, "missing": rate.missing,
            "response": rate.response, "beside": vars(rate.beside),
        }  # fmt: skip
    return row


def contest_out(watch: Watch, counted: ContestCounted) -> dict[str, Any]:
    """A quick count: shares, and response by stratum."""
    count, contest, drawn = counted.count, counted.contest, watch.frame.drawn
    design = counted.included.results.design
    names = dict(contest.contestants)
    return {
        "contest": {"code": contest.code, "name": contest.name},
        "denominator": contest.denominator,
        "thresholds": [{"name": name, "share": share} for name, share in contest.thresholds],
        "response_threshold": counted.threshold, "may_speak": counted.may_speak,
        "design": {
            "method": None if drawn is None else method_of(drawn.sample.method),
            "classes": design.classes, "why": design.why or None,
        },
        "planned": None if count is None else count.planned,
        "received": len(counted.included.arrivals),
        "set_aside": counted.included.results.set_aside,
        "shares": [] if count is None else [
            _share_out(each, names, counted) for each in count.shares
        ],
        "strata": [] if count is None else [
            {"code": each.stratum, "population": each.population, "planned": each.planned,
             "received": each.received, "refused": each.refused, "closed": each.closed,
             "missing": each.missing, "rate": each.rate}
            for each in count.response
        ],
    }  # fmt: skip


def entries_out(watch: Watch, entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Reports of a quick count, each with why it entered or not."""
    places = watch.frame.places
    return [
        {"report": each.report, "entered": each.entered, "why_not": each.why_not,
         "station": places[each.place].code if each.place >= 0 else None}
        for each in entries
    ]  # fmt: skip


def _share_out(share: Share, names: Mapping[str, str], counted: ContestCounted) -> dict[str, Any]:
    """One contestant's share, and on which side of each threshold it lies: never who won."""
    return {
        "contestant": share.contestant, "name": names.get(share.contestant, share.contestant),
        "number": number_out(share.estimate, "votes"), "raw": number_out(share.raw, "votes"),
        "lowest": share.lowest, "highest": share.highest,
        "thresholds": [
            {"name": name, "share": line,
             "verdict": against_threshold(share, line, response_met=counted.may_speak)}
            for name, line in counted.contest.thresholds
        ],
    }  # fmt: skip
