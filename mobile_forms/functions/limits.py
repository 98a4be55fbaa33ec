"""The CPU time limit of judging one report, checked wherever work may multiply.

Evaluation happens in libxml2, which cannot be interrupted from outside; but everything that is
done once for each node passes through here (:func:`mobile_forms.expressions.guarded`), and so do
the functions that themselves look at many nodes. What lies between two looks is linear in the
report, whose size is bounded.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from mobile_forms.functions.values import Value


class TooSlow(Exception):
    """Judging took longer than it may."""


_thread = threading.local()


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Whatever is judged inside raises :class:`TooSlow` after so many seconds of CPU time."""
    before = getattr(_thread, "until", None)
    _thread.until = time.thread_time() + seconds
    try:
        yield
    finally:
        _thread.until = before


def look_at_the_time() -> None:
    """Raises :class:`TooSlow` where the time is up."""
    until = getattr(_thread, "until", None)
    if until is not None and time.thread_time() > until:
        raise TooSlow


def _each(_: Any, value: Value) -> Value:
    """What a predicate says of one node, as it is; once for each node the time is looked at."""
    look_at_the_time()
    return value


LIMITS: dict[str, Callable[..., Value]] = {"odk-each": _each}
