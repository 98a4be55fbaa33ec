"""What a generated mission is: its frame, its people, its plan, and all that was sent and done.

Plain dataclasses. The oracle counts from these; the product is fed with them and nothing else.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True)
class Station:
    """A polling station of the frame."""

    code: str
    area: str
    registered: int


@dataclass(frozen=True)
class Round:
    """A round of voting: one polling day, from 07:00 to 18:00 UTC."""

    code: str
    day: str

    @property
    def opens(self) -> datetime:
        """When its polls open."""
        return datetime.fromisoformat(f"{self.day}T07:00:00+00:00")

    @property
    def ends(self) -> datetime:
        """The end of its polling day."""
        return datetime.fromisoformat(f"{self.day}T00:00:00+00:00") + timedelta(days=1)


@dataclass(frozen=True)
class Contest:
    """What is voted on in a round; without areas, everywhere."""

    round: str
    code: str
    contestants: tuple[str, ...]
    areas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Observer:
    """Who reports, and of which kind of organisation."""

    pseudonym: str
    kind: str
    pledged: bool = True


@dataclass(frozen=True)
class Plan:
    """A team sent to a station, with how many reports of each checklist are due."""

    round: str
    station: str
    team: tuple[str, ...]
    expects: dict[str, int]
    unsafe: bool = False
    """Withdrawn for security: nobody went."""


@dataclass(frozen=True)
class Sample:
    """A draw in proportion to the areas' stations, for one kind of observers in one round."""

    round: str
    kind: str
    size: int
    seed: int


@dataclass(frozen=True)
class Post:
    """A body that came: one report or an outbox of several, from whom it came."""

    reports: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Decision:
    """A named person's decision on a report: quarantined, verified, or taken back (received)."""

    report: str
    status: str


@dataclass(frozen=True)
class Correction:
    """Answers that a named person put right."""

    report: str
    answers: dict[str, Any]


Step = Post | Decision | Correction


@dataclass(frozen=True)
class Mission:
    """All of it; ``now`` is the moment at which it is counted."""

    seed: int
    now: datetime
    stations: tuple[Station, ...]
    rounds: tuple[Round, ...]
    contests: tuple[Contest, ...]
    observers: tuple[Observer, ...]
    plans: tuple[Plan, ...]
    samples: tuple[Sample, ...]
    steps: tuple[Step, ...]
    threshold: float = 0.5
    closed: tuple[str, ...] = ()
    """Stations that were closed by the last polling day."""
    official: dict[tuple[str, str], dict[str, dict[str, int]]] = field(default_factory=dict)
    """(Round, contest) → station → the published votes of each contestant."""

    def station(self, code: str | None) -> Station | None:
        """A station of the frame."""
        return next((each for each in self.stations if each.code == code), None)

    def kind_of(self, pseudonym: str) -> str:
        """The kind of observers that somebody belongs to."""
        return next(each.kind for each in self.observers if each.pseudonym == pseudonym)

    def contests_at(self, round_code: str, station: str) -> tuple[str, ...]:
        """The contests in which a station votes."""
        at = self.station(station)
        return tuple(
            each.code
            for each in self.contests
            if each.round == round_code and at and (not each.areas or at.area in each.areas)
        )
