"""Connections over real sockets: none stands for ever, slow ones succeed, the rest is told why."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from api.server.body_limits import MAX_TABLE_BYTES as TABLE_BYTES
from api.server.connections import ConnectionLimits
from api.settings import Settings, SettingsProblem
from tests.api.conftest import listening
from tests.api.small import SmallMission

QUICK = ConnectionLimits(
    header_seconds=0.5,
    body_bytes=20,
    body_seconds=0.5,
    answer_seconds=0.6,
    dropped_seconds=3.0,
    per_address=5,
    in_all=6,
)


@contextmanager
def connected(address: str) -> Iterator[socket.socket]:
    """A connection to a server."""
    parts = urlsplit(address)
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), 10) as sock:
        yield sock


def whole_answer(sock: socket.socket) -> bytes:
    """Everything that comes until the connection is closed."""
    found = b""
    while piece := sock.recv(65536):
        found += piece
    return found


def head_of(mission: SmallMission, length: int, more: str = "") -> bytes:
    """The headers of a report."""
    bearer = mission.bearer("observer")["Authorization"]
    head = f"POST {mission.reports} HTTP/1.1\r\nHost: x\r\nAuthorization: {bearer}\r\n{more}"
    return f"{head}Content-Length: {length}\r\n\r\n".encode()


def document_of(answer: bytes) -> tuple[int, Any]:
    """The status and the problem of an answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


def test_a_connection_that_sends_nothing_is_closed(
    serving: Settings, mission: SmallMission
) -> None:
    with listening(serving, limits=QUICK) as (address,), connected(address) as sock:
        assert whole_answer(sock) == b""


@pytest.mark.parametrize("kept_alive", [False, True], ids=["at once", "after an answer"])
def test_headers_that_never_end_are_given_up(
    serving: Settings, mission: SmallMission, kept_alive: bool
) -> None:
    with listening(serving, limits=QUICK) as (address,), connected(address) as sock:
        if kept_alive:
            sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"200 OK" in sock.recv(65536)
        began = time.monotonic()
        with pytest.raises((ConnectionError, BrokenPipeError)):  # noqa: PT012  the connection ends while it is written to
            sock.sendall(b"GET /healthz HTTP/1.1\r\n")
            for number in range(100):
                sock.sendall(b"X-%d: a\r\n" % number)
                time.sleep(0.05)
                if number == 90:
                    pytest.fail("it stands for ever")
        assert time.monotonic() - began < 4


def test_a_body_that_stands_still_is_told_so_and_keeps_nothing(
    serving: Settings, mission: SmallMission
) -> None:
    with listening(serving, limits=QUICK) as (address,):
        with connected(address) as sock:
            sock.sendall(head_of(mission, 500) + b'{"id":')
            status, problem = document_of(whole_answer(sock))
        assert (status, problem["code"]) == (408, "timed_out")
        counts = httpx.get(f"{address}/metrics").text
    assert 'status="5' not in counts


def test_a_phone_on_a_slow_network_succeeds_however_long_it_takes(
    serving: Settings, mission: SmallMission
) -> None:
    body = json.dumps(mission.report()).encode()
    with listening(serving, limits=QUICK) as (address,), connected(address) as sock:
        sock.sendall(head_of(mission, len(body)))
        began = time.monotonic()
        for start in range(0, len(body), 10):
            sock.sendall(body[start : start + 10])
            time.sleep(0.06)
        assert time.monotonic() - began > 3 * QUICK.body_seconds
        assert sock.recv(65536).startswith(b"HTTP/1.1 201 ")


def test_a_stream_of_events_is_not_cut(serving: Settings, mission: SmallMission) -> None:
    events = f"/missions/{mission.slug}/events"
    with listening(serving, limits=QUICK) as (address,), connected(address) as sock:
        bearer = mission.bearer("lead")["Authorization"]
        sock.sendall(
            f"GET {events} HTTP/1.1\r\nHost: x\r\nAuthorization: {bearer}\r\n\r\n".encode()
        )
        time.sleep(4 * QUICK.header_seconds)
        assert sock.recv(65536).startswith(b"HTTP/1.1 200 ")
        answer = httpx.post(
            address + mission.reports, json=mission.report(), headers=mission.bearer("observer")
        )
        assert answer.status_code == 201
        sock.settimeout(10)
        assert b"data:" in sock.recv(65536)


def test_one_address_has_so_many_connections_and_more_when_some_are_closed(
    serving: Settings, mission: SmallMission
) -> None:
    limits = ConnectionLimits(per_address=5)
    with listening(serving, limits=limits) as (address,):
        with ExitStack() as held:
            for _ in range(5):
                held.enter_context(connected(address)).sendall(b"GET /healthz HTTP/1.1\r\n")
            time.sleep(0.2)
            with connected(address) as sock:
                answer = whole_answer(sock)
            assert document_of(answer)[1]["code"] == "too_many"
            assert b"\r\nRetry-After: " in answer
        time.sleep(0.3)
        assert httpx.get(f"{address}/healthz").status_code == 200


