"""The page of people: who is held up at which gate, and a group let through by one act."""

from collections.abc import Callable
from typing import Any

import httpx

from schemas.credential import Purpose, Role
from tests.api.people.test_release import declared, held
from tests.api.small import SmallMission, credential
from tests.conftest import Database

Rows = Callable[..., list[tuple[Any, ...]]]


def signed_in(client: httpx.AsyncClient, mission: SmallMission, database: Database) -> None:
    from sqlalchemy import create_engine
    from sqlmodel import Session

    url = database.admin_url.replace("postgresql://", "postgresql+psycopg://", 1)
    made = credential(mission, "lead_session", Role.LEAD, Purpose.SESSION, mission.holders["lead"])
    engine = create_engine(url)
    with Session(engine) as session:
        session.add(made)
        session.commit()
    engine.dispose()
    client.headers["Cookie"] = f"indelible_session={mission.tokens['lead_session']}"
    client.headers["Sec-Fetch-Site"] = "same-origin"


async def test_the_page_says_who_does_not_count_and_why(
    client: httpx.AsyncClient, mission: SmallMission, database: Database
) -> None:
    signed_in(client, mission, database)
    shown = (await client.get(f"/missions/{mission.slug}/people")).text
    assert "3 of 5 observers are not yet cleared" in shown
    few = (await client.get(f"/missions/{mission.slug}/people?show=no_pledge")).text
    assert "O-unpledged" in few
    assert "O-undeclared" not in few
    assert (await client.get(f"/missions/{mission.slug}/people?show=x")).status_code == 422


async def test_a_group_of_declarations_is_accepted_by_one_act(
    client: httpx.AsyncClient, mission: SmallMission, database: Database, rows: Rows
) -> None:
    report = await held(client, mission, "undeclared")
    one = await declared(client, mission)
    signed_in(client, mission, database)
    answer = await client.post(
        f"/missions/{mission.slug}/people/declarations",
        data={"declaration": [one], "reason": "nothing to declare"},
    )
    assert answer.status_code == 303
    assert rows("SELECT status FROM report WHERE id = %s", report) == [("received",)]
    decided = "SELECT decision, decided_by FROM interest_declaration WHERE id = %s"
    assert rows(decided, one) == [("accepted", mission.holders["lead"])]
