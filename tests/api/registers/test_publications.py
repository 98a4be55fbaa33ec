"""The log of what a mission published, and of the copy that the authority was given."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from sqlalchemy import create_engine
from sqlmodel import Session

from api.audit.sealer import seal_everything
from api.audit.signing import Signer
from api.audit.verify import verify_mission
from schemas.credential import Purpose, Role
from schemas.mission import Member
from tests.api.small import SmallMission, credential
from tests.conftest import SECRET, Database

Rows = Callable[..., list[tuple[Any, ...]]]
FORM = {"Sec-Fetch-Site": "same-origin"}
PUBLISHED = {
    "number": "3",
    "kind": "preliminary",
    "title": "A calm day, a slow count",
    "languages": "en, fr",
    "published_at": "2026-01-10T14:00",
    "published_in": "A press conference",
    "announces": "yes",
}
COPIED = {
    "authority": "Election Commission",
    "copied_at": "2026-01-08T09:30",
    "copied_how": "By hand, under embargo",
}


@pytest.fixture
def place(mission: SmallMission) -> str:
    return f"/api/v1/missions/{mission.slug}/registers/publications"


@pytest.fixture
def page(mission: SmallMission) -> str:
    return f"/missions/{mission.slug}/registers/publications"


@pytest.fixture
def as_press(
    client: httpx.AsyncClient, database: Database, mission: SmallMission
) -> httpx.AsyncClient:
    """The client, signed in as the mission's press officer."""
    engine = create_engine(database.admin_url.replace("postgresql:", "postgresql+psycopg:", 1))
    with Session(engine) as session:
        officer = Member(mission_id=mission.mission_id, handle="press", role=Role.PRESS)
        session.add(officer)
        session.flush()
        session.add(credential(mission, "press", Role.PRESS, Purpose.BEARER, officer.id))
        session.commit()
    engine.dispose()
    client.headers.update(mission.bearer("press"))
    return client


@pytest.fixture
def statement(mission: SmallMission, rows: Rows) -> UUID:
    """A draft of the mission."""
    ((made,),) = rows(
        "WITH s AS (INSERT INTO snapshot (mission_id, id, round_id, sequence, frozen_at, sha256,"
        " numbers) SELECT mission_id, gen_random_uuid(), id, 1, now(), '', '{}' FROM round"
        " RETURNING *)"
        " INSERT INTO statement (mission_id, id, round_id, snapshot_id, kind, language, title,"
        " state, blocks, drafted_at, drafted_by) SELECT mission_id, gen_random_uuid(), round_id,"
        " id, 'preliminary', 'en', 'What we saw', 'draft', '[]', now(), id FROM s RETURNING id"
    )
    return UUID(str(made))


async def standing(client: httpx.AsyncClient, mission: SmallMission) -> dict[str, str]:
    """What the ledger says of publishing, as the lead reads it."""
    answer = await client.get(
        f"/api/v1/missions/{mission.slug}/compliance", headers=mission.bearer("lead")
    )
    (duty,) = [each for each in answer.json()["items"] if each["standard"] == "dop:7"]
    return dict(duty)


async def test_the_press_logs_by_the_form_and_fills_the_copy_in_when_it_is_given(
    as_press: httpx.AsyncClient, page: str, place: str
) -> None:
    assert (await as_press.post(page, data=PUBLISHED, headers=FORM)).status_code == 303
    shown = (await as_press.get(page)).text
    assert "A calm day, a slow count" in shown
    assert "not given yet" in shown
    ((logged),) = (await as_press.get(place)).json()["items"]
    assert logged["languages"] == ["en", "fr"]
    assert (logged["announces"], logged["copied_at"]) == (True, None)
    filled = COPIED | {"row": logged["id"]}
    assert (await as_press.post(page, data=filled, headers=FORM)).status_code == 303
    shown = (await as_press.get(page)).text
    assert "2026-01-08 09:30" in shown
    assert "not given yet" not in shown


async def test_a_form_that_is_refused_loses_nothing_of_what_was_filled_in(
    as_press: httpx.AsyncClient, page: str, place: str
) -> None:
    logged = (await as_press.post(place, json=PUBLISHED)).json()
    twice = await as_press.post(page, data=PUBLISHED | {"title": "Another"}, headers=FORM)
    assert twice.status_code == 409
    assert "One with this number or code stands already." in twice.text
    assert 'value="Another"' in twice.text
    assert '<option value="yes" selected>' in twice.text
    ahead = {"copied_at": "2999-01-01T10:00", "copied_how": "By courier"}
    copied = await as_press.post(page, data=ahead | {"row": logged["id"]}, headers=FORM)
    assert copied.status_code == 422
    assert "<details open>" in copied.text
    assert copied.text.count('value="By courier"') == 1


async def test_a_copy_under_embargo_comes_before_the_publication(
    as_press: httpx.AsyncClient, place: str
) -> None:
    made = await as_press.post(place, json=PUBLISHED | COPIED)
    assert made.status_code == 201
    assert made.json()["copied_at"] < made.json()["published_at"]


