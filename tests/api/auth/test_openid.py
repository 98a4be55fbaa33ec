"""An account elsewhere linked and signed in with, and every token that must open nothing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import orjson
import pytest
from joserfc.jwk import ECKey, OctKey

from api.auth import login_throttle
from api.server.request_headers import COOKIE
from api.settings import OpenIdProvider, Settings
from tests.api.auth.authenticator import encoded
from tests.api.auth.openid_flow import BACK, OWN, come_back, linked, sent_out, signs_in
from tests.api.auth.provider import CLIENT, CLIENT_SECRET, Provider, providing
from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def provider() -> Iterator[Provider]:
    """The provider of this installation."""
    with providing() as found:
        yield found


@pytest.fixture
def serving(serving: Settings, provider: Provider) -> Settings:
    """An installation whose operator named a provider."""
    named = OpenIdProvider(provider.issuer, CLIENT, CLIENT_SECRET, "Common Login")
    return replace(serving, openid=named)


@pytest.fixture
async def nobody(
    client: httpx.AsyncClient,
    provider: Provider,
    mission: SmallMission,
    signed_in: Callable[..., None],
) -> httpx.AsyncClient:
    """The lead has linked person-1; the browser is nobody's afterwards."""
    signed_in("lead")
    answer = await linked(client, provider, f"/missions/{mission.slug}")
    assert answer.status_code == 303, answer.text
    client.cookies.clear()
    return client


async def test_a_member_links_an_account_and_signs_in_with_it(
    nobody: httpx.AsyncClient, provider: Provider, mission: SmallMission, rows: Rows
) -> None:
    answer = await signs_in(nobody, provider, mission)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/missions/{mission.slug}/"
    assert (await nobody.get("/api/v1/me")).json()["role"] == "lead"
    assert "Common Login" in (await nobody.get("/missions/vastria-2026/sessions")).text
    assert rows("SELECT subject FROM linked_account WHERE used_at IS NOT NULL") == [("person-1",)]
    assert rows("SELECT act FROM audit_entry ORDER BY sequence DESC LIMIT 1") == [("account.link",)]


async def test_an_account_that_nobody_linked_opens_nothing_in_this_mission_or_another(
    nobody: httpx.AsyncClient, provider: Provider, mission: SmallMission
) -> None:
    for of in (mission, SmallMission("another")):
        provider.subject = "person-2" if of is mission else "person-1"
        answer = await signs_in(nobody, provider, of)
        assert answer.status_code == 401
        assert "No member of this mission has linked that account." in answer.text
        assert COOKIE not in nobody.cookies


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": ...},
        {"aud": "another"},
        {"aud": ...},
        {"iss": "http://e"},
        {"iss": ...},
        {"exp": 1},
        {"exp": ...},
        {"sub": ...},
        {"sub": 7},
        {"iat": ...},
        {"sub": "person-1\0"},
        {"sub": ""},
        {"azp": "another"},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
    ],
    ids=str,
)
async def test_a_token_that_says_anything_else_opens_nothing(
    nobody: httpx.AsyncClient, provider: Provider, mission: SmallMission, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    assert (await signs_in(nobody, provider, mission)).status_code == 401
    provider.claims = {}
    assert (await signs_in(nobody, provider, mission)).status_code == 303


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("ES256", ECKey.generate_key("P-256", {"kid": "1"})),
        ("HS256", OctKey.import_key(CLIENT_SECRET)),
    ],
)
async def test_a_token_signed_by_another_key_or_by_a_shared_secret_opens_nothing(
    nobody: httpx.AsyncClient,
    provider: Provider,
    mission: SmallMission,
    algorithm: str,
    key: ECKey | OctKey,
) -> None:
    provider.algorithm, provider.signs_with = algorithm, key
    assert (await signs_in(nobody, provider, mission)).status_code == 401


