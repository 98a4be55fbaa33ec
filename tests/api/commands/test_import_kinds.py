"""Files as the world has them: nothing goes in silently wrong, and nothing half."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from api.commands import output
from tests.command_line import CommandLine

Save = Callable[[str, str | bytes], Path]
Rows = Callable[..., list[tuple[Any, ...]]]
REPEATING = "district_code,code,name,voters\n01,01,A,10\n01,02,B,10\n02,01,C,10\n"


def sheets(**tables: list[list[object]]) -> bytes:
    """A workbook of these sheets."""
    book, packed = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.worksheets[0])
    for title, table in tables.items():
        sheet = book.create_sheet(title)
        for cells in table:
            sheet.append(cells)
    book.save(packed)
    return packed.getvalue()


@pytest.fixture
def attended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sits at a terminal."""
    monkeypatch.setattr(output, "is_attended", lambda: True)


def test_nothing_is_written_while_the_key_repeats_and_a_key_of_two_columns_is_proposed(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows
) -> None:
    file = saved("stations.csv", REPEATING)
    said = indelible("stations", "import", vastria, file)
    assert said.code == 1
    assert "`code` is not unique: a key of several columns?" in said.err
    assert "Rows 2 and 4 both have 01" in said.err
    assert "row 2 (01): 01, 01, A, 10" in said.err
    assert "--map code=district_code+code" in said.err
    assert rows("SELECT count(*) FROM place") == rows("SELECT count(*) FROM area") == [(0,)]


def test_a_key_of_two_columns_is_joined_and_results_find_their_stations_by_it(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows
) -> None:
    file = saved("stations.csv", REPEATING)
    mapped = ("--map", "code=district_code+code")
    said = indelible.done("stations", "import", vastria, file, *mapped)
    assert said["added"] == 3
    assert rows("SELECT code FROM place ORDER BY code") == [("01-01",), ("01-02",), ("02-01",)]
    assert {each["column"]: each["fields"] for each in said["columns"]} == {
        "district_code": ["code", "area"],
        "code": ["code"],
        "name": ["name"],
        "voters": ["registered_voters"],
    }
    again = indelible.done("stations", "import", vastria, file, *mapped)
    assert again["unchanged"] == 3
    sent = saved("sent.csv", "round,d,s,observers\nfirst,01,02,W-1\n")
    plans = indelible.done("deployments", "import", vastria, sent, "--map", "station=d+s")
    assert (plans["added"], plans["refused"]) == (1, [])


@pytest.mark.parametrize(
    ("noun", "text"),
    [
        ("areas", "code,name\n1,A\n1,B\n"),
        ("observers", "pseudonym,organisation\nW-8,watch\nW-8,watch\n"),
        ("standards", "code,instrument,says\nlaw:1,Act,One\nlaw:1,Act,Two\n"),
        ("contests", "round,contest,contestant\nfirst,p,a\nfirst,p,a\n"),
    ],
)
def test_no_import_writes_anything_while_its_key_repeats(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows, noun: str, text: str
) -> None:
    before = rows("SELECT max(seq) FROM mission_clock")
    said = indelible(noun, "import", vastria, saved("twice.csv", text))
    assert said.code == 1
    assert "is not unique" in said.err
    assert "are the same throughout" in said.err or noun in ("areas", "standards")
    assert rows("SELECT max(seq) FROM mission_clock") == before


def test_the_same_team_twice_at_one_place_stops_the_whole_file(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows
) -> None:
    indelible.done("stations", "import", vastria, saved("s.csv", "code\n1\n2\n"))
    file = saved("sent.csv", "round,station,observers\nfirst,2,W-1\nfirst,1,W-1\nfirst,1,W-1\n")
    said = indelible("deployments", "import", vastria, file)
    assert (said.code, "rows 3 and 4" in said.err) == (1, True)
    assert rows("SELECT count(*) FROM deployment") == [(0,)]


TOTALS = """Presidential election 2027;;;
Register of polling stations;;;
code;name;district;voters
001;School 1;North;100
002;School 2;North;250
Total;;;350
003;School 3;South;75
;;;75
Grand total;;;425
Source: Commission;;;
"""


def test_a_run_without_a_person_leaves_titles_totals_and_notes_out_and_names_each(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows
) -> None:
    said = indelible.done("stations", "import", vastria, saved("s.csv", TOTALS))
    assert (said["added"], said["refused"]) == (3, [])
    assert [each["row"] for each in said["left_out"]] == [1, 2, 6, 8, 9, 10]
    assert rows("SELECT sum(registered_voters) FROM place") == [(425,)]
    told = indelible("stations", "import", vastria, saved("s.csv", TOTALS), "--dry-run")
    assert "row 9 (a total): Grand total, 425" in told.out


