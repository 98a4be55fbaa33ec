"""Computing the figures of a share: small cells suppressed, frozen as JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from analytics.numbers import Estimate
from analytics.observation.irregularity_rates import Rate
from analytics.statements.findings import Finding
from analytics.wording import FORMATS, WordedNumber, say
from api.figures.ask import figure
from api.figures.coverage import coverage_table
from api.figures.edition import Edition
from api.figures.export import as_printed, number_out, rate_out
from api.figures.irregularities import told_outside
from api.figures.rates import indicators_of, rates, rates_by_area
from api.statements.draft import conclusions
from schemas.columns import new_id

Row = dict[str, Any]
PAGE = "page"
"""The key of what our own page needs of a row beside what JSON holds: it is in no answer."""


@dataclass(frozen=True)
class FrozenRound:
    """What partners read of one round, by its code, at one reading of the clock."""

    code: str
    clock: int
    coverage: Row
    irregularities: Row
    findings: tuple[Row, ...]


@dataclass(frozen=True)
class FrozenFigures:
    """What partners read of every round, as of the earliest of their readings of the clock.

    ``coverage`` and ``irregularities`` are ``{"round": code, "rounds": {code: …}}``, where
    ``round`` is the one read when none is asked for.
    """

    upto: int
    coverage: Row
    irregularities: Row
    findings: list[Row]


@figure
def freeze_round(edition: Edition) -> FrozenRound:
    """The figures of one round as of now."""
    return FrozenRound(
        edition.reference.polling.code,
        edition.clock,
        _coverage(edition),
        _irregularities(edition),
        tuple(_findings(edition)),
    )


def freeze(rounds: Sequence[FrozenRound]) -> FrozenFigures:
    """The figures of a mission in each of its rounds; the first is the round nearest to now."""
    nearest = rounds[0].code
    return FrozenFigures(
        upto=min(each.clock for each in rounds),
        coverage={"round": nearest, "rounds": {each.code: each.coverage for each in rounds}},
        irregularities={
            "round": nearest,
            "rounds": {each.code: each.irregularities for each in rounds},
        },
        findings=[row for each in rounds for row in each.findings],
    )


def _coverage(edition: Edition) -> Row:
    table = coverage_table(edition, everything=False)
    del table["sequence"]
    return table


def _irregularities(edition: Edition) -> Row:
    """The nation's rates and the outermost areas', and the checklists that could have some."""
    nation, areas = [], []
    for name in edition.reference.checklists:
        whole = rates(edition, name)
        nation += [_rate(edition, name, each) for each in told_outside(whole, whole)]
        areas += [
            _rate(edition, name, each) for each in told_outside(rates_by_area(edition, name), whole)
        ]
    return {"nation": nation, "areas": areas, "checklists": list(edition.reference.checklists)}


def _rate(edition: Edition, checklist: str, rate: Rate) -> Row:
    known = {each.code: each for each in indicators_of(edition, checklist)}
    indicator = known.get(rate.indicator)
    return {
        **rate_out(edition.reference.areas, checklist, indicator, rate, exact=False),
        PAGE: _drawn(edition, checklist, rate),
    }


def _drawn(edition: Edition, checklist: str, rate: Rate) -> Row:
    """The stage that a rate is listed under on the page, and its number as it is said and drawn."""
    rules, stage = edition.reference.newest(checklist), rate.stage
    said = {name: _parts(say(rate.number, style=style)) for name, style in FORMATS.items()}
    return {
        "stage": rules.definition.stage if stage == "all" and rules else stage,
        "said": said,
        "count": _counted(rate),
        "printed": _printed(rate),
        "ranked_share": None if rate.ranked_share is None else round(rate.ranked_share, 2),
    }


def _printed(rate: Rate) -> list[float] | None:
    if not isinstance(rate.number, Estimate):
        return None
    number = as_printed(rate.number)
    return [number.value, number.low, number.high]


def _counted(rate: Rate) -> list[int] | None:
    """Seen and observed, where that is what is said; an estimate from many is said as such."""
    number = rate.number
    if not isinstance(number, Estimate):
        return [number.seen, number.of]
    if say(number).kind == "count" and number.seen is not None:
        return [number.seen, number.n]
    return None


def _parts(said: WordedNumber) -> list[str]:
    return [said.kind, said.value, said.margin, said.out_of, said.unit]


def _findings(edition: Edition) -> Iterator[Row]:
    """What may be concluded from the national rates that partners may see."""
    told = {
        (name, each.indicator, each.kind, each.part)
        for name in edition.reference.checklists
        for each in told_outside(rates(edition, name), rates(edition, name))
    }
    for each in conclusions(edition, with_reports=False):
        if (each.checklist, each.indicator, each.kind, each.query["part"]) in told:
            yield _finding(edition, each)


def _finding(edition: Edition, finding: Finding) -> Row:
    """A finding without what it could be computed back from."""
    return {
        "id": str(new_id()),
        "round": edition.reference.polling.code,
        "code": finding.code,
        "indicator": finding.indicator,
        "stage": finding.stage,
        "severity": finding.severity,
        "polarity": finding.polarity,
        "kind": finding.kind,
        "standards": list(finding.standards),
        "phrase": dict(finding.phrase),
        "wording": {k: dict(v) for k, v in finding.wording.items()},
        "checklist": finding.checklist,
        "version": finding.version,
        "number": number_out(finding.number, exact=False),
    }
