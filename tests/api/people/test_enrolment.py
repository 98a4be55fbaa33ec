"""A phone is enrolled once, by a code on a sheet or read aloud; a second use is told."""

from collections.abc import Callable
from typing import Any

import httpx
import psycopg

from tests.api.small import SmallMission
from tests.conftest import Database

Rows = Callable[..., list[tuple[Any, ...]]]


async def code(
    client: httpx.AsyncClient, mission: SmallMission, means: str = "sheet", who: str = "O-1"
) -> httpx.Response:
    place = f"/api/v1/missions/{mission.slug}/observers/{who}/enrolment"
    return await client.post(place, json={"means": means}, headers=mission.bearer("lead"))


async def use(client: httpx.AsyncClient, given: str, path: str = "enrol") -> httpx.Response:
    return await client.post(f"/api/v1/{path}", json={"code": given})


async def test_a_code_serves_once_and_its_second_use_alarms_the_lead(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    made = (await code(client, mission)).json()
    assert made["address"].endswith(f"/field/#enrol={made['code']}")
    opened = (await use(client, made["code"], "enrol/opening")).json()
    assert (opened["pseudonym"], opened["mission"]) == ("O-1", mission.slug)
    assert (await use(client, made["code"])).json()["pseudonym"] == "O-1"
    assert (await use(client, made["code"])).status_code == 410
    assert (await use(client, made["code"], "enrol/opening")).status_code == 410
    place, lead = f"/api/v1/missions/{mission.slug}/alarms", mission.bearer("lead")
    (alarm,) = (await client.get(place, headers=lead)).json()["items"]
    assert (alarm["kind"], alarm["subject"]) == ("second_use", "O-1")
    settled = await client.post(f"{place}/{alarm['id']}/settle", headers=lead)
    assert settled.status_code == 204
    assert (await client.get(place, headers=lead)).json()["items"] == []


async def test_a_code_ends_fifteen_minutes_after_it_was_opened(
    client: httpx.AsyncClient, mission: SmallMission, database: Database, rows: Rows
) -> None:
    made = (await code(client, mission)).json()["code"]
    assert (await use(client, made, "enrol/opening")).status_code == 200
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        earlier = "UPDATE credential SET expires_at = expires_at - interval '16 minutes'"
        connection.execute(f"{earlier} WHERE opened_at IS NOT NULL")
    assert (await use(client, made)).status_code == 410
    assert rows("SELECT kind, detail FROM alarm") == [("second_use", "expired")]


async def test_a_code_read_aloud_shuts_the_lost_phone_out(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    lost = (await use(client, (await code(client, mission)).json()["code"])).json()["token"]
    read = (await code(client, mission, "telephone")).json()["code"]
    typed = f"{read[:4].lower()} {read[4:]}"
    token = (await use(client, typed)).json()["token"]

    async def me(bearer: str) -> int:
        headers = {"Authorization": f"Bearer {bearer}"}
        return (await client.get("/api/v1/me", headers=headers)).status_code

    assert (await me(token), await me(lost)) == (200, 401)


async def test_short_codes_cannot_be_guessed_at(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    guesses = [(await use(client, f"ACDEFGH{letter}")).status_code for letter in "ACDEFG"]
    assert guesses == [404] * 5 + [429]


async def test_an_interpreter_signs_and_enrols_no_phone(
    client: httpx.AsyncClient, mission: SmallMission, database: Database
) -> None:
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        connection.execute("UPDATE observer SET function = 'interpreter' WHERE pseudonym = 'O-2'")
    answer = await code(client, mission, who="O-2")
    assert (answer.status_code, "has no account" in answer.json()["detail"]) == (422, True)


async def test_a_rehearsal_is_kept_with_the_phone_and_is_no_report(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    token = (await use(client, (await code(client, mission)).json()["code"])).json()["token"]
    answer = await client.post(
        f"/api/v1/missions/{mission.slug}/rehearsal",
        json={"probe": "here"},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.json()["receipt"]["signature"]
    assert rows("SELECT means, rehearsed_at IS NOT NULL FROM phone") == [("sheet", True)]
    assert rows("SELECT count(*) FROM report") == [(0,)]


async def test_a_sheet_has_a_page_for_everybody_without_a_phone_in_their_language(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rows("UPDATE observer SET languages = '[\"ar\", \"fr\"]' WHERE pseudonym = 'O-1' RETURNING 1")
    place, lead = f"/missions/{mission.slug}/people/sheet", mission.bearer("lead")
    said = await client.post(place, headers=lead)
    assert "attachment" in said.headers["content-disposition"]
    assert said.text.count("<svg") == said.text.count("<section") >= 2
    assert '<section lang="ar" dir="rtl">' in said.text
    assert "viewBox" in said.text.partition("<svg")[2].partition(">")[0]
    code = said.text.partition("#enrol=")[2].partition("<")[0]
    assert (await client.post("/api/v1/enrol", json={"code": code})).status_code == 200
    again = await client.post(place, headers=lead)
    assert again.text.count("<section") == said.text.count("<section") - 1
    assert (await client.post(place, headers=mission.bearer("observer"))).status_code == 404
