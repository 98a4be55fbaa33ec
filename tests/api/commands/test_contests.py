"""Contests and national standards by file: added, changed, refused row by row."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.command_line import CommandLine

Save = Callable[[str, str | bytes], Path]
Rows = Callable[..., list[tuple[Any, ...]]]
CONTESTS = """round;contest;contest_name;denominator;choices;thresholds;contestant;name
first;mayor;Mayor;valid;1;majority=50%;A;Ada Grove
first;mayor;Mayor;valid;1;majority=50%;B;Bo Lake
first;council;Council;cast;3;list=0,05;X;The Mill
"""
AREAS = """SELECT c.code, a.code FROM contest_area x JOIN contest c ON c.id = x.contest_id
JOIN area a ON a.id = x.area_id ORDER BY 1, 2"""
LAW = """code,instrument,says:en,says:fr
law:45,Election Act,Counting is open,Le décompte est public
dop:4,Mine,Other words,
45,Election Act,No id,
"""


def test_contests_come_in_with_their_contestants_and_twice_are_there_once(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows
) -> None:
    file = saved("contests.csv", CONTESTS)
    assert indelible.done("contests", "import", vastria, file)["added"] == 3
    assert indelible.done("contests", "import", vastria, file)["unchanged"] == 3
    assert rows(
        "SELECT code, name, denominator, choices_per_ballot, thresholds FROM contest"
        " WHERE code IN ('mayor', 'council') ORDER BY code"
    ) == [
        ("council", "Council", "cast", 3, [{"name": "list", "share": 0.05}]),
        ("mayor", "Mayor", "valid", 1, [{"name": "majority", "share": 0.5}]),
    ]


def test_a_changed_name_and_denominator_are_shown_and_written(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows
) -> None:
    indelible.done("contests", "import", vastria, saved("contests.csv", CONTESTS))
    other = CONTESTS.replace("Bo Lake", "Bo Lane").replace(";cast;", ";registered;")
    shown = indelible.done("contests", "import", vastria, saved("other.csv", other))["changes"]
    assert [(each["column"], each["before"], each["after"]) for each in shown] == [
        ("name", "Bo Lake", "Bo Lane"),
        ("denominator", "cast", "registered"),
    ]
    assert rows("SELECT name FROM contestant WHERE code = 'B' AND starts_with(name, 'Bo')") == [
        ("Bo Lane",)
    ]


def test_names_in_other_languages_come_in_by_columns_of_theirs(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows
) -> None:
    head = "round;contest;contest_name;contest_name:fr;contestant;name;name:fr;name:ar\n"
    row = "first;mayor;Mayor;Mairie;A;Lantern;Lanterne;الفانوس\n"
    done = indelible.done("contests", "import", vastria, saved("names.csv", head + row))
    assert done["added"] == 1
    assert rows("SELECT names FROM contest WHERE code = 'mayor'") == [({"fr": "Mairie"},)]
    assert rows("SELECT names FROM contestant WHERE name = 'Lantern'") == [
        ({"fr": "Lanterne", "ar": "الفانوس"},)
    ]


def test_the_constituencies_of_a_contest_come_in_and_change_by_file(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows
) -> None:
    areas = "code,name\nD1,Hill\nD2,Lake\nD3,Coast\n"
    indelible.done("areas", "import", vastria, saved("areas.csv", areas))
    head, row = "round,contest,contestant,area\n", "first,council,X,{}\n"
    file = saved("contests.csv", head + row.format("D2; D1"))
    assert indelible.done("contests", "import", vastria, file)["added"] == 1
    assert rows(AREAS) == [("council", "D1"), ("council", "D2")]
    assert indelible.done("contests", "import", vastria, file)["unchanged"] == 1
    changed = saved("changed.csv", head + row.format("D2;D3"))
    assert indelible.done("contests", "import", vastria, changed)["changes"] == [
        {"row": 2, "code": "first/council/X", "column": "areas"}
        | {"before": ["D1", "D2"], "after": ["D2", "D3"]}
    ]
    assert rows(AREAS) == [("council", "D2"), ("council", "D3")]
    unknown = saved("unknown.csv", head + row.format("D2;D9"))
    said = indelible.done("contests", "import", vastria, unknown)
    assert said["refused"][0]["reason"] == "column area: no area 'D9'."
    assert indelible.done("doctor")["sound"]


def test_the_file_of_stations_may_name_the_contests_of_a_station(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows
) -> None:
    query = (
        "SELECT p.code, o.contests FROM round_place o JOIN place p ON p.id = o.place_id"
        " JOIN round r ON r.id = o.round_id WHERE r.code = 'first' AND p.code LIKE 'N%%' ORDER BY 1"
    )
    head = "code,name,contests\n"
    file = saved("stations.csv", head + "N1,School,president; council\nN2,Hall,\n")
    indelible.done("stations", "import", vastria, file)
    assert rows(query) == [("N1", ["president", "council"]), ("N2", None)]
    changed = saved("changed.csv", head + "N1,School,\nN2,Hall,council\n")
    indelible.done("stations", "import", vastria, changed)
    assert rows(query) == [("N1", None), ("N2", ["council"])]


def test_each_row_that_cannot_be_taken_names_its_column(
    indelible: CommandLine, vastria: str, saved: Save
) -> None:
    bad = (
        "third;mayor;Mayor;valid;1;;C;Cy",
        "first;mayor;Mayor;shares;1;;E;Cy",
        "first;mayor;Mayor;valid;0;;F;Cy",
        "first;mayor;Mayor;valid;1;majority;G;Cy",
        "first;mayor;Other;valid;1;;D;Di",
        "first;mayor;Mayor;valid;1;majority=50%;;Nobody",
    )
    file = saved("contests.csv", CONTESTS + "\n".join(bad))
    said = indelible.done("contests", "import", vastria, file)
    assert said["added"] == 3
    assert [each["reason"].partition(":")[0] for each in said["refused"]] == [
        "column round",
        "column denominator",
        "column choices",
        "column thresholds",
        "column contest",
        "column contestant",
    ]


def test_national_standards_come_in_by_file_and_the_catalogue_stays_what_it_is(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows
) -> None:
    file = saved("law.csv", LAW)
    said = indelible.done("standards", "import", vastria, file)
    assert (said["added"], [each["row"] for each in said["refused"]]) == (1, [3, 4])
    assert rows("SELECT instrument, says FROM mission_standard WHERE code = 'law:45'") == [
        ("Election Act", {"en": "Counting is open", "fr": "Le décompte est public"})
    ]
    assert indelible.done("standards", "import", vastria, file)["unchanged"] == 1
