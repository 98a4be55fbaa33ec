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
    return indelible.done("sample", "draw", mission, "--round", "first", "--size", 12,
                          "--seed", 5, *more)  # fmt: skip


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


def test_a_draw_stands(indelible: CommandLine, framed: str) -> None:
    draw(indelible, framed)
    again = indelible("sample", "draw", framed, "--round", "first", "--size", 5, "--seed", 6)
    assert again.code == 1
    assert "A draw stands" in again.err
    assert draw_in_the_other_round(indelible, framed)["size"] == 5


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
