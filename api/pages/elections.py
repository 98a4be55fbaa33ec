"""The page Elections: rounds, hours, contests, changes of stations."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.audit.unit_of_work import Work, act_on
from api.pages.forms import Given, plan, typed_in, words
from api.pages.page import PageRequest, serve_page
from api.pages.statements import session_of
from api.places.changing import (
    HoursGiven,
    StationChange,
    change_station,
    changes_on_the_day,
    set_hours,
)
from api.places.runoff import hold_runoff
from api.places.voting import (
    ContestPlan,
    ElectionPlan,
    RoundPlan,
    VotedOn,
    hold_contest,
    hold_election,
    hold_round,
    what_is_voted_on,
)
from api.problems import INVALID, Problem
from schemas.election import Denominator, Round
from schemas.mission import Mission
from schemas.place import ChangeKind
from schemas.problems import Refusal
from schemas.rights import Right
from schemas.words import N_

KINDS = {
    ChangeKind.CLOSED: N_("closed"),
    ChangeKind.MERGED: N_("merged"),
    ChangeKind.MOVED: N_("moved"),
    ChangeKind.SPLIT: N_("split"),
}


def change_hours(work: Work, given: Given) -> Any:
    """Hours as the form gives them; its moment is in the mission's zone."""
    more: dict[str, Any] = {}
    if given.get("decided_at"):
        more["decided_at"] = _moment(work, given["decided_at"])
    wanted: HoursGiven = plan(
        HoursGiven,
        given,
        "round",
        "area",
        "station",
        "zone",
        "opens",
        "closes",
        "authority",
        **more,
    )
    return set_hours(
        work,
        wanted.round,
        area=wanted.area,
        station=wanted.station,
        zone=wanted.zone,
        opens=wanted.opens,
        closes=wanted.closes,
        authority=wanted.authority,
        decided_at=wanted.decided_at,
    )


def change_place(work: Work, given: Given) -> Any:
    """What became of a station, as the form gives it."""
    wanted: StationChange = plan(
        StationChange,
        given,
        "kind",
        "on",
        "authority",
        "address",
        "lat",
        "lon",
        successors=words(given.get("successors", "")),
    )
    try:
        return change_station(
            work,
            given.get("station", ""),
            wanted.kind,
            wanted.on,
            successors=tuple(wanted.successors),
            authority=wanted.authority,
            address=wanted.address,
            latitude=wanted.lat,
            longitude=wanted.lon,
        )
    except LookupError:
        raise Refusal("the mission knows no station by this code.", "station") from None


async def recent_changes(session: AsyncSession, page: PageRequest) -> dict[str, Any]:
    """The last hours set and the last stations changed, newest first."""
    changed = await changes_on_the_day(session, page.who.mission_id)
    return {
        "hours": [
            dict(each)
            | {
                "opens": _hour(each["opens"]),
                "closes": _hour(each["closes"]),
                "decided_at": page.moment(each["decided_at"]),
            }
            for each in changed.hours
        ],
        "changes": [
            dict(each) | {"kind": page.say(KINDS[ChangeKind(each["kind"])])}
            for each in changed.stations
        ],
        "kinds": [(each.value, page.say(says)) for each, says in KINDS.items()],
    }


def _moment(work: Work, given: str) -> datetime:
    zone = work.session.get_one(Mission, work.mission_id).zone
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        raise Refusal("a date and time is needed.", "decided_at") from None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))


def _hour(at: Any) -> str:
    return f"{at:%H:%M}" if at else "–"


router = APIRouter()
DENOMINATORS = {
    Denominator.VALID: N_("valid votes"),
    Denominator.VALID_WITHOUT_BLANK: N_("valid, not blank"),
    Denominator.CAST: N_("votes cast"),
    Denominator.REGISTERED: N_("registered voters"),
}


@serve_page(router, "/elections", right=Right.KEEP_PLACES)
async def elections(page: PageRequest) -> Response:
    """Elections with their rounds and contests, and a form for the next of each."""
    return await _shown(page, {}, None)


