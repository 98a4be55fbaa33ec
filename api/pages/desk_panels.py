"""Panels of the desk: one act each, with the form that it takes and what the form writes.

A panel is a template of its own (``desk/_NAME.html``), which finds its values as ``values``, the
open item as ``open``, and its form's fields as they were sent as ``given``. The desk itself does
the act, shows before it what it would change, and goes on to the next item.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from api.audit.unit_of_work import Work
from api.pages.forms import Form, Given
from api.pages.page import PageRequest
from api.review.desk_context import StationBeside, Team
from api.review.holds import Hold
from api.review.queue_items import Item
from schemas.checklist import Definition
from schemas.report import Report

Values = dict[str, Any]
Write = Callable[[Work], Any]
"""What an act writes; its answer may have the ``act`` that can be taken back."""


@dataclass(frozen=True)
class OpenItem:
    """The item in the middle of the desk. Of a report ``report`` is its row, ``shown`` what is
    shown of it, ``definition`` the checklist that judged it; ``hold`` is who has it open."""

    queue: str
    item: Item
    hold: Hold | None = None
    report: Report | None = None
    shown: dict[str, Any] = field(default_factory=dict)
    definition: Definition | None = None
    team: Team | None = None
    station: StationBeside | None = None

    @property
    def report_id(self) -> UUID:
        """The report that is open. Raises LookupError where the item is none."""
        if self.report is None:
            raise LookupError(self.item.id)
        return self.report.id

    @property
    def has_photo(self) -> bool:
        """Whether a photograph of the report is here."""
        return any(each["arrived_at"] for each in self.shown.get("photos", ()))

    @property
    def deployment(self) -> UUID | None:
        """The deployment that the item is of, or whose team sent it."""
        if self.item.noun == "deployment":
            return UUID(self.item.id)
        return self.team.deployment if self.team else None


@dataclass(frozen=True)
class Panel:
    """One act: its ``name``, in the address and in the audit of keys; the ``title`` of its tab and
    what it ``says`` beneath; the ``key`` that opens it; what its template is given; what its form
    writes. ``previews``: whether what it would change is shown."""

    name: str
    title: str
    says: str
    key: str
    values: Callable[[PageRequest, OpenItem], Awaitable[Values]]
    write: Callable[[PageRequest, OpenItem, Form], Awaitable[Write]]
    previews: bool = True
    template: str = ""

    @property
    def partial(self) -> str:
        """The template of the panel."""
        return f"desk/_{self.template or self.name}.html"


async def no_values(page: PageRequest, open_item: OpenItem) -> Values:
    """For panels whose template needs nothing beside the item."""
    return {}


SOME_REASON = "…"
"""Stands for a reason that is not written yet, where what an act would change is asked for."""


def reason_of(given: Given) -> str:
    """The reason that a form gives."""
    return given.get("reason", "").strip()


def has_reason(given: Given) -> bool:
    """Whether somebody wrote a reason."""
    return reason_of(given) not in ("", SOME_REASON)
