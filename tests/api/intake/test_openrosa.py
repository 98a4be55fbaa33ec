"""The road that ODK Collect takes."""

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from lxml import etree

from api.intake import photo_store
from api.settings import Settings
from tests.api.small import SmallMission
from tests.pictures import jpeg

Rows = Callable[..., list[tuple[Any, ...]]]
PHOTO = jpeg(side=100)
XFORMS = "{http://openrosa.org/xforms/xformsList}"


def instance(**members: str) -> bytes:
    """An instance of the small voting form, as Collect writes it."""
    said = {
        "id": str(uuid4()),
        "station": "001",
        "queue": "4",
        "sealed": "yes",
        "photo": "1.jpg",
        "version": "2",
        "form": "voting",
        "meta": "",
    } | members
    return """<?xml version='1.0' ?><data id="{form}" version="{version}"
 xmlns:orx="http://openrosa.org/xforms"><context><station>{station}</station><observer/>
 <arrived_at>2026-11-08T09:10:00.000+02:00</arrived_at>
 <position>41.7 44.8 480 6.5</position></context>
 <queue>{queue}</queue><sealed>{sealed}</sealed><photo>{photo}</photo>
 <meta><instanceID>uuid:{id}</instanceID>{meta}</meta></data>""".format(**said).encode()


@pytest.fixture
def door(mission: SmallMission) -> str:
    """The address that the observer's phone is set up with."""
    return f"/openrosa/{mission.tokens['observer']}"


def parts(xml: bytes, **files: bytes) -> dict[str, Any]:
    named = {name: (name, data, "image/jpeg") for name, data in files.items()}
    return {"xml_submission_file": ("instance.xml", xml, "text/xml")} | named


async def test_a_submission_is_kept_with_its_bytes_and_photo(
    client: httpx.AsyncClient, door: str, rows: Rows
) -> None:
    xml = instance()
    response = await client.post(f"{door}/submission", files=parts(xml, **{"1.jpg": PHOTO}))
    assert response.status_code == 201
    assert response.headers["x-openrosa-version"] == "1.0"
    assert b"OpenRosaResponse" in response.content
    assert rows("SELECT raw, channel FROM submission") == [(xml, "openrosa")]
    assert rows(
        "SELECT status, answers ->> 'queue' FROM report JOIN report_version ON report_id = id"
    ) == [("received", "4")]
    digest = hashlib.sha256(PHOTO).digest()
    assert rows("SELECT name, sha256, size FROM attachment") == [("1.jpg", digest, len(PHOTO))]


async def test_photos_that_come_later_complete_the_same_report(
    client: httpx.AsyncClient, door: str, rows: Rows
) -> None:
    xml = instance()
    incomplete = {"*isIncomplete*": "yes"}
    first = await client.post(f"{door}/submission", files=parts(xml), data=incomplete)
    assert rows("SELECT arrived_at FROM attachment") == [(None,)]
    second = await client.post(f"{door}/submission", files=parts(xml, **{"1.jpg": PHOTO}))
    assert (first.status_code, second.status_code) == (201, 201)
    assert rows("SELECT count(*), max(size) FROM attachment") == [(1, len(PHOTO))]
    assert rows("SELECT count(*) FROM submission") == [(1,)]


async def test_what_collect_cannot_know_is_held_and_not_refused(
    client: httpx.AsyncClient, door: str, rows: Rows
) -> None:
    held = {
        "station": instance(station="999"),
        "version": instance(version="77"),
        "checklist": instance(form="tasting"),
        "queue": instance(queue="four"),
        "replaces": instance(meta="<deprecatedID>uuid:" + str(uuid4()) + "</deprecatedID>"),
    }
    for field, xml in held.items():
        response = await client.post(f"{door}/submission", files=parts(xml))
        assert response.status_code == 202, field
        query = "SELECT reasons FROM report JOIN submission ON report_id = id WHERE raw = %s"
        ((reasons,),) = rows(query, xml)
        assert field in [reason["field"] for reason in reasons]


