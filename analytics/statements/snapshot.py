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
class MovedNumber:
    """A number that would be said otherwise now, such as 15% where the draft says 13%."""

    number_id: str
    was: str
    now: str


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
