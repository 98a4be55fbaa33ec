"""The control room, the map and incidents: danger first, restricted ones named by area."""

from typing import Any

import pytest

from api.audit.sealed_work import office
from api.missions.create import issue_secret
from schemas.credential import Purpose, Role
from schemas.mission import Member
from tests.api.review.test_incident_events import CALM, did, handles, sent
from tests.api.standards.conftest import SLUG, Walked, walked

__all__ = ["handles", "walked"]


async def hour(walked: Walked, persona: str) -> tuple[str, str]:
    """The last hour and the latest reports, as a persona sees them."""
    page = (await walked.get(f"/missions/{SLUG}/", persona)).text
    first, second = page.index("<h2>Last hour</h2>"), page.index("<h2>Latest reports</h2>")
    return page[first:second], page[second : page.index("</section>", second)]


async def test_the_last_hour_names_kind_state_and_owner_and_whoever_is_in_danger_first(
    walked: Walked,
) -> None:
    await walked.send("M-1", "voting", CALM)
    danger = await sent(walked, answers={"danger": "yes"})
    later = await sent(walked, "W-2")
    await did(walked, later, {"owner": "data_manager"})
    events, _ = await hour(walked, "lead")
    assert f"incidents/{danger}" in events
    assert events.index(danger) < events.index(later)
    assert events.count("no owner yet") == 1
    assert "Reported" in events


@pytest.mark.parametrize("persona", ["data_manager"])
async def test_a_restricted_incident_is_counted_and_named_by_its_area_alone(
    walked: Walked, persona: str, rows: Any
) -> None:
    await walked.send("M-1", "voting", CALM)
    case = await sent(walked)
    await did(walked, case, {"visible_to": ["lead"], "reason": "A source."}, "lead")
    events, latest = await hour(walked, persona)
    assert "incidents: 1" in events
    assert "Incident, restricted" in events
    assert case not in events + latest
    open_one, _ = await hour(walked, "lead")
    assert f"incidents/{case}" in open_one


async def test_a_restricted_incident_is_on_the_map_of_those_alone_who_see_it(
    walked: Walked, rows: Any
) -> None:
    rows("UPDATE place SET longitude = 1, latitude = 1 RETURNING 1")
    case = await sent(walked)
    await did(walked, case, {"visible_to": ["lead"], "reason": "A source."}, "lead")
    at = f"/missions/{SLUG}/map?layer=incidents"
    assert f"incidents/{case}" in (await walked.get(at, "lead")).text
    other = (await walked.get(at, "data_manager")).text
    assert case not in other
    assert "No open incident" in other


def join(walked: Walked, *roles: Role) -> None:
    """Members of these roles, called what they are."""
    with office(walked.settings) as at:
        mission_id = at.mission(SLUG)
        with at.work(mission_id) as work:
            for role in roles:
                member = Member(mission_id=mission_id, handle=role.value, role=role)
                work.session.add(member)
                work.session.flush()
                walked.tokens[role.value] = issue_secret(
                    work.session, mission_id, role, Purpose.BEARER, member.id
                )


async def test_a_security_officer_sees_and_handles_incidents_and_no_other_report(
    walked: Walked,
) -> None:
    join(walked, Role.SECURITY_OFFICER)
    await walked.send("M-1", "voting", CALM)
    case = await sent(walked, answers={"danger": "yes"})
    await did(walked, case, {"visible_to": ["data_manager"], "reason": "A source."}, "lead")
    officer = "security_officer"
    listed = (await walked.get("incidents", officer)).json()["items"]
    assert [each["report"] for each in listed] == [case]
    reports = (await walked.get("reports", officer)).json()["items"]
    assert {each["checklist"] for each in reports} == {"incident"}
    for said in ({"owner": officer}, {"note": "Called."}, {"danger_over": True, "reason": "Home."}):
        await did(walked, case, said, officer)
    assert (await walked.get(f"/missions/{SLUG}/incidents/{case}", officer)).status_code == 200
    decided = {"state": "verified", "reason": "So it was."}
    answer = await walked.post(f"incidents/{case}/events", decided, officer)
    assert (answer.status_code, answer.json()["field"]) == (422, "state")


async def test_a_restriction_names_people_beside_roles(walked: Walked) -> None:
    join(walked, Role.ANALYST, Role.CORE_ANALYST)
    case = await sent(walked)
    only = {"visible_to": [], "visible_to_members": ["analyst"], "reason": "A source."}
    await did(walked, case, only, "lead")
    seen = {
        each: (await walked.get(f"incidents/{case}", each)).status_code
        for each in ("lead", "analyst", "data_manager", "core_analyst")
    }
    assert seen == {"lead": 200, "analyst": 200, "data_manager": 404, "core_analyst": 404}
    card = (await walked.get(f"incidents/{case}", "analyst")).json()
    assert (card["visible_to"], card["visible_to_members"]) == ([], ["analyst"])
    page = (await walked.get(f"/missions/{SLUG}/incidents/{case}", "lead")).text
    assert "Restricted to: analyst." in page
    unknown = {"visible_to_members": ["nobody"], "reason": "A source."}
    answer = await walked.post(f"incidents/{case}/events", unknown, "lead")
    assert (answer.status_code, answer.json()["field"]) == (422, "visible_to_members")
    await did(walked, case, {"visible_to_members": []}, "lead")
    assert (await walked.get(f"incidents/{case}", "data_manager")).status_code == 200
