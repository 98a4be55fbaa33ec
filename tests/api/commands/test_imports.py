"""Imports as commands: files name themselves, dry runs write nothing, twice changes nothing."""

from collections.abc import Callable
from pathlib import Path

from tests.command_line import CommandLine

Save = Callable[[str, str | bytes], Path]
STATIONS = """code,name,district_code,district_name,registered_voters,latitude,longitude,setting
001,School 1,07,North,812,12.5,-8.0,urban
002,School 2,07,North,640,,,rural
003,School 3,08,South,1204,12.7,-8.2,rural
"""
OBSERVERS = "pseudonym,organisation,languages,pledged\nW-2,watch,fr,yes\nW-3,watch,fr en,no\n"
DEPLOYMENTS = (
    "round,station,observers,expect voting,expect counting\nfirst,001,W-2,2,1\nfirst,002,W-3,2,1\n"
)


def clock(rows: Callable[..., list[tuple[int]]]) -> int:
    return rows("SELECT max(seq) FROM mission_clock")[0][0]


def test_the_same_stations_twice_change_nothing_not_even_the_clock_or_the_seals(
    indelible: CommandLine, vastria: str, saved: Save, rows: Callable[..., list[tuple[int]]]
) -> None:
    file = saved("stations.csv", STATIONS)
    first = indelible.done("stations", "import", vastria, file)
    before, sealed = clock(rows), rows("SELECT count(*) FROM sealed_row")
    again = indelible.done("stations", "import", vastria, file)
    assert (first["added"], first["refused"]) == (3, [])
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 3)
    assert clock(rows) == before
    assert rows("SELECT count(*) FROM sealed_row") == sealed
    places = rows("SELECT count(*) FROM sealed_row WHERE source = 'place'")
    assert places == [(3,)]


def test_a_dry_run_says_what_would_be_done_and_does_none_of_it(
    indelible: CommandLine, vastria: str, saved: Save, rows: Callable[..., list[tuple[int]]]
) -> None:
    before = clock(rows)
    file = saved("stations.csv", STATIONS)
    assert indelible.done("stations", "import", vastria, file, "--dry-run")["added"] == 3
    assert rows("SELECT count(*) FROM place") == [(0,)]
    assert rows("SELECT count(*) FROM area") == [(0,)]
    assert clock(rows) == before


def test_a_second_file_changes_only_what_it_has_columns_for(
    indelible: CommandLine, vastria: str, saved: Save, rows: Callable[..., list[tuple[object]]]
) -> None:
    indelible.done("stations", "import", vastria, saved("stations.csv", STATIONS))
    roll = saved("roll.csv", "code;registered\n001;815\n002;640\n")
    again = indelible.done("stations", "import", vastria, roll)
    assert (again["changed"], again["unchanged"]) == (1, 1)
    read = "SELECT p.name, latitude, attributes ->> 'setting', registered_voters FROM place p"
    assert rows(f"{read} WHERE code = '001'") == [("School 1", 12.5, "urban", 815)]
    assert rows("SELECT DISTINCT registered_voters FROM round_place ORDER BY 1") == [
        (640,),
        (815,),
        (1204,),
    ]


def test_a_dry_run_shows_each_cell_that_would_change(
    indelible: CommandLine, vastria: str, saved: Save
) -> None:
    indelible.done("stations", "import", vastria, saved("stations.csv", STATIONS))
    file = saved("again.csv", "code,name,district_code,tent\n001,School 1,08,\n003,Hall,08,yes\n")
    shown = indelible.done("stations", "import", vastria, file, "--dry-run")["changes"]
    assert [(e["row"], e["code"], e["column"], e["before"], e["after"]) for e in shown] == [
        (2, "001", "area", "07", "08"),
        (2, "001", "district_code", "07", "08"),
        (3, "003", "name", "School 3", "Hall"),
        (3, "003", "tent", None, "yes"),
    ]
    people = saved("people.csv", OBSERVERS)
    indelible.done("observers", "import", vastria, people)
    people = saved("people.csv", OBSERVERS.replace("fr en,no", "pt,yes"))
    shown = indelible.done("observers", "import", vastria, people)["changes"]
    assert [(each["column"], each["before"], each["after"]) for each in shown] == [
        ("languages", ["fr", "en"], ["pt"]),
        ("pledged", None, "yes"),
    ]