@pytest.mark.usefixtures("attended")
def test_a_person_is_asked_about_totals_and_may_say_that_a_row_is_data(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows
) -> None:
    file = saved("s.csv", TOTALS)
    said = indelible("stations", "import", vastria, file)
    assert said.code == 1
    assert "row 6 (a total): Total, 350" in said.err
    assert rows("SELECT count(*) FROM place") == [(0,)]
    went = indelible.done(
        "stations", "import", vastria, file, "--accept", "left-out", "--include-row", "6"
    )
    assert went["added"] == 4


def test_a_header_row_that_is_said_is_the_header_row(
    indelible: CommandLine, vastria: str, saved: Save
) -> None:
    file = saved("s.csv", "old,names,here\ncode,name,voters\n7,A,1\n")
    said = indelible.done("stations", "import", vastria, file, "--header-row", "2")
    assert (said["added"], [each["column"] for each in said["columns"]]) == (
        1,
        ["code", "name", "voters"],
    )
    assert indelible("stations", "import", vastria, file, "--header-row", "9").code == 1


def test_a_sheet_is_chosen_by_its_name_or_number(
    indelible: CommandLine, vastria: str, saved: Save
) -> None:
    book = sheets(Cover=[["Register"]], Stations=[["code", "name"], ["007", "Hall"], ["8.0", "B"]])
    file = saved("s.xlsx", book)
    assert "no column 'code'" in indelible("stations", "import", vastria, file).err
    for sheet in ("Stations", "2"):
        said = indelible.done(
            "stations",
            "import",
            vastria,
            file,
            "--sheet",
            sheet,
            "--dry-run",
            "--accept",
            "spreadsheet-values",
        )
        assert said["added"] == 2
    wrong = indelible("stations", "import", vastria, file, "--sheet", "Third")
    assert "There are: Cover, Stations" in wrong.err


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1250", "1,Szkoła Podstawowa,Łódź\n2,Świetlica,Żółć\n3,Dom,Gdańsk\n"),
        ("cp1254", "1,Atatürk İlköğretim Okulu,İstanbul\n2,Şehit Öğretmen,Muğla\n"),
    ],
)
def test_polish_and_turkish_are_read_as_what_they_are(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows, encoding: str, text: str
) -> None:
    data = f"code,name,address\n{text}".encode(encoding)
    said = indelible.done("stations", "import", vastria, saved("s.csv", data))
    assert said["encoding"] == encoding
    assert rows("SELECT name FROM place ORDER BY code")[0] == (text.split(",")[1],)


def test_two_scripts_in_one_word_stop_the_import_with_the_words_shown(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows
) -> None:
    wrong = "1,Szkoła,Łódź\n".encode("cp1250").decode("cp1251")
    file = saved("s.csv", f"code,name,address\n{wrong}2,B,C\n")
    said = indelible("stations", "import", vastria, file)
    assert said.code == 1
    assert "Szkoіa" in said.err
    assert "--encoding" in said.err
    assert rows("SELECT count(*) FROM place") == [(0,)]
    assert (
        indelible.done("stations", "import", vastria, file, "--accept", "mixed-scripts")["added"]
        == 2
    )


def test_an_encoding_that_is_said_wins_and_one_that_cannot_read_is_refused(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows
) -> None:
    file = saved("s.csv", "code,name\n1,Żółć\n".encode("cp1250"))
    indelible.done("stations", "import", vastria, file, "--encoding", "cp1250")
    assert rows("SELECT name FROM place") == [("Żółć",)]
    for name, words in (
        ("utf-8", "cannot be read so"),
        ("klingon", "no such encoding"),
        ("rot13", "no such encoding"),
        ("hex", "no such encoding"),
    ):
        said = indelible("stations", "import", vastria, file, "--encoding", name)
        assert (said.code, words in said.err) == (1, True), (name, said.err)


@pytest.mark.parametrize("code", ["2.0", "1.00101E+12", "1,2E+10"])
def test_codes_made_by_a_spreadsheet_stop_the_import_until_they_are_taken_as_written(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows, code: str
) -> None:
    file = saved("s.csv", f"code;name\n1;A\n{code};B\n")
    said = indelible("stations", "import", vastria, file)
    assert said.code == 1
    assert f"row 3 (code {code})" in said.err
    assert rows("SELECT count(*) FROM place") == [(0,)]
    indelible.done("stations", "import", vastria, file, "--accept", "spreadsheet-values")
    assert rows("SELECT code FROM place ORDER BY name") == [("1",), (code,)]


def test_codes_of_an_outline_are_none_of_a_spreadsheet(
    indelible: CommandLine, vastria: str, saved: Save
) -> None:
    file = saved("s.csv", "code,name\n1.0,A\n1.1,B\n1.2,C\n")
    assert indelible.done("stations", "import", vastria, file)["added"] == 3


