"""A domain is reckoned from its own rows: held against the whole design with zeros elsewhere."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.numbers import Estimate
from analytics.survey.any_table import Columns, Question, ask
from analytics.survey.design import (
    Design,
    DesignProblem,
    Floats,
    Ints,
    Lonely,
    Truths,
    make_design,
    post_stratify,
)
from analytics.survey.estimates import (
    estimate_mean,
    estimate_proportion,
    estimate_ratio,
    estimate_total,
)
from analytics.survey.intervals import (
    Method,
    beta_interval,
    logit_interval,
    t_interval,
    wilson_interval,
)

DOMAINS = 5
LONELY: tuple[Lonely, ...] = ("adjust", "average", "remove")
METHODS: tuple[Method, ...] = ("beta", "wilson", "logit", "t")


@dataclass
class Sample:
    """A random sample: its design, two figures of each row and a yes or no, and its domain."""

    design: Design
    y: Floats
    x: Floats
    so: Floats
    domain: Ints


def sample(seed: int, lonely: Lonely, rows: int = 90) -> Sample:
    """One or two stages, with or without finite populations and weights, lonely strata often."""
    rng = np.random.default_rng(seed)
    strata = rng.integers(0, rng.integers(1, 9), rows)
    psu = rng.integers(0, rng.integers(2, 60), rows)
    two, finite = rng.random(2) < 0.5
    ssu = rng.integers(0, 4, rows) if two else None
    weights = None if finite and rng.random() < 0.5 else rng.uniform(0, 3, rows).round()
    if weights is not None:
        weights[:3] = 1.0
    design = make_design(
        rows,
        strata=strata,
        psu=psu,
        ssu=ssu,
        weights=weights,
        lonely=lonely,
        fpc=0.2 + 0.1 * strata if finite else None,
        second_fpc=np.full(rows, 0.4) if two and finite else None,
    )
    y, so = rng.normal(3, 2, rows), (rng.random(rows) < rng.choice([0.01, 0.4, 0.97])) * 1.0
    y[rng.random(rows) < 0.1] = so[rng.random(rows) < 0.1] = np.nan
    return Sample(design, y, rng.uniform(1, 9, rows), so, rng.integers(0, DOMAINS, rows))


def dense(design: Design, scores: Floats, used: Truths) -> float:
    """The variance of a total, stratum by stratum and unit by unit over every row."""
    whole, parts, lonely = 0.0, 0, 0
    for h in np.unique(design.strata):
        of = design.strata == h
        units = np.unique(design.psu[of])
        totals = np.array([scores[design.psu == each].sum() for each in units])
        f = design.fraction[of][0]
        whole += (1 - f) * spread(totals, design.lonely)
        if np.any(used & of):
            parts += 1
            lonely += len(units) == 1 and f < 1
    if design.lonely == "average":
        whole *= parts / (parts - lonely)
    if design.ssu is None or design.second_fraction is None:
        return whole
    for each in np.unique(design.psu):
        of = design.psu == each
        seconds = np.unique(design.ssu[of])
        totals = np.array([scores[design.ssu == second].sum() for second in seconds])
        part = (1 - design.second_fraction[of][0]) * spread(totals, design.lonely)
        whole += design.fraction[of][0] * part
    return whole


def spread(totals: Floats, lonely: Lonely) -> float:
    n = len(totals)
    if n == 1:
        return float(totals[0] ** 2) if lonely == "adjust" else 0.0
    return n / (n - 1) * float(np.sum((totals - totals.mean()) ** 2))


def slow(made: Sample, what: str, here: Truths) -> tuple[float, float, float]:
    """Value, standard error and degrees of freedom."""
    design, y = made.design, made.so if what == "proportion" else made.y
    x = made.x if what == "ratio" else np.ones(design.rows)
    used = here & (design.weights > 0) & np.isfinite(y)
    w = np.where(used, design.weights, 0.0)
    y = np.where(used, y, 0.0)
    df = max(len(np.unique(design.psu[used])) - len(np.unique(design.strata[used])), 1)
    if what == "total":
        return float((w * y).sum()), dense(design, w * y, used) ** 0.5, df
    below = float((w * x).sum())
    value = float((w * y).sum()) / below
    return value, dense(design, w * (y - value * x) / below, used) ** 0.5, df


def fast(made: Sample, what: str, here: Truths | Ints, method: Method = "beta") -> Estimate:
    if what == "total":
        return estimate_total(made.design, made.y, here)
    if what == "ratio":
        return estimate_ratio(made.design, made.y, made.x, here)
    if what == "mean":
        return estimate_mean(made.design, made.y, here)
    return estimate_proportion(made.design, made.so, here, method=method)


def limits(made: Sample, found: Estimate, here: Truths) -> tuple[float, float]:
    """The interval of a proportion from value, standard error and the units that answered."""
    design = made.design
    used = here & (design.weights > 0) & np.isfinite(made.so)
    units = np.unique(design.psu[used])
    weight = np.array([design.weights[used & (design.psu == each)].mean() for each in units])
    f = np.array([design.fraction[design.psu == each][0] for each in units])
    drawn = len(units) / np.sum(1 / f) if np.all(f > 0) else 0.0
    n = np.array([np.inf if drawn == 1 else weight.sum() ** 2 / np.sum(weight**2) / (1 - drawn)])
    value, se, df = (np.array([each]) for each in (found.value, found.se, found.df))
    rows = np.array([float(used.sum())])
    low, high = {
        "beta": lambda: beta_interval(value, se, rows, df, 0.05, n),
        "wilson": lambda: wilson_interval(value, se, df, 0.05, n),
        "logit": lambda: logit_interval(value, se, df, 0.05, n),
        "t": lambda: t_interval(value, se, df, 0.05),
    }[found.method]()
    return float(low[0]), float(high[0])


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from(LONELY),
    st.sampled_from(["mean", "ratio", "total", "proportion"]),
    st.sampled_from(METHODS),
)
def test_a_domain_from_its_rows_is_the_same_as_from_the_whole_design(
    seed: int, lonely: Lonely, what: str, method: Method
) -> None:
    made = sample(seed, lonely)
    for at in range(DOMAINS):
        here = np.asarray(made.domain == at)
        try:
            found = fast(made, what, here, method)
        except DesignProblem:
            continue
        value, se, df = slow(made, what, here)
        assert (found.value, found.df) == pytest.approx((value, df), rel=1e-12)
        assert found.se == pytest.approx(se, rel=1e-12, abs=1e-14)
        assert fast(made, what, np.flatnonzero(here), method) == found
        if what == "proportion":
            assert (found.low, found.high) == pytest.approx(limits(made, found, here), rel=1e-12)


def test_rows_may_be_named_by_number_where_weights_were_fitted() -> None:
    made = sample(3, "adjust")
    sizes = np.bincount(made.domain, minlength=DOMAINS) * 7.0
    fitted = post_stratify(made.design, made.domain, sizes)
    here = made.x > 4
    assert estimate_mean(fitted, made.y, np.flatnonzero(here)) == estimate_mean(
        fitted, made.y, here
    )


def test_a_table_is_answered_domain_by_domain_as_each_is_alone() -> None:
    made = sample(11, "adjust", rows=400)
    cells = {
        "y": [str(each) for each in made.y],
        "place": [str(each) for each in made.domain],
        "unit": [str(each) for each in made.design.psu],
    }
    cells["place"][7] = ""
    domain = made.domain.copy()
    domain[7] = -1
    design, answers = ask(
        Columns(cells, range(2, 402)), Question("y", psu=("unit",), by=("place",))
    )
    assert [each.domain for each in answers] == [{"place": str(at)} for at in range(DOMAINS)]
    for at, each in enumerate(answers):
        here = domain == at
        assert each.found == estimate_mean(design, made.y, here)
        assert each.n == int(np.sum(here & np.isfinite(made.y)))
