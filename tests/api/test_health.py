"""For whoever keeps it running."""

from collections.abc import Callable
from typing import Any

import httpx
import psycopg
import pytest

from api.app import create_app
from api.frame import redacted
from api.settings import Settings
from tests.api.small import SmallMission
from tests.conftest import Database

Rows = Callable[..., list[tuple[Any, ...]]]


async def test_it_is_ready_when_the_database_is_migrated(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")


async def test_without_its_database_it_lives_but_is_not_ready(
    client: httpx.AsyncClient, mission: SmallMission, database: Database
) -> None:
    name = database.app_url.rsplit("/", 1)[1].partition("?")[0]
    server = database.admin_url.replace(name, "postgres")
    with psycopg.connect(server, autocommit=True) as connection:
        _free(connection, name)
        connection.execute(f"ALTER DATABASE {name} RENAME TO {name}_away")
    try:
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/readyz")).status_code == 503
        post = await client.post(
            mission.reports, json=mission.report(), headers=mission.bearer("observer")
        )
        assert (post.status_code, post.json()["code"]) == (503, "unavailable")
        assert int(post.headers["retry-after"]) > 0
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            _free(connection, f"{name}_away")
            connection.execute(f"ALTER DATABASE {name}_away RENAME TO {name}")
    post = await client.post(
        mission.reports, json=mission.report(), headers=mission.bearer("observer")
    )
    assert post.status_code == 201


def _free(connection: psycopg.Connection[Any], name: str) -> None:
    """End every connection to a database, so that it can be renamed."""
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
    )


async def test_the_counts_name_no_mission(
    as_observer: httpx.AsyncClient, mission: SmallMission
) -> None:
    await as_observer.post(mission.reports, json=mission.report())
    text = (await as_observer.get("/metrics")).text
    assert 'indelible_reports_total{status="201"} 1.0' in text
    assert mission.slug not in text


@pytest.mark.parametrize(
    ("address", "headers"), [("203.0.113.9", {}), ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"})]
)
async def test_the_counts_are_for_the_machine_itself_and_no_proxy(
    serving: Settings, address: str, headers: dict[str, str]
) -> None:
    app: Any = create_app(serving)
    transport = httpx.ASGITransport(app=app, client=(address, 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://indelible") as client:
        assert (await client.get("/metrics", headers=headers)).status_code == 404


async def test_every_answer_carries_the_headers_that_protect(client: httpx.AsyncClient) -> None:
    for path in ("/healthz", "/api/v1/me", "/nothing/here"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]


def test_the_log_holds_no_token() -> None:
    assert redacted("/openrosa/SECRET/formList") == "/openrosa/…/formList"
    assert redacted("/sign-in/SECRET") == "/sign-in/…"
    assert redacted("/invitation/SECRET") == "/invitation/…"
    assert redacted("/api/v1/me") == "/api/v1/me"


async def test_the_api_is_described_on_a_page_that_loads_nothing_from_elsewhere(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/docs")
    assert page.status_code == 200
    assert "/api/v1/missions/{slug}/stations" in page.text
    assert "http" not in page.headers["content-security-policy"]
    assert (await client.get("/openapi.json")).json()["info"]["title"] == "Indelible"
