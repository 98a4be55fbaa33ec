"""The observer's app as it is served."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from api.pages.layout import HERE
from api.server.static_files import DIST, POLICY, ObserverApp
from hatch_build import SMALLEST


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A built app of three files."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Field</title>")
    (tmp_path / "sw.js").write_text("self.skipWaiting")
    (tmp_path / "assets" / "app-1a2b3c.js").write_text("1")
    return tmp_path


@pytest.mark.parametrize(
    ("path", "kept"),
    [("", "no-cache"), ("sw.js", "no-cache"), ("assets/app-1a2b3c.js", "immutable")],
)
async def test_each_file_has_the_policy_and_is_kept_as_long_as_it_may(
    built: Path, path: str, kept: str
) -> None:
    app = Starlette()
    app.mount("/field", ObserverApp(built))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://indelible") as client:
        response = await client.get(f"/field/{path}")
    assert response.status_code == 200
    assert response.headers["content-security-policy"] == POLICY
    assert kept in response.headers["cache-control"]
    assert response.headers["service-worker-allowed"] == "/field/"


async def test_only_what_is_in_the_folder_is_served(client: httpx.AsyncClient) -> None:
    for path in ("/field/..%2f..%2fpyproject.toml", "/field/nothing.js"):
        assert (await client.get(path)).status_code == 404


SCRIPT = b"export const answer = 'nobody was there'; " * 50


def compress(file: Path) -> None:
    """What the build makes beside a file. The server never looks into a ``.br``."""
    file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
    file.with_name(f"{file.name}.br").write_bytes(b"brotli of " + file.read_bytes()[:40])


@pytest.fixture
async def served(built: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the built app, which has a compressed script."""
    script = built / "assets" / "app-1a2b3c.js"
    script.write_bytes(SCRIPT)
    compress(script)
    app = Starlette()
    app.mount("/field", ObserverApp(built))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://indelible") as client:
        yield client


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("br, gzip", "br"),
        ("gzip", "gzip"),
        ("gzip, br;q=0", "gzip"),
        ("identity", None),
        ("", None),
    ],
)
async def test_the_smallest_that_a_browser_takes_is_sent_and_says_what_it_is(
    served: httpx.AsyncClient, built: Path, accepted: str, coding: str | None
) -> None:
    path, asked = "/field/assets/app-1a2b3c.js", {"Accept-Encoding": accepted}
    async with served.stream("GET", path, headers=asked) as answer:
        raw = b"".join([piece async for piece in answer.aiter_raw()])
    suffix = {"br": ".br", "gzip": ".gz", None: ""}[coding]
    assert raw == (built / "assets" / f"app-1a2b3c.js{suffix}").read_bytes()
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-security-policy"] == POLICY
    head = await served.head(path, headers=asked)
    for name in ("content-encoding", "content-length", "etag", "vary", "content-type"):
        assert head.headers.get(name) == answer.headers.get(name)


async def test_each_coding_has_a_tag_of_its_own_and_is_not_sent_twice(
    served: httpx.AsyncClient,
) -> None:
    path, tags = "/field/assets/app-1a2b3c.js", set()
    for accepted in ("br", "gzip", "identity"):
        asked = {"Accept-Encoding": accepted}
        tag = (await served.head(path, headers=asked)).headers["etag"]
        again = await served.get(path, headers=asked | {"If-None-Match": tag})
        assert (again.status_code, again.headers["vary"]) == (304, "Accept-Encoding")
        tags.add(tag)
    assert len(tags) == 3


async def test_a_range_is_of_the_file_itself(served: httpx.AsyncClient) -> None:
    asked = {"Accept-Encoding": "br, gzip", "Range": "bytes=0-5"}
    answer = await served.get("/field/assets/app-1a2b3c.js", headers=asked)
    assert (answer.status_code, answer.content) == (206, SCRIPT[:6])
    assert "content-encoding" not in answer.headers


async def test_a_compressed_file_of_an_older_source_is_not_served(
    served: httpx.AsyncClient, built: Path
) -> None:
    script = built / "assets" / "app-1a2b3c.js"
    path, asked = "/field/assets/app-1a2b3c.js", {"Accept-Encoding": "br, gzip"}
    assert (await served.head(path, headers=asked)).headers["content-encoding"] == "br"
    script.write_bytes(SCRIPT.replace(b"nobody", b"no one"))
    answer = await served.get(path, headers=asked)
    assert "content-encoding" not in answer.headers
    assert b"no one" in answer.content


def test_the_build_compresses_the_app_and_the_pages_files() -> None:
    for folder in (DIST, HERE):
        texts = [
            each
            for each in folder.rglob("*.[jc]s*")
            if each.suffix in (".js", ".css") and each.stat().st_size >= SMALLEST
        ]
        assert texts
        for each in texts:
            packed = each.with_name(f"{each.name}.gz").read_bytes()
            assert gzip.decompress(packed) == each.read_bytes()
            assert each.with_name(f"{each.name}.br").stat().st_size < len(packed)
