"""Findings: what may be concluded from a rate, under a standard, positive as well as negative."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from uuid import UUID

from analytics.numbers import Estimate, Number, ObservedCount, counted
from analytics.observation.irregularity_rates import Rate
from analytics.wording import ENOUGH_FOR_ESTIMATE
from schemas.checklist import Definition, Indicator, Texts
from schemas.mission import Kind

Polarity = Literal["positive", "negative"]
RARE = 0.05
"""A share of irregular observations under which what went right is a finding too."""

ASSESSMENT = "-OVERALL"
"""How the code of the observers' overall assessment of a stage ends: it is told whatever it is."""


@dataclass(frozen=True)
class Finding:
    """One conclusion. ``code`` is its stable id; a sentence is ``phrase`` and ``number``.

    ``number`` is the share of stations where ``phrase`` holds: for a positive finding that is
    the complement of the rate. ``n`` are the units that answered, ``missing`` the sampled
    stations from which no report came. ``wording`` holds the questions asked,
    ``query`` how the number came about, ``reports`` those in which the irregularity was seen.
    """

    code: str
    indicator: str
    stage: str
    severity: int
    polarity: Polarity
    kind: Kind
    number: Number
    standards: tuple[str, ...]
    phrase: Texts
    n: int
    missing: int
    wording: Mapping[str, Texts]
    checklist: str
    version: str
    query: Mapping[str, Any]
    reports: tuple[UUID, ...]
    estimate_beside: Estimate | None
    """Of what lies outside a sample, the sample's estimate of the same thing, where there is one,
    though it be no finding."""
    other: Number
    """The same counted in the other unit, to be shown beside the number."""
    ranked_share: float | None
    """The share of all stations (observations) where ``phrase`` holds, by which findings are put
    in order; None: it has no place in an order, and none in conclusions."""
    noun: Texts = field(default_factory=dict)
    """What was seen, as a noun without an article, for lists; empty where nobody gave it."""
    listed: Texts = field(default_factory=dict)
    """The noun with its article, where lists of what was seen want it (French, Arabic)."""
    label: Texts = field(default_factory=dict)
    """Its short name in a table."""
    of_access: bool = False
    """Whether it is of the observers' own access, which a statement always speaks of."""

    def __post_init__(self) -> None:
        if not self.standards:
            raise ValueError(f"standards: finding {self.code} names none")

    def says(self, language: str) -> str:
        """The finding's phrase in a language, in English where it has none in it."""
        return self.phrase.get(language) or self.phrase.get("en") or self.indicator


def find(
    rates: Iterable[Rate],
    definition: Definition,
    *,
    rules: str = "",
    sequence: int = 0,
    reports: Callable[[Rate], tuple[UUID, ...]] = lambda rate: (),
) -> tuple[Finding, ...]:
    """What the national rates of one checklist let the mission conclude.

    Whatever was seen is a negative finding; where it was rare or not seen at all, the positive
    phrase is a finding as well (coc:7), unless the integrity of the vote was touched. Rates that
    nobody answered conclude nothing, and rates of areas are not findings. ``rules`` names the
    revision, ``sequence`` the mission's clock, ``reports`` finds the reports behind a rate.
    """
    indicators = {each.code: each for each in definition.indicators}
    found: list[Finding] = []
    rates = tuple(rates)
    sampled = {
        (each.indicator, each.kind): each.number
        for each in rates
        if each.area is None and isinstance(each.number, Estimate)
    }
    for rate in rates:
        indicator = indicators.get(rate.indicator)
        if indicator is None or rate.area is not None or not counted(rate.number).of:
            continue
        query = _query(rate, definition, rules, sequence)
        estimate = sampled.get((rate.indicator, rate.kind)) if rate.part != "sample" else None
        if counted(rate.number).seen:
            seen_in = reports(rate)
            found.append(
                _finding(rate, indicator, definition, query, "negative", seen_in, estimate)
            )
        if _is_rare(rate) or indicator.code.endswith(ASSESSMENT):
            found.append(_finding(rate, indicator, definition, query, "positive", (), estimate))
    return tuple(sorted(found, key=_weight))


def gravest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Negative findings by severity, then by how often; positive ones after them."""
    return tuple(sorted(findings, key=_weight))


def without_folded(findings: Iterable[Finding]) -> list[Finding]:
    """Findings without what lies outside a sample, where an estimate of the same thing stands.

    The same thing is one indicator of one checklist; put in the findings of one kind of
    observers to fold by kind. What is grave and was seen outside the sample alone is told all
    the same: the estimate beside it says that it was seen nowhere.
    """
    found = list(findings)
    estimated = [each for each in found if isinstance(each.number, Estimate)]
    things = {_thing(each) for each in estimated}
    seen = {
        _thing(each)
        for each in estimated
        if each.polarity == "negative" or share_of(each.number) < 1
    }

    def saw(each: Finding) -> bool:
        beside = each.estimate_beside
        return _thing(each) in seen or bool(beside and beside.seen)

    return [
        each
        for each in found
        if isinstance(each.number, Estimate)
        or not (_thing(each) in things or each.estimate_beside)
        or (each.polarity == "negative" and each.severity >= 3 and not saw(each))
    ]


def speaks_of_all(number: Number) -> bool:
    """Whether a number speaks of every polling station: an estimate from enough answers."""
    return isinstance(number, Estimate) and number.n >= ENOUGH_FOR_ESTIMATE


def _thing(finding: Finding) -> tuple[str, str]:
    return finding.checklist, finding.indicator


def share_of(number: Number) -> float:
    """The share that a number states, 0 to 1; 0 where there is nothing to divide by."""
    if isinstance(number, Estimate):
        return number.value
    return number.seen / number.of if number.of else 0.0


def _of_phrase(number: Number, *, negative: bool) -> Number:
    """The number where a finding's phrase holds: of a positive one, where it was not seen."""
    return number if negative else complement(number)


