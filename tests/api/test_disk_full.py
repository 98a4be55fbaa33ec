"""A full disk is a 507 with Retry-After behind every door, and what was kept is still there."""

import builtins
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from tests.api.small import SmallMission
from tests.conftest import Database

FULL = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
END $$"""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
XML = """<data id="voting" version="2"><context><station>001</station></context>
<queue>4</queue><meta><instanceID>uuid:0198d4f0-aaaa-7000-8000-000000000001</instanceID></meta>
</data>"""
Rows = Callable[..., list[tuple[Any, ...]]]


def no_room_in(database: Database, *tables: str) -> None:
    """The database's disk is full for whoever writes into these tables."""
    with psycopg.connect(database.admin_url) as connection:
        connection.execute(FULL)
        for table in tables:
            connection.execute(
                f"CREATE TRIGGER full_disk BEFORE INSERT ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION no_room()"
            )


def told(answer: httpx.Response, page: bool = False) -> None:
    """It is said that there is no room, and that waiting helps."""
    assert answer.status_code == 507, answer.text
    assert answer.headers["retry-after"]
    if not page:
        assert answer.json()["code"] == "disk_full"


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever file is opened to be written is on a device that is full: a real one."""
    plain = io.open

    def opened(file: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
        if set(mode) & set("wxa+") and not isinstance(file, int):
            return plain("/dev/full", "wb", buffering=0)
        return plain(file, mode, *rest, **named)

    monkeypatch.setattr(io, "open", opened)
    monkeypatch.setattr(builtins, "open", opened)
    monkeypatch.setattr("tempfile._io.open", opened, raising=False)


async def test_a_photo_beside_an_xml_report(
    client: httpx.AsyncClient, mission: SmallMission, full_disk: None, rows: Rows
) -> None:
    files = {
        "xml_submission_file": ("a.xml", XML, "text/xml"),
        "p.jpg": ("p.jpg", b"\xff\xd8\xff" + b"a" * 100_000, "image/jpeg"),
    }
    token = mission.tokens["observer"]
    told(await client.post(f"/openrosa/{token}/submission", files=files))
    assert rows("SELECT count(*) FROM submission") == [(0,)]


async def test_a_piece_of_a_photo(
    as_observer: httpx.AsyncClient, mission: SmallMission, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    full = os.open("/dev/full", os.O_WRONLY)
    plain = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda handle, piece, at: plain(full, piece, at))
    place = f"/api/v1/missions/{mission.slug}/media/{'a' * 64}"
    headers = {"Upload-Offset": "0", "Upload-Length": "1000"}
    told(await as_observer.patch(place, content=b"a" * 1000, headers=headers))
    os.close(full)


async def test_a_table_that_is_sent(
    as_lead: httpx.AsyncClient, mission: SmallMission, full_disk: None
) -> None:
    table = b"code,name\n" + b"".join(b"%d,School\n" % n for n in range(40_000))
    told(await as_lead.post(f"/api/v1/missions/{mission.slug}/tables/stations", content=table))


async def test_a_table_that_is_typed_into_a_page(
    as_lead: httpx.AsyncClient, mission: SmallMission, full_disk: None
) -> None:
    table = b"code,name\n" + b"".join(b"%d,School\n" % n for n in range(200_000))
    sent = await as_lead.post(
        f"/missions/{mission.slug}/tables",
        data={"of": "stations"},
        files={"file": ("s.csv", table, "text/csv")},
    )
    told(sent, page=True)


@pytest.mark.parametrize("what", ["a report", "a table", "an act", "a page"])
async def test_the_database(
    as_lead: httpx.AsyncClient, mission: SmallMission, database: Database, what: str
) -> None:
    no_room_in(database, "submission", "place", "audit_entry")
    base = f"/api/v1/missions/{mission.slug}"
    if what == "a report":
        who = mission.bearer("observer")
        told(await as_lead.post(mission.reports, json=mission.report(), headers=who))
    elif what == "a table":
        told(await as_lead.post(f"{base}/tables/stations", content=b"code,name\n9,School\n"))
    elif what == "an act":
        told(await as_lead.post(f"{base}/observers/O-1/collect"))
    else:
        page = f"/missions/{mission.slug}/deployments/new"
        sent = {"round": "first", "sort": "station", "code": "001", "team": "O-1", "kind": "static"}
        answer = await as_lead.post(page, data=sent, headers=FORM | {"Accept-Language": "fr"})
        told(answer, page=True)
        assert "plus de place" in answer.text
    assert (await as_lead.get(f"{base}/reports")).status_code == 200


def test_the_error_beneath_another_is_seen() -> None:
    from api.problems import DISK_FULL, is_disk_full, of_error

    try:
        with Path("/dev/full").open("wb", buffering=0) as file:
            file.write(b"a")
    except OSError as error:
        outer = RuntimeError("it cannot be rendered")
        outer.__cause__ = error
    assert of_error(outer).kind is DISK_FULL
    assert not is_disk_full(RuntimeError("something else"))
