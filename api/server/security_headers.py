"""Security headers and the access log of every request."""

import re
import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any
from urllib.parse import SplitResult, urlsplit

import structlog

from api.problems import of_error
from api.server.health import Metrics

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"interest-cohort=()"),
)
ONLY_HTTPS = (b"strict-transport-security", b"max-age=31536000")
"""Where the public address is https: a browser that came once asks by https from then on."""
NOTHING_LOADS = b"default-src 'none'; frame-ancestors 'none'"
_SECRET_PATHS = re.compile(r"^(/openrosa|/sign-in|/invitation)/[^/]+")

log = structlog.get_logger("indelible.access")


def redacted(path: str) -> str:
    """A path as the log may hold it: without the token that some addresses carry."""
    return _SECRET_PATHS.sub(r"\1/…", path)[:200]


class SecurityHeaders:
    """Wraps the whole application."""

    def __init__(self, app: App, metrics: Metrics, public_url: str | None = None) -> None:
        self._app, self._metrics = app, metrics
        self._public = urlsplit(public_url) if public_url else None
        secure = self._public is not None and self._public.scheme == "https"
        self._headers = (*HEADERS, ONLY_HTTPS) if secure else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; what fails without an answer is answered here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._public is not None:
            scope = _addressed(scope, self._public)
        answer = _Answer(send, self._headers)
        began = time.perf_counter()
        try:
            await self._app(scope, receive, answer.send)
        except Exception as error:
            # The framework answers, then raises again for a server to print: it may not.
            if answer.status == 0:
                await of_error(error).response()(scope, receive, answer.send)
        self._metrics.response(answer.status)
        milliseconds = round((time.perf_counter() - began) * 1000, 1)
        line = log.debug if answer.status < 500 else log.warning
        line(
            "request",
            method=scope["method"],
            path=redacted(scope["path"]),
            status=answer.status,
            ms=milliseconds,
        )


class _Answer:
    """Adds the headers that every answer carries, and remembers its status."""

    def __init__(self, send: Send, headers: Sequence[tuple[bytes, bytes]]) -> None:
        self._send, self._headers = send, headers
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = list(message.get("headers", ()))
            present = {name for name, _ in headers}
            headers += [header for header in self._headers if header[0] not in present]
            if not _is_page(headers) and b"content-security-policy" not in present:
                headers.append((b"content-security-policy", NOTHING_LOADS))
            message["headers"] = headers
        await self._send(message)


def _addressed(scope: Scope, public: SplitResult) -> Scope:
    """A request as if it came to the public address: what it says of the host reaches no link."""
    headers = [each for each in scope["headers"] if each[0] != b"host"]
    host = public.netloc.encode("idna" if not public.netloc.isascii() else "ascii")
    return {**scope, "scheme": public.scheme, "headers": [(b"host", host), *headers]}


def _is_page(headers: list[tuple[bytes, bytes]]) -> bool:
    """Pages bring a policy of their own."""
    return any(name == b"content-type" and b"html" in value for name, value in headers)
