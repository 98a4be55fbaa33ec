"""Stations as files say them: aliases of headers, areas, what is refused and why."""

from pathlib import Path

import pytest

from api.imports.station_file import Station, StationFile
from api.imports.table import read_table


def stations(text: str) -> list[Station]:
    return list(StationFile.of(read_table(text.encode())).stations())


def test_headers_are_known_under_other_names_and_the_rest_are_attributes() -> None:
    file = stations("Station Code;District;Registered-Voters;LAT;Lng;Ramp\n007;North;9;1,5;2;yes\n")
    (found,) = file
    assert (found.code, found.area, found.registered_voters) == ("007", "North", 9)
    assert (found.latitude, found.longitude) == (1.5, 2.0)
    assert found.attributes == {"District": "North", "Ramp": "yes"}


@pytest.mark.parametrize(
    "headers",
    [
        "Код;Название;Район;Число избирателей;Широта;Долгота",
        "კოდი;დასახელება;ოლქი;ამომრჩეველთა რაოდენობა;განედი;გრძედი",
        "الرمز;الاسم;الدائرة;عدد الناخبين;خط العرض;خط الطول",
        "Code;Nom;Région;Inscrits;Latitude;Longitude",
        "Código;Nombre;Distrito;Electores;Latitud;Longitud",
        "Código;Nome;Distrito;Eleitores;Latitude;Longitude",
    ],
)
def test_headers_are_known_in_the_languages_of_real_registers(headers: str) -> None:
    (found,) = stations(f"{headers}\n007;N;North;9;1,5;2\n")
    assert (found.code, found.name, found.area, found.area_name) == ("007", "N", "North", "North")
    assert (found.registered_voters, found.latitude, found.longitude) == (9, 1.5, 2.0)


def test_a_name_falls_back_to_the_address_then_to_the_code() -> None:
    file = stations("code,name,address\n1,Hall,Road 1\n2,,Road 2\n3,,\n")
    assert [each.name for each in file] == ["Hall", "Road 2", "3"]


def test_an_area_is_named_by_its_code_where_nothing_else_and_a_station_may_have_none() -> None:
    file = stations("code,district_code,district_name\n1,07,North\n2,07,\n3,,\n4,08,\n")
    assert [(each.area, each.area_name) for each in file] == [
        ("07", "North"),
        ("07", "07"),
        (None, ""),
        ("08", "08"),
    ]


def test_leading_zeros_and_every_script_stay() -> None:
    file = stations("code,name\n00012,საჯარო სკოლა\n12,مدرسة\n")
    assert [(each.code, each.name) for each in file] == [("00012", "საჯარო სკოლა"), ("12", "مدرسة")]


def test_the_georgian_frame_is_read_whole(field_data: Path) -> None:
    data = (field_data / "georgia-2020" / "polling_stations.csv").read_bytes()
    file = StationFile.of(read_table(data))
    found = list(file.stations())
    assert (len(found), len({each.area for each in found})) == (3847, 74)
    assert not any(each.reason for each in found)
    assert sum(each.latitude is None for each in found) == 195
    assert any(each.code.startswith("0") for each in found)
    assert file.given == {"code", "address", "area", "registered_voters", "latitude", "longitude"}
    assert file.columns == {"district_code", "district_name"}
