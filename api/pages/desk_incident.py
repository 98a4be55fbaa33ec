"""The panel of the desk for an incident: decide on it, or say what is done about it meanwhile."""

from typing import Any
from uuid import UUID

from api.database.sessions import mission_session
from api.pages.desk_panels import OpenItem, Panel, Values, Write, reason_of
from api.pages.forms import Form, Given, plan
from api.pages.incident_shown import STATES, card_of
from api.pages.page import PageRequest
from api.problems import INVALID, Problem
from api.review.incident_card import incident_card, of_other_teams
from api.review.incident_events import IncidentEventIn, incident_act
from schemas.desk import IncidentState
from schemas.words import N_

CHIPS = (
    N_("Two sources that do not know each other."),
    N_("The team was called."),
    N_("Nobody else knows of it."),
)
"""Reasons that are often given; the words are a person's to change."""
WITH_PHOTO = N_("A photo shows it.")
SAY_WHETHER = N_("Say of each report of another team whether it is the same event.")
CHOOSE = N_("Choose what is true of it.")
SAME = "same."
CHOICES = (
    IncidentState.VERIFIED,
    IncidentState.REFUTED,
    IncidentState.UNDETERMINED,
    IncidentState.BEING_VERIFIED,
)


async def _values(page: PageRequest, open_item: OpenItem) -> Values:
    found = await _card(page, open_item)
    shown, asked = card_of(page, found, ()), set(map(str, of_other_teams(found)))
    return {
        "card": shown,
        "others": [each for each in shown["may_be_same"] if each["report"] in asked],
        "choices": [
            (each.value, page.say(STATES[each])) for each in CHOICES if each.value != found["state"]
        ],
        "chips": [page.say(each) for each in (*CHIPS, *([WITH_PHOTO] if shown["photos"] else ()))],
    }


async def _card(page: PageRequest, open_item: OpenItem) -> dict[str, Any]:
    state = page.request.app.state
    async with mission_session(state.engine, page.who.mission_id) as session:
        return await incident_card(session, page.who, state.intake.signer, open_item.report_id)


async def _write(page: PageRequest, open_item: OpenItem, form: Form) -> Write:
    given = form.given()
    more: dict[str, Any] = {"reason": reason_of(given)}
    if given.get("danger_over"):
        more["danger_over"] = True
    asked: IncidentEventIn = plan(IncidentEventIn, given, "state", **more)
    if not asked.says_something:
        raise Problem(INVALID, CHOOSE, "state")
    said = _same(given)
    if asked.state == IncidentState.VERIFIED:
        unsaid = set(of_other_teams(await _card(page, open_item))) - said.keys()
        if unsaid:
            raise Problem(INVALID, SAY_WHETHER, "same")
    return incident_act(page.who, open_item.report_id, asked, said)


def _same(given: Given) -> dict[UUID, bool]:
    """Of which reports a form says whether they are the same event."""
    return {
        UUID(name.removeprefix(SAME)): value == "yes"
        for name, value in given.items()
        if name.startswith(SAME) and value in ("yes", "no")
    }


INCIDENT = Panel(
    name="incident",
    title=N_("Decide"),
    says=N_("verified, refuted, or cannot be determined"),
    key="V",
    values=_values,
    write=_write,
    previews=False,
)
