"""A slow link: a TCP relay that counts bytes, and may let them through slowly and late.

A browser's own throttling leaves out what its service worker fetches. Behind this relay
everything shares one link, whoever fetches it.
"""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PIECE = 1460
"""Bytes that go through at once, as in a packet."""


@dataclass
class Link:
    """Relays connections to a port of this machine. Without a rate it only counts."""

    to_port: int
    bits_per_second: float | None = None
    latency: float = 0.0
    down: int = 0
    up: int = 0
    last: float = 0.0
    port: int = 0
    _free: dict[str, float] = field(default_factory=dict)

    async def serve(self, ready: threading.Event, ended: asyncio.Event) -> None:
        """Relay until ``ended`` is set."""
        server = await asyncio.start_server(self._relay, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await ended.wait()
        server.close()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.to_port)
            await asyncio.gather(
                self._carry("up", reader, back), self._carry("down", there, writer)
            )
        except OSError:
            writer.close()

    async def _carry(
        self, way: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Bytes of one direction, each piece after those before it on the whole link."""
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(64)
        deliver = asyncio.create_task(self._deliver(queue, writer))
        try:
            while piece := await reader.read(PIECE if self.bits_per_second else 65536):
                setattr(self, way, getattr(self, way) + len(piece))
                self.last = time.perf_counter()
                await queue.put((await self._turn(way, len(piece)), piece))
        except OSError:
            pass
        await queue.put((0.0, b""))
        await deliver

    async def _turn(self, way: str, size: int) -> float:
        """Wait until the link has carried these bytes; when they reach the other end."""
        now = time.perf_counter()
        if self.bits_per_second is None:
            return now
        begins = max(now, self._free.get(way, 0.0))
        self._free[way] = ends = begins + size * 8 / self.bits_per_second
        await asyncio.sleep(ends - now)
        return ends + self.latency / 2

    @staticmethod
    async def _deliver(
        queue: "asyncio.Queue[tuple[float, bytes]]", writer: asyncio.StreamWriter
    ) -> None:
        while True:
            at, piece = await queue.get()
            if not piece:
                break
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            try:
                writer.write(piece)
                await writer.drain()
            except OSError:
                continue
        writer.close()


@contextmanager
def linked(
    to_port: int, bits_per_second: float | None = None, latency: float = 0.0
) -> Iterator[Link]:
    """A link to a port of this machine, while the context lasts."""
    link, ready = Link(to_port, bits_per_second, latency), threading.Event()
    loop, ended = asyncio.new_event_loop(), asyncio.Event()
    thread = threading.Thread(
        target=lambda: loop.run_until_complete(link.serve(ready, ended)), daemon=True
    )
    thread.start()
    ready.wait(10)
    try:
        yield link
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)
