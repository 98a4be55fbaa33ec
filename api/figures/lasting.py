"""What is held of a mission lasts: the garbage collector need not look through it again and again.

A look at everything that a million reports left behind takes a second, in which nothing else is
done, and none of it is garbage. Out of sight circles are never found: whatever is let go must not
hold on to itself in one.
"""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

WHOLE = 2
"""The collector's look at everything."""
LONG_SECONDS = 0.05
USUAL = gc.get_threshold()
YOUNG = 20_000
"""The collector looks at what is new after so many objects more than went by themselves: a page
makes thousands, nearly all of which go. After the usual 700 it looks twenty times a page, each time
at whatever long list the page is just making."""


@contextmanager
def undisturbed() -> Iterator[None]:
    """While much is loaded that will last, the collector looks at nothing, and afterwards not at
    it: that would be the second."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@contextmanager
def paused() -> Iterator[None]:
    """While a few thousand reports are taken in the collector waits: what they bring will last."""
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looking:
            gc.enable()


class Lasting:
    """One in each process: what a long look of the collector has found to be in use is put out of
    its sight, so that the next one is at what has come since."""

    def __init__(self) -> None:
        self._began = 0.0

    def start(self) -> None:
        """From now on."""
        gc.set_threshold(YOUNG, *USUAL[1:])
        gc.callbacks.append(self._looking)

    def stop(self) -> None:
        """No more."""
        gc.set_threshold(*USUAL)
        gc.callbacks.remove(self._looking)

    def _looking(self, phase: str, info: dict[str, Any]) -> None:
        if phase == "start":
            self._began = time.perf_counter()
        elif info["generation"] == WHOLE and time.perf_counter() - self._began >= LONG_SECONDS:
            gc.freeze()
