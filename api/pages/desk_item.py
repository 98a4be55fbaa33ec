"""What is said of the open item of the desk beside what it holds: flags, gates, a refusal."""

from collections.abc import Mapping
from typing import Any

from api.pages.desk_panels import OpenItem
from api.pages.page import PageRequest
from api.pages.report import quality_of
from api.problems import Problem
from api.review.closed_gates import closed_gates
from api.review.holds import HELD_BY, HeldByAnother
from api.review.queue_items import Desk
from schemas.report import ReportStatus
from schemas.words import N_

NOTHING_CHANGED = N_("Nothing was changed. What you wrote is still here.")


async def quality_of_item(page: PageRequest, open_item: OpenItem) -> list[dict[str, Any]]:
    """What the quality flags of the item rest on, where it has some."""
    if not any(each["field"] == "quality" for each in open_item.item.reasons):
        return []
    return await quality_of(page, open_item.report_id)


async def closed_gates_of(desk: Desk, open_item: OpenItem) -> Mapping[tuple[str, str], list[str]]:
    """Who is not through the gates that hold the item."""
    report = open_item.report
    if report is None or report.status != ReportStatus.HELD:
        return {}
    team = open_item.shown.get("with")
    return await closed_gates(desk, report, team if isinstance(team, list) else [])


def refused_words(page: PageRequest, problem: Problem | None) -> dict[str, str] | None:
    """What prevented an act, in words, with the field to blame and what is kept."""
    if problem is None:
        return None
    if isinstance(problem, HeldByAnother):
        said = page.say(HELD_BY).format(by=problem.hold.by, until=page.clock(problem.hold.until))
    else:
        said = page.say(problem.detail or problem.kind.title)
    return {"said": said, "field": problem.field or "", "kept": page.say(NOTHING_CHANGED)}
