"""A report as the follower reads it from the database."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from schemas.report import ReportStatus


class ReportRow(NamedTuple):
    """One report, as it stands at ``changed``."""

    id: UUID
    changed: int
    status: ReportStatus
    version: int
    checklist: str
    rules_id: UUID | None
    place_id: UUID | None
    visit_id: UUID | None
    observer_id: UUID | None
    organisation_id: UUID | None
    arrived_at: datetime | None
    came_at: datetime
    codes: bytes | None
    figures: dict[str, Any] | None
    elsewhere: bool = False
    """Whether it is of another round than the one under watch."""
    received: int = 0
    """The clock at its receipt."""
