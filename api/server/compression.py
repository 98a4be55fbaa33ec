"""HTTP compression (gzip) of pages and JSON on their way out; which answers are left alone.

Compression beside encryption tells lengths, and lengths tell secrets where an attacker chooses
text that is compressed together with them (BREACH). So nothing is compressed that answers a
POST (these hand tokens, codes and receipts out), that stands under an address which is itself a
secret, or that another site made a browser ask for with its cookies. See
docs/decisions/0016-compression.md.
"""

import asyncio
import re
import zlib
from collections.abc import Mapping
from typing import Any

from api.server.security_headers import Message, Scope, Send

SMALLEST = 500
"""Bytes below which compressing costs more than it saves."""
IN_THREAD = 32 * 1024
"""Bytes from which compressing would hold the event loop up."""
LEVEL = 6
GZIP = 16 + zlib.MAX_WBITS
_TEXTS = re.compile(
    r"text/(?!event-stream)|application/([\w.-]+\+)?(json|xml)\b"
    r"|application/(x-ndjson|javascript)\b|image/svg\+xml"
)
_SECRET_ADDRESSES = re.compile(r"/(sign-in|invitation)/|/openrosa/[^/]+/(formList|.*/manifest)")
_UNBODIED = frozenset({204, 206, 304})


def accepts(accept_encoding: str, coding: str) -> bool:
    """Whether an ``Accept-Encoding`` names this coding, or any, and not with ``q=0``."""
    weights: dict[str, float] = {}
    for each in accept_encoding.lower().split(","):
        name, _, parameter = each.partition(";")
        _, _, weight = parameter.partition("q=")
        try:
            weights[name.strip()] = float(weight or 1)
        except ValueError:
            weights[name.strip()] = 0.0
    return weights.get(coding, weights.get("*", 0.0)) > 0


def compressed(scope: Scope, send: Send) -> Send:
    """Sends the answer to a request, compressed where that is right."""
    return _Answer(scope, send).send if _is_safe(scope) else send


def _is_safe(scope: Scope) -> bool:
    """Whether nobody outside chose text beside a secret: see above."""
    if scope["method"] not in ("GET", "HEAD") or _SECRET_ADDRESSES.match(scope["path"]):
        return False
    headers = dict(scope["headers"])
    site = headers.get(b"sec-fetch-site", b"")
    return not (b"cookie" in headers and site in (b"cross-site", b"same-site"))


class _Answer:
    """One answer. Its headers wait for the first piece of the body, which says how long it is."""

    def __init__(self, scope: Scope, send: Send) -> None:
        asked = dict(scope["headers"])
        self._head = scope["method"] == "HEAD"
        self._wanted = b"range" not in asked and accepts(
            asked.get(b"accept-encoding", b"").decode("latin-1"), "gzip"
        )
        self._send = send
        self._begin: Message | None = None
        self._packer: Any = None

    async def send(self, message: Message) -> None:
        """Take the application's next message."""
        if message["type"] == "http.response.start":
            if not _is_compressible(message["status"], dict(message.get("headers", ()))):
                await self._send(message)
                return
            headers = [*message.get("headers", ())]
            self._begin = {**message, "headers": _varying(headers)}
        elif self._begin is not None:
            await self._first(self._begin, message)
            self._begin = None
        elif self._packer is not None:
            await self._next(message)
        else:
            await self._send(message)

    async def _first(self, begin: Message, message: Message) -> None:
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._head or not self._wanted or (len(body) < SMALLEST and not more):
            if self._head and self._wanted:
                begin["headers"] = _without(begin["headers"], b"content-length")
            await self._send(begin)
            await self._send(message)
            return
        self._packer = zlib.compressobj(LEVEL, wbits=GZIP)
        packed = await self._pack(body, more)
        headers = _weakened(_without(begin["headers"], b"content-length", b"accept-ranges"))
        headers.append((b"content-encoding", b"gzip"))
        if not more:
            headers.append((b"content-length", str(len(packed)).encode()))
        await self._send({**begin, "headers": headers})
        await self._send({**message, "body": packed})

    async def _next(self, message: Message) -> None:
        more = message.get("more_body", False)
        await self._send({**message, "body": await self._pack(message.get("body", b""), more)})

    async def _pack(self, piece: bytes, more: bool) -> bytes:
        if len(piece) < IN_THREAD:
            return self._packed(piece, more)
        return await asyncio.to_thread(self._packed, piece, more)

    def _packed(self, piece: bytes, more: bool) -> bytes:
        packed: bytes = self._packer.compress(piece)
        return packed if more else packed + self._packer.flush()


Header = tuple[bytes, bytes]


def _is_compressible(status: int, headers: Mapping[bytes, bytes]) -> bool:
    kind = headers.get(b"content-type", b"").decode("latin-1")
    return (
        status not in _UNBODIED
        and _TEXTS.match(kind) is not None
        and b"content-encoding" not in headers
        and b"no-transform" not in headers.get(b"cache-control", b"")
    )


def _without(headers: list[Header], *names: bytes) -> list[Header]:
    return [each for each in headers if each[0] not in names]


def _varying(headers: list[Header]) -> list[Header]:
    """Caches are told that the answer depends on what the client accepts."""
    told = b", ".join(value for name, value in headers if name == b"vary")
    if b"accept-encoding" in told.lower():
        return headers
    value = b", ".join(each for each in (told, b"Accept-Encoding") if each)
    return [*_without(headers, b"vary"), (b"vary", value)]


def _weakened(headers: list[Header]) -> list[Header]:
    """The tag of other bytes of the same meaning is a weak one."""
    return [
        (name, b"W/" + value if name == b"etag" and not value.startswith(b"W/") else value)
        for name, value in headers
    ]
