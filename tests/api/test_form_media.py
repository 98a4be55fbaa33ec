"""Pictures and lists of a form's own: put beside a draft, given to phones, then changed no more."""

import hashlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from lxml import etree

from tests.api.small import SmallMission
from tests.mobile_forms.form_files import LISTED, OWN_LIST, PICTURE, PICTURED, WITH_FILES
from tests.mobile_forms.spreadsheets import SETTINGS, spreadsheet

Rows = Callable[..., list[tuple[Any, ...]]]
FILES = "{http://openrosa.org/xforms/xformsManifest}"


@pytest.fixture
def place(mission: SmallMission) -> str:
    return f"/api/v1/missions/{mission.slug}/checklists"


@pytest.fixture
async def draft(client: httpx.AsyncClient, mission: SmallMission, place: str) -> str:
    """The address of a draft's files; it names `seal.png` and `towns.csv`."""
    drafted = await client.post(place, content=WITH_FILES, headers=mission.bearer("lead"))
    assert drafted.status_code == 201, drafted.text
    said = drafted.json()
    assert said["files"] == ["seal.png", "towns.csv"]
    absent = [(each["sheet"], each["row"], each["column"]) for each in said["doubts"]]
    assert absent == [("survey", 3, "media::image"), ("survey", 8, "type")]
    return f"{place}/small/versions/7"


@pytest.fixture
async def published(client: httpx.AsyncClient, mission: SmallMission, draft: str) -> str:
    """The same, with its files and published."""
    lead = mission.bearer("lead")
    for name, data in (("seal.png", PICTURE), ("towns.csv", OWN_LIST)):
        kept = await client.put(f"{draft}/media/{name}", content=data, headers=lead)
        assert kept.status_code == 204, kept.text
    done = await client.post(f"{draft}/publish", headers=lead)
    assert done.status_code == 200, done.text
    return draft


async def test_a_draft_is_not_published_until_the_files_it_names_are_there(
    client: httpx.AsyncClient, mission: SmallMission, draft: str
) -> None:
    lead = mission.bearer("lead")
    refused = await client.post(f"{draft}/publish", headers=lead)
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "The form names files that are not there: seal.png, towns.csv.",
    )
    await client.put(f"{draft}/media/towns.csv", content=OWN_LIST, headers=lead)
    refused = await client.post(f"{draft}/publish", headers=lead)
    assert refused.json()["detail"].endswith(": seal.png.")
    await client.put(f"{draft}/media/seal.png", content=PICTURE, headers=lead)
    assert (await client.post(f"{draft}/publish", headers=lead)).status_code == 200


