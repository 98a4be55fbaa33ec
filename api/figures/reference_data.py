"""Parts of the reference data: rules, samples, calls, contests, rounds, polling, places.

They are loaded again when an act changed one of them.
"""

import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from analytics.observation.ids import Ids, ids_of
from analytics.observation.station_contests import StationContests
from analytics.survey.design import Truths
from analytics.survey.draw import DrawnStratum
from schemas.checklist import Definition, Texts
from schemas.mission import Kind
from schemas.sample import Sample

RULES_KEPT = 256
"""So many revisions of rules are kept as they were unpickled."""


@dataclass(frozen=True)
class PublishedRules:
    """One revision of one checklist version. Sent to another process again and again, it is
    pickled once, and unpickled there once."""

    id: UUID
    definition: Definition
    revision: int
    xform_sha256: str

    @cached_property
    def _pickled(self) -> bytes:
        members = self.id, self.definition, self.revision, self.xform_sha256
        return pickle.dumps(members, pickle.HIGHEST_PROTOCOL)

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (self._pickled,)


@lru_cache(maxsize=RULES_KEPT)
def _unpickled(pickled: bytes) -> PublishedRules:
    return PublishedRules(*pickle.loads(pickled))


@dataclass(frozen=True)
class SampleOfRound:
    """A sample of the round: ``stratum`` gives each drawn place's stratum by place index.

    ``kind`` is whose it is. Where the round has two, ``stations`` is the hash of the frame's
    stations, without strata: those with the same were drawn from one frame.
    """

    sample: Sample
    strata: tuple[DrawnStratum, ...]
    stratum: dict[int, int]
    kind: Kind
    stations: str = ""


@dataclass(frozen=True)
class ContestFacts:
    """A contest and its contestants, as (code, name); names in other languages, of thresholds by
    their name and of contestants by code."""

    id: UUID
    code: str
    name: str
    denominator: str
    thresholds: tuple[tuple[str, float], ...]
    contestants: tuple[tuple[str, str], ...]
    names: Texts = field(default_factory=dict)
    threshold_names: Mapping[str, Texts] = field(default_factory=dict)
    contestant_names: Mapping[str, Texts] = field(default_factory=dict)

    def says(self, language: str) -> str:
        """Its name in a language, as it was given where it has none in it."""
        return self.names.get(language) or self.name

    def contestants_in(self, language: str) -> dict[str, str]:
        """Its contestants by code, each as a language calls them."""
        return {
            code: self.contestant_names.get(code, {}).get(language) or name
            for code, name in self.contestants
        }

    def thresholds_in(self, language: str) -> list[tuple[str, float]]:
        """Its thresholds as a language calls them, each with its share."""
        return [
            (self.threshold_names.get(name, {}).get(language) or name, share)
            for name, share in self.thresholds
        ]


@dataclass(frozen=True)
class RoundFacts:
    """A round of the mission, and when its first polling day opens."""

    id: UUID
    code: str
    name: str
    opens: datetime


@dataclass(frozen=True)
class Polling:
    """The round that figures are of: its name, days, hours and contests, in the round's own order.

    ``voted`` says which of them are voted on at which place, as positions among them.
    """

    round_id: UUID
    code: str
    name: str
    days: tuple[str, ...]
    opens: datetime
    closes: datetime
    zone: str
    contests: tuple[ContestFacts, ...] = ()
    voted: StationContests = field(default_factory=StationContests)

    @property
    def begins(self) -> datetime:
        """When the first polling day begins, by the round's own calendar."""
        first = date.fromisoformat(min(self.days)) if self.days else self.opens.date()
        return datetime.combine(first, time(), ZoneInfo(self.zone))

    def has_begun(self, at: datetime) -> bool:
        """Whether the first polling day had come, by the round's own calendar."""
        today = at.astimezone(ZoneInfo(self.zone)).date().isoformat()
        return not self.days or min(self.days) <= today


@dataclass(frozen=True)
class StationFacts:
    """A place as figures need it; ``area`` is an index into the mission's areas, ``closed``
    whether it was closed, merged or split by the end of the round's polling."""

    id: UUID
    code: str
    name: str
    area: int
    setting: str = ""
    sort: str = ""
    closed: bool = False


@dataclass(frozen=True, eq=False)
class Places(Sequence[StationFacts]):
    """Places in the order of their codes. ``area`` is −1 of none; ``setting`` and ``sort`` are
    indices into ``settings`` and ``sorts``; ``no_go`` says of each whether it lies in an area that
    nobody was sent to on a day of the round's polling, ``station`` which are polling stations."""

    id: NDArray[np.void]
    area: NDArray[np.int32]
    setting: NDArray[np.int8]
    sort: NDArray[np.int8]
    closed: Truths
    no_go: Truths
    station: Truths
    codes: Sequence[str]
    names: Sequence[str]
    settings: tuple[str, ...] = ("",)
    sorts: tuple[str, ...] = ("",)

    def __len__(self) -> int:
        return len(self.id)

    def __getitem__(self, at: int) -> StationFacts:  # type: ignore[override]
        """One place."""
        return StationFacts(
            UUID(bytes=self.id[at].tobytes()),
            self.codes[at],
            self.names[at],
            int(self.area[at]),
            self.settings[self.setting[at]],
            self.sorts[self.sort[at]],
            bool(self.closed[at]),
        )

    def __iter__(self) -> Iterator[StationFacts]:
        return (self[at] for at in range(len(self)))

    @cached_property
    def ids(self) -> Ids:
        """The position of each place by its id."""
        return Ids.of(self.id)

    def find(self, place: UUID) -> int:
        """The position of a place, −1 where the mission has none of this id."""
        return int(self.ids.find(ids_of([place]))[0])
