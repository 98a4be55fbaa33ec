"""What coverage says of a group: the reports that were planned, and those that came."""

from collections.abc import Hashable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Literal

By = Literal["nation", "area", "stage", "checklist", "kind", "observer", "hour"]
GRACE = timedelta(minutes=60)
"""How long after it was due a report that has not come is called late."""
HALF = 0.5
"""Coverage under which an area is hatched and named."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was expected of one group, and what came.

    ``received`` are those expected that came, ``set_aside`` of them held or quarantined, so
    that ``used`` is their difference; ``held`` and ``flagged`` are of all that came.
    ``late`` are missing ones overdue, ``unplanned`` came beyond the plan. ``withdrawn`` were
    expected of teams withdrawn for security: neither missing nor expected any more. Neither are
    ``closed`` and ``unsafe`` ones, of stations that could not be observed; ``refused`` ones, of
    stations that let no observers in, are expected and not missing. ``ahead`` came and are dated
    ahead: they count from their time on.
    """

    group: Hashable
    expected: int
    received: int
    missing: int
    held: int
    flagged: int
    late: int
    unplanned: int
    set_aside: int
    withdrawn: int = 0
    refused: int = 0
    closed: int = 0
    unsafe: int = 0
    ahead: int = 0

    @property
    def came(self) -> int:
        """All reports that came, the newest of each visit: expected or not, held or not."""
        return self.received + self.unplanned + self.ahead

    @property
    def used(self) -> int:
        """Reports that came and count."""
        return self.received - self.set_aside

    @property
    def share(self) -> float | None:
        """Received of expected, 0 to 1; None where nothing was planned."""
        return self.received / self.expected if self.expected else None

    def onto(self, group: Hashable, other: "Coverage | None") -> "Coverage":
        """Both together as one group; this alone where there is no other."""
        if other is None:
            return replace(self, group=group)
        sums = {each: getattr(self, each) + getattr(other, each) for each in COUNTS}
        return Coverage(group=group, **sums)

    @property
    def under_half(self) -> bool:
        """Whether less than half of what was planned has come."""
        return self.share is not None and self.share < HALF


COUNTS = tuple(each.name for each in fields(Coverage) if each.name != "group")


def by_need(row: Coverage) -> tuple[float, int, str]:
    """Sorts the least covered first, then by how many are missing; the unplanned last."""
    return (2.0 if row.share is None else row.share, -row.missing, str(row.group))


@dataclass(frozen=True)
class ArrivalCurve:
    """How many reports had been planned, and had come, by each moment.

    ``planned`` covers every moment, ``received`` only those up to ``as_of``. ``behind`` is
    how long ago the plan stood where the reports stand now; negative when ahead.
    """

    moments: tuple[datetime, ...]
    planned: tuple[int, ...]
    received: tuple[int, ...]
    as_of: datetime
    behind: timedelta | None
