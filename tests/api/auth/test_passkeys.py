"""A passkey made, used, ended; and every answer that must open nothing."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from api.auth import challenges
from api.auth.passkeys import MAX_PASSKEYS, Site
from api.settings import Settings
from tests.api.auth.authenticator import PRESENT, Authenticator, decoded, encoded
from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]
SignIn = Callable[..., None]
OWN = {"Sec-Fetch-Site": "same-origin"}
ORIGIN, HOST = "https://observers.example", "observers.example"


@pytest.fixture
def serving(serving: Settings) -> Settings:
    """An installation at an address at which browsers make passkeys."""
    return replace(serving, public_url=ORIGIN)


async def asked(client: httpx.AsyncClient, path: str, **more: Any) -> dict[str, Any]:
    """What a page gives the browser to ask the device."""
    answer = await client.post(f"{path}/options", headers=OWN, **more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def sent(client: httpx.AsyncClient, path: str, answer: str) -> int:
    """The status of what the device answered."""
    found = await client.post(path, data={"answer": answer}, headers=OWN)
    return found.status_code


async def made(client: httpx.AsyncClient, own: str, **of: Any) -> Authenticator:
    """A passkey that the mission kept."""
    device = Authenticator(ORIGIN, HOST, **of)
    options = await asked(client, f"{own}/passkeys")
    assert await sent(client, f"{own}/passkeys", device.make(options)) == 303
    return device


async def signs_in(client: httpx.AsyncClient, device: Authenticator) -> int:
    """Try the door with a device; the status."""
    options = await asked(client, "/sign-in/passkey")
    return await sent(client, "/sign-in/passkey", device.sign(options))


@pytest.fixture
def own(signed_in: SignIn, mission: SmallMission) -> str:
    """The address of the lead's own pages; the client is the lead, who has just signed in."""
    signed_in("lead")
    return f"/missions/{mission.slug}"


@pytest.fixture
async def device(client: httpx.AsyncClient, own: str) -> Authenticator:
    """A device with the lead's passkey; the client is nobody afterwards."""
    kept = await made(client, own)
    client.cookies.clear()
    return kept


async def test_a_member_signs_in_by_a_passkey_alone(
    client: httpx.AsyncClient, device: Authenticator, rows: Rows
) -> None:
    assert await signs_in(client, device) == 303
    me = await client.get("https://indelible/api/v1/me")
    assert me.json()["role"] == "lead"
    ((label,),) = rows("SELECT label FROM passkey WHERE used_at IS NOT NULL")
    assert label
    assert rows("SELECT act FROM audit_entry ORDER BY sequence DESC LIMIT 1") == [("passkey.add",)]


async def test_what_a_device_answered_opens_once(
    client: httpx.AsyncClient, device: Authenticator
) -> None:
    answer = device.sign(await asked(client, "/sign-in/passkey"))
    assert await sent(client, "/sign-in/passkey", answer) == 303
    client.cookies.clear()
    assert await sent(client, "/sign-in/passkey", answer) == 401
    assert not client.cookies


@pytest.mark.parametrize(
    "change",
    [{"origin": "https://observers.example.evil"}, {"host": "evil.example"},
     {"flags": PRESENT}, {"flags": 0}, {"id": bytes(32)},
     {"holder": encoded(bytes(32))}, {"holder": ""}, {"key": Authenticator("", "").key}],
    ids=["origin", "host", "not verified", "nobody there", "unknown", "nobody", "no holder",
         "another's key"],
)  # fmt: skip
async def test_a_passkey_opens_only_here_for_who_owns_it(
    client: httpx.AsyncClient, device: Authenticator, change: dict[str, Any]
) -> None:
    assert await signs_in(client, replace(device, **change)) == 401
    assert not client.cookies
    assert await signs_in(client, device) == 303


async def test_a_copied_device_is_noticed_by_its_count(
    client: httpx.AsyncClient, device: Authenticator
) -> None:
    assert await signs_in(client, replace(device, count=9)) == 303
    assert await signs_in(client, replace(device, count=9)) == 401
    assert await signs_in(client, replace(device, count=10)) == 303


async def test_a_challenge_of_another_purpose_or_time_opens_nothing(
    client: httpx.AsyncClient,
    device: Authenticator,
    own: str,
    mission: SmallMission,
    monkeypatch: pytest.MonkeyPatch,
    signed_in: SignIn,
) -> None:
    signed_in("lead")
    adding = await asked(client, f"{own}/passkeys")
    client.cookies.clear()
    assert await sent(client, "/sign-in/passkey", device.sign(adding)) == 401
    monkeypatch.setattr(challenges, "MINUTES", -1)
    assert await signs_in(client, device) == 401
    monkeypatch.undo()
    invented = {"challenge": encoded(b"x" * 60)}
    assert await sent(client, "/sign-in/passkey", device.sign(invented)) == 401
    assert await signs_in(client, device) == 303


