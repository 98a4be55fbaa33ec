"""The observer's app as it is served."""

from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from api.field import POLICY, FieldApp


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
    app.mount("/field", FieldApp(built))
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
