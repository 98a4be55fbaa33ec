"""Members, keys and sessions: listed, ended, and shut out within a second."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import httpx
import psycopg
import pytest

from api.auth.principal import CACHE_SECONDS, token_hash
from api.auth.sessions import label_of
from tests.api.auth.test_signing_in import OWN, invite, sign_in, take_up
from tests.api.small import SmallMission
from tests.conftest import Database

Rows = Callable[..., list[tuple[Any, ...]]]


async def act(
    client: httpx.AsyncClient, mission: SmallMission, path: str, who: str = "lead", **typed: str
) -> httpx.Response:
    """Post a form of the accounts page."""
    address = f"/missions/{mission.slug}/{path}"
    return await client.post(address, data=typed, headers=mission.bearer(who))


async def test_a_key_is_shown_once_and_opens_what_its_role_may_see(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    answer = await act(client, mission, "accounts/keys", name="A newspaper", role="partner")
    found = re.search(r'<code dir="ltr">([\w-]{43})</code>', answer.text)
    assert found
    key = {"Authorization": f"Bearer {found.group(1)}"}
    assert (await client.get("/api/v1/me", headers=key)).json()["role"] == "partner"
    page = await client.get(f"/missions/{mission.slug}/accounts", headers=mission.bearer("lead"))
    assert "A newspaper" in page.text
    assert found.group(1) not in page.text
    ((member,),) = rows("SELECT id FROM member WHERE handle = 'A newspaper'")
    assert (await act(client, mission, f"accounts/members/{member}/end")).status_code == 303
    await asyncio.sleep(CACHE_SECONDS)
    assert (await client.get("/api/v1/me", headers=key)).status_code == 401


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("members", {"name": "lead", "role": "analyst"}),
        ("members", {"name": "", "role": "lead"}),
        ("members", {"name": "C", "role": "coordinator"}),
        ("keys", {"name": "K", "role": "lead"}),
        ("members", {"name": "P", "role": "partner"}),
        ("members", {"name": "O", "role": "observer"}),
    ],
)
async def test_a_member_that_cannot_be_is_refused_in_words(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows, path: str, typed: dict[str, str]
) -> None:
    before = rows("SELECT count(*) FROM member")
    answer = await act(client, mission, f"accounts/{path}", **typed)
    assert answer.status_code == 409
    assert rows("SELECT count(*) FROM member") == before


async def test_whoever_is_let_go_is_out_within_a_second(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    await take_up(client, await invite(client, mission))
    assert (await client.get("/api/v1/me")).status_code == 200
    ((member,),) = rows("SELECT id FROM member WHERE handle = 'DM-2'")
    await act(client, mission, f"accounts/members/{member}/end")
    await asyncio.sleep(CACHE_SECONDS)
    assert (await client.get("/api/v1/me")).status_code == 401


async def test_nobody_ends_their_own_account(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    own = mission.holders["lead"]
    assert (await act(client, mission, f"accounts/members/{own}/end")).status_code == 409


async def test_one_s_sessions_are_listed_and_one_is_ended(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    client.headers["user-agent"] = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
    await take_up(client, await invite(client, mission))
    sessions = f"/missions/{mission.slug}/sessions"
    page = await client.get(sessions)
    assert "Firefox, Linux" in page.text
    assert "This one" in page.text
    (own,) = re.findall(r"/sessions/([0-9a-f]{24})/end", page.text)
    assert (await client.post(f"{sessions}/{own}/end", headers=OWN)).status_code == 303
    await asyncio.sleep(CACHE_SECONDS)
    assert (await client.get("/api/v1/me")).status_code == 401


async def test_nobody_ends_a_session_of_another_as_their_own(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    lead = token_hash(mission.tokens["lead"]).hex()[:24]
    answer = await act(client, mission, f"sessions/{lead}/end", "data_manager")
    assert answer.status_code == 404
    assert (await client.get("/api/v1/me", headers=mission.bearer("lead"))).status_code == 200


async def test_a_new_invitation_ends_what_was_open(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    await take_up(client, await invite(client, mission))
    ((member,),) = rows("SELECT id FROM member WHERE handle = 'DM-2'")
    answer = await act(client, mission, f"accounts/members/{member}/invite")
    assert "/invitation/" in answer.text
    await asyncio.sleep(CACHE_SECONDS)
    assert (await client.get("/api/v1/me")).status_code == 401


@pytest.mark.parametrize("gone", ["invite", "end"])
async def test_the_password_of_who_is_invited_anew_or_let_go_opens_nothing(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows, gone: str
) -> None:
    await take_up(client, await invite(client, mission))
    client.cookies.clear()
    ((member,),) = rows("SELECT id FROM member WHERE handle = 'DM-2'")
    await act(client, mission, f"accounts/members/{member}/{gone}")
    assert await sign_in(client, mission) == 401
    assert rows("SELECT * FROM account") == []


async def test_a_session_opened_while_its_owner_is_invited_anew_ends_too(
    client: httpx.AsyncClient, mission: SmallMission, database: Database, rows: Rows
) -> None:
    await take_up(client, await invite(client, mission))
    ((member,),) = rows("SELECT id FROM member WHERE handle = 'DM-2'")
    path = f"accounts/members/{member}/invite"
    with psycopg.connect(database.admin_url) as signing_in:
        signing_in.execute("UPDATE account SET totp_step = totp_step + 1")
        again = asyncio.create_task(act(client, mission, path))
        await asyncio.sleep(0.5)
        signing_in.execute(
            "INSERT INTO credential (token_hash, mission_id, role, purpose, holder_id, created_at,"
            " label) VALUES ('new', %s, 'data_manager', 'session', %s, now(), '')",
            (mission.mission_id, member),
        )
    assert (await again).status_code == 200
    assert rows("SELECT revoked_at IS NULL FROM credential WHERE token_hash = 'new'") == [(False,)]


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("", "Browser"),
        ("<script>", "Browser"),
    ],
)
def test_a_browser_is_called_by_what_it_is(agent: str, label: str) -> None:
    assert label_of(agent) == label
