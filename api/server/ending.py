"""The end of a process, heard as soon as it is asked for: SIGTERM.

The server waits for open streams before it says goodbye, so these must hear what it hears.
"""

import asyncio
import signal
from contextlib import suppress
from typing import Any


def hear_the_end(closing: asyncio.Event) -> None:
    """Set ``closing`` when this process is asked to end; whoever heard that before still does."""
    previous = signal.getsignal(signal.SIGTERM)
    if not callable(previous):
        return
    loop, serve_on = asyncio.get_running_loop(), previous

    def ending(number: int, frame: Any) -> None:
        loop.call_soon_threadsafe(closing.set)
        serve_on(number, frame)

    with suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGTERM, ending)
