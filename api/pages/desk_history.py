"""What was done to an item of the desk before, in words."""

from collections.abc import Iterable
from datetime import datetime

from api.pages.page import PageRequest
from api.review.desk_context import Done
from schemas.columns import now
from schemas.words import N_

DONE = {
    "received": N_("Received"),
    "desk.hold": N_("Opened"),
    "desk.release": N_("Left for later"),
    "desk.undo": N_("Taken back"),
    "report.placement": N_("Placed"),
    "report.acceptance": N_("Accepted in spite of reasons"),
    "report.takeover": N_("Correction taken over"),
    "report.correction": N_("Corrected"),
    "report.decision": N_("Decided"),
    "report.typing": N_("Typed a second time"),
    "conflict.resolution": N_("Conflict resolved"),
    "report.verified": N_("Verified"),
    "report.quarantined": N_("Excluded"),
    "report.received": N_("Back to received"),
    "report.release": N_("Released"),
    "question.ask": N_("Asked the observer"),
    "question.answer": N_("The observer answered"),
    "question.read": N_("Answer read"),
    "question.withdraw": N_("Question taken back"),
    "call.reached": N_("Called: reached"),
    "call.no_answer": N_("Called: no answer"),
    "call.unreachable": N_("Called: not reachable"),
}
"""What was done, in words; acts that have none here are not listed."""


def moment(page: PageRequest, at: datetime | None) -> str:
    """A moment by the hour; with the day where it is not today."""
    if at is None:
        return "–"
    today = now().astimezone(page.zone).date() == at.astimezone(page.zone).date()
    return page.clock(at) if today else page.when(at)


def folded(done: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Without what the same person did again: of several looks one after another the last."""
    found: list[dict[str, str]] = []
    for each in done:
        last = found[-1] if found else {}
        if (each["by"], each["words"]) != (last.get("by"), last.get("words")) or each["note"]:
            found.append(each)
    return found


def done_row(page: PageRequest, each: Done) -> dict[str, str]:
    """What was done, as the list beside the item has it."""
    return {
        "at": moment(page, each.at),
        "by": each.by or "",
        "words": page.say(DONE[each.act]),
        "note": each.note,
    }
