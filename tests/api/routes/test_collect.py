"""An observer who uses Collect: one QR code, and it is set up."""

import base64
import json
import zlib

import httpx

from tests.api.intake.test_openrosa import instance, parts
from tests.api.small import SmallMission


async def test_what_the_qr_code_says_lets_collect_in_as_that_observer(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    place = f"/api/v1/missions/{mission.slug}/observers/O-1/collect"
    made = (await client.post(place, headers=mission.bearer("lead"))).json()
    general = json.loads(zlib.decompress(base64.b64decode(made["settings"])))["general"]
    auth = httpx.DigestAuth(general["username"], general["password"])
    address = f"{general['server_url']}/submission"
    sent = await client.post(address, files=parts(instance()), auth=auth)
    assert sent.status_code == 201
    listed = await client.get(mission.reports, headers=mission.bearer("lead"))
    assert listed.json()["items"][0]["observer"] == "O-1"


async def test_an_observer_makes_no_account_and_nobody_makes_one_for_a_stranger(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    place = f"/api/v1/missions/{mission.slug}/observers"
    own = await client.post(f"{place}/O-1/collect", headers=mission.bearer("observer"))
    stranger = await client.post(f"{place}/O-99/collect", headers=mission.bearer("lead"))
    assert (own.status_code, stranger.status_code) == (404, 404)
