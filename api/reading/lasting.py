"""What is held of a mission lasts: the garbage collector need not look through it again and again.

A look at everything that a million reports left behind takes a second, in which nothing else is
done, and none of it is garbage.
"""

import gc

STEP = 5_000
"""After so many reports more, what is held is put out of the collector's sight."""
AT_ONCE = 50_000
"""So many at a time were loaded, and are not looked through even once: that would be the second."""


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
        if reports < AT_ONCE:
            gc.collect()
        gc.freeze()
        self._since = 0