DEEP = b'<data id="voting">' + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</data>"
BOMB = b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><data id="voting">&b;</data>'
WIDE = b"<data " + b" ".join(b'a%d="1"' % number for number in range(5000)) + b"/>"


@pytest.mark.parametrize(
    ("xml", "status"),
    [
        (b"", 422),
        (b"<data", 422),
        (b"<data/>", 422),
        (DEEP[:1_000_000], 422),
        (DEEP, 413),
        (BOMB, 422),
        (WIDE, 422),
        (b"\x00", 422),
        (b"<a:data/>", 422),
        (instance(id="seven"), 422),
    ],
)
async def test_xml_that_is_no_report_is_a_problem(
    client: httpx.AsyncClient, door: str, xml: bytes, status: int, rows: Rows
) -> None:
    response = await client.post(f"{door}/submission", files=parts(xml))
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["field"]
    assert rows("SELECT count(*) FROM submission") == [(0,)]


@pytest.mark.parametrize(
    "kind", ["", "text/xml", "multipart/form-data", "multipart/form-data; boundary=other"]
)
async def test_a_body_that_is_no_form_is_a_problem(
    client: httpx.AsyncClient, door: str, kind: str
) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\ny\r\n--b--\r\n'
    response = await client.post(f"{door}/submission", content=body, headers={"Content-Type": kind})
    assert response.status_code == 422


async def test_the_list_of_forms_leads_to_the_newest_form(
    client: httpx.AsyncClient, door: str
) -> None:
    listed = etree.fromstring((await client.get(f"{door}/formList")).content)
    assert [one.text for one in listed.iter(f"{XFORMS}version")] == ["2"]
    (address,) = [one.text for one in listed.iter(f"{XFORMS}downloadUrl")]
    form = await client.get(str(address))
    assert form.status_code == 200
    (expected,) = [one.text for one in listed.iter(f"{XFORMS}hash")]
    assert expected == "md5:" + hashlib.md5(form.content, usedforsecurity=False).hexdigest()


async def test_before_sending_collect_asks_and_is_told_where(
    client: httpx.AsyncClient, door: str
) -> None:
    response = await client.head(f"{door}/submission")
    assert response.status_code == 204
    assert response.headers["location"] == f"http://indelible{door}/submission"
    assert int(response.headers["x-openrosa-accept-content-length"]) > 1024 * 1024
    assert (await client.get(f"{door}/submission")).status_code == 405
    assert (await client.head("/openrosa/nobody/submission")).status_code == 401


def edit_of(old: str, **members: str) -> bytes:
    """An instance that says which one it was made from."""
    return instance(meta=f"<deprecatedID>uuid:{old}</deprecatedID>", **members)


async def send(client: httpx.AsyncClient, door: str, xml: bytes) -> int:
    return (await client.post(f"{door}/submission", files=parts(xml))).status_code


async def test_an_edit_is_the_next_version_of_its_report_and_the_first_one_stays(
    client: httpx.AsyncClient, door: str, rows: Rows
) -> None:
    first, second = str(uuid4()), str(uuid4())
    assert await send(client, door, instance(id=first, queue="4")) == 201
    edit = edit_of(first, id=second, queue="5", sealed="no")
    assert await send(client, door, edit) == 201
    assert await send(client, door, edit) == 201
    assert rows("SELECT id::text, version, status FROM report") == [(first, 2, "received")]
    answers = "SELECT number, answers ->> 'queue' FROM report_version ORDER BY number"
    assert rows(answers) == [(1, "4"), (2, "5")]
    assert rows("SELECT count(*) FROM submission WHERE NOT contested") == [(2,)]
    judged = "SELECT count(DISTINCT codes) FROM judgement"
    assert rows(judged) == [(2,)]