@pytest.mark.parametrize("gone", ["end", "invite"])
async def test_who_left_or_is_invited_anew_has_no_passkey(
    client: httpx.AsyncClient,
    own: str,
    mission: SmallMission,
    rows: Rows,
    gone: str,
    signed_in: SignIn,
) -> None:
    signed_in("data_manager")
    device = await made(client, own)
    signed_in("lead")
    person = mission.holders["data_manager"]
    answer = await client.post(f"{own}/accounts/members/{person}/{gone}", headers=OWN)
    assert answer.status_code in (200, 303)
    client.cookies.clear()
    assert await signs_in(client, device) == 401
    assert rows("SELECT * FROM passkey") == []


@pytest.mark.parametrize("who", ["a key", "a session of an hour"])
async def test_only_who_signed_in_a_moment_ago_adds_a_passkey(
    client: httpx.AsyncClient,
    own: str,
    mission: SmallMission,
    rows: Rows,
    who: str,
    signed_in: SignIn,
) -> None:
    options = await asked(client, f"{own}/passkeys")
    client.cookies.clear()
    if who == "a key":
        client.headers.update(mission.bearer("lead"))
    else:
        signed_in("lead", minutes=60)
    answer = await client.post(f"{own}/passkeys/options", headers=OWN)
    assert answer.status_code == 409
    assert "Sign in again first" in answer.text
    device = Authenticator(ORIGIN, HOST)
    assert await sent(client, f"{own}/passkeys", device.make(options)) == 409
    assert rows("SELECT * FROM passkey") == []
    assert "Add a passkey" not in (await client.get(f"{own}/sessions")).text


async def test_the_holder_of_a_machine_s_key_has_no_ways_in(
    client: httpx.AsyncClient, own: str, signed_in: SignIn
) -> None:
    signed_in("partner")
    answer = await client.post(f"{own}/passkeys/options", headers=OWN)
    assert answer.status_code == 404
    assert "Add a passkey" not in (await client.get(f"{own}/sessions")).text


async def test_a_passkey_that_somebody_has_is_not_added_by_another(
    client: httpx.AsyncClient, device: Authenticator, own: str, rows: Rows, signed_in: SignIn
) -> None:
    signed_in("data_manager")
    copy = replace(device)
    options = await asked(client, f"{own}/passkeys")
    assert await sent(client, f"{own}/passkeys", copy.make(options)) == 409
    assert len(rows("SELECT * FROM passkey")) == 1
    client.cookies.clear()
    assert await signs_in(client, device) == 303


async def test_who_administers_sees_that_a_member_has_a_passkey(
    client: httpx.AsyncClient, device: Authenticator, own: str, signed_in: SignIn
) -> None:
    signed_in("lead")
    assert "Passkeys: 1" in (await client.get(f"{own}/accounts")).text


async def test_a_device_may_count_as_far_as_its_four_bytes_go(
    client: httpx.AsyncClient, device: Authenticator
) -> None:
    assert await signs_in(client, replace(device, count=2**32 - 1)) == 303


async def test_the_session_s_cookie_keeps_to_https_also_behind_a_proxy(
    client: httpx.AsyncClient, device: Authenticator
) -> None:
    answer = device.sign(await asked(client, "/sign-in/passkey"))
    found = await client.post("/sign-in/passkey", data={"answer": answer}, headers=OWN)
    cookie = found.headers["set-cookie"].lower()
    for word in ("secure", "httponly", "samesite=lax", "path=/"):
        assert word in cookie


async def test_a_passkey_that_was_ended_opens_nothing(
    client: httpx.AsyncClient, device: Authenticator, own: str, mission: SmallMission, rows: Rows
) -> None:
    ((id,),) = rows("SELECT id FROM passkey")
    other = await client.post(
        f"{own}/passkeys/{id}/end", headers=OWN | mission.bearer("data_manager")
    )
    assert other.status_code == 404
    mine = await client.post(f"{own}/passkeys/{id}/end", headers=OWN | mission.bearer("lead"))
    assert mine.status_code == 303
    assert await signs_in(client, device) == 401


