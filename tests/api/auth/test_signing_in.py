"""An invitation taken up, a sign-in with password and code, and what guessing meets."""

import asyncio
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import httpx
import pyotp
import pytest
from cryptography.exceptions import InvalidTag

from api.auth import login_throttle, passwords
from api.auth import totp as codes
from api.auth.principal import CACHE_SECONDS
from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]
OWN = {"Sec-Fetch-Site": "same-origin"}
PASSWORD = "a long enough password"


async def invite(client: httpx.AsyncClient, mission: SmallMission, name: str = "DM-2") -> str:
    """The path of an invitation that the lead made."""
    answer = await client.post(
        f"/missions/{mission.slug}/accounts/members",
        headers=mission.bearer("lead"),
        data={"name": name, "role": "data_manager"},
    )
    assert answer.status_code == 200, answer.text
    found = re.search(r"http://indelible(/invitation/[\w-]+)", answer.text)
    assert found
    return found.group(1)


async def take_up(client: httpx.AsyncClient, path: str, **typed: str) -> httpx.Response:
    """Take an invitation up as its page asks for; ``typed`` replaces what is typed."""
    page = await client.get(path)
    if page.status_code != 200:
        return page
    spelled = re.search(r'<code dir="ltr">([A-Z2-7 ]+)</code>', page.text)
    assert spelled
    secret = spelled.group(1).replace(" ", "")
    values = {"password": PASSWORD, "again": PASSWORD, "code": pyotp.TOTP(secret).now()}
    client.headers["x-secret"] = secret
    return await client.post(path, data=values | typed, headers=OWN)


async def sign_in(client: httpx.AsyncClient, of: SmallMission, **typed: str) -> int:
    """Try to sign in; the status."""
    later = pyotp.TOTP(client.headers.get("x-secret", "A" * 32)).at(int(time.time()) + 30)
    values = {"mission": of.slug, "name": "DM-2", "password": PASSWORD, "code": later}
    return (await client.post("/sign-in", data=values | typed, headers=OWN)).status_code


@pytest.fixture
async def member(client: httpx.AsyncClient, mission: SmallMission) -> str:
    """DM-2 has an account; the client is signed in as nobody. Gives the code that was used."""
    answer = await take_up(client, await invite(client, mission))
    assert answer.status_code == 303
    client.cookies.clear()
    return str(answer.request.content.decode().partition("code=")[2])