async def test_the_bytes_of_an_edited_report_are_those_that_its_receipt_names(
    client: httpx.AsyncClient, door: str, mission: SmallMission
) -> None:
    first = str(uuid4())
    xml = instance(id=first, queue="4")
    await send(client, door, xml)
    assert await send(client, door, edit_of(first, id=str(uuid4()), queue="5")) == 201
    raw = await client.get(f"{mission.reports}/{first}/raw", headers=mission.bearer("lead"))
    assert (raw.status_code, raw.content) == (200, xml)


async def test_an_edit_of_an_older_version_is_a_conflict_and_kept(
    client: httpx.AsyncClient, door: str, rows: Rows
) -> None:
    first, second = str(uuid4()), str(uuid4())
    await send(client, door, instance(id=first))
    await send(client, door, edit_of(first, id=second, queue="5"))
    late = edit_of(first, id=str(uuid4()), queue="6")
    assert await send(client, door, late) == 409
    assert rows("SELECT raw FROM submission WHERE contested") == [(late,)]
    assert await send(client, door, edit_of(second, id=str(uuid4()), queue="7")) == 201
    assert rows("SELECT version FROM report") == [(3,)]


@pytest.mark.parametrize("status", ["verified", "quarantined"])
async def test_an_edit_of_a_report_that_was_decided_on_waits_for_the_desk(
    client: httpx.AsyncClient, door: str, rows: Rows, status: str
) -> None:
    first, second = str(uuid4()), str(uuid4())
    assert await send(client, door, instance(id=first)) == 201
    assert rows("UPDATE report SET status = %s RETURNING 1", status) == [(1,)]
    edit = edit_of(first, id=second, queue="5")
    assert await send(client, door, edit) == 202
    found = "SELECT id::text, version, status, reasons FROM report ORDER BY sequence"
    (stands, waits) = rows(found)
    assert stands == (first, 1, status, [])
    assert waits[:3] == (second, 1, "held")
    assert [(each["field"], each["code"]) for each in waits[3]] == [("replaces", "decided")]


async def test_an_edit_after_the_closing_waits_in_the_pen_and_the_frozen_report_stays(
    client: httpx.AsyncClient, door: str, rows: Rows
) -> None:
    first, second = str(uuid4()), str(uuid4())
    await send(client, door, instance(id=first, queue="4"))
    rows("UPDATE mission SET state = 'closed', closed_at = now() RETURNING 1")
    assert await send(client, door, edit_of(first, id=second, queue="5")) in (201, 202)
    found = rows("SELECT id::text, version, status FROM report ORDER BY sequence")
    assert found[0] == (first, 1, "received")
    assert found[1][:2] == (second, 1)


async def test_nobody_edits_what_another_observer_sent(
    client: httpx.AsyncClient, door: str, mission: SmallMission, rows: Rows
) -> None:
    first = str(uuid4())
    other = f"/openrosa/{mission.tokens['observer2']}"
    await send(client, other, instance(id=first))
    assert await send(client, door, edit_of(first, id=str(uuid4()), queue="5")) == 202
    assert rows("SELECT version FROM report WHERE id = %s", first) == [(1,)]


async def test_other_bytes_under_an_edit_s_own_id_are_a_conflict(
    client: httpx.AsyncClient, door: str, rows: Rows
) -> None:
    first, second = str(uuid4()), str(uuid4())
    await send(client, door, instance(id=first))
    await send(client, door, edit_of(first, id=second, queue="5"))
    assert await send(client, door, edit_of(first, id=second, queue="6")) == 409
    assert rows("SELECT version FROM report") == [(2,)]


@pytest.mark.parametrize("position", ["1e999 0", "nan nan", "41.7 -1e400 0 0", "inf 0 0 inf"])
async def test_a_position_that_is_no_number_is_held_and_kept_as_it_was_written(
    client: httpx.AsyncClient, door: str, rows: Rows, position: str
) -> None:
    xml = instance().replace(b"41.7 44.8 480 6.5", position.encode())
    assert (await client.post(f"{door}/submission", files=parts(xml))).status_code == 202
    assert rows("SELECT envelope ->> 'position' FROM report_version") == [(position,)]


