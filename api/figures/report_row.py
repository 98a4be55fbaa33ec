"""A report as the follower reads it from the database."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from schemas.report import ReportStatus


class ReportRow(NamedTuple):
    """One report, as it stands at ``changed``. Ids that are only looked up are text: a UUID of each
    would take longer to make than all else of a row."""

    id: UUID
    changed: int
    status: ReportStatus
    version: int
    checklist: str
    rules_id: str | None
    place_id: str | None
    visit_id: UUID | None
    observer_id: str | None
    organisation_id: str | None
    arrived: int | None
    """In seconds since 1970."""
    came_at: datetime
    codes: bytes | None
    figures: dict[str, Any] | None
    elsewhere: bool = False
    """Whether it is of another round than the one under watch."""
    received: int = 0
    """The clock at its receipt."""
