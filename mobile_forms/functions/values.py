"""Type conversions of XPath arguments: text, number, boolean, node list, date and time."""

import math
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

Value = Any
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_DAY, LAST_DAY = -719_000, 2_900_000
"""Days from 1970 between which the calendar is defined."""
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")


def text_of(value: Value) -> str:
    """A value as text; of nodes the first."""
    if isinstance(value, list):
        return _node_text(value[0]) if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number_text(value)
    return str(value)


def number_of(value: Value) -> float:
    """A value as a number; dates count days since 1970, anything else is not a number."""
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, int | float):
        return float(value)
    text = text_of(value).strip()
    if _NUMBER.fullmatch(text):
        return float(text)
    moment = moment_of(text)
    return math.nan if moment is None else days_of(moment)


def truth_of(value: Value) -> bool:
    """A value as a truth, as XPath has it: nodes where there are any, a text where not empty."""
    if isinstance(value, float):
        return not math.isnan(value) and value != 0
    return bool(value)


def _node_text(node: Any) -> str:
    return str(node) if isinstance(node, str) else "".join(node.itertext())


def _number_text(value: float) -> str:
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    return str(int(value)) if value.is_integer() else repr(value)


def whole_of(value: Value, otherwise: int) -> int:
    """A value as a small whole number, for places in a text or a list."""
    number = number_of(value)
    return int(number) if abs(number) < 1_000_000 else otherwise


def texts_of(values: Sequence[Value]) -> list[str]:
    """Every text in the arguments, nodes one by one."""
    found: list[str] = []
    for value in values:
        many = isinstance(value, list)
        found += [_node_text(node) for node in value] if many else [text_of(value)]
    return found


def numbers_of(values: Sequence[Value]) -> list[float]:
    """Every number in the arguments; not one where any is missing, as on phones."""
    numbers = [number_of(text) for text in texts_of(values)]
    return [math.nan] if not numbers or any(map(math.isnan, numbers)) else numbers


def moment_of(text: str) -> datetime | None:
    """The moment an ISO text tells; without a zone, UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def days_of(moment: datetime) -> float:
    """Days since 1970, with their part."""
    return (moment - EPOCH) / timedelta(days=1)


def instant_of(value: Value) -> datetime | None:
    """The moment that a text tells, or that a number of days since 1970 is."""
    if isinstance(value, int | float):
        return EPOCH + timedelta(days=value) if FIRST_DAY < value < LAST_DAY else None
    return moment_of(text_of(value))


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
