"""Signing in at a provider, step by step, as a browser does it."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.api.auth.provider import CLIENT, Provider
from tests.api.small import SmallMission

OWN = {"Sec-Fetch-Site": "same-origin"}
BACK = "/sign-in/provider/back"


async def sent_out(client: httpx.AsyncClient, provider: Provider, path: str, **form: str) -> str:
    """Go to the provider, which remembers what it was asked; the state."""
    answer = await client.post(path, data=form, headers=OWN)
    assert answer.status_code == 200, answer.text
    found = re.search(r'href="([^"]+/authorize[^"]+)"', answer.text)
    assert found
    asked = {
        name: values[0]
        for name, values in parse_qs(urlsplit(unescape(found.group(1))).query).items()
    }
    assert asked["client_id"] == CLIENT
    assert asked["redirect_uri"] == f"http://indelible{BACK}"
    provider.nonce, provider.code_challenge = asked["nonce"], asked["code_challenge"]
    return asked["state"]


async def come_back(client: httpx.AsyncClient, state: str, code: str = "good") -> httpx.Response:
    """The browser is sent back with a code."""
    return await client.get(BACK, params={"state": state, "code": code})


async def linked(client: httpx.AsyncClient, provider: Provider, own: str) -> httpx.Response:
    """Link the account that the provider recognises."""
    return await come_back(client, await sent_out(client, provider, f"{own}/linked"))


async def signs_in(
    client: httpx.AsyncClient, provider: Provider, of: SmallMission
) -> httpx.Response:
    """Try the door with the account that the provider recognises."""
    state = await sent_out(client, provider, "/sign-in/provider", mission=of.slug)
    return await come_back(client, state)
