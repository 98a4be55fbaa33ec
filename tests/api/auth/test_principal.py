"""Tokens, enrolment, sessions, and how fast a revoked credential stops working."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import psycopg
import pytest

from api.auth.principal import CACHE_SECONDS, token_hash
from api.server.request_headers import COOKIE
from schemas.credential import Credential, Purpose, Role
from tests.api.small import SmallMission, credential
from tests.conftest import Database

Rows = Callable[..., list[tuple[Any, ...]]]
OWN = {"Sec-Fetch-Site": "same-origin"}


def add(database: Database, issued: Credential) -> None:
    with psycopg.connect(database.admin_url) as connection:
        connection.execute(
            "INSERT INTO credential (token_hash, mission_id, role, purpose, holder_id, created_at)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            (
                issued.token_hash,
                issued.mission_id,
                issued.role,
                issued.purpose,
                issued.holder_id,
                issued.created_at,
            ),
        )


@pytest.fixture
def enrolment(database: Database, mission: SmallMission) -> str:
    """An unused enrolment code of observer O-2."""
    holder = mission.holders["observer2"]
    add(database, credential(mission, "code", Role.OBSERVER, Purpose.ENROLMENT, holder))
    return mission.tokens["code"]


@pytest.fixture
def link(database: Database, mission: SmallMission) -> str:
    """An unused sign-in link of the lead."""
    holder = mission.holders["lead"]
    add(database, credential(mission, "link", Role.LEAD, Purpose.SIGN_IN, holder))
    return f"/sign-in/{mission.tokens['link']}"


async def test_an_observer_learns_who_it_is_and_which_round_is_on(
    as_observer: httpx.AsyncClient, mission: SmallMission
) -> None:
    me = (await as_observer.get("/api/v1/me")).json()
    assert (me["role"], me["mission"], me["pseudonym"]) == ("observer", mission.slug, "O-1")
    assert (me["organisation"], me["kind"]) == ("Citizens Watch", "domestic")
    assert me["pledged_at"] is not None
    assert me["round"] == {
        "code": "first",
        "name": "First round",
        "polling_days": ["2026-11-08"],
        "opens": "07:00",
        "closes": "20:00",
        "zone": "UTC",
    }


async def test_a_lead_has_no_pseudonym(as_lead: httpx.AsyncClient) -> None:
    me = (await as_lead.get("/api/v1/me")).json()
    assert (me["role"], me["pseudonym"], me["organisation"]) == ("lead", None, None)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic x", "Bearer " + "x" * 9000])
async def test_without_a_valid_token_nobody_gets_in(client: httpx.AsyncClient, header: str) -> None:
    response = await client.get("/api/v1/me", headers={"Authorization": header})
    assert (response.status_code, response.json()["code"]) == (401, "unauthenticated")
    assert response.headers["www-authenticate"] == "Bearer"


async def test_a_code_enrols_once(client: httpx.AsyncClient, enrolment: str) -> None:
    answers = await asyncio.gather(
        *[client.post("/api/v1/enrol", json={"code": enrolment}) for _ in range(8)]
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [410] * 7
    (given,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert given["pseudonym"] == "O-2"
    bearer = {"Authorization": f"Bearer {given['token']}"}
    assert (await client.get("/api/v1/me", headers=bearer)).json()["pseudonym"] == "O-2"
    used_as_token = {"Authorization": f"Bearer {enrolment}"}
    assert (await client.get("/api/v1/me", headers=used_as_token)).status_code == 401


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"code": "nothing"}, 404, "code"),
        ({}, 422, "code"),
        ({"code": 7}, 422, "code"),
        ({"code": "x", "more": 1}, 422, "more"),
    ],
)
async def test_a_wrong_code_is_a_problem_that_names_it(
    client: httpx.AsyncClient, body: dict[str, Any], status: int, field: str
) -> None:
    response = await client.post("/api/v1/enrol", json=body)
    assert (response.status_code, response.json()["field"]) == (status, field)
    assert response.headers["content-type"] == "application/problem+json"


async def test_a_revoked_token_stops_working_within_a_second(
    as_observer: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    assert CACHE_SECONDS < 1
    assert (await as_observer.get("/api/v1/me")).status_code == 200
    rows("SELECT revoke_credential(%s)", token_hash(mission.tokens["observer"]))
    await asyncio.sleep(CACHE_SECONDS)
    assert (await as_observer.get("/api/v1/me")).status_code == 401


async def test_a_sign_in_link_opens_one_session(client: httpx.AsyncClient, link: str) -> None:
    first = await client.post(link, headers=OWN)
    assert (first.status_code, first.headers["location"]) == (303, "/missions/vastria-2026/")
    cookie = first.headers["set-cookie"].lower()
    assert all(word in cookie for word in (COOKIE, "httponly", "samesite=lax"))
    assert (await client.get("/api/v1/me")).json()["role"] == "lead"
    assert (await client.get(link)).status_code == 410
    assert (await client.post(link, headers=OWN)).status_code == 410


async def test_who_only_looks_at_a_sign_in_link_does_not_use_it_up(
    client: httpx.AsyncClient, link: str
) -> None:
    for _ in range(3):
        page = await client.get(link, headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert page.text.count("<button") == page.text.count('<form method="post"') == 1
        assert "set-cookie" not in page.headers
    assert (await client.get("/api/v1/me")).status_code == 401
    assert (await client.post(link)).status_code == 303


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
    ],
)
async def test_a_page_elsewhere_signs_nobody_in_by_its_own_link(
    client: httpx.AsyncClient, link: str, elsewhere: dict[str, str]
) -> None:
    answer = await client.post(link, headers=elsewhere)
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert (await client.post(link, headers=OWN)).status_code == 303


async def test_a_sign_in_link_opens_no_mission_that_is_not_a_demonstration(
    client: httpx.AsyncClient, link: str, rows: Rows
) -> None:
    rows("UPDATE mission SET demonstration = false RETURNING 1")
    assert (await client.get(link)).status_code == 404
    assert (await client.post(link, headers=OWN)).status_code == 404


async def test_a_session_writes_only_from_its_own_pages(
    client: httpx.AsyncClient, link: str, mission: SmallMission
) -> None:
    await client.post(link, headers=OWN)
    report = mission.report()
    same = {"Sec-Fetch-Site": "same-origin", "Origin": "http://indelible"}
    for elsewhere in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}):
        response = await client.post(mission.reports, json=report, headers=elsewhere)
        assert (response.status_code, response.json()["code"]) == (403, "cross_origin")
    assert (await client.post(mission.reports, json=report, headers=same)).status_code == 201
    assert (await client.post("/sign-out", headers=same)).status_code == 303
    assert (await client.get("/api/v1/me")).status_code == 401
