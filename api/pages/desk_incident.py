"""The panel of the desk for an incident: decide on it, or say what is done about it meanwhile."""

from typing import Any

from api.database.sessions import mission_session
from api.pages.desk_panels import OpenItem, Panel, Values, Write, reason_of
from api.pages.forms import Form, plan
from api.pages.incident_shown import STATES, card_of
from api.pages.page import PageRequest
from api.review.incident_card import incident_card
from api.review.incident_events import IncidentEventIn, incident_act
from schemas.desk import IncidentState
from schemas.words import N_

CHIPS = (
    N_("Two sources that do not know each other."),
    N_("A photo shows it."),
    N_("The team was called."),
    N_("Nobody else knows of it."),
)
"""Reasons that are often given; the words are a person's to change."""
CHOICES = (
    IncidentState.VERIFIED,
    IncidentState.REFUTED,
    IncidentState.UNDETERMINED,
    IncidentState.BEING_VERIFIED,
)


async def _values(page: PageRequest, open_item: OpenItem) -> Values:
    state = page.request.app.state
    async with mission_session(state.engine, page.who.mission_id) as session:
        found = await incident_card(session, page.who, state.intake.signer, open_item.report_id)
    shown = card_of(page, found, ())
    return {
        "card": shown,
        "choices": [
            (each.value, page.say(STATES[each])) for each in CHOICES if each.value != found["state"]
        ],
        "chips": [page.say(each) for each in CHIPS],
    }


async def _write(page: PageRequest, open_item: OpenItem, form: Form) -> Write:
    given = form.given()
    more: dict[str, Any] = {"reason": reason_of(given)}
    if given.get("danger_over"):
        more["danger_over"] = True
    asked: IncidentEventIn = plan(IncidentEventIn, given, "state", **more)
    return incident_act(page.who, open_item.report_id, asked)


INCIDENT = Panel(
    name="incident",
    title=N_("Decide"),
    says=N_("verified, refuted, or cannot be determined"),
    key="V",
    values=_values,
    write=_write,
    previews=False,
)
