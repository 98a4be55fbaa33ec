"""What the lint is told of a mission: names not to be printed, sections it must hold."""

import httpx

from schemas.columns import new_id
from schemas.statement import Statement
from tests.api.figures.conftest import SmallCountry
from tests.api.statements.conftest import shown

NAMED = "Ana Example"


async def told(asking: httpx.AsyncClient, statement: Statement, rule: str) -> list[str]:
    """The words at which a rule of the lint fires."""
    items = (await asking.get(f"statements/{statement.id}/lint")).json()["items"]
    return [each["words"] for each in items if each["rule"] == rule]


async def test_names_of_observers_and_of_places_with_restricted_incidents_may_not_be_printed(
    asking: httpx.AsyncClient, drafted: Statement, country: SmallCountry
) -> None:
    ((observer, pseudonym),) = country.execute("SELECT id, pseudonym FROM observer LIMIT 1")
    country.execute(
        "INSERT INTO identity (mission_id, holder_id, name, telephone, email, document,"
        " emergency_contact, coordinator, coordinator_telephone, deputy, deputy_telephone,"
        " recorded_at) VALUES (%s, %s, %s, '', '', '', '', '', '', '', '', now())"
        " ON CONFLICT (mission_id, holder_id) DO UPDATE SET name = EXCLUDED.name",
        country.mission_id, observer, NAMED,
    )  # fmt: skip
    ((report, place),) = country.execute(
        "SELECT r.id, p.name FROM report r JOIN place p ON p.id = r.place_id"
        " WHERE r.checklist = 'incident' LIMIT 1"
    )
    country.execute(
        "INSERT INTO incident_event (mission_id, id, report_id, sequence, at, kind, visible_to,"
        " text) VALUES (%s, %s, %s, %s, now(), 'visibility', '[\"lead\"]', '')",
        country.mission_id, new_id(), report, country.tick(),
    )  # fmt: skip
    text = f"We met {NAMED}, {pseudonym} and others at {place}."
    made = await asking.post(f"statements/{drafted.id}/blocks", json={"text": text})
    assert made.status_code == 201, made.text
    assert set(await told(asking, drafted, "incident.unverified")) == {NAMED, pseudonym, place}


async def test_a_section_that_a_kind_must_hold_and_that_was_left_out_is_asked_for(
    asking: httpx.AsyncClient, drafted: Statement
) -> None:
    before = await told(asking, drafted, "section.silent")
    for each in (await shown(asking, drafted.id))["blocks"]:
        if each["section"] == "limits":
            given = {"reason": "Said elsewhere.", "version": each["version"]}
            await asking.post(f"statements/{drafted.id}/blocks/{each['id']}/hiding", json=given)
    items = (await asking.get(f"statements/{drafted.id}/lint")).json()["items"]
    silent = [each for each in items if each["rule"] == "section.silent"]
    assert len(silent) == len(before) + 1
    assert "limits" in {each["section"] for each in silent}
