"""What is compressed on its way out, and what is left alone."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from api.server import compression
from api.server.compression import accepts, compressed
from tests.api.conftest import listening
from tests.api.small import SmallMission

TEXT = b"a polling station opened late; " * 100
GZIP = {"Accept-Encoding": "gzip"}


def answering(response: Callable[[], Response], path: str = "/") -> httpx.AsyncClient:
    """A client of a server that gives one answer."""

    async def give(_: Request) -> Response:
        return response()

    inner = Starlette(routes=[Route(path, give, methods=["GET", "POST"])])

    async def outer(scope: Any, receive: Any, send: Any) -> None:
        await inner(scope, receive, compressed(scope, send))

    transport = httpx.ASGITransport(app=outer)
    return httpx.AsyncClient(transport=transport, base_url="http://indelible", headers=GZIP)


def text() -> Response:
    return PlainTextResponse(TEXT)


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("br, gzip;q=0.5", True),
        ("*", True),
        ("", False),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("*;q=0", False),
        ("br", False),
        ("gzip;q=0, *", False),
        ("gzip;q=what", False),
        ("xgzip", False),
        (";;,,", False),
    ],
)
def test_a_coding_is_used_only_where_the_client_takes_it(header: str, wanted: bool) -> None:
    assert accepts(header, "gzip") is wanted


async def test_an_answer_is_compressed_and_says_so() -> None:
    async with answering(lambda: PlainTextResponse(TEXT, headers={"ETag": '"1"'})) as client:
        answer = await client.get("/")
        plain = await client.get("/", headers={"Accept-Encoding": "identity"})
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < len(TEXT) / 5
    assert answer.headers["etag"] == 'W/"1"', "other bytes, so no strong tag of the plain ones"
    assert answer.content == plain.content == TEXT
    assert "content-encoding" not in plain.headers
    for each in (answer, plain):
        assert each.headers["vary"] == "Accept-Encoding"


async def test_what_it_varied_by_before_it_still_varies_by() -> None:
    async with answering(lambda: PlainTextResponse(TEXT, headers={"Vary": "Cookie"})) as client:
        assert (await client.get("/")).headers["vary"] == "Cookie, Accept-Encoding"


async def test_a_head_does_not_name_a_length_that_the_answer_has_not() -> None:
    async with answering(text) as client:
        answer = await client.head("/")
    assert "content-length" not in answer.headers
    assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("response", "asked"),
    [
        (lambda: PlainTextResponse(TEXT[:499]), {}),
        (lambda: Response(TEXT, media_type="image/jpeg"), {}),
        (lambda: Response(TEXT, media_type="application/octet-stream"), {}),
        (lambda: Response(TEXT, media_type="text/event-stream"), {}),
        (lambda: PlainTextResponse(TEXT, headers={"Cache-Control": "no-transform"}), {}),
        (lambda: PlainTextResponse(TEXT, 206), {}),
        (text, {"Range": "bytes=0-9"}),
    ],
    ids=["small", "photo", "bytes", "events", "no-transform", "part", "range"],
)
async def test_what_gains_nothing_or_must_not_change_is_left_alone(
    response: Callable[[], Response], asked: dict[str, str]
) -> None:
    async with answering(response) as client:
        assert "content-encoding" not in (await client.get("/", headers=asked)).headers


async def test_no_answer_to_a_post_is_compressed() -> None:
    """Tokens, codes and receipts are handed out there, beside what the client wrote."""
    async with answering(text) as client:
        assert "content-encoding" not in (await client.post("/")).headers


@pytest.mark.parametrize(
    ("path", "is_compressed"),
    [
        ("/sign-in/secret", False),
        ("/invitation/secret", False),
        ("/openrosa/secret/formList", False),
        ("/openrosa/secret/forms/a/1/manifest", False),
        ("/openrosa/secret/forms/a/1", True),
        ("/missions/a/coverage", True),
    ],
)
async def test_what_repeats_a_secret_of_its_address_is_not_compressed(
    path: str, is_compressed: bool
) -> None:
    async with answering(text, path) as client:
        assert ("content-encoding" in (await client.get(path)).headers) is is_compressed


@pytest.mark.parametrize(
    ("site", "cookie", "is_compressed"),
    [
        ("cross-site", "session=1", False),
        ("same-site", "session=1", False),
        ("same-origin", "session=1", True),
        ("none", "session=1", True),
        ("cross-site", "", True),
    ],
)
async def test_another_site_cannot_measure_what_a_session_sees(
    site: str, cookie: str, is_compressed: bool
) -> None:
    asked = {"Sec-Fetch-Site": site} | ({"Cookie": cookie} if cookie else {})
    async with answering(text) as client:
        answer = await client.get("/", headers=asked)
    assert ("content-encoding" in answer.headers) is is_compressed


async def test_a_stream_is_compressed_as_it_comes() -> None:
    async def lines() -> AsyncIterator[bytes]:
        for number in range(2000):
            yield b"%d,late\n" % number

    async with answering(lambda: StreamingResponse(lines(), media_type="text/csv")) as client:
        answer = await client.get("/")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == b"".join(b"%d,late\n" % each for each in range(2000))


async def test_a_large_answer_is_compressed_beside_the_event_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While it is, the loop serves others: here it is asked to, and must, before it ends."""
    loop, turned = asyncio.get_running_loop(), False

    def turn() -> None:
        nonlocal turned
        turned = True

    class Waiting:
        """Compresses only after the loop has turned; in the loop itself it never would."""

        def __init__(self, *given: Any, **named: Any) -> None:
            self._packer = zlib_compressobj(*given, **named)

        def compress(self, piece: bytes) -> bytes:
            asyncio.run_coroutine_threadsafe(_call(turn), loop).result(5)
            return bytes(self._packer.compress(piece))

        def flush(self) -> bytes:
            return bytes(self._packer.flush())

    async def _call(function: Callable[[], None]) -> None:
        function()

    zlib_compressobj = zlib.compressobj
    monkeypatch.setattr(compression.zlib, "compressobj", Waiting)
    large = TEXT * 40
    async with answering(lambda: PlainTextResponse(large)) as client:
        assert (await client.get("/")).content == large
    assert turned


async def test_pages_and_json_of_the_application_come_compressed_over_a_socket(
    serving: Any, mission: SmallMission
) -> None:
    with listening(serving) as (address,):
        async with httpx.AsyncClient(base_url=address, headers=mission.bearer("lead")) as client:
            for path in (
                f"/missions/{mission.slug}/coverage",
                f"/api/v1/missions/{mission.slug}/checklists/voting",
                "/openapi.json",
                "/static/pages.css",
                "/",
            ):
                async with client.stream("GET", path, headers=GZIP) as answer:
                    raw = b"".join([piece async for piece in answer.aiter_raw()])
                plain = await client.get(path, headers={"Accept-Encoding": "identity"})
                assert answer.headers.get("content-encoding", "") == "gzip", path
                assert len(raw) == int(answer.headers["content-length"]), path
                assert len(raw) < len(plain.content) / 2, path
                assert len(gzip.decompress(raw)) == len(plain.content), path
            receipt = await client.post(
                mission.reports,
                json=mission.report(answers={"comment": "x" * 900}),
                headers=GZIP | mission.bearer("observer"),
            )
            assert receipt.status_code == 201
            assert "content-encoding" not in receipt.headers
