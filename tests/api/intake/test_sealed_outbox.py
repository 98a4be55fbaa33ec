"""The road without a network: a phone's sealed file, taken in at the desk, and its receipts."""

import hashlib
import json
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from api.audit.signing import statement
from tests.api.intake.sealing import sealed
from tests.api.small import SmallMission
from tests.pictures import jpeg

Rows = Callable[..., list[tuple[Any, ...]]]
PHOTO = jpeg(side=100)
NAME = f"{hashlib.sha256(PHOTO).hexdigest()}.jpg"


@pytest.fixture
async def me(client: httpx.AsyncClient, mission: SmallMission) -> dict[str, Any]:
    """What the observer's phone knows of itself, its keys too."""
    found = await client.get("/api/v1/me", headers=mission.bearer("observer"))
    return dict(found.json())


@pytest.fixture
def address(mission: SmallMission) -> str:
    return f"/api/v1/missions/{mission.slug}/outboxes"


async def test_a_sealed_file_is_received_as_from_its_phone_and_twice_adds_nothing(
    as_data_manager: httpx.AsyncClient,
    mission: SmallMission,
    me: dict[str, Any],
    address: str,
    rows: Rows,
) -> None:
    reports = [mission.report(answers={"photo": NAME}), mission.report(station="nowhere")]
    bodies = [json.dumps(each, indent=1) for each in reports]
    file = sealed(me, mission.tokens["observer"], bodies, [(NAME, PHOTO)])
    first = (await as_data_manager.post(address, content=file)).json()
    assert [each["status"] for each in first["items"]] == [201, 202]
    assert (first["observer"], first["photos"]["kept"]) == ("O-1", [NAME])
    again = (await as_data_manager.post(address, content=file)).json()
    assert [each["status"] for each in again["items"]] == [200, 200]
    assert [each["receipt"] for each in again["items"]] == [
        each["receipt"] for each in first["items"]
    ]
    holders = rows("SELECT channel, holder_id FROM submission ORDER BY received_at")
    assert holders == [("file", mission.holders["observer"])] * 2
    assert rows("SELECT size FROM attachment") == [(len(PHOTO),)]
    notes = rows("SELECT subject, note FROM audit_entry WHERE act = 'outbox.import'")
    assert notes == [("O-1", "2 of 2 reports, 1 photos")] * 2


async def test_the_receipts_are_signed_and_a_link_carries_what_the_phone_lacks(
    as_data_manager: httpx.AsyncClient, mission: SmallMission, me: dict[str, Any], address: str
) -> None:
    bodies = [json.dumps(mission.report()) for _ in range(7)]
    file = sealed(me, mission.tokens["observer"], bodies)
    answer = (await as_data_manager.post(address, content=file)).json()
    links = [each.partition("#receipts=")[2] for each in answer["links"]]
    carried = [row for each in links for row in json.loads(urlsafe_b64decode(each + "=="))]
    assert (len(links), len(carried)) == (2, 7)
    key = Ed25519PublicKey.from_public_bytes(b64decode(me["keys"]["receipts"]["public_key"]))
    for body, (status, identity, at, sequence, signature) in zip(bodies, carried, strict=True):
        digest = hashlib.sha256(body.encode()).hexdigest()
        said = statement(mission.slug, identity, digest, at, sequence)
        key.verify(b64decode(signature), said)
        assert status == 201
    assert max(map(len, answer["links"])) < 1400, "a QR that a plain phone still reads"


async def test_a_file_of_a_revoked_phone_is_taken_only_on_a_person_s_word(
    as_data_manager: httpx.AsyncClient, mission: SmallMission, me: dict[str, Any], address: str
) -> None:
    file = sealed(me, "a token that opens nothing", [json.dumps(mission.report())])
    refused = await as_data_manager.post(address, content=file)
    assert (refused.status_code, refused.json()["field"]) == (409, "vouch")
    taken = (await as_data_manager.post(f"{address}?vouch=true", content=file)).json()
    assert (taken["observer"], [each["status"] for each in taken["items"]]) == (None, [201])


async def test_another_observer_s_name_in_the_file_is_held_as_it_is_from_a_phone(
    as_data_manager: httpx.AsyncClient, mission: SmallMission, me: dict[str, Any], address: str
) -> None:
    other = json.dumps(mission.report(observer="O-2"))
    file = sealed(me, mission.tokens["observer"], [other, "{not a report"])
    taken = (await as_data_manager.post(address, content=file)).json()
    assert [each["status"] for each in taken["items"]] == [202, 422]
    assert len(taken["receipts"]["items"]) == 1


async def test_a_bad_file_says_what_is_wrong_with_it(
    as_data_manager: httpx.AsyncClient, mission: SmallMission, me: dict[str, Any], address: str
) -> None:
    file = sealed(me, mission.tokens["observer"], [json.dumps(mission.report())])
    cut, turned = file[:-20], file[:-1] + bytes([file[-1] ^ 1])
    elsewhere = sealed(me | {"mission": "other"}, "t", [])
    keys = {"outbox": me["keys"]["outbox"] | {"id": "0" * 16}}
    bad = [
        (b"", "no file that a phone saved"),
        (b"{}", "no file that a phone saved"),
        (b"indelible outbox 1\n{}\n", "beginning of the file"),
        (b"indelible outbox 1\n", "beginning of the file"),
        (cut, "damaged or was cut off"),
        (turned, "damaged or was cut off"),
        (elsewhere, "another mission"),
        (sealed(me | {"keys": keys}, "t", []), "does not have"),
        (sealed(me, "t", "x"), "reports"),
        (sealed(me, "t", [], photos=[{"name": "a", "size": 5}]), "sizes"),
    ]
    for content, words in bad:
        answer = await as_data_manager.post(address, content=content)
        assert (answer.status_code, answer.json()["field"]) == (422, "file")
        assert words in answer.json()["detail"]


async def test_a_photo_that_is_not_what_its_name_says_is_named_and_holds_nothing_up(
    as_data_manager: httpx.AsyncClient, mission: SmallMission, me: dict[str, Any], address: str
) -> None:
    lies, body = [(f"{'0' * 64}.jpg", PHOTO), ("x", b"")], json.dumps(mission.report())
    file = sealed(me, mission.tokens["observer"], [body], lies)
    taken = (await as_data_manager.post(address, content=file)).json()
    assert [each["status"] for each in taken["items"]] == [201]
    assert [each["name"] for each in taken["photos"]["refused"]] == [lies[0][0], "x"]


async def test_the_page_shows_each_report_and_the_receipts_to_carry_back(
    as_data_manager: httpx.AsyncClient, mission: SmallMission, me: dict[str, Any]
) -> None:
    page = f"/missions/{mission.slug}/outboxes"
    file = sealed(me, "revoked", [json.dumps(mission.report())])
    sent = {"file": ("a.outbox", file)}
    asked = await as_data_manager.post(page, files=sent)
    assert asked.status_code == 409
    assert 'name="vouch"' in asked.text
    shown = (await as_data_manager.post(page, files=sent, data={"vouch": "yes"})).text
    assert "received now" in shown
    assert "#receipts=" in shown
    assert 'download="receipts.json"' in shown
    refused = await as_data_manager.post(page, files={"file": ("a.outbox", b"x")})
    assert refused.status_code == 422
    assert "no file that a phone saved" in refused.text
