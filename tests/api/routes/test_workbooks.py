"""A checklist goes back to the spreadsheet it came from; a mission's own standards may be named."""

from base64 import b64decode
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from mobile_forms.workbook import compile_workbook
from tests.api.small import SmallMission
from tests.mobile_forms.spreadsheets import INDICATORS, SETTINGS, spreadsheet

Rows = Callable[..., list[tuple[Any, ...]]]
OTHER = {**SETTINGS, "form_id": "other", "version": "1"}


@pytest.fixture
def place(mission: SmallMission) -> str:
    return f"/api/v1/missions/{mission.slug}/checklists"


async def test_the_spreadsheet_comes_back_as_it_was_written(
    client: httpx.AsyncClient, mission: SmallMission, place: str
) -> None:
    lead, written = mission.bearer("lead"), spreadsheet(settings=[OTHER])
    made = await client.post(place, content=written, headers=lead)
    assert made.status_code == 201
    back = await client.get(f"{place}/other/workbook", headers=lead)
    assert back.content == written
    assert compile_workbook(back.content).xform_sha256 == made.json()["sha256"]
    assert "attachment" in back.headers["content-disposition"]
    one = await client.get(f"{place}/other/workbook?version=9", headers=lead)
    assert (one.status_code, one.json()["detail"]) == (
        404,
        "The mission holds no workbook of other, version 9.",
    )
    assert (await client.delete(f"{place}/other/versions/1", headers=lead)).status_code == 204
    assert (await client.get(f"{place}/other/workbook", headers=lead)).status_code == 404


async def test_a_checklist_may_name_a_standard_that_the_mission_added(
    client: httpx.AsyncClient, mission: SmallMission, place: str
) -> None:
    lead = mission.bearer("lead")
    rows = [each | {"standards": "law:45"} for each in INDICATORS]
    written = spreadsheet(settings=[OTHER], indicators=rows)
    refused = await client.post(f"{place}/lint", content=written, headers=lead)
    assert refused.status_code == 422
    assert "law:45" in refused.json()["problems"][0]["message"]
    law = b"code,instrument,says\nlaw:45,Election Act,Counting is open\n"
    await client.post(
        f"/api/v1/missions/{mission.slug}/tables/standards", content=law, headers=lead
    )
    assert (await client.post(f"{place}/lint", content=written, headers=lead)).status_code == 200


async def test_a_yes_and_no_without_meaning_is_worth_a_look_and_keeps_nothing_back(
    client: httpx.AsyncClient, mission: SmallMission, place: str
) -> None:
    survey = [{"type": "select_one yn", "name": "tent", "label": "Is there a tent?"}]
    choices = [{"list_name": "yn", "name": each, "label": each} for each in ("yes", "no")]
    written = spreadsheet(
        survey=survey,
        choices=choices,
        indicators=[{"code": ""}],
        checks=[{"name": ""}],
        settings=[OTHER],
    )
    said = await client.post(f"{place}/lint", content=written, headers=mission.bearer("lead"))
    assert said.status_code == 200
    (doubt,) = said.json()["doubts"]
    assert (doubt["sheet"], doubt["row"], doubt["column"]) == ("survey", 2, "name")


async def test_what_a_new_revision_changes_is_told_and_a_draft_can_be_looked_at(
    client: httpx.AsyncClient, mission: SmallMission, place: str
) -> None:
    lead, base = mission.bearer("lead"), f"/missions/{mission.slug}/checklists/other/1"
    await client.post(place, content=spreadsheet(settings=[OTHER]), headers=lead)
    form = await client.get(f"{base}/xform", headers=lead)
    assert form.status_code == 200
    assert "<h:html" in form.text
    await client.post(f"{place}/other/versions/1/publish", headers=lead)
    graver = [each | {"severity": 3} for each in INDICATORS]
    await client.post(place, content=spreadsheet(settings=[OTHER], indicators=graver), headers=lead)
    told = (await client.get(f"{place}/other/versions/1/changes", headers=lead)).json()
    assert told["only_rules"]
    assert ("VO-CROWD", "severity", 1, 3) in {
        (each["name"], each["what"], each["before"], each["after"])
        for each in told["rules"]
        if each["what"] == "severity"
    }
    page = await client.get(base, headers=lead)
    assert "Changed since version 1, rules 1" in page.text
    assert "#preview=" in page.text
    assert (await client.get(f"{base}9/xform", headers=lead)).status_code == 404
    assert (await client.get(f"{place}/other/versions/9/changes", headers=lead)).status_code == 404


async def test_a_form_of_others_is_rewritten_told_and_not_kept(
    as_data_manager: httpx.AsyncClient, place: str, rows: Rows
) -> None:
    survey = [
        {"type": "q image", "name": "poster", "label": "Poster"},
        {"type": "osm", "name": "way", "label": "Way"},
    ]
    written = spreadsheet(survey=survey, choices=[], indicators=[], checks=[], settings=[])
    answer = await as_data_manager.post(f"{place}/adopt?name=Posters", content=written)
    assert answer.status_code == 200
    said = answer.json()
    assert "Written `image`." in {each["remedy"] for each in said["changes"]}
    (left,) = said["problems"]
    assert "`osm`" in left["message"]
    mended = [each for each in survey if each["type"] != "osm"]
    written = spreadsheet(survey=mended, choices=[], indicators=[], checks=[], settings=[])
    said = (await as_data_manager.post(f"{place}/adopt?name=Posters", content=written)).json()
    assert said["problems"] == []
    assert compile_workbook(b64decode(said["workbook"])).definition.name == "posters"
    assert rows("SELECT count(*) FROM checklist") == [(1,)]


@pytest.mark.parametrize(
    ("query", "body", "field"),
    [("?language=french", spreadsheet(), "language"), ("", b"PK", "workbook"), ("", b"", "body")],
)
async def test_what_cannot_be_rewritten_is_a_problem(
    as_data_manager: httpx.AsyncClient, place: str, query: str, body: bytes, field: str
) -> None:
    answer = await as_data_manager.post(f"{place}/adopt{query}", content=body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
