"""What is held of a mission lasts: the garbage collector need not look through it again and again.

A look at everything that a million reports left behind takes a second, in which nothing else is
done, and none of it is garbage.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

STEP = 5_000
"""After so many reports more, what is held is put out of the collector's sight."""


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


class Lasting:
    """One in each process. Whatever is let go must not hold on to itself in a circle: out of
    sight, circles are never found."""

    def __init__(self) -> None:
        self._since = 0

    def came(self, reports: int) -> None:
        """So many reports were taken in."""
        self._since += reports
        if self._since < STEP:
            return
        gc.collect()
        gc.freeze()
        self._since = 0
