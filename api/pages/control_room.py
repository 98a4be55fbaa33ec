"""The control room: what is happening, and how sure?"""

import asyncio
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.database.sessions import mission_session
from api.figures.ask import question
from api.figures.coverage import CoverageNow, coverage_now
from api.figures.incidents import urgent_incidents
from api.figures.irregularities import foremost_irregularities
from api.figures.reports_behind import NewReport, newest_reports
from api.pages.areas import area_rows
from api.pages.coverage import arrivals_drawn, map_drawn
from api.pages.page import Visit, home_of, page
from api.pages.quick_count import VERDICTS, ContestView, contest_views
from api.pages.rows import STAGES, table
from api.people.finding import open_alarms
from api.results.quick_counts import contests_shown
from api.statements.listing import newest_statement
from schemas.report import ReportStatus
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
LEAST = 6
LATEST = 6
QUICK_COUNT = {
    "above": N_("The quick count puts {name} above {line}."),
    "below": N_("The quick count puts {name} below {line}."),
    "cannot determine": N_("The quick count cannot yet say whether {name} passes {line}."),
}


@page(router, "/", right=None)
async def control_room(visit: Visit) -> Response:
    """The first page of whoever sees aggregates whole; others begin elsewhere."""
    first = "irregularities" if visit.who.sections else home_of(visit.who)
    if first:
        return RedirectResponse(f"{visit.base}/{first}", 303)
    if visit.is_empty:
        opens = visit.clock(visit.facts.polling.opens)
        return visit.show("empty.html", "", expected=opens)
    asked = visit.ask_together(
        question(coverage_now),
        question(newest_reports, LATEST),
        question(foremost_irregularities),
        question(urgent_incidents, visit.who),
        question(contests_shown, 0),
    )
    answer, beside = await asyncio.gather(asked, _beside(visit))
    now, came, seen, urgent, counted = answer.values
    contests = contest_views(visit, counted)
    return visit.show(
        "control_room.html",
        "",
        summary=_summary(visit, now, contests),
        nation=now.nation,
        held=came.statuses.get(ReportStatus.HELD, 0),
        flagged=came.statuses.get(ReportStatus.FLAGGED, 0),
        arrivals=arrivals_drawn(visit, now),
        map=map_drawn(visit, now),
        areas=area_rows(now.areas, visit.facts.areas)[:LEAST],
        area_count=len(visit.facts.areas),
        table=table(seen.shown, visit.language),
        asked=seen.of,
        contests=contests,
        verdicts=VERDICTS,
        latest=[_latest(visit, each) for each in came.newest],
        urgent=urgent,
        **beside,
    )


async def _beside(visit: Visit) -> dict[str, Any]:
    """What the page says that stands in the database alone."""
    async with mission_session(visit.request.app.state.engine, visit.who.mission_id) as session:
        return {
            "statement": await newest_statement(session, visit.who),
            "alarms": await _alarms(session, visit),
        }


async def _alarms(session: AsyncSession, visit: Visit) -> int:
    """Alarms that nobody has settled, for whoever may settle them."""
    if not visit.who.may(Right.KEEP_PEOPLE):
        return 0
    return await open_alarms(session, visit.who)


def _summary(visit: Visit, now: CoverageNow, contests: Sequence[ContestView]) -> str:
    """What has come of each checklist, who is behind, what the quick count may say."""
    said = [_received(visit, now)]
    behind = [each.area.name for each in now.areas if each.area and each.row.under_half]
    if behind:
        said.append(visit.say("Below half: {areas}.").format(areas=visit.listed(behind[:3])))
    else:
        said.append(visit.say("No region is below half."))
    for contest in contests[:1]:
        if contest.verdict and contest.shares:
            text = visit.say(QUICK_COUNT[contest.verdict])
            said.append(text.format(name=contest.shares[0].name, line=contest.line))
    return " ".join(said)


def _received(visit: Visit, now: CoverageNow) -> str:
    parts = []
    for row in sorted(now.checklists, key=lambda row: _stage(visit, str(row.group))):
        rules = visit.facts.newest(str(row.group))
        if rules is not None and row.expected:
            parts.append(
                visit.say("{received} of {expected} on {checklist}").format(
                    received=visit.style.whole(row.received),
                    expected=visit.style.whole(row.expected),
                    checklist=visit.title(rules.definition.title).lower(),
                )
            )
    if not parts:
        count = visit.style.whole(visit.facts.reports)
        return visit.say("{count} reports have come; none was planned.").format(count=count)
    return visit.say("Reports received: {parts}.").format(parts=visit.listed(parts))


def _stage(visit: Visit, checklist: str) -> int:
    rules = visit.facts.newest(checklist)
    stage = rules.definition.stage if rules else ""
    return STAGES.index(stage) if stage in STAGES else len(STAGES)


def _latest(visit: Visit, came: NewReport) -> dict[str, str]:
    """One of the reports that came last."""
    return {
        "id": str(came.id),
        "at": visit.clock(came.received_at, "%H:%M:%S"),
        "status": came.status,
        "word": visit.say(came.status),
        "station": came.code if came.code is not None else "–",
        "place": came.name,
        "checklist": came.checklist,
    }
