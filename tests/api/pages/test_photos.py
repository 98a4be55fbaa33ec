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
    report = await post(client, mission, "observer", answers={"photo": f"{NAME}.jpg"})
    size = str(len(PHOTO))
    headers = {"Upload-Offset": "0", "Upload-Length": size} | mission.bearer("observer")
    headers["Content-Type"] = "application/offset+octet-stream"
    place = f"/api/v1/missions/{mission.slug}/media/{NAME}"
    sent = await client.patch(place, content=PHOTO, headers=headers)
    assert sent.status_code == 204, sent.text
    return f"/missions/{mission.slug}/reports/{report['id']}/photos/{NAME}"


async def test_a_photograph_is_seen_whole_and_small(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    address = await photographed(client, mission)
    lead = mission.bearer("lead")
    whole = await client.get(address, headers=lead)
    assert (whole.headers["content-type"], whole.content) == ("image/jpeg", PHOTO)
    small = await client.get(address, params={"small": "1"}, headers=lead)
    assert max(Image.open(io.BytesIO(small.content)).size) == 480


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
