"""Bodies over real sockets: too large, cut off, dripping; the server stays up and small."""

import asyncio
import json
import socket
import time
import tracemalloc
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from api.intake.json_endpoint import OUTBOX_REPORTS
from api.intake.parse import OUTBOX_BYTES
from api.settings import Settings
from tests.api.conftest import listening
from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]
NDJSON = {"Content-Type": "application/x-ndjson"}


@pytest.mark.parametrize("headers", [{}, NDJSON], ids=["one report", "an outbox"])
@pytest.mark.parametrize("declared", [True, False], ids=["with its length", "chunked"])
async def test_30_megabytes_are_refused_and_the_server_goes_on(
    serving: Settings, mission: SmallMission, headers: dict[str, str], declared: bool
) -> None:
    async def pieces() -> Any:
        for _ in range(480):
            yield b" " * 65536

    length = {"Content-Length": str(480 * 65536)} if declared else {}
    with listening(serving) as (address,):
        async with httpx.AsyncClient(headers=mission.bearer("observer"), timeout=30) as client:
            response = await client.post(
                address + mission.reports, content=pieces(), headers=headers | length
            )
            assert (response.status_code, response.json()["code"]) == (413, "too_large")
            after = await client.post(address + mission.reports, json=mission.report())
    assert after.status_code == 201


async def test_a_line_too_long_does_not_lose_its_neighbours(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    fine = [json.dumps(mission.report()).encode() for _ in range(2)]
    long = json.dumps(mission.report(answers={"comment": "x" * 1024 * 1024})).encode()
    body = b"\n".join([fine[0], long, fine[1]])
    response = await as_observer.post(mission.reports, content=body, headers=NDJSON)
    assert [item["status"] for item in response.json()["items"]] == [201, 413, 201]
    assert rows("SELECT count(*) FROM submission") == [(2,)]


async def test_an_outbox_of_the_largest_size_is_kept(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    one = [mission.report(answers={"comment": "x" * 500_000}) for _ in range(32)]
    body = "\n".join(json.dumps(report) for report in one).encode()
    assert OUTBOX_BYTES * 0.9 < len(body) < OUTBOX_BYTES
    response = await as_observer.post(mission.reports, content=body, headers=NDJSON)
    assert response.status_code == 201
    assert rows("SELECT count(*) FROM report") == [(32,)]


@pytest.mark.parametrize(
    "line", [b"{", b"{}", b"7", b'"x"', b"\xff", b"[[],[]]", b" x \r"], ids=repr
)
async def test_an_outbox_of_very_many_lines_is_refused_as_a_whole_at_once(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows, line: bytes
) -> None:
    kept = json.dumps(mission.report()).encode()
    many = (OUTBOX_BYTES - len(kept) - 1) // (len(line) + 1)
    body = kept + b"\n" + (line + b"\n") * many
    tracemalloc.start()
    began = time.process_time()
    answer = await as_observer.post(mission.reports, content=body, headers=NDJSON)
    spent, (_, most) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert "1000 reports" in answer.json()["detail"]
    assert most < 64 * 1024 * 1024
    assert spent < 5, "not read line by line"
    assert rows("SELECT count(*) FROM submission") == [(0,)]


async def test_a_thousand_reports_are_an_outbox_and_one_more_is_not(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    body = b"\n\n".join([json.dumps(mission.report()).encode()] * OUTBOX_REPORTS) + b"\r\n \n"
    answer = await as_observer.post(mission.reports, content=body, headers=NDJSON)
    statuses = [item["status"] for item in answer.json()["items"]]
    assert (len(statuses), statuses.count(201), statuses.count(200)) == (1000, 1, 999)
    more = await as_observer.post(mission.reports, content=body + b"{}", headers=NDJSON)
    assert more.status_code == 413
    assert rows("SELECT count(*) FROM submission") == [(1,)]


async def test_lines_that_are_no_reports_take_no_memory_while_others_are_read(
    as_observer: httpx.AsyncClient, mission: SmallMission
) -> None:
    """A refusal held on to the values of its line, thirty times as large, until all were told."""
    wide = b"[" + b"[]," * 60_000 + b"0]"
    body = b"\n".join([wide] * 10)
    tracemalloc.start()
    answer = await as_observer.post(mission.reports, content=body, headers=NDJSON)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert {item["problem"]["code"] for item in answer.json()["items"]} == {"not_a_report"}
    assert most < 8 * len(body)


async def test_an_answer_is_not_much_longer_than_what_it_answers(
    as_observer: httpx.AsyncClient, mission: SmallMission
) -> None:
    """A report of many wrong fields had a reason for each; a line of one byte a problem."""
    tiny = b"{\n" * OUTBOX_REPORTS
    answer = await as_observer.post(mission.reports, content=tiny, headers=NDJSON)
    assert len(answer.content) < 100 * 1024
    assert {item["problem"]["code"] for item in answer.json()["items"]} == {"unparsable"}
    wrong = {f"q{number}": 1 for number in range(5000)}
    many = mission.report(answers=wrong, observed=wrong, **wrong)
    body = json.dumps(many).encode()
    answer = await as_observer.post(mission.reports, content=body)
    (item,) = answer.json()["items"]
    assert (item["status"], len(item["reasons"])) == (202, 101)
    assert item["reasons"][-1]["code"] == "more"
    assert len(answer.content) < 4 * len(body)


async def test_an_upload_cut_off_keeps_nothing_and_harms_nobody(
    serving: Settings, mission: SmallMission, rows: Rows
) -> None:
    body = json.dumps(mission.report()).encode()
    bearer = mission.bearer("observer")["Authorization"]
    head = f"POST {mission.reports} HTTP/1.1\r\nHost: x\r\nAuthorization: {bearer}\r\n"
    with listening(serving) as (address,):
        for cut in (0, 1, len(body) // 2, len(body) - 1):
            with socket.create_connection(
                (urlsplit(address).hostname, urlsplit(address).port)
            ) as s:
                s.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:cut])
        await asyncio.sleep(0.2)
        assert rows("SELECT count(*) FROM submission") == [(0,)]
        async with httpx.AsyncClient(headers=mission.bearer("observer")) as client:
            response = await client.post(address + mission.reports, content=body)
    assert response.status_code == 201
