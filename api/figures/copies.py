"""What observers copied at each station, a line a station, kept up as protocols come."""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

from api.figures.held_protocols import HeldProtocols
from api.figures.protocols import Protocol

Line = TypeVar("Line")


class StandingCopies(Generic[Line]):
    """Lines by place. ``read`` makes one of a station's protocols, or none."""

    def __init__(self, read: Callable[[int, Sequence[Protocol]], Line | None]) -> None:
        self._read = read
        self._lines: dict[int, Line] = {}
        self._changes = 0

    def update(self, held: HeldProtocols) -> Mapping[int, Line]:
        """The lines as of now; only those of stations where something changed are read again."""
        for place in held.touched_after(self._changes):
            line = self._read(place, held.at(place)) if place >= 0 else None
            if line is not None:
                self._lines[place] = line
            else:
                self._lines.pop(place, None)
        self._changes = held.changes
        return self._lines
