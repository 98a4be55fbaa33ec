"""Our estimator against R's survey package, number by number, to twelve significant digits."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from analytics.numbers import Estimate
from analytics.survey.design import Design, Floats, make_design, post_stratify
from analytics.survey.estimates import (
    estimate_mean,
    estimate_proportion,
    estimate_ratio,
    estimate_total,
)

HERE = Path(__file__).parent / "r"
GROUPS = np.array([400.0, 330.0, 350.0])
Rows = list[dict[str, str]]


def read(name: str) -> Rows:
    with (HERE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


S, C, T = read("stratified.csv"), read("clustered.csv"), read("two_stages.csv")


def figures(rows: Rows, name: str) -> Floats:
    return np.array([float(row[name]) if row[name] else np.nan for row in rows])


def labels(rows: Rows, name: str) -> list[object]:
    return [row[name] for row in rows]


def stratified(lonely: str) -> Design:
    return make_design(len(S), strata=labels(S, "stratum"), fpc=figures(S, "size"), lonely=lonely)  # type: ignore[arg-type]


def clustered(fpc: Floats | None) -> Design:
    return make_design(
        len(C),
        strata=labels(C, "stratum"),
        psu=labels(C, "area"),
        weights=figures(C, "weight"),
        fpc=fpc,
    )


def grouped(design: Design, rows: Rows) -> Design:
    return post_stratify(design, np.array(["abc".index(row["group"]) for row in rows]), GROUPS)


DESIGNS: dict[str, tuple[Rows, Callable[[], Design]]] = {
    "stratified adjust": (S, lambda: stratified("adjust")),
    "stratified remove": (S, lambda: stratified("remove")),
    "stratified average": (S, lambda: stratified("average")),
    "stratified weights only": (
        S,
        lambda: make_design(len(S), strata=labels(S, "stratum"), weights=figures(S, "weight")),
    ),
    "simple": (S, lambda: make_design(len(S))),
    "clustered": (C, lambda: clustered(None)),
    "clustered finite": (C, lambda: clustered(figures(C, "size"))),
    "two stages": (
        T,
        lambda: make_design(
            len(T),
            strata=labels(T, "stratum"),
            psu=labels(T, "area"),
            ssu=labels(T, "station"),
            fpc=figures(T, "areas"),
            second_fpc=figures(T, "stations"),
        ),
    ),
    "post-stratified": (S, lambda: grouped(stratified("adjust"), S)),
    "clustered post-stratified": (C, lambda: grouped(clustered(figures(C, "size")), C)),
}


def ours(design: Design, rows: Rows, what: str) -> Estimate:
    votes, cast, late = (figures(rows, name) for name in ("votes", "cast", "late"))
    inside = np.array([what[-3:-1] != "n " or row["group"] == what[-1] for row in rows])
    if what.startswith("mean"):
        return estimate_mean(design, late if "late" in what else votes)
    if what.startswith("total"):
        return estimate_total(design, votes, inside)
    if what.startswith("ratio"):
        return estimate_ratio(design, votes, cast, inside)
    method = "logit" if what.endswith("xlogit") else "beta"
    return estimate_proportion(design, late, inside, method=method)  # type: ignore[arg-type]


@pytest.mark.parametrize("case", DESIGNS)
def test_every_number_is_the_one_that_r_gives(case: str) -> None:
    rows, make = DESIGNS[case]
    asked = [each for each in read("oracle.csv") if each["case"] == case]
    assert len(asked) == 15
    for each in asked:
        found = ours(make(), rows, each["what"])
        said = {
            "estimate": found.value,
            "se": found.se,
            "low": found.low,
            "high": found.high,
            "df": found.df,
            "deff": found.deff,
        }
        for name, value in said.items():
            if each[name]:
                assert value == pytest.approx(float(each[name]), rel=1e-12), (each["what"], name)
