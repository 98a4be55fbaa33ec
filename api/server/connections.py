"""HTTP connections with limits: uvicorn's protocol bounded in number and time.

A request's headers must come within a time; its body must make progress, however slow the network
is; nothing limits how long an answer takes while somebody reads it. Connections are counted in
each worker, by address and in all. After an answer that did not wait for the whole body, the rest
is read and dropped for a while: were the connection closed with bytes unread, the reset would take
the answer with it.
"""

import asyncio
import resource
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import ip_address, ip_network
from typing import Any, cast

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.problems import MEDIA_TYPE, TIMED_OUT, TOO_MANY, UNAVAILABLE, Kind, Problem

SPARE_FILES = 200
"""Of the files that a process may open, so many are not for connections."""


@dataclass(frozen=True)
class ConnectionLimits:
    """How many connections a worker takes, and how long it waits for what they send."""

    per_address: int = 256
    """A whole mission may come from behind one router."""
    in_all: int = 2048
    header_seconds: float = 30.0
    """Until the headers are whole; also for a connection that sends nothing."""
    body_bytes: int = 512
    """Of a body at least so much comes in each ``body_seconds``: far below the slowest phone."""
    body_seconds: float = 60.0
    answer_seconds: float = 120.0
    """Of an answer that waits to be read at least something is taken in such a time."""
    dropped_bytes: int = 128 * 1024 * 1024
    """So much of a body that nobody wants is read and dropped, after it was answered."""
    dropped_seconds: float = 20.0
    trusted: tuple[str, ...] = ()
    """Addresses and networks of proxies: each is the address of many people."""

    def is_proxy(self, address: str) -> bool:
        """Whether an address is one of the proxies'."""
        if not self.trusted:
            return False
        try:
            asked = ip_address(address)
        except ValueError:
            return False
        return any(asked in ip_network(each) for each in self.trusted)


@dataclass
class ConnectionCount:
    """The connections that are open in this process."""

    limits: ConnectionLimits
    by_address: Counter[str] = field(default_factory=Counter)

    def refusal(self, address: str) -> Problem | None:
        """Why a further connection from an address is not served; None where it is."""
        wait = {"Retry-After": "5"}
        if self.by_address.total() >= self.limits.in_all:
            return Problem(UNAVAILABLE, "Too many connections are open.", headers=wait)
        known = 0 if self.limits.is_proxy(address) else self.by_address[address]
        if known >= self.limits.per_address:
            return Problem(TOO_MANY, "Too many connections from this address.", headers=wait)
        return None

    def opened(self, address: str) -> None:
        """One more."""
        self.by_address[address] += 1

    def closed(self, address: str) -> None:
        """One less."""
        self.by_address[address] -= 1
        if not self.by_address[address]:
            del self.by_address[address]


def limited(limits: ConnectionLimits) -> Callable[..., HttpToolsProtocol]:
    """What makes the protocol of each connection of a worker, for ``uvicorn.Config(http=…)``."""
    count = ConnectionCount(limits)

    def protocol(*args: Any, **named: Any) -> HttpToolsProtocol:
        return LimitedProtocol(*args, **named, count=count)

    return protocol


