"""``indelible estimate`` on tables as analysts have them."""

import csv
import json
import math
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from api.commands.estimating import estimate
from schemas.problems import Refusal

R = Path(__file__).parents[2] / "analytics" / "r"
STRATIFIED = ["--strata", "stratum", "--fpc", "size"]
TWO_STAGES = ["--strata", "stratum", "--psu", "area,station", "--fpc", "areas,stations"]
app = typer.Typer()
app.command()(estimate)


def run(*arguments: str | Path) -> str:
    found = CliRunner().invoke(app, [str(each) for each in arguments])
    if found.exception is not None:
        raise found.exception
    return found.stdout


def rows(*arguments: str | Path) -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = json.loads(run(*arguments, "--json"))
    return answer


def table(folder: Path, text: str) -> Path:
    file = folder / "table.csv"
    file.write_text(text, encoding="utf-8")
    return file


def said_by_r(case: str, what: str) -> dict[str, str]:
    with (R / "oracle.csv").open(encoding="utf-8") as file:
        return next(
            row for row in csv.DictReader(file) if (row["case"], row["what"]) == (case, what)
        )


@pytest.mark.parametrize(
    ("case", "what", "arguments"),
    [
        ("stratified adjust", "mean votes", ["stratified.csv", "--y", "votes", *STRATIFIED]),
        (
            "stratified remove",
            "mean votes",
            ["stratified.csv", "--y", "votes", *STRATIFIED, "--lonely", "remove"],
        ),
        (
            "stratified average",
            "total votes",
            ["stratified.csv", "--y", "votes", *STRATIFIED, "--lonely", "average", "--total"],
        ),
        (
            "clustered",
            "ratio votes/cast",
            [
                "clustered.csv",
                "--y",
                "votes",
                "--x",
                "cast",
                "--strata",
                "stratum",
                "--psu",
                "area",
                "--weight",
                "weight",
            ],
        ),
        ("two stages", "mean late", ["two_stages.csv", "--y", "late", *TWO_STAGES]),
        (
            "two stages",
            "proportion late beta",
            ["two_stages.csv", "--y", "late", "--equals", "1", *TWO_STAGES],
        ),
        (
            "two stages",
            "proportion late xlogit",
            ["two_stages.csv", "--y", "late", "--equals", "1", "--ci", "logit", *TWO_STAGES],
        ),
    ],
)
def test_the_command_says_what_r_says(case: str, what: str, arguments: list[str]) -> None:
    (row,) = rows(R / arguments[0], *arguments[1:])
    for name in ("estimate", "se", "low", "high", "df"):
        assert row[name] == pytest.approx(float(said_by_r(case, what)[name]), rel=1e-12), name


def test_domains_stand_in_order_and_use_the_whole_design() -> None:
    found = rows(R / "stratified.csv", "--y", "votes", "--x", "cast", *STRATIFIED, "--by", "group")
    assert [row["domain"] for row in found] == [{"group": each} for each in "abc"]
    for row, each in zip(found, "abc", strict=True):
        said = said_by_r("stratified adjust", f"ratio votes/cast in {each}")
        assert row["se"] == pytest.approx(float(said["se"]), rel=1e-12)
        assert row["design"].startswith("stratified sample, 7 strata")


def test_none_of_300_is_fewer_than_a_bound_and_never_nothing(tmp_path: Path) -> None:
    file = table(tmp_path, "late\n" + "no\n" * 300)
    (row,) = rows(file, "--y", "late", "--equals", "yes")
    assert row["high"] == pytest.approx(1 - 0.025 ** (1 / 300), rel=1e-12)
    assert row["says"] == "none seen: fewer than 1.3 %"
    assert not any(isinstance(each, float) and math.isnan(each) for each in row.values())
    assert "fewer than 1.3 %" in run(file, "--y", "late", "--equals", "yes")


def test_several_domains_of_which_one_said_nothing(tmp_path: Path) -> None:
    file = table(tmp_path, "y,a,b\n1,n,1\n2,n,1\n,s,1\nNA,s,1\n5,n,2\n7,n,2\n9,,2\n")
    found = rows(file, "--y", "y", "--by", "a,b")
    assert [row["estimate"] for row in found] == [1.5, 6.0, None]
    assert found[2]["domain"] == {"a": "s", "b": "1"}
    assert found[2]["says"] == "Nobody in the domain answered."


