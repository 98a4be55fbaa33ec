"""The snapshot: every number of a statement as it stood when frozen, under one hash."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

Numbers = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Snapshot:
    """Numbers by their id, and the SHA-256 of their canonical JSON, in hex."""

    numbers: Numbers
    sha256: str


@dataclass(frozen=True)
class Moved:
    """A number that is no longer what the draft says. ``now`` is None where it is gone.

    ``visible`` is whether its wording changed too, such as from 13% to 15%.
    """

    number_id: str
    was: str | None
    now: str | None

    @property
    def visible(self) -> bool:
        """Whether a reader of the sentence would see the difference."""
        return self.was != self.now


def canonical(numbers: Mapping[str, Any]) -> bytes:
    """JSON in one form only: keys sorted, no spaces, UTF-8. Raises ValueError for NaN."""
    return json.dumps(
        numbers, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def freeze(numbers: Numbers) -> Snapshot:
    """Freeze numbers under their hash. What is hashed is what JSON can hold of them."""
    written = canonical(numbers)
    return Snapshot(numbers=json.loads(written), sha256=sha256(written).hexdigest())


def holds(snapshot: Snapshot) -> bool:
    """Whether the numbers are still those of the hash."""
    return sha256(canonical(snapshot.numbers)).hexdigest() == snapshot.sha256


def moved(snapshot: Snapshot, now: Numbers) -> tuple[Moved, ...]:
    """The numbers of the snapshot that differ now or are gone, and new ones, by id."""
    ids = sorted({*snapshot.numbers, *now})
    pairs = ((each, snapshot.numbers.get(each), now.get(each)) for each in ids)
    return tuple(
        Moved(each, _text(was), _text(number)) for each, was, number in pairs
        if _differs(was, number)
    )  # fmt: skip


def _differs(was: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> bool:
    if was is None or now is None:
        return True
    return _text(was) != _text(now) or bool(was != json.loads(canonical(now)))


def _text(number: Mapping[str, Any] | None) -> str | None:
    return None if number is None else str(number.get("text", ""))