@serve_page(router, "/elections", "POST", right=Right.KEEP_PLACES)
async def hold(page: PageRequest) -> Response:
    """Add an election, a round or a contest, hold a run-off, change hours or a station; what
    cannot be comes back."""
    given = {name: text.strip() for name, text in (await typed_in(page.request)).items()}
    kind = given.pop("add", "")
    if kind not in ADD:
        raise Problem(INVALID, f"One of {', '.join(ADD)} is needed.", "add")
    if kind == "runoff":
        page.who.must(Right.DIRECT)
    try:
        await act_on(page.request, page.who, lambda work: ADD[kind](work, given))
    except Problem as problem:
        if problem.kind is not INVALID:
            raise
        return await _shown(page, given | {"add": kind}, problem)
    return RedirectResponse(f"{page.base}/elections", 303)


def _election(work: Work, given: Given) -> Any:
    return hold_election(work, plan(ElectionPlan, given, "code", "name"))


def _round(work: Work, given: Given) -> Any:
    days = {"polling_days": words(given.get("days", ""))}
    wanted = plan(RoundPlan, given, "code", "name", "opens", "closes", "zone", **days)
    stations = words(given.get("stations", ""))
    return hold_round(work, given.get("election", ""), wanted, stations)


def _contest(work: Work, given: Given) -> Any:
    people = [
        {"code": code, "name": name.strip() or code}
        for code, _, name in (
            line.strip().partition(" ")
            for line in given.get("contestants", "").splitlines()
            if line.strip()
        )
    ]
    share = given.get("threshold", "").replace(",", ".")
    more: dict[str, Any] = {
        "contestants": people,
        "thresholds": [{"name": "majority", "share": _percent(share)}] if share else [],
        "areas": words(given.get("areas", "")),
    }
    wanted = plan(
        ContestPlan, given, "round", "code", "name", "denominator", "choices_per_ballot", **more
    )
    return hold_contest(work, wanted)


def _runoff(work: Work, given: Given) -> Any:
    """One contest goes on, between those ticked by code."""
    days = {"polling_days": words(given.get("days", ""))}
    wanted = plan(RoundPlan, given, "code", "name", **days)
    going_on = words(given.get("contestants", ""))
    return hold_runoff(
        work,
        of=given.get("of", ""),
        code=wanted.code,
        name=wanted.name,
        days=wanted.polling_days,
        contests={given.get("contest", ""): going_on},
    )


ADD: dict[str, Callable[[Work, Given], Any]] = {
    "election": _election,
    "round": _round,
    "contest": _contest,
    "runoff": _runoff,
    "hours": change_hours,
    "station": change_place,
}


def _percent(text: str) -> float:
    try:
        return float(text) / 100
    except ValueError:
        raise Problem(INVALID, "A percentage such as 50 is needed.", "threshold") from None


async def _shown(page: PageRequest, given: Given, problem: Problem | None) -> Response:
    async with session_of(page) as session:
        held = await what_is_voted_on(session, page.who.mission_id)
        changed = await recent_changes(session, page)
    response = page.show(
        "elections.html",
        "setup",
        given=given,
        problem=problem,
        rounds=held.rounds,
        elections=[
            (
                each,
                [_round_row(page, one, held) for one in held.rounds if one.election_id == each.id],
            )
            for each in held.elections
        ],
        codes=sorted({each.code for each in held.contests}),
        denominators=[(each.value, page.say(says)) for each, says in DENOMINATORS.items()],
        directs=page.who.may(Right.DIRECT),
        **changed,
    )
    response.status_code = problem.kind.status if problem else 200
    return response


def _round_row(page: PageRequest, one: Round, held: VotedOn) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "days": one.polling_days,
        "zone": one.zone,
        "hours": f"{one.opens:%H:%M}–{one.closes:%H:%M}",
        "contests": [
            {
                "code": each.code,
                "name": each.name,
                "choices": each.choices_per_ballot,
                "denominator": page.say(DENOMINATORS[Denominator(each.denominator)]),
                "thresholds": [
                    (threshold["name"], page.style.decimals(100 * threshold["share"], 1))
                    for threshold in each.thresholds
                ],
                "areas": held.areas.get(each.id, []),
                "people": [person for person in held.contestants if person.contest_id == each.id],
            }
            for each in held.contests
            if each.round_id == one.id
        ],
    }
