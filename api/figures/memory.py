"""Memory of the C library: what was freed is given back to the system (glibc alone).

Every renewal makes large arrays in several threads and lets them go. glibc keeps a heap for each
thread, and keeps what is freed in it.
"""

import ctypes
import sys
from contextlib import suppress
from functools import cache

ARENA_MAX = -8
"""``M_ARENA_MAX`` of glibc's ``mallopt``: how many heaps the threads share."""
ARENAS = 2


@cache
def _library() -> ctypes.CDLL | None:
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        if sys.platform == "linux" and library.malloc_trim and library.mallopt:
            return library
    return None


def limit_arenas() -> None:
    """Let all threads share two heaps; called once, before there are threads."""
    if (library := _library()) is not None:
        library.mallopt(ARENA_MAX, ARENAS)


def trim_heap() -> None:
    """Give freed memory back to the system."""
    if (library := _library()) is not None:
        library.malloc_trim(0)