def complement(number: Number) -> Number:
    """The number of the contrary: where it was not so."""
    if isinstance(number, ObservedCount):
        return replace(number, seen=number.of - number.seen)
    return replace(
        number,
        value=1 - number.value,
        low=1 - number.high,
        high=1 - number.low,
        seen=None if number.seen is None else number.n - number.seen,
    )


def _is_rare(rate: Rate) -> bool:
    """Rare enough to say what went right, from enough answers to say so.

    What touches the integrity of the vote is never called rare: once seen, it was seen.
    """
    count = counted(rate.number)
    if count.of < ENOUGH_FOR_ESTIMATE:
        return False
    return count.seen == 0 or (rate.severity < 3 and share_of(rate.number) < RARE)


def _finding(
    rate: Rate,
    indicator: Indicator,
    definition: Definition,
    query: Mapping[str, Any],
    polarity: Polarity,
    reports: tuple[UUID, ...],
    estimate: Estimate | None,
) -> Finding:
    negative = polarity == "negative"
    number = _of_phrase(rate.number, negative=negative)
    code = f"{definition.name}/{indicator.code}/{rate.kind}/{rate.part}"
    return Finding(
        code=code if negative else f"{code}/positive",
        indicator=indicator.code,
        stage=definition.stage if indicator.stage == "all" else indicator.stage,
        severity=indicator.severity,
        polarity=polarity,
        kind=rate.kind,
        number=number,
        standards=indicator.standards,
        phrase=indicator.phrase if negative else indicator.positive_phrase,
        n=number.n if isinstance(number, Estimate) else number.of,
        missing=rate.missing,
        wording=_wording(indicator, definition),
        checklist=definition.name,
        version=definition.version,
        query={**query, "polarity": polarity},
        reports=reports,
        estimate_beside=estimate,
        other=_of_phrase(rate.other, negative=negative),
        ranked_share=_ranked(rate, negative=negative),
        noun=indicator.noun,
        listed=indicator.noun_with_article,
        label=indicator.label,
        of_access=indicator.of_access,
    )


def _ranked(rate: Rate, *, negative: bool) -> float | None:
    """The share of all; of a positive finding that was asked of some, as many of all as answered
    it times the share of these."""
    if rate.ranked_share is None or negative:
        return rate.ranked_share
    answered = counted(rate.number).of
    asked = answered / max(answered + rate.beside.not_asked, 1)
    return (asked if rate.number.domain else 1.0) * share_of(complement(rate.number))


def _wording(indicator: Indicator, definition: Definition) -> dict[str, Texts]:
    asked = {source.question for source in indicator.sources}
    return {each.name: each.label for each in definition.questions if each.name in asked}


def _query(rate: Rate, definition: Definition, rules: str, sequence: int) -> dict[str, Any]:
    """How a rate was computed, as data: enough to compute it again from the reports."""
    return {
        "measure": "irregular / (fine + irregular)",
        "checklist": definition.name,
        "version": definition.version,
        "rules": rules,
        "indicator": rate.indicator,
        "kind": str(rate.kind),
        "part": rate.part,
        "area": rate.area,
        "as_of_sequence": sequence,
        "observations": rate.observations,
        "irregular": rate.seen,
        "stations": rate.stations,
        "missing": rate.missing,
        "response": rate.response,
        "told": rate.beside.told,
        "not_observed": rate.beside.not_observed,
        "unanswered": rate.beside.unanswered,
        "not_applicable": rate.beside.not_applicable,
        "not_asked": rate.beside.not_asked,
        "unit": rate.number.unit,
        "seen_stations": rate.by_station.seen,
        "why_count": rate.why_count,
        "method": rate.number.method if isinstance(rate.number, Estimate) else "count",
        "design": rate.number.design if isinstance(rate.number, Estimate) else "",
    }


def is_telling(finding: Finding) -> bool:
    """Whether a negative finding belongs in the conclusions: grave, or at 5% or more of all
    stations, rounded as they are printed; never one without a place in an order."""
    share = finding.ranked_share
    return share is not None and (finding.severity >= 3 or round(share, 2) >= RARE)


def _weight(finding: Finding) -> tuple[bool, int, float, str]:
    return (
        finding.polarity == "positive",
        -finding.severity,
        1.0 if finding.ranked_share is None else -finding.ranked_share,
        finding.code,
    )