def test_a_server_has_so_many_connections_in_all_and_a_proxy_more_than_its_share(
    serving: Settings, mission: SmallMission
) -> None:
    limits = ConnectionLimits(per_address=2, in_all=4, trusted=frozenset({"127.0.0.1"}))
    with listening(serving, limits=limits) as (address,), ExitStack() as held:
        for _ in range(4):
            held.enter_context(connected(address)).sendall(b"GET /healthz HTTP/1.1\r\n")
        time.sleep(0.2)
        with connected(address) as sock:
            assert document_of(whole_answer(sock))[0] == 503


@pytest.mark.parametrize("close", ["", "Connection: close\r\n"], ids=["kept alive", "closed"])
@pytest.mark.parametrize("path", ["reports", "openrosa", "table", "page", "photo"])
def test_whoever_sends_too_much_hears_413_and_no_reset(
    serving: Settings, mission: SmallMission, path: str, close: str
) -> None:
    sent = {"openrosa": 180, "table": TABLE_BYTES // 2**20 + 2}.get(path, 40) * 1024 * 1024
    place, method, more = {
        "reports": (mission.reports, "POST", ""),
        "openrosa": (
            f"/openrosa/{mission.tokens['observer']}/submission",
            "POST",
            "Content-Type: multipart/form-data; boundary=b\r\n",
        ),
        "table": (f"/api/v1/missions/{mission.slug}/tables/stations", "POST", ""),
        "page": ("/sign-in", "POST", "Content-Type: application/x-www-form-urlencoded\r\n"),
        "photo": (
            f"/api/v1/missions/{mission.slug}/media/{'a' * 64}",
            "PATCH",
            "Upload-Offset: 0\r\nUpload-Length: 20000000\r\n",
        ),
    }[path]
    who = mission.bearer("lead" if path == "table" else "observer")["Authorization"]
    head = f"{method} {place} HTTP/1.1\r\nHost: x\r\nAuthorization: {who}\r\n{close}{more}"
    start = b"--b\r\nContent-Disposition: form-data; name=xml_submission_file\r\n\r\n"
    with listening(serving) as (address,), connected(address) as sock:
        sock.sendall(f"{head}Content-Length: {sent}\r\n\r\n".encode())
        left = sent if path != "openrosa" else 3 * 1024 * 1024
        if path == "openrosa":
            sock.sendall(start)
        while left > 0:  # as most clients do: everything first, then the answer
            sock.sendall(b"a" * min(left, 262144))
            left -= 262144
        sock.settimeout(20)
        answer = sock.recv(65536)
        assert answer.startswith(b"HTTP/1.1 413 "), answer[:200]


def test_limits_are_read_from_the_environment() -> None:
    given = {"INDELIBLE_HOME": "/tmp", "INDELIBLE_SECRET": "s"}
    found = Settings.from_environment(given | {"INDELIBLE_CONNECTIONS_PER_ADDRESS": "9"})
    assert (found.connections, found.connections_per_address) == (2048, 9)
    with pytest.raises(SettingsProblem):
        Settings.from_environment(given | {"INDELIBLE_CONNECTIONS": "many"})


CUT = {
    "reports": ("POST", "/api/v1/missions/{slug}/reports", "", "observer"),
    "openrosa": (
        "POST",
        "/openrosa/{token}/submission",
        "Content-Type: multipart/form-data; boundary=b\r\n",
        "observer",
    ),
    "photo": (
        "PATCH",
        "/api/v1/missions/{slug}/media/" + "a" * 64,
        "Upload-Offset: 0\r\nUpload-Length: 900\r\n",
        "observer",
    ),
    "table": ("POST", "/api/v1/missions/{slug}/tables/stations", "", "lead"),
    "workbook": ("POST", "/api/v1/missions/{slug}/checklists", "", "lead"),
    "page": (
        "POST",
        "/missions/{slug}/tables",
        "Content-Type: multipart/form-data; boundary=b\r\n",
        "lead",
    ),
    "form": (
        "POST",
        "/missions/{slug}/deployments/new",
        "Content-Type: application/x-www-form-urlencoded\r\n",
        "lead",
    ),
    "sign-in": ("POST", "/sign-in", "Content-Type: application/x-www-form-urlencoded\r\n", "lead"),
    "JSON": ("POST", "/api/v1/enrol", "Content-Type: application/json\r\n", "lead"),
}


def test_a_client_that_leaves_is_no_fault_of_the_server(
    serving: Settings, mission: SmallMission, capfd: pytest.CaptureFixture[str]
) -> None:
    with listening(serving) as (address,):
        for method, place, more, persona in CUT.values():
            path = place.format(slug=mission.slug, token=mission.tokens[persona])
            who = mission.bearer(persona)["Authorization"]
            head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {who}\r\n{more}"
            with connected(address) as sock:
                sock.sendall(f"{head}Content-Length: 900\r\n\r\n--b\r\nConte".encode())
                time.sleep(0.3)
        time.sleep(0.5)
        counts = httpx.get(f"{address}/metrics").text
    assert 'status="5' not in counts
    heard = capfd.readouterr()
    assert "unexpected error" not in heard.out + heard.err
    assert "Exception in ASGI application" not in heard.out + heard.err
