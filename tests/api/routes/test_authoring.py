"""A checklist's way: linted, drafted, published, changed, retired."""

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.small import SmallMission
from tests.benchmarks.hostile import long_workbook
from tests.mobile_forms.spreadsheets import INDICATORS, SETTINGS, SURVEY, changed, spreadsheet

Rows = Callable[..., list[tuple[Any, ...]]]
GRAVER = spreadsheet(indicators=changed(INDICATORS, "CO-SEAL", severity=3))
NEXT = spreadsheet(settings=[SETTINGS | {"version": "8"}])


@pytest.fixture
def place(mission: SmallMission) -> str:
    return f"/api/v1/missions/{mission.slug}/checklists"


async def published(client: httpx.AsyncClient, place: str, workbook: bytes, version: str) -> Any:
    """Draft and publish; what publishing said."""
    assert (await client.post(place, content=workbook)).status_code == 201
    answer = await client.post(f"{place}/small/versions/{version}/publish")
    assert answer.status_code == 200, answer.text
    return answer.json()


def sent(mission: SmallMission, version: str | None = None) -> dict[str, Any]:
    """A report on the small spreadsheet."""
    answers = {"sealed": "no", "seen": ["nothing"], "late": 3, "why": "rain"}
    return mission.report(checklist="small", version=version or ..., answers=answers)


async def test_lint_says_everything_that_must_be_mended_and_keeps_nothing(
    as_data_manager: httpx.AsyncClient, place: str, rows: Rows
) -> None:
    bad = spreadsheet(survey=[*SURVEY, {"type": "integer", "name": "x", "relevnt": "1"}])
    answer = await as_data_manager.post(f"{place}/lint", content=bad)
    assert (answer.status_code, answer.json()["code"]) == (422, "unsound")
    (problem, *_) = answer.json()["problems"]
    assert problem["sheet"] == "survey"
    assert "relevant" in problem["remedy"]
    fine = await as_data_manager.post(f"{place}/lint", content=spreadsheet())
    assert fine.json()["indicators"] == ["CO-SEAL", "VO-CROWD", "OP-LATE"]
    assert rows("SELECT count(*) FROM checklist") == [(1,)]


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", b"x" * (2 * 1024 * 1024 + 1)])
async def test_what_is_no_workbook_is_a_problem(
    as_lead: httpx.AsyncClient, place: str, body: bytes
) -> None:
    answer = await as_lead.post(f"{place}/lint", content=body)
    assert answer.status_code in (413, 422)
    assert answer.json()["field"]


async def test_a_draft_judges_nothing_and_reaches_no_phone(
    client: httpx.AsyncClient, mission: SmallMission, place: str
) -> None:
    lead, phone = mission.bearer("lead"), mission.bearer("observer")
    await client.post(place, content=spreadsheet(), headers=lead)
    listed = (await client.get(place, headers=phone)).json()["items"]
    assert [each["name"] for each in listed] == ["voting"]
    assert (await client.get(f"{place}/small", headers=phone)).status_code == 404
    answer = await client.post(mission.reports, json=sent(mission), headers=phone)
    assert answer.status_code == 202
    assert (
        b"small"
        not in (await client.get(f"/openrosa/{mission.tokens['observer']}/formList")).content
    )


async def test_only_who_keeps_checklists_may_write_them(
    client: httpx.AsyncClient, mission: SmallMission, place: str
) -> None:
    for persona in ("observer", "partner", "unpledged"):
        headers = mission.bearer(persona)
        assert (await client.post(place, content=NEXT, headers=headers)).status_code == 404
        assert (await client.post(f"{place}/lint", headers=headers)).status_code == 404


async def test_rules_alone_are_a_revision_of_the_same_version(
    client: httpx.AsyncClient, mission: SmallMission, place: str, rows: Rows
) -> None:
    lead, phone = mission.bearer("lead"), mission.bearer("observer")
    client.headers.update(lead)
    assert (await published(client, place, spreadsheet(), "7"))["revision"] == 1
    answer = await client.post(mission.reports, json=sent(mission), headers=phone)
    assert answer.status_code == 201
    made = await published(client, place, GRAVER, "7")
    assert (made["version"], made["revision"], made["new"]) == ("7", 2, True)
    again = await client.post(place, content=GRAVER)
    assert again.json()["new"] is False
    shown = (await client.get(f"{place}/small/versions")).json()["items"]
    assert [(each["revision"], each["state"]) for each in shown] == [
        (1, "published"),
        (2, "published"),
    ]


async def test_another_form_under_a_published_version_is_refused(
    as_lead: httpx.AsyncClient, place: str
) -> None:
    await published(as_lead, place, spreadsheet(), "7")
    other = spreadsheet(survey=[*SURVEY, {"type": "text", "name": "more", "label": "More?"}])
    answer = await as_lead.post(place, content=other)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert "new version" in answer.json()["detail"]


async def test_a_retired_version_is_offered_to_no_phone_and_its_reports_are_taken(
    client: httpx.AsyncClient, mission: SmallMission, place: str
) -> None:
    lead, phone = mission.bearer("lead"), mission.bearer("observer")
    client.headers.update(lead)
    await published(client, place, spreadsheet(), "7")
    assert (await client.post(f"{place}/small/versions/7/retire")).status_code == 204
    listed = (await client.get(place, headers=phone)).json()["items"]
    assert [each["name"] for each in listed] == ["voting"]
    answer = await client.post(mission.reports, json=sent(mission, "7"), headers=phone)
    assert answer.status_code == 201


async def test_a_draft_may_be_written_again_and_thrown_away(
    as_lead: httpx.AsyncClient, place: str, rows: Rows
) -> None:
    await as_lead.post(place, content=spreadsheet())
    other = spreadsheet(survey=[*SURVEY, {"type": "text", "name": "more", "label": "More?"}])
    assert (await as_lead.post(place, content=other)).status_code == 201
    assert rows("SELECT count(*) FROM rules WHERE state = 'draft'") == [(1,)]
    assert (await as_lead.delete(f"{place}/small/versions/7")).status_code == 204
    assert rows("SELECT count(*) FROM rules WHERE state = 'draft'") == [(0,)]
    gone = await as_lead.delete(f"{place}/small/versions/{uuid4()}")
    assert gone.status_code == 409


async def test_while_a_hostile_workbook_is_refused_others_are_answered(
    client: httpx.AsyncClient, mission: SmallMission, place: str
) -> None:
    author, observer = mission.bearer("data_manager"), mission.bearer("observer")
    workbook = long_workbook(5_001, alike=True, empty=200_000)
    began, waited = perf_counter(), list[float]()
    hostile = asyncio.ensure_future(client.post(f"{place}/lint", content=workbook, headers=author))
    while not hostile.done():
        before = perf_counter()
        answer = await client.post(mission.reports, json=mission.report(), headers=observer)
        assert answer.status_code == 201
        waited.append(perf_counter() - before)
        await asyncio.sleep(0.02)
    assert hostile.result().status_code == 422
    assert len(waited) > 3
    assert max(waited) < (perf_counter() - began) / 2
