"""``results import``: what others publish, station by station."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.api.commands.test_imports import STATIONS
from tests.command_line import CommandLine

Save = Callable[[str, str | bytes], Path]
RESULTS = "Station,Valid votes,invalid,A,B\n001,400,8,210,190\n002,,,120,\n999,1,1,1,1\n"


@pytest.fixture
def stations(indelible: CommandLine, vastria: str, saved: Save) -> str:
    indelible.done("stations", "import", vastria, saved("stations.csv", STATIONS))
    return vastria


def test_each_station_s_result_is_kept_and_a_blank_is_not_a_zero(
    indelible: CommandLine, stations: str, saved: Save, rows: Callable[..., list[Any]]
) -> None:
    file = saved("results.csv", RESULTS)
    made = indelible.done("results", "import", stations, file, "--contest", "president")
    assert (made["added"], [each["code"] for each in made["refused"]]) == (2, ["999"])
    kept = "SELECT source, figures, votes FROM official_result o JOIN place p ON p.id = o.place_id"
    assert rows(kept + " ORDER BY p.code") == [
        ("published", {"valid": 400, "invalid": 8}, {"A": 210, "B": 190}),
        ("published", {}, {"A": 120}),
    ]


def test_the_same_results_twice_change_nothing_and_sources_stand_side_by_side(
    indelible: CommandLine, stations: str, saved: Save, rows: Callable[..., list[Any]]
) -> None:
    file = saved("results.csv", RESULTS)
    words = ("results", "import", stations, file, "--contest", "president")
    indelible.done(*words)
    again = indelible.done(*words)
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 2)
    indelible.done(*words, "--source", "entered")
    assert rows("SELECT count(*) FROM official_result") == [(4,)]


def test_an_unknown_contest_or_no_contestant_s_column_is_one_clear_line(
    indelible: CommandLine, stations: str, saved: Save
) -> None:
    file = saved("results.csv", RESULTS)
    unknown = indelible("results", "import", stations, file, "--contest", "mayor")
    assert (unknown.code, "no contest 'mayor'" in unknown.err) == (1, True)
    bare = saved("bare.csv", "station,valid\n001,3\n")
    none = indelible("results", "import", stations, bare, "--contest", "president")
    assert "no column is a contestant's" in none.err
