"""Signed heads reach those who keep them elsewhere, and nothing is sent into our own network."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest

from api.audit.recipients import hand_heads_out
from api.audit.signing import Head
from api.server.outbound_http import AddressNotPublic, OutboundHttp
from tests.api.audit.conftest import SIGNER, Written
from tests.api.small import SmallMission
from tests.conftest import Database

Rows = Callable[..., list[tuple[Any, ...]]]
HERE = OutboundHttp(allows=lambda address: address.is_loopback, schemes=frozenset({"http"}))


class Archive(HTTPServer):
    """Takes what is posted, or answers with another status."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Takes)
        self.status, self.taken = 200, list[dict[str, Any]]()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server_port}/heads"


class _Takes(BaseHTTPRequestHandler):
    server: Archive

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.status == 200:
            self.server.taken += json.loads(body)["items"]
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def archive() -> Iterator[Archive]:
    server = Archive()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def kept(archive: Archive, written: Written, report: str) -> str:
    """The archive is a recipient of the mission's heads; its id."""
    added = written(
        "INSERT INTO head_recipient (mission_id, id, url, handed, problem, added_at)"
        " SELECT mission_id, gen_random_uuid(), %s, 0, '', now() FROM mission RETURNING id::text",
        archive.url,
    )
    return str(added[0][0])


async def test_every_head_is_taken_once_and_its_signature_holds(
    database: Database, archive: Archive, kept: str, seal: Callable[[], int]
) -> None:
    seal()
    assert hand_heads_out(database.app_url, HERE) == 1
    assert hand_heads_out(database.app_url, HERE) == 0
    heads = [Head.read(each) for each in archive.taken]
    assert [head.number for head in heads] == [1, 2]
    assert all(head.signed_by(SIGNER.public_key) for head in heads)


async def test_handing_heads_out_is_no_write_that_makes_another(
    database: Database, archive: Archive, kept: str, seal: Callable[[], int]
) -> None:
    assert seal() == 1
    hand_heads_out(database.app_url, HERE)
    assert seal() == 0


@pytest.mark.parametrize("status", [500, 404, 302])
async def test_what_was_not_taken_is_sent_again_a_minute_later(
    database: Database,
    archive: Archive,
    kept: str,
    seal: Callable[[], int],
    rows: Rows,
    status: int,
) -> None:
    seal()
    archive.status = status
    assert hand_heads_out(database.app_url, HERE) == 0
    assert rows("SELECT handed, problem FROM head_recipient") == [(0, f"Answered {status}.")]
    archive.status = 200
    assert hand_heads_out(database.app_url, HERE) == 0
    rows("UPDATE head_recipient SET tried_at = tried_at - interval '61 s' RETURNING 1")
    assert hand_heads_out(database.app_url, HERE) == 1
    assert rows("SELECT handed, problem FROM head_recipient") == [(2, "")]


async def test_one_recipient_s_odd_address_does_not_keep_the_others_waiting(
    database: Database,
    archive: Archive,
    kept: str,
    seal: Callable[[], int],
    rows: Rows,
    written: Written,
) -> None:
    written(
        "INSERT INTO head_recipient (mission_id, id, url, handed, problem, added_at)"
        " SELECT mission_id, gen_random_uuid(), %s, 0, '', now() - interval '1 day' FROM mission"
        " RETURNING 1",
        f"{archive.url}/\x7f",
    )
    seal()
    assert hand_heads_out(database.app_url, HERE) == 1
    assert rows(
        "SELECT problem LIKE 'It is no address%%', handed FROM head_recipient ORDER BY handed"
    ) == [(True, 0), (False, 2)]


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/heads",
        "https://[::1]/",
        "https://10.0.0.8/",
        "https://169.254.169.254/",
        "https://[::ffff:127.0.0.1]/",
        "https://localhost/",
        "http://93.184.216.34/",
        "https://user@93.184.216.34/",
        "ftp://93.184.216.34/",
        "https://",
        "heads",
        "https://a:x/",
        "https://224.0.0.1/",
        "https://100.64.0.1/",
        "https://a\x7f/",
        "https://xn--a/",
        "https://93.184.216.34:99999/",
        "https://[::1",
        "https://93.184.216.34/\x7f",
        "https://\x00/",
    ],
)
def test_nothing_is_sent_inward_or_in_the_clear(url: str) -> None:
    with pytest.raises(AddressNotPublic):
        OutboundHttp().check(url)


async def test_a_recipient_is_added_by_an_administrator_at_a_public_address_alone(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    place, lead = f"/api/v1/missions/{mission.slug}/audit/recipients", mission.bearer("lead")
    inward = await client.post(place, json={"url": "https://127.0.0.1/"}, headers=lead)
    assert (inward.status_code, inward.json()["field"]) == (422, "url")
    made = await client.post(place, json={"url": "https://93.184.216.34/heads"}, headers=lead)
    assert made.status_code == 201
    (standing,) = (await client.get(place, headers=lead)).json()["items"]
    assert standing["url"] == "https://93.184.216.34/heads"
    one = f"{place}/{standing['id']}"
    assert (await client.delete(one, headers=lead)).status_code == 204
    assert (await client.delete(one, headers=lead)).status_code == 404
    assert (await client.get(place, headers=lead)).json()["items"] == []
    for persona in ("data_manager", "observer", "partner"):
        assert (await client.get(place, headers=mission.bearer(persona))).status_code == 404
