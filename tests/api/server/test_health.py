"""For whoever keeps it running."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import httpx
import psycopg
import pytest

from api.app import create_app
from api.server.security_headers import redacted
from api.settings import Settings
from tests.api.conftest import awake
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


@pytest.fixture
async def public(serving: Settings, mission: SmallMission) -> AsyncIterator[Any]:
    """Clients of an installation behind a proxy: a public address, a token for its counts."""
    settings = replace(
        serving, public_url="https://observe.example", metrics_token="a token for counts"
    )
    app: Any = create_app(settings)

    def client(address: str = "203.0.113.9") -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=app, client=(address, 50_000))
        return httpx.AsyncClient(transport=transport, base_url="http://evil.example")

    async with awake(app):
        yield client


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("203.0.113.9", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, 404),
        ("127.0.0.1", {"Forwarded": "for=203.0.113.9"}, 404),
        ("203.0.113.9", {"Authorization": "Bearer a token for counts"}, 200),
        ("203.0.113.9", {"Authorization": "Bearer another"}, 404),
        ("203.0.113.9", {"Authorization": "Bearer"}, 404),
    ],
)
async def test_the_counts_are_for_this_machine_or_with_their_token(
    public: Any, address: str, headers: dict[str, str], status: int
) -> None:
    async with public(address) as client:
        assert (await client.get("/metrics", headers=headers)).status_code == status


async def test_without_a_token_nobody_outside_guesses_an_empty_one(serving: Settings) -> None:
    transport = httpx.ASGITransport(app=create_app(serving), client=("203.0.113.9", 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://indelible") as client:
        for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer None"}):
            assert (await client.get("/metrics", headers=headers)).status_code == 404


async def test_the_host_that_a_request_names_reaches_no_address_that_is_handed_out(
    public: Any, mission: SmallMission
) -> None:
    openrosa = f"/openrosa/{mission.tokens['observer']}"
    enrolment = f"/api/v1/missions/{mission.slug}/observers/O-1"
    async with public() as client:
        said = [
            (await client.get(f"{openrosa}/formList")).text,
            (await client.head(f"{openrosa}/submission")).headers["location"],
            (await client.get("/field")).headers.get("location", ""),
            (
                await client.post(
                    f"{enrolment}/enrolment", json={}, headers=mission.bearer("data_manager")
                )
            ).text,
        ]
    for each in said:
        assert "evil.example" not in each
        assert "https://observe.example/" in each


async def test_behind_tls_a_browser_is_told_to_stay_with_https(
    public: Any, client: httpx.AsyncClient
) -> None:
    async with public() as outside:
        for path in ("/", "/healthz", "/nothing/here"):
            told = (await outside.get(path)).headers["strict-transport-security"]
            assert int(told.removeprefix("max-age=")) >= 180 * 86_400
    assert "strict-transport-security" not in (await client.get("/healthz")).headers
