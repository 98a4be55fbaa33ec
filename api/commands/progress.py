"""Progress of long work on standard error."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

ON_TERMINAL, IN_LOG = 0.2, 5.0
"""Seconds between two words."""


class Meter:
    """Says how far one piece of work is. What is quick says nothing."""

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._terminal = sys.stderr.isatty()
        self._every = ON_TERMINAL if self._terminal else IN_LOG
        self._last, self._spoke = monotonic(), False

    def __call__(self, done: int, whole: int) -> None:
        """So much of so much is read; at the end what was read is being written."""
        if done >= whole:
            self._say(f"{self._noun}: read; comparing and writing")
        elif monotonic() - self._last >= self._every:
            self._say(f"{self._noun}: {100 * done // whole}% of {whole / 1e6:.1f} MB read")

    def judged(self, done: int, whole: int) -> None:
        """So many of so many reports are judged again."""
        if monotonic() - self._last >= self._every:
            self._say(f"{self._noun}: {done:,} of {whole:,} reports judged again")

    def _say(self, words: str) -> None:
        if not self._spoke and monotonic() - self._last < self._every:
            return
        self._last, self._spoke = monotonic(), True
        print(
            f"\r\x1b[K{words}" if self._terminal else words,
            end="" if self._terminal else "\n",
            file=sys.stderr,
            flush=True,
        )

    def close(self) -> None:
        """Leave the line to whoever speaks next."""
        if self._spoke and self._terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


@contextmanager
def meter(noun: str) -> Iterator[Meter]:
    """A meter for one piece of work."""
    made = Meter(noun)
    try:
        yield made
    finally:
        made.close()