def test_a_code_that_lost_its_zeros_stops_the_file_until_it_is_accepted(
    indelible: CommandLine, vastria: str, saved: Save, rows: Callable[..., list[tuple[int]]]
) -> None:
    indelible.done("stations", "import", vastria, saved("stations.csv", STATIONS))
    file = saved("bare.csv", "code,name\n9,N\n1,A\n")
    said = indelible("stations", "import", vastria, file)
    assert said.code == 1
    assert "row 3 (1, the mission has 001)" in said.err
    assert rows("SELECT count(*) FROM place") == [(3,)]
    went = indelible.done("stations", "import", vastria, file, "--accept", "similar-codes")
    assert went["added"] == 2


def test_a_header_that_no_field_stands_for_is_named(
    indelible: CommandLine, vastria: str, saved: Save
) -> None:
    file = saved("odd.csv", "code,name,Bezirk,ramp\n007,N,North,yes\n")
    said = indelible.done("stations", "import", vastria, file, "--dry-run")
    assert said["kept"] == ["Bezirk", "ramp"]


def test_refused_rows_are_told_and_the_others_taken(
    indelible: CommandLine, vastria: str, saved: Save
) -> None:
    bad = (",None,07,North,5,,,", "009,Far,07,North,5,95.0,1,", "010,Odd,07,N,many,,,")
    file = saved("stations.csv", STATIONS + "\n".join(bad))
    said = indelible.done("stations", "import", vastria, file)
    assert said["added"] == 3
    assert [each["row"] for each in said["refused"]] == [5, 6, 7]
    assert "column latitude" in said["refused"][1]["reason"]
    assert "column registered_voters: 'many'" in said["refused"][2]["reason"]


def test_a_file_that_is_no_table_is_refused_by_its_name(
    indelible: CommandLine, vastria: str, saved: Save
) -> None:
    for name, content, words in (
        ("empty.csv", b"", "Row 1"),
        ("picture.csv", b"\x89PNG\x00\x01\x02", "not a text file"),
        ("columns.csv", b"station;roll\n1;2\n", "no column 'code'"),
        ("quotes.csv", b'code,name\n1,"open\n2,shut\n', "Row 2"),
    ):
        said = indelible("stations", "import", vastria, saved(name, content))
        assert said.code == 1
        assert name in said.err
        assert words in said.err
        assert said.err.count("\n") == 1


def test_observers_and_deployments_twice_are_there_once(
    indelible: CommandLine, vastria: str, saved: Save, rows: Callable[..., list[tuple[int]]]
) -> None:
    indelible.done("stations", "import", vastria, saved("stations.csv", STATIONS))
    for _ in range(2):
        people = indelible.done("observers", "import", vastria, saved("people.csv", OBSERVERS))
        sent = indelible.done("deployments", "import", vastria, saved("sent.csv", DEPLOYMENTS))
    assert (people["unchanged"], sent["unchanged"]) == (2, 2)
    assert rows("SELECT count(*) FROM deployment") == [(2,)]
    assert rows("SELECT count(*) FROM pledge") == [(2,)]


def test_a_later_pledge_and_another_plan_are_changes(
    indelible: CommandLine, vastria: str, saved: Save
) -> None:
    indelible.done("stations", "import", vastria, saved("stations.csv", STATIONS))
    indelible.done("observers", "import", vastria, saved("people.csv", OBSERVERS))
    indelible.done("deployments", "import", vastria, saved("sent.csv", DEPLOYMENTS))
    signed = saved("people.csv", OBSERVERS.replace("fr en,no", "fr en,yes"))
    more = saved("sent.csv", DEPLOYMENTS.replace("W-3,2,1", "W-3,3,1"))
    assert indelible.done("observers", "import", vastria, signed)["changed"] == 1
    assert indelible.done("deployments", "import", vastria, more)["changed"] == 1


def test_a_deployment_names_everything_that_is_not_known(
    indelible: CommandLine, vastria: str, saved: Save
) -> None:
    file = saved("sent.csv", "round,station,observers,expect cooking\nthird,9,W-9,1\n,,W-1,\n")
    refused = indelible.done("deployments", "import", vastria, file)["refused"]
    assert "round third, station 9, observer W-9, checklist cooking" in refused[0]["reason"]
    assert "round (none is named)" in refused[1]["reason"]


def test_a_mission_that_is_not_there_is_said_so(indelible: CommandLine, saved: Save) -> None:
    said = indelible("stations", "import", "atlantis", saved("stations.csv", STATIONS))
    assert (said.code, said.err) == (1, "indelible: There is no mission 'atlantis'.\n")
