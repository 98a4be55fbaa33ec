"""Digest sign-in: what a phone that knows nothing else is let in by."""

import time

import httpx
import pytest

from api.auth.http_digest import FRESH_SECONDS, Digest
from api.auth.principal import token_hash
from tests.api.intake.test_openrosa import instance, parts
from tests.api.small import SmallMission
from tests.conftest import SECRET


@pytest.fixture
def account(mission: SmallMission) -> tuple[str, str]:
    """The name and password of the observer's credential."""
    return Digest(SECRET).account(token_hash(mission.tokens["observer"]))


async def test_collect_signs_in_by_digest_and_sends(
    client: httpx.AsyncClient, account: tuple[str, str]
) -> None:
    auth = httpx.DigestAuth(*account)
    listed = await client.get("/openrosa/-/formList?deviceID=a%20b", auth=auth)
    assert listed.status_code == 200
    assert "/openrosa/-/forms/voting/2" in listed.text
    sent = await client.post("/openrosa/-/submission", files=parts(instance()), auth=auth)
    assert sent.status_code == 201


async def test_without_a_signature_there_is_a_challenge(client: httpx.AsyncClient) -> None:
    answer = await client.head("/openrosa/-/submission")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith('Digest realm="indelible"')


async def test_a_wrong_password_and_a_revoked_credential_open_nothing(
    client: httpx.AsyncClient, account: tuple[str, str], mission: SmallMission
) -> None:
    wrong = httpx.DigestAuth(account[0], "guess")
    assert (await client.get("/openrosa/-/formList", auth=wrong)).status_code == 401
    unknown = Digest(SECRET).account(token_hash("nobody"))
    answer = await client.get("/openrosa/-/formList", auth=httpx.DigestAuth(*unknown))
    assert answer.status_code == 401


@pytest.mark.parametrize("authorization", ["", "Digest", "Digest x", 'Digest username="zz"'])
def test_what_is_no_digest_is_nobody(authorization: str) -> None:
    assert Digest("s").claim(authorization, "GET", "/") is None


def test_a_signature_serves_one_target_and_one_method(monkeypatch: pytest.MonkeyPatch) -> None:
    digest = Digest("s")
    name, password = digest.account(b"h" * 32)
    auth = httpx.DigestAuth(name, password)
    request = httpx.Request("GET", "http://x/openrosa/-/formList")
    flow = auth.auth_flow(request)
    next(flow)
    challenged = httpx.Response(
        401, headers={"WWW-Authenticate": digest.challenge()}, request=request
    )
    signed = flow.send(challenged).headers["Authorization"]
    assert digest.claim(signed, "GET", "/openrosa/-/formList") is not None
    assert digest.claim(signed, "GET", "/openrosa/-/submission") is None
    assert digest.claim(signed, "POST", "/openrosa/-/formList") is None
    at = time.time()
    monkeypatch.setattr("api.auth.http_digest.time.time", lambda: at + FRESH_SECONDS + 2)
    late = digest.claim(signed, "GET", "/openrosa/-/formList")
    assert late is not None
    assert late.stale
