"""Ids as sorted arrays, found by binary search; moments as whole microseconds since 1970."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from analytics.survey.design import Ints

ID = np.dtype("V16")
"""An id as the sixteen bytes of its UUID."""
KEY = np.dtype("S16")
"""The same bytes so that they can be compared: all are of one length, so that nothing is lost of
those that end in zeros."""


@dataclass(frozen=True)
class Ids:
    """Distinct ids in the order of their bytes, each with a number."""

    keys: NDArray[np.bytes_]
    numbers: Ints

    @classmethod
    def of(cls, ids: NDArray[np.void], numbers: Ints | None = None) -> "Ids":
        """Distinct ids; each is numbered by its position where no numbers are given."""
        keys = _keys(ids)
        order = np.argsort(keys, kind="stable")
        return cls(keys[order], order if numbers is None else numbers[order])

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, ids: NDArray[np.void]) -> Ints:
        """The number of each id, −1 where it is not known. Shape of ``ids``."""
        if not len(self.keys):
            return np.full(len(ids), -1, dtype=np.int64)
        keys = _keys(ids)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[at] == keys, self.numbers[at], -1)

    def numbered(self, ids: NDArray[np.void]) -> tuple["Ids", Ints]:
        """The number of each id, where an unknown one gets the next number; and the ids with these
        among them. Ids may stand more than once."""
        found = self.find(ids)
        new = np.flatnonzero(found < 0)
        if not len(new):
            return self, found
        keys, first, at = np.unique(_keys(ids[new]), return_index=True, return_inverse=True)
        rank = np.empty(len(keys), dtype=np.int64)
        rank[np.argsort(first, kind="stable")] = len(self) + np.arange(len(keys))
        found[new] = rank[at]
        return self.with_ids(keys.view(ID), rank), found

    def with_ids(self, ids: NDArray[np.void], numbers: Ints) -> "Ids":
        """These distinct and unknown ids besides, with their numbers."""
        keys = _keys(ids)
        order = np.argsort(keys, kind="stable")
        keys, numbers = keys[order], numbers[order]
        at = np.searchsorted(self.keys, keys)
        return Ids(np.insert(self.keys, at, keys), np.insert(self.numbers, at, numbers))

    @property
    def nbytes(self) -> int:
        """Bytes that it takes."""
        return self.keys.nbytes + self.numbers.nbytes


@dataclass(frozen=True, eq=False)
class IdNames(Sequence[str]):
    """Ids in the order of their bytes, each the text of its UUID: half a million take a tenth of
    what texts do."""

    ids: NDArray[np.void]

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, at: int) -> str:  # type: ignore[override]
        """One of them."""
        return str(UUID(bytes=self.ids[at].tobytes()))

    def find(self, names: Sequence[str]) -> Ints:
        """The position of each, −1 where it is not among them."""
        keys = self.ids.view(KEY)
        return Ids(keys, np.arange(len(keys))).find(ids_of([UUID(each) for each in names]))


def positions(among: Sequence[str], names: Sequence[str]) -> Ints:
    """The position of each name among others, −1 where it is not there."""
    if isinstance(among, IdNames):
        return among.find(names)
    number = {name: at for at, name in enumerate(among)}
    return np.array([number.get(each, -1) for each in names], dtype=np.int64)


NO_IDS = Ids(np.zeros(0, dtype=KEY), np.zeros(0, dtype=np.int64))


def ids_of(ids: Sequence[UUID]) -> NDArray[np.void]:
    """A column of a few ids."""
    return np.frombuffer(b"".join([each.bytes for each in ids]), dtype=ID)


def _keys(ids: NDArray[Any]) -> NDArray[np.bytes_]:
    return np.ascontiguousarray(ids).view(KEY)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def micro(moment: datetime) -> int:
    """A moment in microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


def moment_of(micro: int) -> datetime:
    """The moment so many microseconds after 1970."""
    return EPOCH + timedelta(microseconds=micro)
