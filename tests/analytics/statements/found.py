"""Findings made by hand: what a rule is given, so that a test shows what it says."""

from dataclasses import replace
from typing import Any

from analytics.numbers import Beside, Domain, Estimate, Number, ObservedCount
from analytics.statements.findings import Finding
from schemas.mission import Kind


def share(
    seen: int,
    n: int,
    *,
    low: float | None = None,
    high: float | None = None,
    domain: Domain | None = None,
    not_asked: int = 0,
) -> Estimate:
    """An estimate of ``seen`` of ``n``, with the interval given, or one a point either way."""
    value = seen / n
    ends = [value if each is None else each for each in (low, high)]
    return Estimate(
        value=value,
        se=0.01,
        low=max(ends[0] - (0 if low is not None else 0.01), 0.0),
        high=min(ends[1] + (0 if high is not None else 0.01), 1.0),
        level=0.95,
        n=n,
        df=100,
        deff=None,
        method="korn_graubard",
        seen=seen,
        population=11240,
        design="stratified",
        domain=domain,
        beside=Beside(not_asked=not_asked),
        drawn=650,
    )


def count(seen: int, n: int, *, domain: Domain | None = None, not_asked: int = 0) -> ObservedCount:
    """A count of polling stations that nobody drew by lot."""
    beside = Beside(not_asked=not_asked)
    return ObservedCount(seen, n, n, unit="station", domain=domain, beside=beside)


def a_finding(
    indicator: str,
    number: Number,
    *,
    severity: int = 2,
    polarity: str = "negative",
    stage: str = "voting",
    kind: Kind = Kind.DOMESTIC,
    part: str = "sample",
    **changes: Any,
) -> Finding:
    """A finding of one indicator, worded by its code unless ``phrase`` says more."""
    code = f"{stage}/{indicator}/{kind}/{part}"
    found = Finding(
        code=code if polarity == "negative" else f"{code}/positive",
        indicator=indicator,
        stage=stage,
        severity=severity,
        polarity="negative" if polarity == "negative" else "positive",
        kind=kind,
        number=number,
        standards=("obl:7",),
        phrase={"en": f"the fault {indicator} was seen"},
        n=number.n if isinstance(number, Estimate) else number.of,
        missing=0,
        wording={},
        checklist=stage,
        version="1",
        query={
            "not_asked": number.beside.not_asked,
            "missing": 0,
            "not_observed": 0,
            "unanswered": 0,
            "told": 0,
            "part": part,
        },
        reports=(),
        estimate_beside=None,
        other=number,
        ranked_share=number.value if isinstance(number, Estimate) else number.seen / number.of,
    )
    return replace(found, **changes)
