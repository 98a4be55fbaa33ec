"""The page Control room: coverage, incidents, irregularities and the latest reports."""

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
from api.pages.coverage import area_rows, arrivals_drawn, map_drawn, unobserved_words
from api.pages.page import PageRequest, home_of, serve_page
from api.pages.quick_count import VERDICTS, ContestView, contest_views
from api.pages.rows import STAGES, table
from api.people.listing import open_alarms
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


@serve_page(router, "/", right=None)
async def control_room(page: PageRequest) -> Response:
    """The first page of whoever sees aggregates whole; others begin elsewhere."""
    first = "irregularities" if page.who.sections else home_of(page.who)
    if first:
        return RedirectResponse(f"{page.base}/{first}", 303)
    if page.is_empty:
        opens = page.clock(page.facts.polling.opens)
        return page.show("empty.html", "", expected=opens)
    asked = page.ask_together(
        question(coverage_now),
        question(newest_reports, LATEST),
        question(foremost_irregularities),
        question(urgent_incidents, page.who),
        question(contests_shown, 0),
    )
    answer, beside = await asyncio.gather(asked, _beside(page))
    now, came, seen, urgent, counted = answer.values
    contests = contest_views(page, counted)
    return page.show(
        "control_room.html",
        "",
        summary=_summary(page, now, contests),
        nation=now.nation,
        unobserved=unobserved_words(page, now),
        held=came.statuses.get(ReportStatus.HELD, 0),
        flagged=came.statuses.get(ReportStatus.FLAGGED, 0),
        arrivals=arrivals_drawn(page, now),
        map=map_drawn(page, now),
        areas=area_rows(now.areas, page.facts.areas)[:LEAST],
        area_count=len(page.facts.areas),
        table=table(seen.shown, page.language),
        asked=seen.of,
        contests=contests,
        verdicts=VERDICTS,
        latest=[_latest(page, each) for each in came.newest],
        urgent=urgent,
        **beside,
    )


async def _beside(page: PageRequest) -> dict[str, Any]:
    """What the page shows that is in the database alone."""
    async with mission_session(page.request.app.state.engine, page.who.mission_id) as session:
        return {
            "statement": await newest_statement(session, page.who),
            "alarms": await _alarms(session, page),
        }


async def _alarms(session: AsyncSession, page: PageRequest) -> int:
    """Alarms that nobody has settled, for whoever may settle them."""
    if not page.who.may(Right.KEEP_PEOPLE):
        return 0
    return await open_alarms(session, page.who)


def _summary(page: PageRequest, now: CoverageNow, contests: Sequence[ContestView]) -> str:
    """What has come of each checklist, who is behind, what the quick count may say."""
    said = [_received(page, now)]
    behind = [each.area.name for each in now.areas if each.area and each.row.under_half]
    if behind:
        said.append(page.say("Below half: {areas}.").format(areas=page.listed(behind[:3])))
    else:
        said.append(page.say("No region is below half."))
    for contest in contests[:1]:
        if contest.verdict and contest.shares:
            text = page.say(QUICK_COUNT[contest.verdict])
            text = text.format(name=contest.shares[0].name, line=contest.line)
            said.append(f"{contest.name}: {text}" if len(contests) > 1 else text)
    return " ".join(said)


def _received(page: PageRequest, now: CoverageNow) -> str:
    parts = []
    for row in sorted(now.checklists, key=lambda row: _stage(page, str(row.group))):
        rules = page.facts.newest(str(row.group))
        if rules is not None and row.expected:
            parts.append(
                page.say("{received} of {expected} on {checklist}").format(
                    received=page.style.whole(row.received),
                    expected=page.style.whole(row.expected),
                    checklist=page.title(rules.definition.title).lower(),
                )
            )
    if not parts:
        count = page.style.whole(page.facts.reports)
        return page.say("{count} reports have come; none was planned.").format(count=count)
    return page.say("Reports received: {parts}.").format(parts=page.listed(parts))


def _stage(page: PageRequest, checklist: str) -> int:
    rules = page.facts.newest(checklist)
    stage = rules.definition.stage if rules else ""
    return STAGES.index(stage) if stage in STAGES else len(STAGES)


def _latest(page: PageRequest, came: NewReport) -> dict[str, str]:
    """One of the reports that came last."""
    return {
        "id": str(came.id),
        "at": page.clock(came.received_at, "%H:%M:%S"),
        "status": came.status,
        "word": page.say(came.status),
        "station": came.code if came.code is not None else "–",
        "place": came.name,
        "checklist": came.checklist,
    }
