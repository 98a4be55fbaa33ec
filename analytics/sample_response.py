"""What became of each station drawn, for one checklist: one fate each, so that the fates of a
class add up to what was drawn from it."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from analytics.dispositions import Fate


class StationFate(StrEnum):
    """Why a station drawn counts, or does not. Where several hold, the first of them is told."""

    RECEIVED = "received"
    SET_ASIDE = "set_aside"
    """Held, or in quarantine."""
    CLOSED = "closed"
    """It did not open: out of the frame, and expected no more."""
    REFUSED = "refused"
    """The observers were not let in."""
    WITHDRAWN = "withdrawn"
    """The team was withdrawn for security; expected no more."""
    NOBODY_SENT = "nobody_sent"
    UNREACHED = "unreached"
    """Overdue, and the last call found nobody."""
    MISSING = "missing"
    """Overdue, and nobody has said why."""
    AWAITED = "awaited"


NOT_EXPECTED = frozenset({StationFate.CLOSED, StationFate.WITHDRAWN})
SAID_BY_PLAN = (
    (Fate.RECEIVED, StationFate.RECEIVED), (Fate.WITHDRAWN, StationFate.WITHDRAWN),
    (Fate.UNREACHABLE, StationFate.UNREACHED), (Fate.MISSING, StationFate.MISSING),
    (Fate.AWAITED, StationFate.AWAITED),
)  # fmt: skip
"""What a station's plans say of it where no report does, what must be acted on first."""


@dataclass(frozen=True)
class Known:
    """What is known of places: those from which a report counts, those of which one lies aside,
    those that closed, those that refused, and the fates of what was planned at each."""

    received: Collection[int] = ()
    set_aside: Collection[int] = ()
    closed: Collection[int] = ()
    refused: Collection[int] = ()
    planned: Mapping[int, Collection[Fate]] = field(default_factory=dict)

    def fate(self, place: int) -> StationFate:
        """The one fate of a station drawn."""
        told = (
            (self.received, StationFate.RECEIVED), (self.set_aside, StationFate.SET_ASIDE),
            (self.closed, StationFate.CLOSED), (self.refused, StationFate.REFUSED),
        )  # fmt: skip
        for places, fate in told:
            if place in places:
                return fate
        planned = self.planned.get(place, ())
        return next((mine for fate, mine in SAID_BY_PLAN if fate in planned),
                    StationFate.NOBODY_SENT)  # fmt: skip


@dataclass(frozen=True)
class ClassResponse:
    """The stations drawn from one class, by what became of them."""

    name: str
    fates: Counter[StationFate] = field(hash=False)

    @property
    def drawn(self) -> int:
        """Stations drawn from the class."""
        return self.fates.total()

    @property
    def expected(self) -> int:
        """Those from which a report could come: neither closed nor withdrawn from."""
        return self.drawn - sum(self.fates[each] for each in NOT_EXPECTED)


def response_by_class(
    drawn: Iterable[tuple[int, int]], names: Sequence[str], known: Known
) -> tuple[ClassResponse, ...]:
    """The stations ``drawn`` (place and class) of each class that has any, in order."""
    found = [ClassResponse(name, Counter()) for name in names]
    for place, group in drawn:
        found[group].fates[known.fate(place)] += 1
    return tuple(each for each in found if each.drawn)


def in_all(classes: Iterable[ClassResponse]) -> ClassResponse:
    """The whole sample."""
    return ClassResponse("", sum((each.fates for each in classes), Counter()))
