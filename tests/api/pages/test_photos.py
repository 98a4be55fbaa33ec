"""Photographs of a report, for whoever may see the report."""

import hashlib
import io
from uuid import uuid4

import httpx
from PIL import Image

from tests.api.routes.people import post
from tests.api.small import SmallMission
from tests.pictures import jpeg

PHOTO = jpeg(side=600)
NAME = hashlib.sha256(PHOTO).hexdigest()


async def photographed(client: httpx.AsyncClient, mission: SmallMission) -> str:
    """A report with a photograph that has arrived; the address of the photograph's page."""
    return await carrying(client, mission, PHOTO, "jpg")


async def carrying(
    client: httpx.AsyncClient, mission: SmallMission, content: bytes, ending: str
) -> str:
    """A report with a file that has arrived; the address of the file's page."""
    name = hashlib.sha256(content).hexdigest()
    report = await post(client, mission, "observer", answers={"photo": f"{name}.{ending}"})
    size = str(len(content))
    headers = {"Upload-Offset": "0", "Upload-Length": size} | mission.bearer("observer")
    headers["Content-Type"] = "application/offset+octet-stream"
    place = f"/api/v1/missions/{mission.slug}/media/{name}"
    sent = await client.patch(place, content=content, headers=headers)
    assert sent.status_code == 204, sent.text
    return f"/missions/{mission.slug}/reports/{report['id']}/photos/{name}"


async def test_a_photograph_is_seen_whole_and_small(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    address = await photographed(client, mission)
    lead = mission.bearer("lead")
    whole = await client.get(address, headers=lead)
    assert (whole.headers["content-type"], whole.content) == ("image/jpeg", PHOTO)
    small = await client.get(address, params={"small": "1"}, headers=lead)
    assert max(Image.open(io.BytesIO(small.content)).size) == 480


async def test_a_sound_is_downloaded_and_never_shown_and_a_sheet_stands_for_it(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    sound = b"OggS" + bytes(200)
    address = await carrying(client, mission, sound, "ogg")
    lead = mission.bearer("lead")
    whole = await client.get(address, headers=lead)
    assert (whole.headers["content-type"], whole.content) == ("audio/ogg", sound)
    assert whole.headers["content-disposition"].startswith("attachment")
    small = await client.get(address, params={"small": "1"}, headers=lead)
    assert small.headers["content-type"].startswith("image/svg+xml")
    assert "OGG" in small.text


async def test_a_photograph_is_not_there_for_who_may_not_see_its_report(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    address = await photographed(client, mission)
    for persona in ("partner", "observer"):
        answer = await client.get(address, headers=mission.bearer(persona))
        assert answer.status_code == 404
    other = await post(client, mission, station="002", visit=str(uuid4()))
    elsewhere = f"/missions/{mission.slug}/reports/{other['id']}/photos/{NAME}"
    assert (await client.get(elsewhere, headers=mission.bearer("lead"))).status_code == 404