async def test_another_s_challenge_makes_no_passkey_and_no_challenge_makes_two(
    client: httpx.AsyncClient, own: str, mission: SmallMission, rows: Rows, signed_in: SignIn
) -> None:
    options = await asked(client, f"{own}/passkeys")
    device, second = Authenticator(ORIGIN, HOST), Authenticator(ORIGIN, HOST)
    signed_in("data_manager")
    assert await sent(client, f"{own}/passkeys", device.make(options)) == 409
    signed_in("lead")
    assert await sent(client, f"{own}/passkeys", device.make(options)) == 303
    assert await sent(client, f"{own}/passkeys", second.make(options)) == 409
    assert len(rows("SELECT * FROM passkey")) == 1


@pytest.mark.parametrize("change", [{"flags": PRESENT}, {"host": "e"}, {"origin": "https://e"}])
async def test_a_passkey_for_elsewhere_or_of_nobody_is_not_kept(
    client: httpx.AsyncClient, own: str, rows: Rows, change: dict[str, Any]
) -> None:
    device = replace(Authenticator(ORIGIN, HOST), **change)
    options = await asked(client, f"{own}/passkeys")
    assert await sent(client, f"{own}/passkeys", device.make(options)) == 409
    assert rows("SELECT * FROM passkey") == []


def spoilt(answer: str) -> list[str]:
    """The answer with each of its parts in turn missing, of another kind, and cut short."""
    whole = json.loads(answer)
    found = ["", "null", "[]", "{}", answer[:-9], "[" * 5000, '"\\ud800"']
    for name in whole["response"]:
        for value in (None, 7, "", "é", "AAAA", whole["response"][name][:-8]):
            found.append(json.dumps(whole | {"response": whole["response"] | {name: value}}))
    for name in whole:
        for value in (None, 7, "", [], "AAAA"):
            if name not in ("clientExtensionResults", "authenticatorAttachment"):
                found.append(json.dumps(whole | {name: value}))
    return found


async def test_whatever_no_browser_answers_is_refused_in_words(
    client: httpx.AsyncClient,
    device: Authenticator,
    own: str,
    mission: SmallMission,
    signed_in: SignIn,
) -> None:
    asking = device.sign(await asked(client, "/sign-in/passkey"))
    for answer in spoilt(asking):
        assert await sent(client, "/sign-in/passkey", answer) == 401, answer
    signed_in("lead")
    making = Authenticator(ORIGIN, HOST).make(await asked(client, f"{own}/passkeys"))
    for answer in spoilt(making):
        assert await sent(client, f"{own}/passkeys", answer) == 409, answer


async def test_a_challenge_says_nothing_to_who_carries_it(
    client: httpx.AsyncClient, own: str, mission: SmallMission
) -> None:
    options = await asked(client, f"{own}/passkeys")
    assert str(mission.holders["lead"]).encode() not in decoded(options["challenge"])


async def test_a_member_has_a_bounded_number_of_passkeys(
    client: httpx.AsyncClient, own: str
) -> None:
    for _ in range(MAX_PASSKEYS):
        await made(client, own)
    device = Authenticator(ORIGIN, HOST)
    options = await asked(client, f"{own}/passkeys")
    assert len(options["excludeCredentials"]) == MAX_PASSKEYS
    assert await sent(client, f"{own}/passkeys", device.make(options)) == 409


async def test_a_form_of_another_site_signs_nobody_in(
    client: httpx.AsyncClient, device: Authenticator
) -> None:
    answer = device.sign(await asked(client, "/sign-in/passkey"))
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    found = await client.post("/sign-in/passkey", data={"answer": answer}, headers=elsewhere)
    assert found.status_code == 403


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://a.example", Site("https://a.example", "a.example")),
        ("https://a.example:8443/x", Site("https://a.example:8443", "a.example")),
        ("http://localhost:8000", Site("http://localhost:8000", "localhost")),
        ("http://a.example", None),
        ("https://127.0.0.1", None),
        ("https://[::1]:1", None),
        ("https://", None),
    ],
)
def test_a_site_is_where_browsers_make_passkeys(url: str, site: Site | None) -> None:
    assert Site.of(url) == site


class TestAtAnAddressWithoutAName:
    """Where browsers make no passkeys."""

    @pytest.fixture
    def serving(self, serving: Settings) -> Settings:
        return replace(serving, public_url=None)

    async def test_no_passkey_is_offered_and_the_page_says_why(
        self, as_lead: httpx.AsyncClient, own: str
    ) -> None:
        page = (await as_lead.get(f"{own}/sessions")).text
        assert "only at an https address" in page
        assert "Add a passkey" not in page
        assert (
            "passkey" not in (await as_lead.get("/?mission=x", headers={"Authorization": ""})).text
        )
        answer = await as_lead.post(f"{own}/passkeys/options", headers=OWN)
        assert answer.status_code == 409
        assert (await as_lead.post("/sign-in/passkey/options", headers=OWN)).status_code == 404