@pytest.mark.parametrize(
    ("name", "data", "status", "word"),
    [
        ("seal.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422, "Pictures are .png"),
        ("seal.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422, "no picture"),
        ("seal.jpg", PICTURE, 422, "no picture"),
        ("seal.png", PICTURE + bytes(1024 * 1024), 413, "1048576"),
        ("..%2Fseal.png", PICTURE, 404, ""),
        (".seal.png", PICTURE, 422, "plain name"),
        ("the seal.png", PICTURE, 422, "plain name"),
        ("stations.csv", OWN_LIST, 422, "the mission keeps"),
        ("towns.csv", b"code,town\n1,A\n", 422, "name and label"),
        ("towns.csv", b"name,label\nx,\xff\n", 422, "UTF-8"),
        ("towns.csv", b"name,label\nx,X\nx,Y\n", 422, "row 3"),
        ("towns.csv", b"name,label\nx y,X\n", 422, "row 2"),
        ("towns.csv", b"name,label\nx\n", 422, "row 2"),
        ("towns.csv", b"name,label\n", 422, "needs rows"),
        ("towns.csv", b'name,label\n"x,X\n', 422, "no CSV"),
    ],
)
async def test_what_no_form_may_have_is_refused_with_a_word(
    client: httpx.AsyncClient,
    mission: SmallMission,
    draft: str,
    name: str,
    data: bytes,
    status: int,
    word: str,
) -> None:
    answer = await client.put(f"{draft}/media/{name}", content=data, headers=mission.bearer("lead"))
    assert answer.status_code == status
    assert word in answer.json().get("detail", "")


async def test_a_form_has_at_most_twenty_files(
    client: httpx.AsyncClient, mission: SmallMission, draft: str
) -> None:
    lead = mission.bearer("lead")
    statuses = [
        (await client.put(f"{draft}/media/{number}.png", content=PICTURE, headers=lead)).status_code
        for number in range(21)
    ]
    assert statuses == [204] * 20 + [409]


async def test_the_files_of_a_published_version_stand_as_they_are(
    client: httpx.AsyncClient, mission: SmallMission, published: str
) -> None:
    lead = mission.bearer("lead")
    other = await client.put(f"{published}/media/seal.png", content=PICTURE + b"x", headers=lead)
    more = await client.put(f"{published}/media/more.png", content=PICTURE, headers=lead)
    gone = await client.delete(f"{published}/media/seal.png", headers=lead)
    assert [other.status_code, more.status_code, gone.status_code] == [409, 409, 409]
    same = await client.put(f"{published}/media/seal.png", content=PICTURE, headers=lead)
    assert same.status_code == 204


async def test_a_draft_s_files_are_replaced_removed_and_go_with_it(
    client: httpx.AsyncClient, mission: SmallMission, draft: str, rows: Rows
) -> None:
    lead = mission.bearer("lead")
    await client.put(f"{draft}/media/seal.png", content=PICTURE, headers=lead)
    await client.put(f"{draft}/media/seal.png", content=PICTURE + b"x", headers=lead)
    await client.put(f"{draft}/media/spare.png", content=PICTURE, headers=lead)
    assert (await client.delete(f"{draft}/media/spare.png", headers=lead)).status_code == 204
    assert (await client.delete(f"{draft}/media/spare.png", headers=lead)).status_code == 409
    assert rows("SELECT name, size FROM form_file") == [("seal.png", len(PICTURE) + 1)]
    assert (await client.delete(draft, headers=lead)).status_code == 204
    assert rows("SELECT count(*) FROM form_file") == [(0,)]
    acts = "SELECT act FROM audit_entry WHERE act LIKE 'checklist.%%tach' ORDER BY act"
    assert [act for (act,) in rows(acts)] == ["checklist.attach"] * 3 + ["checklist.detach"]


async def test_the_files_of_a_draft_are_for_who_keeps_checklists(
    client: httpx.AsyncClient, mission: SmallMission, draft: str
) -> None:
    lead, observer = mission.bearer("lead"), mission.bearer("observer")
    await client.put(f"{draft}/media/seal.png", content=PICTURE, headers=lead)
    assert (await client.get(f"{draft}/media/seal.png", headers=lead)).content == PICTURE
    assert (await client.get(f"{draft}/media/seal.png", headers=observer)).status_code == 404
    refused = await client.put(f"{draft}/media/seal.png", content=PICTURE, headers=observer)
    assert refused.status_code == 404


async def test_the_manifest_names_the_files_with_their_hashes_and_they_are_served(
    client: httpx.AsyncClient, mission: SmallMission, published: str
) -> None:
    door = f"/openrosa/{mission.tokens['observer']}"
    forms = etree.fromstring((await client.get(f"{door}/formList")).content)
    (address,) = [each.text for each in forms.iter("{*}manifestUrl")]
    document = etree.fromstring((await client.get(str(address))).content)
    told = {
        str(each.findtext(f"{FILES}filename")): (
            each.findtext(f"{FILES}hash"),
            str(each.findtext(f"{FILES}downloadUrl")),
        )
        for each in document.iter(f"{FILES}mediaFile")
    }
    assert {*told} == {"seal.png", "towns.csv"}
    kinds = {"seal.png": "image/png", "towns.csv": "text/csv"}
    for name, (hashed, where) in told.items():
        for method in ("GET", "HEAD"):
            answer = await client.request(method, where)
            assert answer.status_code == 200
            assert answer.headers["content-type"].partition(";")[0] == kinds[name]
            assert answer.headers["x-content-type-options"] == "nosniff"
        content = (await client.get(where)).content
        assert hashed == f"md5:{hashlib.md5(content, usedforsecurity=False).hexdigest()}"
    assert (await client.get(f"{door}/forms/small/7/media/other.png")).status_code == 404
    assert (await client.get(f"{door}/forms/voting/2/media/seal.png")).status_code == 404


async def test_the_app_is_told_the_files_and_takes_each(
    client: httpx.AsyncClient, mission: SmallMission, place: str, published: str
) -> None:
    observer = mission.bearer("observer")
    said = (await client.get(f"{place}/small", headers=observer)).json()["files"]
    assert [(each["name"], each["type"], each["sha256"]) for each in said] == [
        ("seal.png", "image/png", hashlib.sha256(PICTURE).hexdigest()),
        ("towns.csv", "text/csv", hashlib.sha256(OWN_LIST).hexdigest()),
    ]
    taken = await client.get(f"{published}/media/seal.png", headers=observer)
    assert (taken.content, taken.headers["content-type"]) == (PICTURE, "image/png")


async def test_an_answer_from_the_form_s_own_list_is_checked_against_it(
    client: httpx.AsyncClient, mission: SmallMission, place: str, published: str
) -> None:
    observer = mission.bearer("observer")
    schema = (await client.get(f"{place}/small", headers=observer)).json()["schema"]
    town = schema["properties"]["answers"]["properties"]["town"]
    assert town["enum"] == ["akh", "bor", None]
    for answer, status in (("akh", 201), ("paris", 202)):
        answers = {"sealed": "yes", "seen": ["nothing"], "late": 0, "town": answer}
        report = mission.report(checklist="small", version="7", answers=answers)
        sent = await client.post(mission.reports, json=report, headers=observer)
        assert sent.status_code == status
    (reason,) = sent.json()["items"][0]["reasons"]
    assert (reason["field"], reason["code"]) == ("town", "unknown_option")


async def test_a_next_version_is_compared_by_its_lists_as_they_were_put_beside_it(
    client: httpx.AsyncClient, mission: SmallMission, place: str, published: str
) -> None:
    lead, draft = mission.bearer("lead"), f"{place}/small/versions/8"
    written = spreadsheet(survey=[*PICTURED, *LISTED], settings=[SETTINGS | {"version": "8"}])
    await client.post(place, content=written, headers=lead)
    for data, told in (
        (OWN_LIST, set()),
        (OWN_LIST + b"dor,Dorrin,North\n", {"town.dor"}),
        (None, {"town.akh", "town.bor"}),
    ):
        method = "PUT" if data else "DELETE"
        at = f"{draft}/media/towns.csv"
        assert (await client.request(method, at, content=data, headers=lead)).status_code == 204
        changes = (await client.get(f"{draft}/changes", headers=lead)).json()
        assert {each["name"] for each in changes["form"]} == told


async def test_new_rules_beneath_a_version_keep_its_lists(
    client: httpx.AsyncClient, mission: SmallMission, place: str, published: str
) -> None:
    lead = mission.bearer("lead")
    again = await client.post(place, content=WITH_FILES, headers=lead)
    assert again.json()["new"] is False
