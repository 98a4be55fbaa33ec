"""The control room: what is happening, and how sure?"""

import asyncio
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, select

from analytics.charts import arrival_curve as draw_arrivals
from api.auth.visible import visible_alarms, visible_statements
from api.database.sessions import mission_session
from api.figures.figures import (
    arrival_curve,
    coverage_by_area,
    coverage_by_checklist,
    coverage_of_all,
)
from api.figures.incidents import urgent_incidents
from api.figures.watch import Watch
from api.pages.areas import area_rows, draw_map
from api.pages.page import Visit, home_of, page
from api.pages.quick_count import VERDICTS, ContestView, contest_views
from api.pages.rows import STAGES, foremost, gather, table
from schemas.report import ReportStatus
from schemas.rights import Right
from schemas.statement import Statement
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
    values, beside, urgent = await asyncio.gather(
        visit.compute(lambda watch: _values(visit, watch)),
        _beside(visit),
        visit.ask(urgent_incidents, visit.who),
    )
    return visit.show("control_room.html", "", **beside, **values, urgent=urgent)


async def _beside(visit: Visit) -> dict[str, Any]:
    """What the page says that stands in the database alone."""
    async with mission_session(visit.request.app.state.engine, visit.who.mission_id) as session:
        return {
            "statement": await _statement(session, visit),
            "alarms": await _alarms(session, visit),
        }


async def _alarms(session: AsyncSession, visit: Visit) -> int:
    """Alarms that nobody has settled, for whoever may settle them."""
    if not visit.who.may(Right.KEEP_PEOPLE):
        return 0
    waiting = select(func.count()).select_from(visible_alarms(visit.who).subquery())
    return int((await session.execute(waiting)).scalar_one())


async def _statement(session: AsyncSession, visit: Visit) -> Any:
    """The newest statement as the page names it: without its text, which may be long."""
    named: Any = (Statement.id, Statement.title, Statement.state, Statement.language)
    newest = visible_statements(visit.who).order_by(col(Statement.drafted_at).desc())
    return (await session.execute(newest.with_only_columns(*named).limit(1))).first()


def _values(visit: Visit, watch: Watch) -> dict[str, Any]:
    nation = coverage_of_all(watch)
    statuses = watch.received.statuses
    contests = contest_views(visit, watch)
    asked = gather(watch)
    return {
        "summary": _summary(visit, watch, contests),
        "nation": nation,
        "held": statuses[ReportStatus.HELD],
        "flagged": statuses[ReportStatus.FLAGGED],
        "arrivals": draw_arrivals(
            arrival_curve(watch),
            title=visit.say("Reports received against plan"),
            zone=visit.zone,
            plan_label=visit.say("plan"),
            received_label=visit.say("{count} received"),
        ),
        "map": draw_map(watch, visit.say("Reports received, by region")),
        "areas": area_rows(watch)[:LEAST],
        "area_count": len(watch.frame.areas),
        "table": table(foremost(asked), visit.language),
        "asked": len(asked),
        "contests": contests,
        "verdicts": VERDICTS,
        "latest": _latest(visit, watch),
    }


def _summary(visit: Visit, watch: Watch, contests: list[ContestView]) -> str:
    """What has come of each checklist, who is behind, what the quick count may say."""
    said = [_received(visit, watch)]
    behind = [
        each.area.name for each in coverage_by_area(watch) if each.area and each.row.under_half
    ]
    if behind:
        said.append(visit.say("Below half: {areas}.").format(areas=visit.listed(behind[:3])))
    else:
        said.append(visit.say("No region is below half."))
    for contest in contests[:1]:
        if contest.verdict and contest.shares:
            text = visit.say(QUICK_COUNT[contest.verdict])
            said.append(text.format(name=contest.shares[0].name, line=contest.line))
    return " ".join(said)


def _received(visit: Visit, watch: Watch) -> str:
    parts = []
    rows = sorted(coverage_by_checklist(watch), key=lambda row: _stage(watch, str(row.group)))
    for row in rows:
        rules = watch.frame.newest(str(row.group))
        if rules is not None and row.expected:
            parts.append(
                visit.say("{received} of {expected} on {checklist}").format(
                    received=visit.style.whole(row.received),
                    expected=visit.style.whole(row.expected),
                    checklist=visit.title(rules.definition.title).lower(),
                )
            )
    if not parts:
        count = visit.style.whole(len(watch.received))
        return visit.say("{count} reports have come; none was planned.").format(count=count)
    return visit.say("Reports received: {parts}.").format(parts=visit.listed(parts))


def _stage(watch: Watch, checklist: str) -> int:
    rules = watch.frame.newest(checklist)
    stage = rules.definition.stage if rules else ""
    return STAGES.index(stage) if stage in STAGES else len(STAGES)


def _latest(visit: Visit, watch: Watch) -> list[dict[str, str]]:
    """The reports that came last."""
    places = watch.frame.places
    return [
        {
            "id": str(report),
            "at": visit.clock(came.received_at, "%H:%M:%S"),
            "status": came.status,
            "word": visit.say(came.status),
            "station": places[came.place].code if came.place is not None else "–",
            "place": places[came.place].name if came.place is not None else "",
            "checklist": came.checklist,
        }
        for report, came in watch.received.newest(LATEST)
    ]
