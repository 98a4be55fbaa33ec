"""A load of requests over kept-alive loopback sockets, and how long each took."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Measured:
    """How a load went: requests a second, and seconds that half and 99 of 100 stayed under."""

    requests: int
    failures: int
    rate: float
    median: float
    p99: float

    def __str__(self) -> str:
        times = f"p50 {self.median * 1000:6.1f} ms  p99 {self.p99 * 1000:6.1f} ms"
        failed = f"  {self.failures} NOT 201" if self.failures else ""
        return f"{self.rate:8.0f}/s  {times}{failed}"


def request(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """One HTTP/1.1 request as bytes."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class _Client(asyncio.Protocol):
    """One connection that sends its requests one after the other."""

    def __init__(self, requests: Sequence[bytes], done: "asyncio.Future[None]") -> None:
        self._waiting = list(reversed(requests))
        self._done = done
        self._buffer = b""
        self._began = 0.0
        self.times: list[float] = []
        self.failures = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._next()

    def _next(self) -> None:
        if not self._waiting:
            self._transport.close()
            self._done.set_result(None)
            return
        self._began = time.perf_counter()
        self._transport.write(self._waiting.pop())  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"\r\ncontent-length:")[2].split(b"\r\n", 1)[0])
        if len(rest) < length:
            return
        self._buffer = rest[length:]
        self.times.append(time.perf_counter() - self._began)
        self.failures += not head.startswith(b"HTTP/1.1 201")
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(error or ConnectionError("closed early"))


async def fire(port: int, requests: Sequence[bytes], clients: int = 64) -> Measured:
    """Send the requests from ``clients`` connections at once."""
    loop = asyncio.get_running_loop()
    began, connected, done = time.perf_counter(), [], []
    for client in range(clients):
        future = loop.create_future()
        share = requests[client::clients]
        _, protocol = await loop.create_connection(
            lambda share=share, future=future: _Client(share, future), "127.0.0.1", port
        )
        connected.append(protocol)
        done.append(future)
    await asyncio.gather(*done)
    seconds = time.perf_counter() - began
    times = np.concatenate([client.times for client in connected])
    return Measured(
        requests=len(times),
        failures=sum(client.failures for client in connected),
        rate=len(times) / seconds,
        median=float(np.quantile(times, 0.5)),
        p99=float(np.quantile(times, 0.99)),
    )
