"""Figures that are kept until the clock moves, or what they rest on, or the minute."""

from collections.abc import Callable
from typing import TypeVar, cast

from api.figures.watch import Watch
from schemas.columns import now

T = TypeVar("T")


def kept(
    watch: Watch, name: str, make: Callable[[], T], minute: int = 0, moved: int | None = None
) -> T:
    """What was made at this clock (and minute, where time alone moves it), or made now. ``moved``
    stands for the clock where a figure rests on less than all that came."""
    with watch.lock:
        now = watch.sequence if moved is None else moved, minute
        at, found = watch.figures.get(name, (None, None))
        if at != now:
            found = make()
            watch.figures[name] = now, found
        return cast(T, found)


def folds_of(watch: Watch, checklist: str) -> int:
    """How often something of one checklist changed: what its rates rest on."""
    readings = watch.readings.get(checklist)
    return 0 if readings is None else readings.folds


def this_minute() -> int:
    """The present minute since 1970: what is late changes without any report."""
    return int(now().timestamp() // 60)
