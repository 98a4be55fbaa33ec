"""Reports from a table: columns are questions, by name or by a mapping; a dry run says it first."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import CommandLine

Save = Callable[[str, str | bytes], Path]
Rows = Callable[..., list[tuple[Any, ...]]]
TABLE = """Station;Observer;Arrival;access_given;Officials seen;Who was sent out;colour
001;W-1;2027-04-11T09:00:00Z;freely;7;agents citizens;blue
001;W-1;2027-04-11T15:00:00Z;denied;many;;red
009;W-1;2027-04-11T16:00:00Z;freely;5;;
"""
MAPS = ("--map", "Officials seen=officials", "--map", "Who was sent out=removed")


@pytest.fixture
def stationed(indelible: CommandLine, vastria: str, saved: Save) -> str:
    """The mission with one station."""
    indelible.done("stations", "import", vastria, saved("stations.csv", "code\n001\n"))
    return vastria


def test_rows_become_reports_and_twice_they_are_there_once(
    indelible: CommandLine, stationed: str, saved: Save, rows: Rows
) -> None:
    words = ("reports", "import", stationed, saved("r.csv", TABLE), "--checklist", "voting", *MAPS)
    first = indelible.done(*words)
    assert [(each["line"], each["status"]) for each in first["items"]] == [
        (2, 201),
        (3, 202),
        (4, 202),
    ]
    assert [each["field"] for item in first["items"][1:] for each in item["reasons"]] == [
        "officials",
        "station",
    ]
    assert first["unread"] == ["colour"]
    assert [each["status"] for each in indelible.done(*words)["items"]] == [200, 200, 200]
    assert rows("SELECT answers FROM report_version WHERE answers ->> 'officials' = '7'") == [
        ({"access_given": "freely", "officials": 7, "removed": ["agents", "citizens"]},)
    ]


def test_a_column_names_the_contest_of_each_protocol(
    indelible: CommandLine, stationed: str, saved: Save, rows: Rows
) -> None:
    table = "station,observer,arrived_at,contest,stuffing\n"
    table += "".join(
        f"001,W-1,2027-04-11T{hour}:00:00Z,{contest},no\n"
        for hour, contest in ((19, "president"), (20, "mayor"))
    )
    words = ("reports", "import", stationed, saved("r.csv", table), "--checklist", "counting")
    first = indelible.done(*words)
    assert [each["status"] for each in first["items"]] == [201, 202]
    (reason,) = first["items"][1]["reasons"]
    assert (reason["field"], reason["code"]) == ("contest", "contradicts")
    assert rows("SELECT c.code FROM report r JOIN contest c ON c.id = r.contest_id") == [
        ("president",)
    ]


def test_a_dry_run_says_what_would_come_of_it_and_keeps_nothing(
    indelible: CommandLine, stationed: str, saved: Save, rows: Rows
) -> None:
    said = indelible(
        "reports",
        "import",
        stationed,
        saved("r.csv", TABLE),
        "--checklist",
        "voting",
        *MAPS,
        "--dry-run",
    )
    assert "nothing is written" in said.out
    assert "1 kept, 2 held" in said.out
    assert "not read: colour" in said.out
    assert rows("SELECT count(*) FROM submission") == [(0,)]


def test_two_rows_that_say_the_same_are_two_reports(
    indelible: CommandLine, stationed: str, saved: Save, rows: Rows
) -> None:
    row = "001,W-1,2027-04-11T09:00:00Z,freely\n"
    file = saved("r.csv", f"station,observer,arrived_at,access_given\n{row}{row}")
    for _ in range(2):
        indelible.done("reports", "import", stationed, file, "--checklist", "voting")
    assert rows("SELECT count(*) FROM report") == [(2,)]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--checklist", "cooking"), "no checklist 'cooking'"),
        (("--checklist", "voting", "--map", "nine=rating"), "no column 'nine'"),
        (("--checklist", "voting", "--map", "colour=taste"), "'taste' is no question"),
        (("--checklist", "voting", "--map", "colour=station"), "Two columns are 'station'"),
        (("--checklist", "voting", "--map", "colour"), "COLUMN is needed"),
        (("--map", "colour=rating"), "say with --checklist"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_by_its_name(
    indelible: CommandLine, stationed: str, saved: Save, words: tuple[str, ...], says: str
) -> None:
    said = indelible("reports", "import", stationed, saved("r.csv", TABLE), *words)
    assert said.code == 1
    assert says in said.err
