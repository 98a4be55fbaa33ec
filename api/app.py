"""The ASGI application of a worker: intake's endpoints ahead of the framework, all else behind."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache, partial
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request
from starlette.routing import BaseRoute

from api import pages, routes
from api.audit.signing import Signer
from api.auth.http_digest import Digest
from api.auth.login_throttle import count_wrong_key
from api.auth.oidc import OpenId
from api.auth.principal import Authenticator
from api.background.tasks import following, periodic_tasks
from api.database.roles import refuse_powerful_login
from api.database.sessions import Pools, open_engine
from api.database.write_queue import ClockedWrites
from api.figures.ask import LocalFigures
from api.figures.client import SocketFigures
from api.intake import photo_upload
from api.intake.accept import Intake
from api.intake.group_commit import GroupCommit
from api.intake.json_endpoint import JsonEndpoint
from api.intake.openrosa import OpenRosa
from api.intake.photo_store import PhotoStore
from api.intake.reference_cache import Registers
from api.pages.layout import in_round
from api.pages.problem_pages import say_problem
from api.problems import Problem, answer_with_problems
from api.review.release_held import Release
from api.server import health
from api.server.body_limits import BodyLimits, refuse_control_characters
from api.server.compression import compressed
from api.server.ending import hear_the_end
from api.server.health import Metrics
from api.server.known_parameters import only_known_parameters
from api.server.logs import configure_logs
from api.server.outbound_http import OutboundHttp
from api.server.security_headers import App, Receive, Scope, SecurityHeaders, Send
from api.server.static_files import ObserverApp
from api.settings import Settings, SettingsProblem
from mobile_forms.judgement import Judge


def create_app(settings: Settings, committer: GroupCommit | None = None) -> App:
    """The ASGI application of one worker. ``settings.database_url`` is the worker's own login.

    Another ``committer`` than the database's is for measuring what storage costs. Raises
    :class:`SettingsProblem` without a login.
    """
    if settings.database_url is None:
        raise SettingsProblem("A worker needs DATABASE_URL, the login it serves with.")
    configure_logs()
    framework = FastAPI(
        title="Indelible",
        version="0.1.0",
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        routes=[*_routes()],
    )
    _furnish(framework, settings, settings.database_url, committer)
    answer_with_problems(framework)
    framework.mount("/field", ObserverApp(), name="field")
    state = framework.state
    endpoint = JsonEndpoint(state.intake, state.senders, state.metrics)
    openrosa = OpenRosa(
        state.intake,
        state.senders,
        state.photos,
        state.pools.pages,
        state.writes,
        state.metrics,
        settings.public_url,
        Digest(settings.secret),
    )
    return SecurityHeaders(
        _Dispatch(framework, endpoint, openrosa), state.metrics, settings.public_url
    )


@cache
def _routes() -> Sequence[BaseRoute]:
    """The routes of every application of this process: the framework reads their signatures once,
    at the first request, which takes a quarter of a second."""
    router = APIRouter()
    for each in (photo_upload.router, *routes.ROUTERS):
        router.include_router(each, dependencies=[Depends(only_known_parameters)])
    for each in (health.router, *pages.ROUTERS):
        router.include_router(each)
    return router.routes


def _furnish(
    app: FastAPI, settings: Settings, database_url: str, committer: GroupCommit | None
) -> None:
    """What the requests share. Nothing here connects: that is the lifespan's."""
    state = app.state
    state.settings = settings
    state.engine = open_engine(database_url)
    state.pools = Pools.of(database_url)
    state.pool = state.pools.pages
    state.writes = ClockedWrites(state.pools.clocked)
    state.metrics = Metrics()
    wrong_key = partial(count_wrong_key, state.pools.pages, settings.secret)
    state.authenticator = Authenticator(state.pools.pages, wrong_key)
    state.senders = state.authenticator.over(state.pools.intake)
    state.photos = PhotoStore(settings.media)
    state.committer = committer or GroupCommit(database_url, state.photos.size)
    state.intake = Intake(
        Registers(state.pools.intake, Judge), state.committer, Signer.from_secret(settings.secret)
    )
    state.release = Release(state.intake, state.pool)
    state.outward = OutboundHttp()
    state.openid = OpenId(settings.openid, state.outward) if settings.openid else None


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open what the requests share, and close it after the last of them."""
    state = app.state
    await asyncio.to_thread(refuse_powerful_login, state.settings.database_url)
    state.closing = asyncio.Event()
    hear_the_end(state.closing)
    async with state.pools.opened():
        await state.committer.start()
        async with _in_background(state):
            yield
            state.closing.set()
        await state.committer.stop()
    await state.engine.dispose()


@asynccontextmanager
async def _in_background(state: Any) -> AsyncIterator[None]:
    """Ask the background process for figures; without one, make them here and do its tasks."""
    url, socket = state.settings.database_url, state.settings.figures_socket
    if socket is not None:
        state.figures = SocketFigures(socket)
        yield
        return
    async with (
        following(url) as follower,
        periodic_tasks(url, state.release, state.photos, state.outward),
    ):
        state.figures = LocalFigures(follower)
        yield


class _Dispatch:
    """Sends each request to the endpoints of intake or on to the framework."""

    def __init__(self, framework: FastAPI, endpoint: JsonEndpoint, openrosa: OpenRosa) -> None:
        self.framework, self._bounded = framework, BodyLimits(framework)
        self._endpoint, self._openrosa = endpoint, openrosa

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. A problem that is raised here is answered by the frame around it."""
        if scope["type"] == "http":
            send = compressed(scope, send)
            try:
                refuse_control_characters(scope)
            except Problem as problem:
                if not scope["path"].startswith("/missions/"):
                    raise
                said = say_problem(Request({**scope, "app": self.framework}), problem)
                await said(scope, receive, send)
                return
            for endpoint in (self._endpoint, self._openrosa):
                if endpoint.takes(scope):
                    await endpoint(scope, receive, send)
                    return
            scope = in_round(scope)
        await self._bounded(scope, receive, send)
