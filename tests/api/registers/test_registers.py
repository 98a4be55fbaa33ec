"""Registers: who reads and writes them, what they refuse, what stays."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from api.closing.parts import PARTS, RESTRICTED
from api.database.write_triggers import WATCHED
from api.registers.catalogue import REGISTERS
from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]
CONDITION = {
    "letter": "g",
    "state": "partly",
    "evidence": "Two of nine were refused.",
    "stood_on": "2025-11-01",
}
COMPLAINT = {
    "number": "EC-7",
    "subject": "Ballots ran out",
    "complainant": "a contestant",
    "body": "Election Commission",
    "filed_on": "2025-11-09",
    "standards": ["obl:20"],
}
REPRISAL = {"affected": "a driver", "account": "Stopped for four hours.", "source": "observed"}
FUNDING = {"funder": "A foundation", "amount": "1200.50", "currency": "EUR"}


@pytest.fixture
def place(mission: SmallMission) -> str:
    return f"/api/v1/missions/{mission.slug}/registers"


async def test_a_condition_is_kept_with_its_history(
    as_lead: httpx.AsyncClient, place: str, rows: Rows
) -> None:
    assert (await as_lead.post(f"{place}/conditions", json=CONDITION)).status_code == 201
    later = CONDITION | {"state": "met", "stood_on": "2025-11-05"}
    await as_lead.post(f"{place}/conditions", json=later)
    found = (await as_lead.get(f"{place}/conditions")).json()["items"]
    assert [each["state"] for each in found] == ["met", "partly"]
    acts = rows("SELECT act FROM audit_entry WHERE act LIKE 'register%%'")
    assert acts == [("register.add.conditions",)] * 2


@pytest.mark.parametrize(
    ("name", "given", "field"),
    [
        ("conditions", CONDITION | {"letter": "z"}, "letter"),
        ("conditions", CONDITION | {"stood_on": "yesterday"}, "stood_on"),
        ("conditions", {"letter": "a"}, "state"),
        ("conditions", CONDITION | {"weather": "fine"}, "weather"),
        ("conditions", CONDITION | {"evidence": "x\0"}, "evidence"),
        ("conditions", CONDITION | {"evidence": "x" * 20_001}, "evidence"),
        ("conditions", CONDITION | {"evidence": 7}, "evidence"),
        ("complaints", COMPLAINT | {"standards": ["obl:99"]}, "standards"),
        ("complaints", COMPLAINT | {"area": "atlantis"}, "area"),
        ("complaints", COMPLAINT | {"appeal_of": "EC-6"}, "appeal_of"),
        ("complaints", COMPLAINT | {"decided_on": "2026-02-30"}, "decided_on"),
        ("complaints", COMPLAINT | {"filed_on": "2226-02-03"}, "filed_on"),
        ("conditions", CONDITION | {"stood_on": "2226-02-03"}, "stood_on"),
        ("funding", FUNDING | {"amount": "-3"}, "amount"),
        ("funding", FUNDING | {"amount": "nan"}, "amount"),
        ("departures", {"standard": "dop:99", "explanation": "x"}, "standard"),
        ("conditions", CONDITION | {"stood_on": "2999-01-01"}, "stood_on"),
        ("complaints", COMPLAINT | {"filed_on": "2999-01-01"}, "filed_on"),
        ("complaints", COMPLAINT | {"due_on": "2025-11-08"}, "due_on"),
        ("complaints", COMPLAINT | {"decided_on": "2025-11-08"}, "decided_on"),
        ("funding", FUNDING | {"begins_on": "2026-02-01", "ends_on": "2026-01-01"}, "ends_on"),
    ],
)
async def test_what_cannot_be_used_is_refused_by_field(
    as_lead: httpx.AsyncClient, place: str, name: str, given: dict[str, Any], field: str
) -> None:
    answer = await as_lead.post(f"{place}/{name}", json=given)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


@pytest.mark.parametrize(
    ("name", "body", "field"),
    [
        ("departures", b'{"standard": "dop:5", "explanation": "\\ud800"}', "explanation"),
        ("standards", b'{"code": "own:1", "instrument": "Law", "says": {"en": "\\ud800"}}', None),
    ],
)
async def test_half_a_character_is_refused_and_never_breaks_the_server(
    as_lead: httpx.AsyncClient, place: str, name: str, body: bytes, field: str | None
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await as_lead.post(f"{place}/{name}", content=body, headers=headers)
    assert answer.status_code == 422
    assert field in (None, answer.json().get("field"))


async def test_a_complaint_is_decided_later_and_nothing_else_of_it_changes(
    as_lead: httpx.AsyncClient, place: str
) -> None:
    made = (await as_lead.post(f"{place}/complaints", json=COMPLAINT)).json()
    where = f"{place}/complaints/{made['id']}"
    decided = await as_lead.patch(where, json={"decided_on": "2025-11-20", "outcome": "upheld"})
    assert decided.json()["outcome"] == "upheld"
    early = await as_lead.patch(where, json={"decided_on": "2025-11-08"})
    assert (early.status_code, early.json()["field"]) == (422, "decided_on")
    changed = await as_lead.patch(where, json={"subject": "Something else"})
    assert (changed.status_code, changed.json()["field"]) == (422, "subject")
    again = await as_lead.post(f"{place}/complaints", json=COMPLAINT)
    assert again.status_code == 409
    appeal = COMPLAINT | {"number": "SC-1", "appeal_of": "EC-7"}
    assert (await as_lead.post(f"{place}/complaints", json=appeal)).json()["appeal_of"] == "EC-7"


async def test_reprisals_are_for_few_and_each_opening_is_noted(
    client: httpx.AsyncClient, mission: SmallMission, place: str, rows: Rows
) -> None:
    lead, manager = mission.bearer("lead"), mission.bearer("data_manager")
    made = await client.post(f"{place}/reprisals", json=REPRISAL, headers=lead)
    assert made.status_code == 201
    for persona in (manager, mission.bearer("observer"), mission.bearer("partner")):
        assert (await client.get(f"{place}/reprisals", headers=persona)).status_code == 404
        refused = await client.post(f"{place}/reprisals", json=REPRISAL, headers=persona)
        assert refused.status_code == 404
    shown = (await client.get(f"{place}/reprisals", headers=lead)).json()["items"]
    assert [each["affected"] for each in shown] == ["a driver"]
    opened = "SELECT count(*) FROM audit_entry WHERE act = 'register.open.reprisals'"
    assert rows(opened) == [(1,)]


async def test_who_pays_is_for_everyone_to_read_and_few_to_write(
    client: httpx.AsyncClient, mission: SmallMission, place: str
) -> None:
    await client.post(f"{place}/funding", json=FUNDING, headers=mission.bearer("lead"))
    for persona in ("observer", "partner"):
        headers = mission.bearer(persona)
        listed = (await client.get(f"{place}/funding", headers=headers)).json()["items"]
        assert [each["funder"] for each in listed] == ["A foundation"]
        refused = await client.post(f"{place}/funding", json=FUNDING, headers=headers)
        assert refused.status_code == 404


@pytest.mark.parametrize("name", [each.name for each in REGISTERS if each.read is not None])
async def test_observers_and_partners_find_no_other_register(
    client: httpx.AsyncClient, mission: SmallMission, place: str, name: str
) -> None:
    for persona in ("observer", "partner"):
        answer = await client.get(f"{place}/{name}", headers=mission.bearer(persona))
        assert answer.status_code == 404


async def test_a_standard_of_national_law_may_then_be_named(
    as_lead: httpx.AsyncClient, place: str
) -> None:
    departure = {"standard": "law:12-3", "explanation": "Observers were too few."}
    assert (await as_lead.post(f"{place}/departures", json=departure)).status_code == 422
    standard = {"code": "law:12-3", "instrument": "Electoral law", "says": {"en": "Access."}}
    assert (await as_lead.post(f"{place}/standards", json=standard)).status_code == 201
    assert (await as_lead.post(f"{place}/departures", json=departure)).status_code == 201


async def test_a_cell_never_becomes_a_formula(as_lead: httpx.AsyncClient, place: str) -> None:
    await as_lead.post(f"{place}/funding", json={"funder": "=1+1"})
    assert "'=1+1" in (await as_lead.get(f"{place}/funding/csv")).text


def test_every_register_is_sealed_and_handed_over() -> None:
    nouns = {each.noun for each in REGISTERS}
    assert {each.__tablename__ for each in nouns} <= set(WATCHED)
    assert nouns <= {each.noun for each in PARTS} | set(RESTRICTED)


@pytest.mark.parametrize("name", [each.name for each in REGISTERS])
async def test_every_register_has_a_page_that_says_what_to_do(
    as_lead: httpx.AsyncClient, mission: SmallMission, name: str
) -> None:
    page = await as_lead.get(f"/missions/{mission.slug}/registers/{name}")
    assert page.status_code == 200
    assert "Add the first entry below." in page.text


async def test_a_form_that_cannot_be_used_comes_back_as_it_was_filled_in(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    where = f"/missions/{mission.slug}/registers/conditions"
    headers = {"Sec-Fetch-Site": "same-origin"}
    page = await as_lead.post(where, data=CONDITION | {"stood_on": "soon"}, headers=headers)
    assert page.status_code == 422
    assert "Two of nine were refused." in page.text
    done = await as_lead.post(where, data=CONDITION, headers=headers)
    assert done.status_code == 303
    assert "Two of nine were refused." in (await as_lead.get(where)).text
