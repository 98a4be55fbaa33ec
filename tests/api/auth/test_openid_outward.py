"""A provider's own host is the operator's word; another host that it names must be a public one."""

import hashlib
from base64 import urlsafe_b64encode

import pytest

from api.auth.oidc import OpenId
from api.problems import Problem
from api.server.outbound_http import OutboundHttp
from api.settings import OpenIdProvider
from tests.api.auth.provider import CLIENT, CLIENT_SECRET, providing


@pytest.mark.parametrize("asked", [None, "jwks_uri", "token_endpoint"])
async def test_nothing_is_asked_of_an_inner_address_that_a_provider_names(
    asked: str | None,
) -> None:
    with providing() as provider, providing() as inner:
        inner.published = inner.signs_with = provider.published
        for each in (provider, inner):
            digest = hashlib.sha256(b"verifier").digest()
            each.code_challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
            each.nonce = "nonce"
        there, inner.issuer = inner.issuer, provider.issuer
        if asked is not None:
            provider.facts = {asked: f"{there}/{asked.partition('_')[0].replace('jwks', 'keys')}"}
        settings = OpenIdProvider(provider.issuer, CLIENT, CLIENT_SECRET, "Provider")
        subject = OpenId(settings, OutboundHttp()).subject(
            "http://back", "good", "nonce", "verifier"
        )
        if asked is None:
            assert await subject == "person-1"
            return
        with pytest.raises(Problem) as caught:
            await subject
        assert caught.value.kind.status == 503
