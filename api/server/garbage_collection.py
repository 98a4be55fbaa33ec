"""Python's garbage collector in processes that run for long: what they are made of is left out.

A full collection looks at every object. Modules and the classes in them are half a million, which
takes a fifth of a second in which a process answers nobody, each few seconds, and finds nothing.
"""

import gc

YOUNG = 20_000
"""So many new objects until the youngest are looked at; Python's own 700 are for small programs."""


def leave_out_what_is_loaded() -> None:
    """Collect once, and look at no object that exists by now again; called once a process has
    imported what it needs."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
