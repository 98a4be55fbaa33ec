"""Which panels each queue of the desk has, in the order of their tabs; the first one is open.

A new panel is a module of its own with a :class:`api.pages.desk_panels.Panel`, its template beside
the others, and its name here.
"""

from collections.abc import Mapping

from api.pages.desk_call import ASK, CALL
from api.pages.desk_conflict import CONFLICT_PANEL
from api.pages.desk_correct import CORRECT
from api.pages.desk_decide import EXCLUDE, VERIFY
from api.pages.desk_incident import INCIDENT
from api.pages.desk_panels import OpenItem, Panel
from api.pages.desk_place import ACCEPT, PLACE
from api.pages.desk_typing import TYPING
from api.review.held_reasons import By, act_for
from api.review.queues import REPORTS
from schemas.report import ReportStatus

PANELS: Mapping[str, Panel] = {
    each.name: each
    for each in (
        PLACE,
        ACCEPT,
        CORRECT,
        VERIFY,
        EXCLUDE,
        INCIDENT,
        ASK,
        CALL,
        CONFLICT_PANEL,
        TYPING,
    )
}
OF_QUEUE: Mapping[str, tuple[str, ...]] = {
    "held": ("place", "accept", "correct", "ask", "exclude", "call"),
    "conflicts": ("conflict", "ask", "call"),
    "flagged": ("verify", "correct", "ask", "exclude", "place", "call"),
    "corrections": ("accept", "verify", "ask", "exclude", "call"),
    "overdue": ("call",),
    "incidents": ("incident", "ask", "call", "exclude"),
    "typing": ("typing", "ask", "exclude", "call"),
    "sms": (),
    REPORTS: ("verify", "correct", "ask", "exclude", "place", "call"),
}
"""The names of panels by queue; those that are not there are left out."""


LIFTED_BY = {
    By.PLACE: "place",
    By.ACCEPT: "accept",
    By.CORRECT: "correct",
    By.DECIDE: "exclude",
    By.NOTHING: "exclude",
    By.GATE: "ask",
}
"""The panel by which a held report leaves, by what lifts its reason; at a gate, the one that tells
the observer. Where the checklist or the mission has to change, there is none."""


def panel_for(open_item: OpenItem, asked: str) -> Panel | None:
    """The panel that is open: the one asked for; else, of a held report, one that lifts a reason,
    gates last, and none where no act at the desk does; else the first."""
    panels = panels_of(open_item.queue)
    held = open_item.report is not None and open_item.report.status == ReportStatus.HELD
    reasons = open_item.report.reasons if open_item.report is not None and held else []
    found = [act_for(each).by for each in reasons]
    lifts = [LIFTED_BY.get(each, "") for each in sorted(found, key=lambda by: by is By.GATE)]
    for name in (asked, *lifts):
        wanted = next((each for each in panels if each.name == name), None)
        if wanted is not None:
            return wanted
    return panels[0] if panels and not reasons else None


def panels_of(queue: str) -> list[Panel]:
    """The panels of a queue."""
    return [PANELS[name] for name in OF_QUEUE[queue] if name in PANELS]