async def test_an_invited_member_chooses_a_password_and_is_signed_in(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    path = await invite(client, mission)
    answer = await take_up(client, path)
    assert answer.headers["location"] == f"/missions/{mission.slug}/"
    assert (await client.get("/api/v1/me")).json()["role"] == "data_manager"
    ((stored, totp),) = rows("SELECT password_hash, totp_secret FROM account")
    assert stored.startswith("$argon2id$")
    assert client.headers["x-secret"].encode() not in totp
    acts = [act for (act,) in rows("SELECT act FROM audit_entry ORDER BY sequence, id")]
    assert acts == ["member.add", "member.invite", "account.set"]


async def test_an_invitation_serves_once(client: httpx.AsyncClient, mission: SmallMission) -> None:
    path = await invite(client, mission)
    assert (await take_up(client, path)).status_code == 303
    await asyncio.sleep(CACHE_SECONDS)
    assert (await client.get(path)).status_code == 410


async def test_an_invitation_ends_after_72_hours(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    path = await invite(client, mission)
    ((left,),) = rows(
        "SELECT extract(epoch FROM expires_at - created_at) / 3600 FROM credential"
        " WHERE purpose = 'invitation'"
    )
    assert round(float(left)) == 72
    rows("UPDATE credential SET expires_at = now() WHERE purpose = 'invitation' RETURNING 1")
    assert (await client.get(path)).status_code == 410


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"password": "short", "again": "short"}, "12 characters"),
        ({"again": "another password"}, "differ"),
        ({"code": "000000"}, "not the one"),
    ],
)
async def test_what_does_not_do_is_said_and_the_invitation_stands(
    client: httpx.AsyncClient, mission: SmallMission, typed: dict[str, str], said: str
) -> None:
    path = await invite(client, mission)
    answer = await take_up(client, path, **typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert (await take_up(client, path)).status_code == 303


async def test_a_member_signs_in_with_password_and_code(
    client: httpx.AsyncClient, mission: SmallMission, member: str
) -> None:
    assert await sign_in(client, mission, name=" dm-2 ") == 303
    assert (await client.get("/api/v1/me")).json()["role"] == "data_manager"


async def test_no_code_serves_twice(
    client: httpx.AsyncClient, mission: SmallMission, member: str
) -> None:
    assert await sign_in(client, mission, code=unquote(member)) == 401
    code = pyotp.TOTP(client.headers["x-secret"]).at(int(time.time()) + 30)
    assert await sign_in(client, mission, code=code) == 303
    assert await sign_in(client, mission, code=code) == 401


@pytest.mark.parametrize(
    "typed",
    [
        {"password": "a wrong password"},
        {"name": "nobody"},
        {"mission": "nowhere"},
        {"code": "000000"},
        {"name": "lead"},
        {"name": "\0"},
    ],
)
async def test_whatever_is_wrong_is_answered_alike(
    client: httpx.AsyncClient, mission: SmallMission, member: str, typed: dict[str, str]
) -> None:
    values = {"mission": mission.slug, "name": "DM-2", "password": PASSWORD, "code": "123456"}
    answer = await client.post("/sign-in", data=values | typed, headers=OWN)
    assert answer.status_code == 401
    assert "Name or password not recognised." in answer.text
    assert "set-cookie" not in answer.headers


async def test_an_unknown_name_costs_as_much_work_as_a_known_one(
    client: httpx.AsyncClient, mission: SmallMission, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(passwords, "matches", lambda stored, _: asked.append(stored) and False)
    await sign_in(client, mission, name="nobody")
    await sign_in(client, mission, mission="nowhere")
    assert asked == [None, None]


async def test_after_five_failures_even_the_right_password_waits(
    client: httpx.AsyncClient, mission: SmallMission, member: str, rows: Rows
) -> None:
    wrong = [sign_in(client, mission, password=f"wrong {n}") for n in range(16)]
    found = sorted(await asyncio.gather(*wrong))
    assert found == [401] * login_throttle.PER_ACCOUNT_AND_ADDRESS + [429] * (
        16 - login_throttle.PER_ACCOUNT_AND_ADDRESS
    )
    assert await sign_in(client, mission) == 429
    rows("UPDATE attempt SET at = at - interval '16 minutes' RETURNING 1")
    assert await sign_in(client, mission) == 303


async def test_a_name_has_one_spelling_by_which_its_attempts_are_counted(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    await take_up(client, await invite(client, mission, "Admin-1"))
    client.cookies.clear()
    assert await sign_in(client, mission, name="ADMİN-1") == 401
    assert await sign_in(client, mission, name="ADMIN-1") == 303


async def test_guessing_at_many_names_from_one_address_is_bounded_too(
    client: httpx.AsyncClient, mission: SmallMission, member: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_throttle, "OVERALL", 3)
    found = [await sign_in(client, mission, name=f"guess {n}") for n in range(4)]
    assert found == [401, 401, 401, 429]


async def test_a_form_of_another_site_signs_nobody_in(
    client: httpx.AsyncClient, mission: SmallMission, member: str
) -> None:
    later = pyotp.TOTP(client.headers["x-secret"]).at(int(time.time()) + 30)
    values = {"mission": mission.slug, "name": "DM-2", "password": PASSWORD, "code": later}
    answer = await client.post("/sign-in", data=values, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert await sign_in(client, mission) == 303


def test_a_sealed_secret_opens_for_its_member_and_its_installation_only() -> None:
    one, two = uuid4(), uuid4()
    kept = codes.sealed("secret", b"t" * 20, one)
    assert codes.unsealed("secret", kept, one) == b"t" * 20
    for secret, member in (("another", one), ("secret", two)):
        with pytest.raises(InvalidTag):
            codes.unsealed(secret, kept, member)


def test_a_code_is_of_its_time_step_or_the_next_to_it() -> None:
    totp, at = b"12345678901234567890", 59.0
    assert codes.step_of(totp, "287 082", at) == 1
    assert codes.step_of(totp, "287082", at + 30) == 1
    assert codes.step_of(totp, "287082", at + 90) is None
    assert codes.step_of(totp, "", at) is None
