"""A figure that no checklist holds is bound to a cell that is read, or to a page, by a person."""

import io
from typing import Any

import httpx
import openpyxl
import pytest

from api.database.sessions import mission_session, open_engine
from api.statements.sources import source_numbers
from tests.api.routes.people import get
from tests.api.small import SmallMission
from tests.conftest import Database

TABLE = b"station,party,seconds,share\nOne,A,7200,61%\nTwo,B,4600,39%\n"
MONITORED = {
    "title": "Media monitoring table 3",
    "kind": "table",
    "owner": "Media unit",
    "dated": "2026-03-12",
    "method": "Two people timed each newscast.",
}


@pytest.fixture
def place(client: httpx.AsyncClient, mission: SmallMission) -> str:
    client.headers.update(mission.bearer("lead"))
    return f"/api/v1/missions/{mission.slug}/sources"


async def _kept(client: httpx.AsyncClient, place: str, content: bytes, **members: Any) -> str:
    """The code of a source with its file."""
    made = await client.post(place, json=MONITORED | members)
    assert made.status_code == 201, made.text
    code: str = made.json()["id"]
    kept = await client.put(f"{place}/{code}/file", params={"name": "t.csv"}, content=content)
    assert kept.status_code == 200, kept.text
    return code


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("News")
    sheet["D14"] = 0.61
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


async def test_a_figure_of_a_table_is_read_from_its_cell(
    client: httpx.AsyncClient, place: str
) -> None:
    code = await _kept(client, place, TABLE)
    assert code == "S1"
    figure = {"name": "news", "label": "News time of A", "unit": "percent", "cell": "d2"}
    made = await client.post(f"{place}/{code}/figures", json=figure)
    assert made.status_code == 201, made.text
    assert made.json() == {
        "name": "news",
        "label": "News time of A",
        "value": 61.0,
        "unit": "percent",
        "where": {"cell": "D2"},
        "reference": "{source:S1/news}",
        "text": "61%",
    }
    listed = (await client.get(f"{place}/{code}/figures")).json()["items"]
    assert [each["recorded_by"] for each in listed] == ["lead"]


async def test_a_cell_of_a_named_sheet_of_a_workbook_is_read(
    client: httpx.AsyncClient, place: str
) -> None:
    code = await _kept(client, place, workbook())
    figure = {"name": "a", "label": "A", "unit": "share", "cell": "D14", "sheet": "News"}
    made = await client.post(f"{place}/{code}/figures", json=figure)
    assert (made.json()["value"], made.json()["text"]) == (0.61, "61%")
    assert made.json()["where"] == {"cell": "D14", "sheet": "News"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"cell": "D2", "value": 62}, "value"),
        ({"cell": "A2"}, "cell"),
        ({"cell": "F2"}, "cell"),
        ({"cell": "D9"}, "cell"),
        ({"page": 3, "value": 61}, "cell"),
        ({"cell": "D2", "unit": "parsecs"}, "unit"),
    ],
)
async def test_a_figure_that_its_place_does_not_hold_is_refused(
    client: httpx.AsyncClient, place: str, given: dict[str, Any], field: str
) -> None:
    code = await _kept(client, place, TABLE)
    figure = {"name": "news", "label": "News time of A", "unit": "percent"} | given
    refused = await client.post(f"{place}/{code}/figures", json=figure)
    assert refused.status_code == 422
    assert field in refused.json()["field"]
    assert (await client.get(f"{place}/{code}/figures")).json()["items"] == []


async def test_a_figure_of_a_document_is_typed_from_a_page_by_a_named_person(
    client: httpx.AsyncClient, place: str
) -> None:
    pdf = b"%PDF-1.7 a report"
    code = await _kept(client, place, pdf, kind="document", title="Annual report", code="law")
    figure = {"name": "voters", "label": "Voters on the roll", "unit": "count", "page": 7}
    without = await client.post(f"{place}/{code}/figures", json=figure)
    assert (without.status_code, without.json()["field"]) == (422, "value")
    made = await client.post(f"{place}/{code}/figures", json=figure | {"value": 4200000})
    assert (made.json()["text"], made.json()["where"]) == ("4,200,000", {"page": 7})
    again = await client.post(f"{place}/{code}/figures", json=figure | {"value": 1})
    assert (again.status_code, again.json()["field"]) == (409, "name")


async def test_a_file_is_of_its_source_s_kind_and_stays_once_figures_are_bound_to_it(
    client: httpx.AsyncClient, place: str
) -> None:
    made = await client.post(place, json=MONITORED)
    own = f"{place}/{made.json()['id']}"
    wrong = await client.put(f"{own}/file", content=b"%PDF-1.7")
    assert (wrong.status_code, wrong.json()["field"]) == (422, "file")
    no_file = {"name": "n", "label": "N", "unit": "count", "cell": "A1"}
    assert (await client.post(f"{own}/figures", json=no_file)).status_code == 422
    assert (await client.put(f"{own}/file", content=TABLE)).status_code == 200
    figure = {"name": "news", "label": "News", "unit": "seconds", "cell": "C2"}
    assert (await client.post(f"{own}/figures", json=figure)).status_code == 201
    other = await client.put(f"{own}/file", content=TABLE + b"Three,C,1,1%\n")
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    back = await client.get(f"{own}/file")
    assert (back.content, back.headers["content-type"]) == (TABLE, "text/csv; charset=utf-8")


async def test_a_statement_finds_each_figure_with_whose_it_is_where_and_the_file_s_hash(
    client: httpx.AsyncClient, place: str, mission: SmallMission, database: Database
) -> None:
    code = await _kept(client, place, TABLE)
    figure = {"name": "news", "label": "News time of A", "unit": "percent", "cell": "D2"}
    await client.post(f"{place}/{code}/figures", json=figure)
    engine = open_engine(database.app_url)
    async with mission_session(engine, mission.mission_id) as session:
        numbers = await source_numbers(session, mission.mission_id)
    await engine.dispose()
    number = numbers["source:S1/news"]
    assert (number["type"], number["text"], number["value"]) == ("fact", "61%", 61.0)
    listed = (await get(client, mission, "sources")).json()["items"][0]
    assert number["query"] == {
        "measure": "News time of A",
        "source": "Media monitoring table 3",
        "owner": "Media unit",
        "dated": "2026-03-12",
        "method": "Two people timed each newscast.",
        "where": "cell D2",
        "sha256": listed["sha256"],
        "bound_by": "lead",
    }


async def test_sources_are_the_core_team_s(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    for role in ("observer", "partner"):
        assert (await get(client, mission, "sources", role)).status_code == 404