@pytest.mark.parametrize("name", ["a%00b.jpg", "a\x01b.jpg", "\x85.jpg", "a\x7f.jpg", "a\tb.jpg"])
async def test_a_control_character_in_a_file_name_is_refused_before_anything_is_kept(
    client: httpx.AsyncClient, door: str, rows: Rows, settings: Settings, name: str
) -> None:
    """With a NUL the report was kept, and the phone was told that it was refused."""
    raw = name.replace("%00", "\x00").encode()
    edge = b"--edge\r\nContent-Disposition: form-data; "
    body = (
        edge
        + b'name="xml_submission_file"; filename="i.xml"\r\n\r\n'
        + instance()
        + b"\r\n"
        + edge
        + b'name="photo"; filename="'
        + raw
        + b'"\r\n\r\n'
        + PHOTO
        + b"\r\n--edge--\r\n"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=edge"}
    answer = await client.post(f"{door}/submission", content=body, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["code"] in ("forbidden_character", "unparsable")
    assert answer.json()["field"]
    assert rows("SELECT count(*) FROM submission") == [(0,)]
    assert [each for each in settings.media.rglob("*") if each.is_file()] == []


async def test_a_control_character_in_a_name_that_the_xml_says_is_refused_too(
    client: httpx.AsyncClient, door: str, rows: Rows
) -> None:
    answer = await client.post(f"{door}/submission", files=parts(instance(photo="a\x85b.jpg")))
    assert (answer.status_code, answer.json()["code"]) == (422, "forbidden_character")
    assert answer.json()["field"] == "photo"
    assert rows("SELECT count(*) FROM submission") == [(0,)]


async def test_a_file_that_is_no_photo_is_refused_by_itself_and_the_report_stays(
    client: httpx.AsyncClient, door: str, mission: SmallMission, rows: Rows
) -> None:
    xml = instance()
    page = b"\xff\xd8\xff\xe0" + b"<html>" * 200
    files = parts(xml, **{"1.jpg": page, "2.jpg": PHOTO})
    response = await client.post(f"{door}/submission", files=files)
    assert response.status_code == 201
    said = etree.fromstring(response.content)[0].text or ""
    assert "Not kept: 1.jpg: It begins like a JPEG and cannot be decoded" in said
    assert rows("SELECT raw FROM submission") == [(xml,)]
    arrived = "SELECT name, arrived_at IS NOT NULL FROM attachment ORDER BY name"
    assert rows(arrived) == [("1.jpg", False), ("2.jpg", True)]
    ((subject, note),) = rows("SELECT subject, note FROM audit_entry WHERE act = 'photo.refused'")
    assert rows("SELECT id::text FROM report") == [(subject,)]
    assert "cannot be decoded" in note


async def test_a_recording_is_kept_beside_the_report_that_names_it(
    client: httpx.AsyncClient, door: str, rows: Rows
) -> None:
    sound = b"#!AMR\n" + bytes(range(256))
    files = parts(instance(photo="memo.amr"), **{"memo.amr": sound})
    assert (await client.post(f"{door}/submission", files=files)).status_code == 201
    digest = hashlib.sha256(sound).digest()
    arrived = "SELECT name, sha256 FROM attachment WHERE arrived_at IS NOT NULL"
    assert rows(arrived) == [("memo.amr", digest)]


async def test_a_report_whose_photos_are_over_the_day_s_quota_is_kept_and_asked_for_again(
    client: httpx.AsyncClient, door: str, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_store, "PHOTOS_A_DAY", 0)
    files = parts(instance(), **{"1.jpg": PHOTO})
    response = await client.post(f"{door}/submission", files=files)
    assert response.status_code == 429
    assert int(response.headers["retry-after"]) > 0
    assert rows("SELECT count(*) FROM submission") == [(1,)]
    monkeypatch.setattr(photo_store, "PHOTOS_A_DAY", 1)
    assert (await client.post(f"{door}/submission", files=files)).status_code == 201
    assert rows("SELECT size FROM attachment") == [(len(PHOTO),)]
