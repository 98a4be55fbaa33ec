"""The results protocols that are held, by report and by station, and where something changed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from api.figures.protocols import Protocol


class HeldProtocols:
    """Protocols as they stand. Whoever keeps something of them asks :meth:`touched_after`."""

    def __init__(self, protocols: Iterable[Protocol] = ()) -> None:
        self._held: dict[UUID, Protocol] = {}
        self._at: defaultdict[int, dict[UUID, Protocol]] = defaultdict(dict)
        self._touched: list[int] = []
        for each in protocols:
            self.put(each)

    def put(self, protocol: Protocol) -> None:
        """A report's protocol as it stands now."""
        self.drop(protocol.report)
        self._held[protocol.report] = protocol
        self._at[protocol.place][protocol.report] = protocol
        self._touched.append(protocol.place)

    def drop(self, report: UUID) -> None:
        """A report that has no protocol, or none any more."""
        before = self._held.pop(report, None)
        if before is not None:
            del self._at[before.place][report]
            self._touched.append(before.place)

    @property
    def changes(self) -> int:
        """How often something changed."""
        return len(self._touched)

    def touched_after(self, changes: int) -> Sequence[int]:
        """The places of which something changed after so many changes (−1: of reports without)."""
        return list(dict.fromkeys(self._touched[changes:]))

    def at(self, place: int) -> list[Protocol]:
        """A place's protocols."""
        return list(self._at[place].values())

    def __contains__(self, report: UUID) -> bool:
        return report in self._held

    def __iter__(self) -> Iterator[Protocol]:
        return iter(self._held.values())
