"""``sample draw``: the whole frame is kept, a draw stands, anyone can draw it again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import CommandLine

Save = Callable[[str, str | bytes], Path]


@pytest.fixture
def framed(indelible: CommandLine, vastria: str, saved: Save) -> str:
    """The mission with thirty stations in three districts."""
    lines = [f"{n:03d},{n % 3},{'urban' if n % 2 else 'rural'}" for n in range(30)]
    file = saved("frame.csv", "code,district_code,setting\n" + "\n".join(lines))
    indelible.done("stations", "import", vastria, file)
    return vastria


def draw(indelible: CommandLine, mission: str, *more: object) -> Any:
    return indelible.done(
        "sample", "draw", mission, "--round", "first", "--size", 12, "--seed", 5, *more
    )


def test_the_whole_frame_is_kept_beside_what_was_drawn(
    indelible: CommandLine, framed: str, rows: Callable[..., list[tuple[int, int]]]
) -> None:
    made = draw(indelible, framed, "--stratify-by", "district_code")
    assert (made["size"], made["frame"], made["strata"], made["seed"]) == (12, 30, 3, 5)
    assert len(made["stations"]) == len(set(made["stations"])) == 12
    assert 0.2 < made["expected_margin"] < 0.3
    kept = rows("SELECT count(*), count(*) FILTER (WHERE drawn) FROM sampled_station")
    assert kept == [(30, 12)]
    strata = rows("SELECT population, drawn FROM stratum ORDER BY code")
    assert strata == [(10, 4), (10, 4), (10, 4)]


@pytest.mark.parametrize("column", [None, "district_code", "setting", "sort", "area"])
def test_the_strata_foreseen_are_those_that_are_drawn(
    indelible: CommandLine, framed: str, column: str | None
) -> None:
    chosen = () if column is None else ("--stratify-by", column)
    foreseen = indelible.done("sample", "size", framed, "--round", "first", "--size", 12, *chosen)
    made = draw(indelible, framed, *chosen)
    assert (foreseen["frame_size"], foreseen["strata"]) == (made["frame"], made["strata"])
    assert foreseen["margin"] == pytest.approx(made["expected_margin"])


def test_a_column_that_no_station_has_is_refused(indelible: CommandLine, framed: str) -> None:
    refused = indelible(
        "sample", "size", framed, "--round", "first", "--size", 5, "--stratify-by", "height"
    )
    assert refused.code == 1
    assert "There are: area, district_code, setting, sort." in refused.err


def test_a_draw_stands(indelible: CommandLine, framed: str) -> None:
    draw(indelible, framed)
    again = indelible("sample", "draw", framed, "--round", "first", "--size", 5, "--seed", 6)
    assert again.code == 1
    assert "A draw stands" in again.err
    assert draw_in_the_other_round(indelible, framed)["size"] == 5


def test_the_other_kind_of_observers_has_a_sample_of_its_own(
    indelible: CommandLine, framed: str
) -> None:
    main = draw(indelible, framed)
    assert (main["code"], main["kind"]) == ("main", "domestic")
    abroad = (
        "sample",
        "draw",
        framed,
        "--round",
        "first",
        "--size",
        5,
        "--seed",
        6,
        "--kind",
        "international",
    )
    refused = indelible(*abroad)
    assert refused.code == 1
    assert "takes a code of its own" in refused.err
    made = indelible.done(*abroad, "--code", "abroad")
    assert (made["code"], made["kind"], made["size"]) == ("abroad", "international", 5)


def draw_in_the_other_round(indelible: CommandLine, mission: str) -> Any:
    return indelible.done("sample", "draw", mission, "--round", "second", "--size", 5, "--seed", 6)


def test_what_cannot_be_drawn_is_refused_in_words(indelible: CommandLine, framed: str) -> None:
    for words, says in (
        (("--size", 31, "--seed", 1, "--round", "first"), "31"),
        (("--size", 5, "--seed", 1), "--round"),
        (("--size", 5, "--seed", 1, "--round", "first", "--stratify-by", "colour"), "setting"),
    ):
        said = indelible("sample", "draw", framed, *words)
        assert said.code == 1
        assert says in said.err
        assert said.err.count("\n") == 1


def test_a_mission_without_stations_has_no_sample(indelible: CommandLine, vastria: str) -> None:
    said = indelible("sample", "draw", vastria, "--round", "first", "--size", 5, "--seed", 1)
    assert said.code == 1
    assert "Import them first" in said.err


def test_every_method_is_drawn_and_kept_with_its_rule(
    indelible: CommandLine, framed: str, rows: Callable[..., list[tuple[str, int]]]
) -> None:
    made = draw(
        indelible, framed, "--method", "two-stage", "--stratify-by", "district_code", "--each", 6
    )
    assert (made["size"], made["strata"]) == (12, 3)
    assert made["method"].startswith("areas, then stations")
    assert sorted(rows("SELECT drawn, population FROM stratum")) == [(0, 10), (6, 10), (6, 10)]


def test_an_allocation_is_named_and_adds_up(
    indelible: CommandLine, framed: str, rows: Callable[..., list[tuple[int, int]]]
) -> None:
    made = draw(indelible, framed, "--stratify-by", "setting", "--allocation", "equal")
    assert made["method"].endswith("; allocation equal")
    assert rows("SELECT drawn FROM stratum") == [(6,), (6,)]


def test_neyman_needs_a_column_of_an_earlier_election(indelible: CommandLine, framed: str) -> None:
    said = indelible(
        "sample",
        "draw",
        framed,
        "--round",
        "first",
        "--size",
        12,
        "--seed",
        5,
        "--allocation",
        "neyman",
    )
    assert (said.code, "--spread" in said.err) == (1, True)


def test_stations_without_voters_are_not_drawn_by_size(indelible: CommandLine, framed: str) -> None:
    said = indelible(
        "sample", "draw", framed, "--round", "first", "--size", 12, "--seed", 5, "--method", "pps"
    )
    assert (said.code, "30 stations have no voters" in said.err) == (1, True)


def test_the_size_that_a_margin_needs_is_told_and_nothing_drawn(
    indelible: CommandLine, framed: str, rows: Callable[..., list[tuple[int]]]
) -> None:
    asked = ("sample", "size", framed, "--round", "first", "--stratify-by", "district_code")
    needed = indelible.done(*asked, "--margin", 20)
    given = indelible.done(*asked, "--size", needed["size"])
    fewer = indelible.done(*asked, "--size", needed["size"] - 1)
    assert given["margin"] <= 0.2 < fewer["margin"]
    assert indelible.done(*asked, "--margin", 20, "--deff", 1.5)["size"] > needed["size"]
    assert rows("SELECT count(*) FROM sample") == [(0,)]
