"""Areas, centres and run-offs as commands."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.api.commands.test_imports import STATIONS
from tests.command_line import CommandLine

Save = Callable[[str, str | bytes], Path]
Rows = Callable[..., list[Any]]
AREAS = "code,name,level,parent,zone\n07,North,district,N,\nN,Northland,region,,Asia/Tbilisi\n"
CENTRES = """code,kind,name,area,receives
C1,counting_centre,Hall,07,001 002
T1,tabulation_centre,House,,C1
"""


def test_an_area_lies_in_another_wherever_that_stands_in_the_file(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows
) -> None:
    file = saved("areas.csv", AREAS)
    made = indelible.done("areas", "import", vastria, file)
    assert (made["added"], made["refused"]) == (2, [])
    found = "SELECT a.code, b.code, b.zone FROM area a JOIN area b ON b.id = a.parent_id"
    assert rows(found) == [("07", "N", "Asia/Tbilisi")]
    again = indelible.done("areas", "import", vastria, file)
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 2)


def test_areas_that_would_be_inside_themselves_are_refused_whole(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows
) -> None:
    circle = saved("areas.csv", "code,parent\nA,B\nB,C\nC,A\n")
    told = indelible("areas", "import", vastria, circle)
    assert (told.code, "inside itself" in told.err) == (1, True)
    assert rows("SELECT count(*) FROM area") == [(0,)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("code,parent\nA,Z\n", "No area 'Z'"),
        ("code,zone\nA,Mars/Base\n", "column zone"),
        ("code,name\n,x\n", "empty"),
        (f"code,name\n{'a' * 201},x\n", "longer than 200"),
        (f"code,name\nA,{'x' * 2001}\n", "longer than 2000"),
    ],
)
def test_an_area_that_cannot_be_is_refused_by_row(
    indelible: CommandLine, vastria: str, saved: Save, text: str, reason: str
) -> None:
    made = indelible.done("areas", "import", vastria, saved("areas.csv", text))
    (refused,) = made["refused"]
    assert (refused["row"], reason in refused["reason"]) == (2, True)


def test_a_code_that_stands_twice_stops_the_file_and_changes_nothing(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows
) -> None:
    indelible.done("areas", "import", vastria, saved("areas.csv", AREAS))
    twice = saved("twice.csv", "code,name,parent\nN,Other,\nS,South,\nN,Others,S\n")
    before = rows("SELECT count(*) FROM area")
    made = indelible("areas", "import", vastria, twice)
    assert (made.code, "Rows 2 and 4 both have N." in made.err) == (1, True)
    assert "--map" not in made.err
    assert rows("SELECT count(*) FROM area") == before
    assert rows("SELECT name, parent_id FROM area WHERE code = 'N'") == [("Northland", None)]
    centres = saved("centres.csv", "code,kind\nC1,commission\nC1,counting_centre\n")
    made = indelible("centres", "import", vastria, centres)
    assert (made.code, "Rows 2 and 3 both have C1." in made.err) == (1, True)


def test_a_cell_that_no_page_could_show_is_refused_by_its_row(
    indelible: CommandLine, vastria: str, saved: Save
) -> None:
    long = "".join(str(n) for n in range(3000))
    text = f"code,name,district_code\n001,{long},N\n002,Hall,{long[:4000]}\n003,Hall,N\n"
    made = indelible.done("stations", "import", vastria, saved("stations.csv", text))
    assert made["added"] == 1
    assert [(each["row"], each["reason"]) for each in made["refused"]] == [
        (2, "column name: longer than 2000 letters."),
        (3, "column district_code: longer than 200 letters."),
    ]


def test_a_centre_receives_stations_and_a_centre_above_receives_centres(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows
) -> None:
    indelible.done("stations", "import", vastria, saved("stations.csv", STATIONS))
    file = saved("centres.csv", CENTRES)
    assert indelible.done("centres", "import", vastria, file)["added"] == 2
    found = "SELECT p.code, c.code FROM place p JOIN place c ON c.id = p.centre_id ORDER BY 1"
    assert rows(found) == [("001", "C1"), ("002", "C1"), ("C1", "T1")]
    again = indelible.done("centres", "import", vastria, file)
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 2)


def test_a_workbook_is_read_like_a_file_and_a_code_that_lost_its_zeros_is_asked_about(
    indelible: CommandLine, vastria: str, saved: Save, tmp_path: Path
) -> None:
    indelible.done("stations", "import", vastria, saved("stations.csv", STATIONS))
    book = openpyxl.Workbook()
    for row in (["code", "name"], ["003", "School 3"], [1, "School 1"], ["004", "New"]):
        book.active.append(row)  # type: ignore[union-attr]
    file = tmp_path / "stations.xlsx"
    book.save(file)
    made = indelible("stations", "import", vastria, file)
    assert (made.code, "row 3 (1, the mission has 001)" in made.err) == (1, True)


def test_a_mobile_box_is_no_station(indelible: CommandLine, vastria: str, saved: Save) -> None:
    file = saved("stations.csv", "code,name,sort\nM1,Box,mobile\nP1,Prison,prison\n")
    made = indelible.done("stations", "import", vastria, file)
    assert made["added"] == 1
    assert "section of its parent station" in made["refused"][0]["reason"]


def test_a_run_off_is_one_command(indelible: CommandLine, vastria: str, rows: Rows) -> None:
    made = indelible.done(
        "round",
        "runoff",
        vastria,
        "--of",
        "first",
        "--code",
        "runoff",
        "--name",
        "Run-off",
        "--day",
        "2027-03-28",
        "--contest",
        "president=A,B",
    )
    assert made == {"round": "runoff", "polling_days": ["2027-03-28"]}
    wrong = indelible(
        "round",
        "runoff",
        vastria,
        "--of",
        "first",
        "--code",
        "third",
        "--name",
        "x",
        "--day",
        "2027-04-28",
        "--contest",
        "president=A",
    )
    assert (wrong.code, "contestants" in wrong.err) == (1, True)
    assert rows("SELECT count(*) FROM round WHERE code IN ('runoff', 'third')") == [(1,)]