def open_files(wanted: int) -> int:
    """Let this process open so many connections, as far as the system does; how many it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted + SPARE_FILES:
        more = (
            wanted + SPARE_FILES
            if hard == resource.RLIM_INFINITY
            else min(wanted + SPARE_FILES, hard)
        )
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(more, soft), hard))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(min(wanted, soft - SPARE_FILES), 1)


class LimitedProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *args: Any, count: ConnectionCount, **named: Any) -> None:
        super().__init__(*args, **named)
        self._count, self._limits = count, count.limits
        self._address = ""
        self._counted = self._refused = self._closing = False
        self._whole = True
        """Whether everything that was begun to be sent has come."""
        self._timer: asyncio.TimerHandle | None = None
        self._reading: asyncio.TimerHandle | None = None
        self._seen = self._dropped = self._unread = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Serve a connection, or say why not."""
        super().connection_made(cast(asyncio.Transport, _Closing(transport, self)))
        self._address = self.client[0] if self.client else ""
        refusal = self._count.refusal(self._address)
        if refusal is not None:
            self._refused = True
            self._answer(refusal)
            return
        self._counted = True
        self._count.opened(self._address)
        self._within(self._limits.header_seconds, self._late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let it go."""
        self._cancel()
        self._all_read()
        if self._counted:
            self._counted = False
            self._count.closed(self._address)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what comes; drop it where nobody is to have it."""
        if self._refused or (self._is_answered and not self._whole):
            self._dropped += len(data)
            if self._dropped > self._limits.dropped_bytes:
                self.transport.abort()
                return
        if self._refused:
            return
        super().data_received(data)
        if self._timer is None and self._is_answered:
            self._within(self._limits.header_seconds, self._late)

    @property
    def _is_answered(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def on_headers_complete(self) -> None:
        """The request begins; its body, if any, has to go on coming."""
        if self._closing:
            return
        super().on_headers_complete()
        self._whole, self._seen, self._dropped = False, 0, 0
        self._within(self._limits.body_seconds, self._look_at_body)

    def on_body(self, body: bytes) -> None:
        """Note that it does."""
        self._seen += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Everything has come: from now on it is for us to be in time."""
        self._whole = True
        if self._closing:
            self._close()
            return
        self._cancel()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """What is answered before everything came has a while to come."""
        super().on_response_complete()
        if not self._whole and not self._closing:
            self._within(self._limits.dropped_seconds, self._late)

    def shutdown(self) -> None:
        """The server ends: nothing more is dropped."""
        if self._closing:
            self._close()
        else:
            super().shutdown()

    def _look_at_body(self) -> None:
        """A body that stands still is given up, unless it is we who do not read it."""
        if self._seen < self._limits.body_bytes and not self.flow.read_paused:
            self._late()
            return
        self._seen = 0
        self._within(self._limits.body_seconds, self._look_at_body)

    def _late(self) -> None:
        self._timer = None
        begun = self.cycle is not None and self.cycle.response_started and not self._is_answered
        nothing = self._whole and (self.cycle is not None or not self.headers)
        if begun or nothing or (self._is_answered and not self._whole):
            self.transport.abort()
            return
        if self.cycle is not None:
            # Whoever waits for the rest hears that it will not come.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self._answer(Problem(TIMED_OUT, "What was sent came too slowly, or not at all."))

    def _answer(self, problem: Problem) -> None:
        """Say something on our own, and close."""
        self._refused = True
        self.transport.write(_document(problem))
        self.linger(self._limits.dropped_seconds if self._counted else 1.0)

    def linger(self, seconds: float | None = None) -> None:
        """Close, but read and drop what still comes before, for a while."""
        if self._closing:
            return
        if self._whole and not self._refused:
            self._close()
            return
        self._closing = True
        self.flow.resume_reading()
        with suppress(OSError, NotImplementedError):
            self.transport.write_eof()
        self._within(self._limits.dropped_seconds if seconds is None else seconds, self._close)

    def _close(self) -> None:
        self._cancel()
        self._closing = True
        cast(_Closing, self.transport).now()

    @property
    def is_lingering(self) -> bool:
        """Whether nothing more is to be answered here."""
        return self._closing

    def pause_writing(self) -> None:
        """An answer waits to be read: for a while."""
        super().pause_writing()
        self._unread = self.transport.get_write_buffer_size()
        self._all_read()
        self._reading = self.loop.call_later(self._limits.answer_seconds, self._look_at_answer)

    def resume_writing(self) -> None:
        """It is read."""
        self._all_read()
        super().resume_writing()

    def _look_at_answer(self) -> None:
        self._reading = None
        unread = self.transport.get_write_buffer_size()
        if unread >= self._unread:
            self.transport.abort()
            return
        self._unread = unread
        self._reading = self.loop.call_later(self._limits.answer_seconds, self._look_at_answer)

    def _all_read(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _within(self, seconds: float, act: Callable[[], None]) -> None:
        self._cancel()
        self._timer = self.loop.call_later(seconds, act)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class _Closing:
    """A transport whose protocol decides when it is closed."""

    def __init__(self, transport: asyncio.Transport, protocol: LimitedProtocol) -> None:
        self._transport, self._protocol = transport, protocol

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def close(self) -> None:
        """Close once what still comes has come."""
        self._protocol.linger()

    def now(self) -> None:
        """Close at once."""
        self._transport.close()

    def is_closing(self) -> bool:
        """Whether nothing more is answered here."""
        return self._protocol.is_lingering or self._transport.is_closing()


def _document(problem: Problem) -> bytes:
    """An answer as it goes over the wire."""
    body = orjson.dumps(problem.members())
    headers = {
        "Content-Type": MEDIA_TYPE,
        "Content-Length": str(len(body)),
        "Connection": "close",
        **problem.all_headers(),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {_status(problem.kind)}\r\n{lines}\r\n".encode() + body


def _status(kind: Kind) -> str:
    return f"{kind.status} {HTTPStatus(kind.status).phrase}"
