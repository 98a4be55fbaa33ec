"""The page Control room: what is happening, and how sure we are. Coverage, the last hour,
irregularities of the stage of the hour, quick counts."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.database.sessions import mission_session
from api.figures.ask import question
from api.figures.control_room import (
    CameIncident,
    CameReport,
    PassedMark,
    RoomNow,
    irregularities_of_hour,
    room_now,
    stages_at,
)
from api.figures.coverage import CoverageNow
from api.figures.incidents import CHECKLIST as INCIDENT
from api.figures.incidents import options, urgent_incidents
from api.pages.contest_views import VERDICTS, ContestView, contest_views
from api.pages.coverage import area_rows, arrivals_drawn, map_drawn, unobserved_words
from api.pages.incident_shown import STATES
from api.pages.page import PageRequest, home_of, serve_page
from api.pages.rows import Row, Table, table
from api.people.listing import open_alarms
from api.results.quick_counts import contests_shown
from api.statements.listing import newest_statement
from schemas.mission import Kind
from schemas.report import ReportStatus
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
LEAST = 5
LINES = 5
"""So many lines a list of the last hour has at most."""
LATEST = 4
ON_PLAN = timedelta(minutes=5)
"""So much before or behind is called on plan."""
QUICK_COUNT = {
    "above": N_("the quick count puts {name} above {line}"),
    "below": N_("the quick count puts {name} below {line}"),
    "cannot determine": N_("whether {name} passes {line} cannot be said yet"),
}
PASSED = {
    0.5: N_("Half of the reports of {area} have come"),
    0.75: N_("Three quarters of the reports of {area} have come"),
    1.0: N_("All reports of {area} have come"),
}
WHOSE = (("", N_("All")), ("domestic", N_("Domestic")), ("international", N_("International")))


@serve_page(router, "/", right=None)
async def control_room(page: PageRequest) -> Response:
    """The first page of whoever sees aggregates whole; others begin elsewhere."""
    first = "irregularities" if page.who.sections else home_of(page.who)
    if first:
        return RedirectResponse(f"{page.base}/{first}", 303)
    if page.is_empty:
        opens = page.when(page.facts.polling.opens)
        return page.show("empty.html", "", expected=opens)
    kind = _kind(page)
    asked = page.ask_together(
        question(room_now, page.who, kind, max(LINES, LATEST)),
        question(irregularities_of_hour, kind),
        question(urgent_incidents, page.who),
        question(contests_shown, 0),
    )
    answer, beside = await asyncio.gather(asked, _beside(page))
    room, seen, urgent, counted = answer.values
    now = room.now
    contests = contest_views(page, counted) if kind in (None, room.sampled) else []
    shown = table(seen.shown, page.language, wide=True, as_given=True)
    return page.show(
        "control_room.html",
        "",
        kind=kind,
        whose=_whose(page, kind),
        summary=_summary(page, now, contests),
        nation=now.nation,
        change=_changes(page, room),
        open_incidents=room.open_incidents,
        unobserved=[(each[:1].upper() + each[1:], n) for each, n in unobserved_words(page, now)],
        arrivals=arrivals_drawn(page, now),
        arrival_title=_arrival_title(page, now),
        map=map_drawn(page, now, width=250.0, height=160.0, names_only=True),
        map_title=_map_title(page, now),
        areas=area_rows(now.areas, page.facts.areas)[:LEAST],
        area_count=sum(each.area is not None for each in now.areas),
        table=shown,
        irregularity_title=_irregularity_title(page, shown),
        asked=seen.of,
        contests=contests,
        verdicts=VERDICTS,
        hour=room.hour,
        hour_asked=urlencode(
            {"since": room.hour.since.isoformat(), "until": answer.as_of.isoformat()}
            | ({"kind": kind.value} if kind else {})
        ),
        events=_events(page, room),
        latest=[_latest(page, each) for each in room.latest[:LATEST]],
        urgent=urgent,
        may_read=page.who.may(Right.SEE_REPORTS),
        may_call=page.who.may(Right.SEE_PEOPLE),
        **beside,
    )


def _kind(page: PageRequest) -> Kind | None:
    asked = page.request.query_params.get("kind")
    return Kind(asked) if asked in set(Kind) else None


def _whose(page: PageRequest, kind: Kind | None) -> list[dict[str, Any]]:
    """The switch between both kinds of observers and one."""
    return [
        {
            "word": page.say(words),
            "address": f"{page.base}/{'?kind=' + name if name else ''}",
            "chosen": (kind or "") == name,
        }
        for name, words in WHOSE
    ]


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
    """One sentence: what has come of the checklist of the hour, who is behind, what the first quick
    count may say."""
    said = [_received(page, now)]
    behind = [each.area.name for each in now.areas if each.area and each.row.under_half]
    if behind:
        said.append(page.say("below half: {areas}").format(areas=page.listed(behind[:3])))
    elif now.areas and now.nation.expected:
        said.append(page.say("no region is below half"))
    for contest in contests[:1]:
        if contest.verdict and contest.shares:
            text = page.say(QUICK_COUNT[contest.verdict])
            said.append(text.format(name=contest.shares[0].name, line=contest.line))
    return page.say("{parts}.").format(parts=("؛ " if page.language == "ar" else "; ").join(said))


def _received(page: PageRequest, now: CoverageNow) -> str:
    """What has come of the checklist of the hour; of a stage with several the protocols."""
    stages = stages_at(page.facts.polling, page.as_of)

    def of_the_hour(name: str) -> tuple[int, bool, str]:
        rules = page.facts.newest(name)
        stage = rules.definition.stage if rules else ""
        protocols = rules is not None and rules.definition.policy.per == "contest"
        return stages.index(stage) if stage in stages else len(stages), not protocols, name

    rows = {str(row.group): row for row in now.checklists if row.expected}
    if not rows:
        count = page.style.whole(page.facts.reports)
        return page.say("{count} reports have come; none was planned").format(count=count)
    name = min(rows, key=of_the_hour)
    return page.say("{received} of {expected} reports on {checklist} have come").format(
        received=page.style.whole(rows[name].received),
        expected=page.style.whole(rows[name].expected),
        checklist=page.checklist(name).lower(),
    )


def _changes(page: PageRequest, room: RoomNow) -> dict[str, str]:
    """How each figure changed in the last hour, in words."""
    now, before = room.now.nation, room.before
    changes = {
        "received": now.received - before.received,
        "came": now.came - before.came,
        "late": now.late - before.late,
        "held": now.held - before.held,
        "incidents": room.new_incidents,
    }
    return {name: _change(page, by) for name, by in changes.items()}


def _change(page: PageRequest, by: int) -> str:
    if not by:
        return page.say("none in the last hour")
    sign = "+" if by > 0 else "−"
    return page.say("{change} in the last hour").format(change=sign + page.style.whole(abs(by)))


def _arrival_title(page: PageRequest, now: CoverageNow) -> str:
    """How far reports are behind the plan; once all were due, how many are late."""
    curve, nation = now.arrivals, now.nation
    if not nation.expected:
        return page.say("No report was planned")
    if not nation.missing:
        return page.say("All reports have come")
    if nation.late and (page.as_of >= curve.moments[-1] or curve.behind is None):
        return page.say("{n} reports are late").format(n=page.style.whole(nation.late))
    if curve.behind is None:
        return page.say("On plan")
    if abs(curve.behind) < ON_PLAN:
        return page.say("On plan")
    minutes = int(abs(curve.behind).total_seconds()) // 60
    far = f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
    words = N_("{time} behind plan") if curve.behind > timedelta(0) else N_("{time} ahead of plan")
    return page.say(words).format(time=far)


def _map_title(page: PageRequest, now: CoverageNow) -> str:
    behind = sum(each.row.under_half for each in now.areas if each.area)
    if not behind:
        return page.say("No region is below half")
    return page.say("Below half of the plan: {n} of {all} regions").format(
        n=behind, all=sum(each.area is not None for each in now.areas)
    )


def _irregularity_title(page: PageRequest, shown: Table) -> str:
    """What was seen most often of the stage of the hour, of what is at least serious if anything
    is; never whether it rises or falls, which nothing has tested."""
    rows = shown.stages[0][1] if shown.stages else ()
    seen = [(row, number) for row in rows if (number := _number(row))]
    seen = [each for each in seen if each[0].severity > 1] or seen
    if not seen:
        return page.say("Irregularities by stage")
    first, (_, said) = max(seen, key=lambda each: each[1][0])
    return f"{first.words}: {said}"


def _number(row: Row) -> tuple[float, str] | None:
    """The first number of a row, for an order and in words; nothing where none was seen."""
    for cell in (*row.estimates.values(), *(one for some in row.counts.values() for one in some)):
        if not cell.share:
            return None
        value = f"{cell.said.value} ({cell.interval})" if cell.interval else cell.said.text
        return cell.share, f"{value} {cell.noun_of}"
    return None


def _events(page: PageRequest, room: RoomNow) -> list[dict[str, Any]]:
    """What changed in the last hour: what puts somebody in danger first, then the newest."""
    natures = {
        name: page.title(label)
        for name, label in options(page.facts.newest(INCIDENT), "nature").items()
    }
    found = [(each.received_at, _case(page, each, natures)) for each in room.hour.cases]
    found += [(each.received_at, _grave(page, each)) for each in room.hour.grave]
    found += [(each.at, _passed(page, each)) for each in room.hour.passed]
    found.sort(key=lambda each: (each[1]["first"], each[0]), reverse=True)
    return [row | {"at": page.hour(at)} for at, row in found[:LINES]]


def _case(page: PageRequest, came: CameIncident, natures: dict[str, str]) -> dict[str, Any]:
    where = page.listed([each for each in (came.code, came.area) if each])
    if came.known is None:
        return _line(0, page.say("Incident, restricted"), came.area)
    word = page.say("danger") if came.known.in_danger else ""
    state = page.say(STATES[came.known.state])
    owner = came.known.handling.owner or page.say("no owner yet")
    words = natures.get(came.known.nature, came.known.nature) or page.say("Incident")
    return _line(
        came.known.severity or 2,
        words,
        page.listed([each for each in (word, where, state, owner) if each]),
        f"incidents/{came.known.report}",
        first=came.known.in_danger,
    )


def _grave(page: PageRequest, came: CameReport) -> dict[str, Any]:
    where = page.listed([each for each in (came.code, page.checklist(came.checklist)) if each])
    return _line(came.severity, page.title(came.notable), where, f"reports/{came.id}")


def _passed(page: PageRequest, passed: PassedMark) -> dict[str, Any]:
    return _line(0, page.say(PASSED[passed.share]).format(area=passed.area), "")


def _line(
    severity: int, words: str, detail: str, link: str = "", *, first: bool = False
) -> dict[str, Any]:
    return {"severity": severity, "words": words, "detail": detail, "link": link, "first": first}


def _latest(page: PageRequest, came: CameReport) -> dict[str, Any]:
    """One of the reports that came last, with what was notable in it."""
    contests = {each.code: each.says(page.language) for each in page.facts.polling.contests}
    title = [page.checklist(came.checklist), contests.get(came.contest, "")]
    title = title if len(contests) > 1 else title[:1]
    return {
        "link": _address(came),
        "at": page.hour(came.received_at),
        "day": "" if _is_today(page, came.received_at) else page.day(came.received_at),
        "severity": came.severity,
        "station": came.code if came.code is not None else "–",
        "title": page.listed([each for each in title if each]),
        "notable": _notable(page, came),
    }


def _address(came: CameReport) -> str:
    return f"{'incidents' if came.checklist == INCIDENT else 'reports'}/{came.id}"


def _is_today(page: PageRequest, at: datetime) -> bool:
    return at.astimezone(page.zone).date() == page.as_of.astimezone(page.zone).date()


def _notable(page: PageRequest, came: CameReport) -> str:
    if came.status in (ReportStatus.HELD, ReportStatus.QUARANTINED, ReportStatus.SUPERSEDED):
        return page.say(came.status)
    if came.checklist == INCIDENT:
        return page.say("see Incidents")
    if not came.judged:
        return page.say("nothing asked about irregularities")
    if not came.severity:
        return page.say("nothing to note")
    words = page.title(came.notable)
    if not came.others:
        return words
    return page.say("{words}, and {n} more").format(words=words, n=page.style.whole(came.others))