async def test_a_token_without_a_signature_opens_nothing(
    nobody: httpx.AsyncClient,
    provider: Provider,
    mission: SmallMission,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    signed = provider.token

    def unsigned() -> str:
        _, claims, _ = signed().split(".")
        header = encoded(b'{"alg": "none"}')
        return f"{header}.{claims}."

    monkeypatch.setattr(provider, "token", unsigned)
    assert (await signs_in(nobody, provider, mission)).status_code == 401


async def test_who_comes_back_is_who_was_sent_out_and_once(
    nobody: httpx.AsyncClient, provider: Provider, mission: SmallMission
) -> None:
    state = await sent_out(nobody, provider, "/sign-in/provider", mission=mission.slug)
    nobody.cookies.clear()
    assert (await come_back(nobody, state)).status_code == 401
    await sent_out(nobody, provider, "/sign-in/provider", mission=mission.slug)
    assert (await come_back(nobody, state)).status_code == 401
    state = await sent_out(nobody, provider, "/sign-in/provider", mission=mission.slug)
    assert (await come_back(nobody, state, code="bad")).status_code == 401
    assert provider.problem == "code"
    assert (await come_back(nobody, state)).status_code == 401


async def test_what_a_browser_was_sent_out_with_serves_once_though_the_provider_says_yes_again(
    nobody: httpx.AsyncClient, provider: Provider, mission: SmallMission
) -> None:
    state = await sent_out(nobody, provider, "/sign-in/provider", mission=mission.slug)
    carried = dict(nobody.cookies)
    assert (await come_back(nobody, state)).status_code == 303
    nobody.cookies.clear()
    nobody.cookies.update(carried)
    assert (await come_back(nobody, state)).status_code == 401


async def test_no_link_is_made_twice_of_one_way_to_the_provider(
    client: httpx.AsyncClient,
    provider: Provider,
    mission: SmallMission,
    rows: Rows,
    signed_in: Callable[..., None],
) -> None:
    signed_in("lead")
    state = await sent_out(client, provider, f"/missions/{mission.slug}/linked")
    carried = {each.name: str(each.value) for each in client.cookies.jar}
    assert (await come_back(client, state)).status_code == 303
    provider.subject = "person-2"
    client.cookies.clear()
    client.cookies.update(carried)
    assert (await come_back(client, state)).status_code == 401
    assert rows("SELECT subject FROM linked_account") == [("person-1",)]


async def test_strangers_codes_are_not_passed_on_without_end(
    nobody: httpx.AsyncClient,
    provider: Provider,
    mission: SmallMission,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(login_throttle, "OVERALL", 2)
    found = []
    for _ in range(3):
        state = await sent_out(nobody, provider, "/sign-in/provider", mission=mission.slug)
        found.append((await come_back(nobody, state, code="bad")).status_code)
    assert found == [401, 401, 429]


async def test_without_a_code_the_provider_is_not_asked(
    nobody: httpx.AsyncClient, provider: Provider, mission: SmallMission
) -> None:
    state = await sent_out(nobody, provider, "/sign-in/provider", mission=mission.slug)
    provider.status = 500
    answer = await nobody.get(BACK, params={"state": state, "error": "access_denied"})
    assert answer.status_code == 401


async def test_a_mission_that_no_database_holds_is_unknown(
    nobody: httpx.AsyncClient, provider: Provider
) -> None:
    for name in ("a\0b", "\ud800", "x" * 5000):
        sent = name.encode("utf-8", "surrogatepass").decode("latin-1")
        state = await sent_out(nobody, provider, "/sign-in/provider", mission=sent)
        assert (await come_back(nobody, state)).status_code == 401


@pytest.mark.parametrize("who", ["a key", "a session of an hour"])
async def test_only_who_signed_in_a_moment_ago_links_an_account(
    client: httpx.AsyncClient,
    provider: Provider,
    mission: SmallMission,
    signed_in: Callable[..., None],
    who: str,
) -> None:
    if who == "a key":
        client.headers.update(mission.bearer("lead"))
    else:
        signed_in("lead", minutes=60)
    answer = await client.post(f"/missions/{mission.slug}/linked", headers=OWN)
    assert answer.status_code == 409
    assert "Sign in again first" in answer.text
    page = (await client.get(f"/missions/{mission.slug}/sessions")).text
    assert "Link your account at" not in page
    assert "within 15 minutes" in page


async def test_a_stolen_code_is_worth_nothing_without_the_verifier(
    nobody: httpx.AsyncClient, provider: Provider, mission: SmallMission
) -> None:
    state = await sent_out(nobody, provider, "/sign-in/provider", mission=mission.slug)
    provider.code_challenge = "of another browser"
    assert (await come_back(nobody, state)).status_code == 401


async def test_nobody_s_account_is_linked_to_who_signed_in_meanwhile(
    client: httpx.AsyncClient,
    provider: Provider,
    mission: SmallMission,
    rows: Rows,
    signed_in: Callable[..., None],
) -> None:
    signed_in("lead")
    state = await sent_out(client, provider, f"/missions/{mission.slug}/linked")
    signed_in("data_manager")
    assert (await come_back(client, state)).status_code == 401
    assert rows("SELECT * FROM linked_account") == []


async def test_an_account_belongs_to_one_member(
    nobody: httpx.AsyncClient,
    provider: Provider,
    mission: SmallMission,
    rows: Rows,
    signed_in: Callable[..., None],
) -> None:
    own = f"/missions/{mission.slug}"
    signed_in("data_manager")
    answer = await linked(nobody, provider, own)
    assert answer.status_code == 409
    assert "linked to another member" in answer.text
    ((id,),) = rows("SELECT id FROM linked_account")
    assert (await nobody.post(f"{own}/linked/{id}/end", headers=OWN)).status_code == 404
    signed_in("lead")
    assert (await linked(nobody, provider, own)).status_code == 303
    assert len(rows("SELECT * FROM linked_account")) == 1
    assert (await nobody.post(f"{own}/linked/{id}/end", headers=OWN)).status_code == 303
    nobody.cookies.clear()
    assert (await signs_in(nobody, provider, mission)).status_code == 401


@pytest.mark.parametrize("gone", ["end", "invite"])
async def test_who_left_or_is_invited_anew_has_no_link(
    client: httpx.AsyncClient,
    provider: Provider,
    mission: SmallMission,
    rows: Rows,
    gone: str,
    signed_in: Callable[..., None],
) -> None:
    own = f"/missions/{mission.slug}"
    signed_in("data_manager")
    assert (await linked(client, provider, own)).status_code == 303
    signed_in("lead")
    person = mission.holders["data_manager"]
    answer = await client.post(f"{own}/accounts/members/{person}/{gone}", headers=OWN)
    assert answer.status_code in (200, 303)
    client.cookies.clear()
    assert (await signs_in(client, provider, mission)).status_code == 401
    assert rows("SELECT * FROM linked_account") == []


@pytest.mark.parametrize(
    ("bent", "status"),
    [({"status": 500}, 503), ({"status": 404}, 401), ({"body": b"<html>"}, 401),
     ({"body": b"[]"}, 401), ({"body": b"x" * 2_000_000}, 503),
     ({"facts": {"issuer": "http://evil.example"}}, 503), ({"facts": {"jwks_uri": 7}}, 503),
     ({"facts": {"authorization_endpoint": "javascript:alert(1)"}}, 503),
     ({"issuer": "http://127.0.0.1:9"}, 503)],
    ids=["broken", "not found", "a page", "a list", "too much", "another issuer", "no keys",
         "a script",         "shut"],
)  # fmt: skip
async def test_a_provider_that_is_silent_or_talks_nonsense_leaves_the_password(
    client: httpx.AsyncClient,
    provider: Provider,
    mission: SmallMission,
    bent: dict[str, Any],
    status: int,
) -> None:
    for name, value in bent.items():
        setattr(provider, name, value)
    answer = await client.post("/sign-in/provider", data={"mission": mission.slug}, headers=OWN)
    assert answer.status_code == status
    assert 'name="password"' in answer.text


@pytest.mark.parametrize(
    "keys",
    [
        [{"kty": "?"}],
        [{"kty": "EC", "crv": "P-256", "x": "A", "y": "A", "kid": "1"}],
        [7],
        7,
        None,
        [{"kty": 7}],
        [{}],
        [],
    ],
    ids=str,
)
@pytest.mark.parametrize("token", ["x.y.z", "", "..", "e30.e30.", "of the provider"])
async def test_keys_and_tokens_that_are_none_confirm_nobody(
    nobody: httpx.AsyncClient, provider: Provider, mission: SmallMission, keys: Any, token: str
) -> None:
    state = await sent_out(nobody, provider, "/sign-in/provider", mission=mission.slug)
    said = provider.token() if token == "of the provider" else token
    provider.body = orjson.dumps({"keys": keys, "id_token": said})
    assert (await come_back(nobody, state)).status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "ES256", "kid": 7},
        {"alg": 7},
        {"alg": "ES256", "crit": ["b64"], "b64": False},
        {"alg": "ES256", "kid": "2"},
        {"alg": "ES256", "zip": "DEF"},
        {},
        [],
    ],
    ids=str,
)
async def test_a_token_under_a_strange_header_opens_nothing(
    nobody: httpx.AsyncClient,
    provider: Provider,
    mission: SmallMission,
    header: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, *rest = provider.token().split(".")
    strange = ".".join([encoded(orjson.dumps(header)), *rest])
    monkeypatch.setattr(provider, "token", lambda: strange)
    assert (await signs_in(nobody, provider, mission)).status_code == 401


async def test_a_form_of_another_site_sends_nobody_out(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    answer = await client.post(
        "/sign-in/provider",
        data={"mission": mission.slug},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403
