"""The results protocols of a mission under watch: what changed, and all of them as columns."""

from uuid import UUID

import numpy as np

from analytics.observation.ids import ID
from analytics.observation.protocols import ProtocolRow, Protocols


class HeldProtocols:
    """Protocols as they stand."""

    def __init__(self) -> None:
        self._held: set[UUID] = set()
        self._news: dict[UUID, ProtocolRow | None] = {}
        self._columns = Protocols.empty()
        self.changes = 0
        """How often something changed."""

    def put(self, report: UUID, row: ProtocolRow) -> None:
        """A report's protocol as it stands now."""
        self._held.add(report)
        self._news[report] = row
        self.changes += 1

    def drop(self, report: UUID) -> None:
        """A report that has no protocol, or none any more."""
        if report in self._held:
            self._held.remove(report)
            self._news[report] = None
            self.changes += 1

    @property
    def columns(self) -> Protocols:
        """All of them; what changed since they were asked for is taken in."""
        rows = [each for each in self._news.values() if each is not None]
        gone = b"".join([report.bytes for report, each in self._news.items() if each is None])
        if self._news:
            self._columns = self._columns.with_rows(rows, np.frombuffer(gone, dtype=ID))
            self._news.clear()
        return self._columns

    def __contains__(self, report: UUID) -> bool:
        return report in self._held
