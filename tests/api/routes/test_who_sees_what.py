"""Every operation of the reading side, for every role, in one's own mission and another's."""

from uuid import uuid4

import httpx
import psycopg
import pytest
from sqlalchemy import create_engine
from sqlmodel import Session

from schemas.credential import Purpose, Role
from tests.api.routes.people import get, post
from tests.api.small import SmallMission, credential, sow
from tests.conftest import Database

APPROVED = {
    "/reports": {"lead": 200, "data_manager": 200, "observer": 200, "partner": 200},
    "/reports/{report_id}": {"lead": 200, "data_manager": 200, "observer": 404, "partner": 404},
    "/reports/{report_id}/raw": {
        "lead": 200,
        "data_manager": 200,
        "observer": 404,
        "partner": 404,
    },
    "/coverage": {"lead": 200, "data_manager": 200, "observer": 404, "partner": 404},
    "/irregularities": {"lead": 200, "data_manager": 200, "observer": 404, "partner": 404},
    "/irregularities.csv": {"lead": 200, "data_manager": 200, "observer": 404, "partner": 404},
    "/quick-counts/{contest}": {
        "lead": 404,
        "data_manager": 404,
        "observer": 404,
        "partner": 404,
    },
    "/findings": {"lead": 200, "data_manager": 200, "observer": 404, "partner": 200},
    "/statements": {"lead": 200, "data_manager": 200, "observer": 200, "partner": 200},
    "/statements/{statement_id}": {
        "lead": 404,
        "data_manager": 404,
        "observer": 404,
        "partner": 404,
    },
    "/stations": {"lead": 200, "data_manager": 200, "observer": 200, "partner": 200},
    "/deployments": {"lead": 200, "data_manager": 200, "observer": 200, "partner": 404},
    "/observers": {"lead": 200, "data_manager": 200, "observer": 404, "partner": 404},
    "/checklists": {"lead": 200, "data_manager": 200, "observer": 200, "partner": 200},
    "/checklists/{name}": {"lead": 200, "data_manager": 200, "observer": 200, "partner": 200},
    "/changes": {"lead": 200, "data_manager": 200, "observer": 200, "partner": 200},
}
"""Some of the approved table; the report is observer O-2's, there is no statement, and nothing was
shared with partners."""
READING = "/api/v1/missions/{slug}"


def filled(path: str, report: str) -> str:
    """An address with its parts filled in."""
    parts = {"report_id": report, "contest": "president", "name": "voting"}
    return path.format(**parts, statement_id=uuid4()).lstrip("/")


@pytest.mark.parametrize("role", ["lead", "data_manager", "observer", "partner"])
async def test_each_role_reads_what_was_approved_for_it_and_nothing_else(
    client: httpx.AsyncClient, mission: SmallMission, role: str
) -> None:
    report = await post(client, mission, "observer2", observer=...)
    found = {}
    for path in APPROVED:
        answer = await get(client, mission, filled(path, report["id"]), role)
        found[path] = answer.status_code
    assert found == {path: roles[role] for path, roles in APPROVED.items()}


@pytest.mark.parametrize("role", ["lead", "data_manager", "observer", "partner"])
async def test_another_mission_is_not_there(
    client: httpx.AsyncClient, mission: SmallMission, database: Database, role: str
) -> None:
    other = sow(database.admin_url, "elsewhere-2026")
    report = await post(client, other)
    for path in APPROVED:
        own = f"/api/v1/missions/{mission.slug}/{filled(path, report['id'])}"
        theirs = f"/api/v1/missions/{other.slug}/{filled(path, report['id'])}"
        answer = await client.get(theirs, headers=mission.bearer(role))
        assert answer.status_code == 404, path
        if "report_id" in path:
            assert (await client.get(own, headers=mission.bearer(role))).status_code == 404
    listed = await get(client, mission, "reports", role)
    assert listed.json()["items"] == []


async def test_nobody_reads_anything_without_a_token(
    client: httpx.AsyncClient, mission: SmallMission
) -> None:
    for path in APPROVED:
        answer = await client.get(f"/api/v1/missions/{mission.slug}/{filled(path, str(uuid4()))}")
        assert answer.status_code == 401, path
    assert (await client.get(f"/missions/{mission.slug}/events")).status_code == 401


async def test_a_key_for_imports_reads_what_it_sent_and_no_figure(
    client: httpx.AsyncClient, mission: SmallMission, database: Database
) -> None:
    key = credential(
        mission, "import", Role.IMPORT, Purpose.BEARER, mission.holders["data_manager"]
    )
    engine = create_engine(database.admin_url.replace("postgresql:", "postgresql+psycopg:", 1))
    with Session(engine) as session:
        session.add(key)
        session.commit()
    engine.dispose()
    report = await post(client, mission, "observer2", observer=...)
    found = {
        path: (await get(client, mission, filled(path, report["id"]), "import")).status_code
        for path in APPROVED
    }
    assert {path for path, status in found.items() if status != 404} == TO_A_KEY
    assert {found[path] for path in TO_A_KEY} == {200}
    listed = await get(client, mission, "reports", "import")
    assert listed.json()["items"] == []


TO_A_KEY = {"/reports", "/statements", "/stations", "/checklists", "/checklists/{name}", "/changes"}


async def test_a_revoked_token_reads_nothing_more(
    client: httpx.AsyncClient, mission: SmallMission, database: Database
) -> None:
    with psycopg.connect(database.admin_url) as connection:
        connection.execute("UPDATE credential SET revoked_at = now()")
    assert (await get(client, mission, "reports")).status_code == 401
