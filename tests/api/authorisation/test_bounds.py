"""A coordinator sees its area and what lies in it; a bounded analyst sees its sections."""

from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine
from sqlmodel import Session, select

from schemas.credential import Purpose, Role
from schemas.deployment import DeployedObserver, Deployment
from schemas.election import Round
from schemas.mission import Member, Organisation
from schemas.place import Area, Place
from tests.api.routes.people import get, post
from tests.api.small import SmallMission, credential
from tests.conftest import Database


@pytest.fixture
def bounded(database: Database, mission: SmallMission) -> SmallMission:
    """Station 001 lies in a district of the north, 002 in the south; O-1 is sent to the north."""
    of: dict[str, Any] = {"mission_id": mission.mission_id}
    engine = create_engine(database.admin_url.replace("postgresql:", "postgresql+psycopg:", 1))
    with Session(engine) as session:
        north, south = (Area(**of, code=each, name=each, level="region") for each in "NS")
        session.add_all([north, south])
        session.flush()
        district = Area(**of, code="N1", name="N1", level="district", parent_id=north.id)
        session.add(district)
        session.flush()
        places = {each.code: each for each in session.exec(select(Place))}
        places["001"].area_id, places["002"].area_id = district.id, south.id
        polled = session.exec(select(Round)).one()
        people = session.exec(select(Organisation)).one()
        sent = Deployment(
            **of,
            round_id=polled.id,
            organisation_id=people.id,
            kind="static",
            place_id=places["001"].id,
            expected={},
        )
        session.add(sent)
        session.flush()
        session.add(
            DeployedObserver(**of, deployment_id=sent.id, observer_id=mission.holders["observer"])
        )
        for role, bounds in (
            ("coordinator", {"area_id": north.id}),
            ("core_analyst", {"sections": ["counting"]}),
        ):
            member = Member(**of, handle=role, role=role, **bounds)
            session.add(member)
            session.flush()
            session.add(credential(mission, role, Role(role), Purpose.BEARER, member.id))
        session.commit()
    engine.dispose()
    return mission


async def ids(client: httpx.AsyncClient, mission: SmallMission, who: str) -> set[str]:
    """The reports that somebody is shown."""
    return {each["id"] for each in (await get(client, mission, "reports", who)).json()["items"]}


async def test_a_coordinator_sees_the_reports_of_its_area_and_no_other(
    client: httpx.AsyncClient, bounded: SmallMission
) -> None:
    own = await post(client, bounded, station="001")
    unplaced = await post(client, bounded, station="999")
    elsewhere = await post(client, bounded, station="002")
    astray = await post(client, bounded, station="998", observer="O-2")
    assert await ids(client, bounded, "coordinator") == {own["id"], unplaced["id"]}
    for each in (elsewhere, astray):
        for path in (f"reports/{each['id']}", f"reports/{each['id']}/raw"):
            assert (await get(client, bounded, path, "coordinator")).status_code == 404
    assert (
        await get(client, bounded, f"reports/{own['id']}/raw", "coordinator")
    ).status_code == 200
    assert len(await ids(client, bounded, "lead")) == 4


async def test_a_coordinator_sees_who_is_sent_to_its_area(
    client: httpx.AsyncClient, bounded: SmallMission
) -> None:
    seen = (await get(client, bounded, "observers", "coordinator")).json()["items"]
    assert [each["pseudonym"] for each in seen] == ["O-1"]
    sent = (await get(client, bounded, "deployments", "coordinator")).json()["items"]
    assert [each["station"]["code"] for each in sent] == ["001"]


async def test_a_bounded_analyst_sees_no_report_and_no_rate_of_another_stage(
    client: httpx.AsyncClient, bounded: SmallMission
) -> None:
    report = await post(client, bounded, answers={"queue": 1, "sealed": "no"})
    assert await ids(client, bounded, "core_analyst") == set()
    assert (
        await get(client, bounded, f"reports/{report['id']}", "core_analyst")
    ).status_code == 404
    rates = (await get(client, bounded, "irregularities")).json()["items"]
    assert rates
    assert {each["stage"] for each in rates} == {"voting"}
    assert (await get(client, bounded, "irregularities", "core_analyst")).json()["items"] == []