def test_every_column_is_said_to_be_a_field_an_attribute_or_not_read(
    indelible: CommandLine, vastria: str, saved: Save
) -> None:
    file = saved("s.csv", "Code,Name,Reg.Voters,phone\n001,A,12,555\n002,B,14,556\n")
    said = indelible.done("stations", "import", vastria, file, "--dry-run")
    assert [(each["column"], each["use"], each["fields"]) for each in said["columns"]] == [
        ("Code", "field", ["code"]),
        ("Name", "field", ["name"]),
        ("Reg.Voters", "field", ["registered_voters"]),
        ("phone", "attribute", []),
    ]
    assert said["columns"][2]["samples"] == ["12", "14"]
    people = saved("o.csv", "pseudonym,organisation,shoe\nW-7,watch,42\n")
    told = indelible("observers", "import", vastria, people, "--dry-run").out
    assert "pseudonym ← pseudonym (W-7)" in told
    assert "not read: shoe" in told


def test_a_mapping_to_no_field_or_from_no_column_is_refused_before_anything_is_written(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows
) -> None:
    file = saved("s.csv", "Nr,name\n1,A\n")
    for mapping, words in (
        ("code=Number", "there is no column 'Number'"),
        ("kode=Nr", "no column 'code'"),
        ("code", "is needed"),
    ):
        said = indelible("stations", "import", vastria, file, "--map", mapping)
        assert (said.code, words in said.err) == (1, True), said.err
    said = indelible("stations", "import", vastria, file, "--map", "code=Nr", "--map", "hue=name")
    assert "--map hue: there is no such field" in said.err
    assert rows("SELECT count(*) FROM place") == [(0,)]
    assert indelible.done("stations", "import", vastria, file, "--map", "code=nr")["added"] == 1


def test_a_column_of_the_stations_never_renames_an_area_that_another_file_named(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows
) -> None:
    indelible.done("areas", "import", vastria, saved("a.csv", "code,name\n07,Kvemo\n"))
    file = saved(
        "s.csv", "code,district_code,district_name,region\n1,07,Wrong,East\n2,08,New,East\n"
    )
    said = indelible.done("stations", "import", vastria, file)
    assert rows("SELECT code, name FROM area ORDER BY code") == [("07", "Kvemo"), ("08", "New")]
    assert any("07 stays Kvemo, not Wrong" in each for each in said["notes"])


@pytest.mark.parametrize("text", ["code,name\nF-1,A\nf-1,B\n", "code,name\n12,A\n0012,B\n"])
def test_codes_that_look_alike_are_asked_about(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows, text: str
) -> None:
    file = saved("s.csv", text)
    said = indelible("stations", "import", vastria, file)
    assert (said.code, "an earlier row has" in said.err) == (1, True)
    assert rows("SELECT count(*) FROM place") == [(0,)]
    assert (
        indelible.done("stations", "import", vastria, file, "--accept", "similar-codes")["added"]
        == 2
    )


def test_a_second_upload_shows_each_cell_that_it_changes_in_every_import(
    indelible: CommandLine, vastria: str, saved: Save
) -> None:
    def changes(noun: str, first: str, second: str) -> list[tuple[str, object, object]]:
        indelible.done(noun, "import", vastria, saved("first.csv", first))
        said = indelible.done(noun, "import", vastria, saved("second.csv", second), "--dry-run")
        return [(each["column"], each["before"], each["after"]) for each in said["changes"]]

    areas = "code,name,parent\nN,North,\nS,South,\nA,A,N\n"
    assert changes("areas", areas, areas.replace("A,A,N", "A,A,S")) == [("parent", "N", "S")]
    centres = "Code,Kind,Name,Area\nC,commission,Hall,N\n"
    assert changes("centres", centres, centres.replace("Hall,N", "House,S")) == [
        ("area", "N", "S"),
        ("name", "Hall", "House"),
    ]
    indelible.done("stations", "import", vastria, saved("s.csv", "code\n001\n"))
    sent = "round,station,observers,state,reason,expect voting\nfirst,001,W-1,cancelled,ill,1\n"
    assert changes("deployments", sent, sent.replace("ill,1", "snow,2")) == [
        ("expected", {"voting": 1}, {"voting": 2}),
        ("reason", "ill", "snow"),
    ]
    papers = "pseudonym,state,number\nW-1,issued,7\n"
    assert changes("accreditations", papers, papers.replace("7", "8")) == [("number", "7", "8")]


def test_what_is_never_a_table_is_bounded(
    indelible: CommandLine, vastria: str, saved: Save
) -> None:
    wide = ",".join(f"c{n}" for n in range(501))
    said = indelible("stations", "import", vastria, saved("wide.csv", f"{wide}\n1\n"))
    assert (said.code, "501 columns; a table has at most 500" in said.err) == (1, True)


def test_the_georgian_frame_goes_in_with_nothing_asked(
    indelible: CommandLine, vastria: str, field_data: Path
) -> None:
    file = field_data / "georgia-2020" / "polling_stations.csv"
    said = indelible.done("stations", "import", vastria, file, "--dry-run")
    assert (said["added"], said["refused"], said["left_out"]) == (3847, [], [])
    assert {each["use"] for each in said["columns"]} == {"field"}