@pytest.mark.parametrize(
    ("text", "arguments", "says"),
    [
        ("y\n1\n2\n", ["--y", "z"], "no column 'z'"),
        ("y\n1\nmany\n", ["--y", "y"], "Row 3, column y: 'many' is not a number"),
        ("y,w\n1,1\n2,-3\n", ["--y", "y", "--weight", "w"], "Row 3, column w"),
        ("y,w\n1,1\n2,\n", ["--y", "y", "--weight", "w"], "Row 3, column w"),
        ("y,w\n1,0\n2,0\n", ["--y", "y", "--weight", "w"], "all are 0"),
        ("y,s\n1,a\n2,\n", ["--y", "y", "--strata", "s"], "Row 3, column s"),
        ("y,s,f\n1,a,9\n2,a,8\n", ["--y", "y", "--strata", "s", "--fpc", "f"], "differs"),
        ("y,f\n1,1.5\n2,1.5\n", ["--y", "y", "--fpc", "f"], "more units were drawn"),
        ('y\n""\nNA\n', ["--y", "y"], "Nobody"),
        ("y\n", ["--y", "y"], "no rows"),
        ("y\n3\n", ["--y", "y"], "Only one unit"),
        ("y,p\n3,a\n4,a\n", ["--y", "y", "--psu", "p"], "Only one unit"),
        ("y,s\n3,a\n4,b\n5,b\n", ["--y", "y", "--strata", "s", "--lonely", "fail"], "single"),
        ("y,x\n3,0\n4,0\n", ["--y", "y", "--x", "x"], "denominator"),
        ("y,x\n3,0\n4,0\n", ["--y", "y", "--x", "x", "--total"], "--x"),
        ("y\n3\n4\n", ["--y", "y", "--ci", "beta"], "zeros and ones"),
        ("y\n3\n4\n", ["--y", "y", "--level", "95"], "--level"),
        ('y\n""\nNA\n', ["--y", "y"], "Column y"),
        ("y,x\n3,0\n4,0\n", ["--y", "y", "--x", "x"], "Column y by x"),
        ("y\n3\n4\n", ["--y", "y", "--equals", " "], "--equals"),
        ("y\n1e200\n2e200\n", ["--y", "y"], "too large"),
        ("y;x\n1,234;1\n2,5;1\n", ["--y", "y"], "Row 2, column y: '1,234' can be read in two"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(
    tmp_path: Path, text: str, arguments: list[str], says: str
) -> None:
    with pytest.raises(Refusal, match=says):
        run(table(tmp_path, text), *arguments)


def test_values_all_equal_have_a_standard_error_of_nothing(tmp_path: Path) -> None:
    (row,) = rows(table(tmp_path, "y\n4\n4\n4\n"), "--y", "y")
    assert (row["estimate"], row["se"], row["low"], row["high"]) == (4.0, 0.0, 4.0, 4.0)


def test_one_unit_in_which_answers_differ_gives_a_share_no_certainty(tmp_path: Path) -> None:
    file = table(tmp_path, "y,p\n1,a\n2,a\n3,a\n")
    for method in ("beta", "wilson", "logit"):
        (row,) = rows(file, "--y", "y", "--psu", "p", "--equals", "1", "--ci", method)
        assert row["high"] - row["low"] > 0.8


def test_where_semicolons_stand_between_cells_decimals_have_a_comma(tmp_path: Path) -> None:
    (row,) = rows(table(tmp_path, "y;w\n1,5;1\n2,5;1,0\n0,125;2\n"), "--y", "y", "--weight", "w")
    assert row["estimate"] == pytest.approx((1.5 + 2.5 + 0.25) / 4)


@pytest.mark.parametrize(
    ("text", "arguments", "figures"),
    [
        # One station of fifty: a share has a bound, and no mean has an error.
        ("late,f\nno,50\n", ["--equals", "yes", "--fpc", "f"], (0, 0, 1 - 0.025**0.98)),
        # All there is: nothing is uncertain.
        ("late,f\nyes,1\n", ["--equals", "yes", "--fpc", "f"], (1, 1, 1)),
        # One stratum is a simple random sample.
        ("late,s\nyes,a\nno,a\nyes,a\n", ["--equals", "yes", "--strata", "s"], None),
        # All equal: the mirror of none seen.
        ("late\n" + "yes\n" * 300, ["--equals", "yes"], (1, 0.025 ** (1 / 300), 1)),
        # A row without weight is in no number.
        ("late,w\nyes,1\nyes,1\nno,0\n", ["--equals", "yes", "--weight", "w"], (1, 0.025**0.5, 1)),
    ],
)
def test_an_edge_has_a_defined_answer(
    tmp_path: Path, text: str, arguments: list[str], figures: tuple[float, float, float] | None
) -> None:
    file = table(tmp_path, text)
    (row,) = rows(file, "--y", "late", *arguments)
    if figures is None:
        (plain,) = rows(file, "--y", "late", *arguments[:2])
        assert {**row, "design": ""} == {**plain, "design": ""}
    else:
        assert (row["estimate"], row["low"], row["high"]) == pytest.approx(figures, rel=1e-12)
    assert "nan" not in run(file, "--y", "late", *arguments).lower()


def test_a_domain_without_weight_says_that_nobody_answered(tmp_path: Path) -> None:
    file = table(tmp_path, "y,w,d\n1,1,a\n2,1,a\n3,0,b\n4,0,b\n")
    one, other = rows(file, "--y", "y", "--weight", "w", "--by", "d")
    assert (one["estimate"], other["estimate"]) == (1.5, None)
    assert other["says"] == "Nobody in the domain answered."
