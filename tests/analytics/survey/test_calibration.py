"""Raked and calibrated weights: they fit what is known, and R gives the same numbers."""

import csv
from collections.abc import Callable

import numpy as np
import pytest

from analytics.survey.calibration import Margin, calibrate, rake
from analytics.survey.design import Design, DesignProblem, make_design
from analytics.survey.estimates import (
    estimate_mean,
    estimate_proportions,
    estimate_ratio,
    estimate_total,
)
from tests.analytics.test_estimates_r import (
    GROUPS,
    HERE,
    C,
    Rows,
    S,
    clustered,
    figures,
    stratified,
)

HALVES = np.array([560.0, 520.0])


def raked(design: Design, rows: Rows) -> Design:
    groups = np.array(["abc".index(row["group"]) for row in rows])
    return rake(design, [Margin(groups, GROUPS), Margin(np.arange(len(rows)) % 2, HALVES)])


def calibrated(design: Design, rows: Rows) -> Design:
    group = [row["group"] for row in rows]
    columns = [
        np.ones(len(rows)),
        figures(rows, "cast"),
        *(np.array([each == name for each in group], dtype=np.float64) for name in "bc"),
    ]
    return calibrate(design, np.column_stack(columns), np.array([1080, 870000, 330, 350.0]))


def said_by_r() -> list[dict[str, str]]:
    with (HERE / "calibration.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("sample", ["stratified", "clustered"])
@pytest.mark.parametrize("fit", [raked, calibrated])
def test_every_number_is_the_one_that_r_gives(
    sample: str, fit: Callable[[Design, Rows], Design]
) -> None:
    rows = S if sample == "stratified" else C
    plain = stratified("adjust") if rows is S else clustered(figures(C, "size"))
    design, votes, cast = fit(plain, rows), figures(rows, "votes"), figures(rows, "cast")
    inside = np.array([row["group"] == "a" for row in rows])
    ours = {
        "mean": estimate_mean(design, votes),
        "total": estimate_total(design, votes),
        "ratio": estimate_ratio(design, votes, cast),
        "ratio in a": estimate_ratio(design, votes, cast, inside),
        "total in a": estimate_total(design, votes, inside),
    }
    said = [each for each in said_by_r() if each["case"] == f"{sample} {fit.__name__}"]
    assert len(said) == 5
    for each in said:
        found = ours[each["what"]]
        assert found.value == pytest.approx(float(each["estimate"]), rel=1e-11), each["what"]
        assert found.se == pytest.approx(float(each["se"]), rel=1e-11), each["what"]


def test_known_totals_are_met_and_named_in_the_design() -> None:
    design = raked(clustered(None), C)
    halves = np.bincount(np.arange(len(C)) % 2, weights=design.weights)
    assert halves == pytest.approx(HALVES, rel=1e-11)
    assert design.describes.endswith("raked")
    fitted = calibrated(clustered(None), C)
    assert np.sum(fitted.weights * figures(C, "cast")) == pytest.approx(870000, rel=1e-12)


def test_what_cannot_be_fitted_is_refused() -> None:
    design, two = make_design(4), np.array([0, 0, 1, 1])
    even = Margin(two, np.array([5.0, 5.0]))
    with pytest.raises(DesignProblem, match="add up"):
        rake(design, [even, Margin(two, np.array([5.0, 6.0]))])
    with pytest.raises(DesignProblem, match="class 2"):
        rake(design, [Margin(two, np.array([5.0, 5.0, 1.0]))])
    with pytest.raises(DesignProblem, match="do not fit"):
        rake(design, [even, Margin(two, np.array([4.0, 6.0]))])
    with pytest.raises(DesignProblem, match="follows"):
        calibrate(design, np.ones((4, 2)), np.array([4.0, 4.0]))
    with pytest.raises(DesignProblem, match="below 0"):
        calibrate(design, np.arange(8.0).reshape(4, 2), np.array([0.0, 90.0]))
    with pytest.raises(DesignProblem, match="fitted before"):
        rake(rake(design, [even]), [even])
    with pytest.raises(DesignProblem, match="as drawn"):
        estimate_proportions(np.ones((4, 1), bool), np.ones((4, 1), bool), rake(design, [even]))