async def test_the_ledger_is_open_until_every_publication_has_its_copy(
    as_press: httpx.AsyncClient, mission: SmallMission, place: str, rows: Rows
) -> None:
    rows("""UPDATE round SET polling_days = '["2999-01-01"]' RETURNING 1""")
    assert (await standing(as_press, mission))["state"] == "not_due"
    made = (await as_press.post(place, json=PUBLISHED)).json()
    logged = await standing(as_press, mission)
    assert logged["state"] == "partly_met"
    assert "Published: 1" in logged["on_record"]
    assert "who of the authority was given each copy" in logged["missing"]
    for part in COPIED:
        assert (await standing(as_press, mission))["state"] == "partly_met"
        await as_press.patch(f"{place}/{made['id']}", json={part: COPIED[part]})
    copied = await standing(as_press, mission)
    assert (copied["state"], copied["missing"]) == ("met", "")
    assert "With the authority's copy: 1 of 1." in copied["on_record"]
    await as_press.post(place, json=PUBLISHED | {"number": "4"})
    assert (await standing(as_press, mission))["state"] == "partly_met"


async def test_after_the_polls_a_mission_that_published_nothing_is_told_to(
    as_lead: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rows("""UPDATE round SET polling_days = '["2001-01-01"]' RETURNING 1""")
    silent = await standing(as_lead, mission)
    assert silent["state"] == "outstanding"
    assert silent["missing"] == "Publish a statement and write it into the log."


async def test_everyone_reads_the_log_and_only_press_and_leads_write_it(
    as_press: httpx.AsyncClient, mission: SmallMission, place: str
) -> None:
    await as_press.post(place, json=PUBLISHED)
    for persona in ("observer", "partner", "data_manager"):
        headers = mission.bearer(persona)
        items = (await as_press.get(place, headers=headers)).json()["items"]
        assert [each["number"] for each in items] == ["3"]
        assert "A calm day" in (await as_press.get(f"{place}/csv", headers=headers)).text
        refused = await as_press.post(place, json=PUBLISHED | {"number": "4"}, headers=headers)
        assert refused.status_code == 404
        filled = await as_press.patch(f"{place}/{items[0]['id']}", json=COPIED, headers=headers)
        assert filled.status_code == 404
    lead = mission.bearer("lead")
    by_lead = await as_press.post(place, json=PUBLISHED | {"number": "4"}, headers=lead)
    assert by_lead.status_code == 201


async def test_the_press_opens_public_registers_and_no_other(
    as_press: httpx.AsyncClient, mission: SmallMission
) -> None:
    base = f"/missions/{mission.slug}/registers"
    listed = (await as_press.get(base)).text
    assert f'href="{base}/publications"' in listed
    assert f'href="{base}/funding"' in listed
    assert f'href="{base}/complaints"' not in listed
    assert (await as_press.get(f"{base}/complaints")).status_code == 404
    given = await as_press.post(f"{base}/funding", data={"funder": "F"}, headers=FORM)
    assert given.status_code == 404


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "rumour"}, "kind"),
        ({"languages": "english"}, "languages"),
        ({"languages": ["en", 7]}, "languages"),
        ({"languages": ","}, "languages"),
        ({"published_at": "0001-01-01T00:00+14:00"}, "published_at"),
        ({"sha256": "0" * 63}, "sha256"),
        ({"statement": str(uuid4())}, "statement"),
        ({"statement": "the first one"}, "statement"),
        ({"corrects": "2"}, "corrects"),
        ({"kind": "correction"}, "corrects"),
    ],
)
async def test_what_cannot_be_logged_is_refused_by_field(
    as_press: httpx.AsyncClient, place: str, given: dict[str, Any], field: str
) -> None:
    answer = await as_press.post(place, json=PUBLISHED | given)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


@pytest.mark.parametrize("field", ["published_at", "copied_at"])
async def test_what_has_not_happened_yet_is_not_logged_because_everyone_reads_it(
    as_press: httpx.AsyncClient, place: str, field: str
) -> None:
    ahead = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    answer = await as_press.post(place, json=PUBLISHED | COPIED | {field: ahead})
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_a_correction_names_what_it_corrects(as_press: httpx.AsyncClient, place: str) -> None:
    await as_press.post(place, json=PUBLISHED)
    given = PUBLISHED | {"number": "3a", "kind": "correction", "corrects": "3"}
    assert (await as_press.post(place, json=given)).json()["corrects"] == "3"
    twice = await as_press.post(place, json=given)
    assert twice.status_code == 409


async def test_a_publication_leads_to_its_statement_for_whoever_may_see_it(
    as_press: httpx.AsyncClient, mission: SmallMission, place: str, page: str, statement: UUID
) -> None:
    given = PUBLISHED | {"statement": str(statement), "sha256": "A" * 64}
    made = await as_press.post(place, json=given)
    assert made.json()["statement"] == str(statement)
    assert made.json()["sha256"] == "a" * 64
    link = f'href="/missions/{mission.slug}/statements/{statement}"'
    option = f'<option value="{statement}"'
    for_lead = (await as_press.get(page, headers=mission.bearer("lead"))).text
    assert link in for_lead
    assert option in for_lead
    for_press = (await as_press.get(page)).text
    assert link not in for_press
    assert option not in for_press


async def test_the_doctor_names_an_entry_that_was_altered_behind_the_application(
    as_press: httpx.AsyncClient, database: Database, mission: SmallMission, place: str
) -> None:
    made = (await as_press.post(place, json=PUBLISHED | COPIED)).json()
    signer = Signer.from_secret(SECRET)
    seal_everything(database.app_url, signer)
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE publication SET copied_at = copied_at - interval '1 day'")
        _, amiss = verify_mission(connection, mission.mission_id, mission.slug, signer.public_key)
    assert [str(each) for each in amiss if made["id"] in str(each)]
