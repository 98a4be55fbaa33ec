"""Health, readiness and metrics: ``/healthz``, ``/readyz``, ``/metrics``."""

import ipaddress
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    generate_latest,
)

from api.problems import NOT_FOUND, UNAVAILABLE, Problem, is_database_down
from api.server.request_headers import Headers

PROXIED = frozenset({"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"})
"""The headers by which a proxy says that it asks for somebody else."""
MIGRATED = "SELECT version_num FROM alembic_version"

router = APIRouter(tags=["health"], include_in_schema=False)


class Metrics:
    """Counts since this process began; never a label that names a mission or a person."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._responses = Counter(
            "indelible_responses", "Answers by status.", ["status"], registry=self.registry
        )
        self._reports = Counter(
            "indelible_reports",
            "Reports by the status they were answered with.",
            ["status"],
            registry=self.registry,
        )
        self._answers = Gauge(
            "indelible_background_answers",
            "Whether the background process answers.",
            registry=self.registry,
        )
        self._age = Gauge(
            "indelible_figures_age_seconds",
            "Age of the newest figures of the background process.",
            registry=self.registry,
        )
        self._held = Counter(
            "indelible_held",
            "Reports answered as held, by the code of each reason.",
            ["reason"],
            registry=self.registry,
        )

    def response(self, status: int) -> None:
        """Count one answer over HTTP."""
        self._responses.labels(str(status)).inc()

    def report(self, status: int, reasons: Iterable[Mapping[str, str]] = ()) -> None:
        """Count one report answered, and why it is held where it is."""
        self._reports.labels(str(status)).inc()
        for code in {each["code"] for each in reasons} if status == 202 else ():
            self._held.labels(code).inc()

    def background(self, found: Mapping[str, Any]) -> None:
        """Note how the background process is, as :func:`background_of` says it."""
        self._answers.set(float(found["answers"]))
        self._age.set(float("nan") if found["figures_age"] is None else found["figures_age"])

    def text(self) -> bytes:
        """The counts in the format that Prometheus reads."""
        return generate_latest(self.registry)


async def background_of(state: Any) -> dict[str, Any]:
    """Whether the background process answers, and how many seconds old its newest figures are
    (None: nobody asked yet). A worker that has none does its work."""
    status = await state.figures.status()
    age = None
    if status is not None and status.as_of is not None:
        age = round((datetime.now(UTC) - status.as_of).total_seconds(), 1)
    return {"answers": status is not None, "figures_age": age}


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """This process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    """The database answers and is migrated: reports can be kept. Beside it, whether the background
    process answers: without it reports are kept, and pages show the last figures."""
    pool: Any = request.app.state.pools.intake
    try:
        async with pool.connection(timeout=2) as connection:
            row = await (await connection.execute(MIGRATED)).fetchone()
    except Exception as error:
        if is_database_down(error):
            raise Problem(UNAVAILABLE, "The database does not answer.") from None
        raise Problem(UNAVAILABLE, "The database is not migrated.") from None
    if row is None:
        raise Problem(UNAVAILABLE, "The database is not migrated.")
    background = await background_of(request.app.state)
    return JSONResponse({"status": "ready", "revision": row[0], "background": background})


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Counts, in the format that Prometheus reads: for this machine, or with the token of
    ``INDELIBLE_METRICS_TOKEN``. To others they are not there (404)."""
    if not (_is_local(request) or _has_token(request)):
        raise Problem(NOT_FOUND)
    counts: Metrics = request.app.state.metrics
    counts.background(await background_of(request.app.state))
    return Response(counts.text(), media_type=CONTENT_TYPE_LATEST)


def _is_local(request: Request) -> bool:
    """Whether a process of this machine asks; not a proxy on it, which asks for others."""
    if PROXIED & set(request.headers.keys()) or request.client is None:
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _has_token(request: Request) -> bool:
    wanted: str | None = request.app.state.settings.metrics_token
    given = Headers.of(request.scope).bearer or ""
    return wanted is not None and secrets.compare_digest(given.encode(), wanted.encode())
