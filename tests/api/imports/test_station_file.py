"""Stations as files say them: aliases of headers, areas, what is refused and why."""

from pathlib import Path

from api.imports.station_file import StationFile, read_stations
from api.imports.table import read_table


def stations(text: str) -> StationFile:
    return read_stations(read_table(text.encode()))


def test_headers_are_known_under_other_names_and_the_rest_are_attributes() -> None:
    file = stations("Station Code;District;Registered-Voters;LAT;Lng;Ramp\n007;North;9;1,5;2;yes\n")
    (found,) = file.stations
    assert (found.code, found.area, found.registered_voters) == ("007", "North", 9)
    assert (found.latitude, found.longitude) == (1.5, 2.0)
    assert found.attributes == {"District": "North", "Ramp": "yes"}


def test_a_name_falls_back_to_the_address_then_to_the_code() -> None:
    file = stations("code,name,address\n1,Hall,Road 1\n2,,Road 2\n3,,\n")
    assert [each.name for each in file.stations] == ["Hall", "Road 2", "3"]


def test_areas_are_named_once_and_a_station_may_have_none() -> None:
    file = stations("code,district_code,district_name\n1,07,North\n2,07,\n3,,\n4,08,\n")
    assert file.areas == {"07": "North", "08": "08"}
    assert [each.area for each in file.stations] == ["07", "07", None, "08"]


def test_every_row_of_a_code_that_stands_twice_is_refused() -> None:
    file = stations("code,name\n1,A\n2,B\n1,C\n")
    assert [each.code for each in file.stations] == ["2"]
    assert [(each.line, each.reason) for each in file.refused] == [
        (2, "The code stands in 2 rows."), (4, "The code stands in 2 rows.")
    ]  # fmt: skip


def test_leading_zeros_and_every_script_stay() -> None:
    file = stations("code,name\n00012,საჯარო სკოლა\n12,مدرسة\n")
    assert [(each.code, each.name) for each in file.stations] == [
        ("00012", "საჯარო სკოლა"), ("12", "مدرسة")
    ]  # fmt: skip


def test_the_georgian_frame_is_read_whole(field_data: Path) -> None:
    data = (field_data / "georgia-2020" / "polling_stations.csv").read_bytes()
    file = read_stations(read_table(data))
    assert (len(file.stations), len(file.areas), file.refused) == (3847, 74, ())
    assert sum(each.latitude is None for each in file.stations) == 195
    assert any(each.code.startswith("0") for each in file.stations)
    assert file.given == {"code", "address", "area", "registered_voters", "latitude", "longitude"}
    assert file.columns == {"district_code", "district_name"}
