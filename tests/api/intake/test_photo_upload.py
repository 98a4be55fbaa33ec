"""Photos over HTTP, and the reports that wait for them."""

import hashlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from api.intake import photo_store
from tests.api.small import SmallMission
from tests.pictures import jpeg

Rows = Callable[..., list[tuple[Any, ...]]]
PHOTO = jpeg(side=100)
NAME = hashlib.sha256(PHOTO).hexdigest()


def piece(offset: int | str, length: int | str = len(PHOTO)) -> dict[str, str]:
    return {
        "Upload-Offset": str(offset),
        "Upload-Length": str(length),
        "Content-Type": "application/offset+octet-stream",
    }


@pytest.fixture
def address(mission: SmallMission) -> str:
    """Where the photo is sent."""
    return f"/api/v1/missions/{mission.slug}/media/{NAME}"


async def test_a_photo_sent_in_pieces_completes_the_report_that_names_it(
    as_observer: httpx.AsyncClient, mission: SmallMission, address: str, rows: Rows
) -> None:
    await as_observer.post(mission.reports, json=mission.report(answers={"photo": f"{NAME}.jpg"}))
    assert rows("SELECT name, size FROM attachment") == [(f"{NAME}.jpg", None)]
    assert (await as_observer.head(address)).headers["Upload-Offset"] == "0"
    for start in range(0, len(PHOTO), 5000):
        part = PHOTO[start : start + 5000]
        response = await as_observer.patch(address, content=part, headers=piece(start))
        assert response.status_code == 204
        assert response.headers["Upload-Offset"] == str(start + len(part))
    assert rows("SELECT size, arrived_at IS NOT NULL FROM attachment") == [(len(PHOTO), True)]
    assert rows("SELECT changed > sequence FROM report") == [(True,)]


async def test_a_report_after_its_photo_finds_it_there(
    as_observer: httpx.AsyncClient, mission: SmallMission, address: str, rows: Rows
) -> None:
    for _ in range(2):
        await as_observer.patch(address, content=PHOTO, headers=piece(0))
    await as_observer.post(mission.reports, json=mission.report(answers={"photo": f"{NAME}.jpg"}))
    assert rows("SELECT size FROM attachment") == [(len(PHOTO),)]


async def test_a_wrong_offset_is_told_the_true_one(
    as_observer: httpx.AsyncClient, address: str
) -> None:
    await as_observer.patch(address, content=PHOTO[:100], headers=piece(0))
    response = await as_observer.patch(address, content=b"x", headers=piece(7))
    assert (response.status_code, response.headers["Upload-Offset"]) == (409, "100")


@pytest.mark.parametrize(
    ("headers", "content", "status", "field"),
    [
        (piece("x"), b"", 422, "Upload-Offset"),
        ({"Upload-Offset": "0"}, b"", 422, "Upload-Length"),
        (piece(0, 21 * 1024 * 1024), b"", 413, "Upload-Length"),
        (piece(0, 2), b"abc", 422, "Upload-Length"),
        (piece(0, 2 * 1024 * 1024), bytes(1024 * 1024 + 1), 413, "body"),
        (piece(0, 3), b"abc", 422, "sha256"),
    ],
)
async def test_a_wrong_piece_is_a_problem_that_names_its_field(
    as_observer: httpx.AsyncClient,
    address: str,
    headers: dict[str, str],
    content: bytes,
    status: int,
    field: str,
) -> None:
    response = await as_observer.patch(address, content=content, headers=headers)
    assert (response.status_code, response.json()["field"]) == (status, field)


async def test_a_name_that_is_no_hash_touches_no_file(
    as_observer: httpx.AsyncClient, mission: SmallMission
) -> None:
    for name in ("x", "..%2f..%2fsecret", "A" * 64):
        address = f"/api/v1/missions/{mission.slug}/media/{name}"
        assert (await as_observer.patch(address, headers=piece(0))).status_code in (404, 422)


async def test_partners_send_no_photos(as_partner: httpx.AsyncClient, address: str) -> None:
    assert (await as_partner.head(address)).status_code == 403
    response = await as_partner.patch(address, content=PHOTO, headers=piece(0))
    assert response.status_code == 403


async def test_three_magic_bytes_are_no_photo_and_the_answer_says_why(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    fake = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4
    name = hashlib.sha256(fake).hexdigest()
    await as_observer.post(mission.reports, json=mission.report(answers={"photo": f"{name}.jpg"}))
    address = f"/api/v1/missions/{mission.slug}/media/{name}"
    answer = await as_observer.patch(address, content=fake, headers=piece(0, len(fake)))
    assert (answer.status_code, answer.json()["code"]) == (422, "not_a_photo")
    assert "cannot be decoded" in answer.json()["detail"]
    assert rows("SELECT arrived_at FROM attachment") == [(None,)]


async def test_a_phone_s_quota_is_no_member_s(
    client: httpx.AsyncClient, mission: SmallMission, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_store, "BYTES_A_DAY", len(PHOTO) - 1)
    sent = {"content": PHOTO, "headers": piece(0) | mission.bearer("observer")}
    assert (await client.patch(address, **sent)).status_code == 429
    sent["headers"] = piece(0) | mission.bearer("data_manager")
    assert (await client.patch(address, **sent)).status_code == 204
