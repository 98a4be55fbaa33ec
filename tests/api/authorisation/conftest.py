"""Every operation asked for once by every role, in one's own mission and in another's."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import create_engine
from sqlmodel import Session, col, select

from api.app import create_app
from api.settings import Settings
from schemas.columns import new_id, now
from schemas.credential import Purpose, Role
from schemas.deployment import Deployment
from schemas.election import Contest, Round
from schemas.mission import Member, Organisation
from schemas.place import Area, Place
from schemas.statement import Snapshot, Statement
from tests.api.authorisation.operations import ROLES, Operation, operations
from tests.api.conftest import awake
from tests.api.routes.people import post
from tests.api.small import SmallMission, credential, sow
from tests.conftest import SECRET, Database, _fresh

STATEMENT = new_id()
DEPLOYMENT = new_id()


@dataclass
class Answers:
    """Statuses by operation and role, in one's own mission and another's; and the operations."""

    operations: list[Operation] = field(default_factory=list)
    own: dict[str, dict[str, int]] = field(default_factory=dict)
    other: dict[str, dict[str, int]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def answers(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    """All answers: one database and one application for the whole module."""
    for database in _fresh(server):
        home = tmp_path_factory.mktemp("home")
        yield asyncio.run(_ask_everything(database, home))


async def _ask_everything(database: Database, home: Path) -> Answers:
    mission = sow(database.admin_url)
    other = sow(database.admin_url, "elsewhere-2026")
    _hire(database, mission)
    app: Any = create_app(Settings(home=home, secret=SECRET, database_url=database.app_url))
    answers = Answers(operations(app._app.framework))
    async with awake(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://indelible") as client:
            reports = {
                each.slug: (await post(client, each, "observer2", observer=...))["id"]
                for each in (mission, other)
            }
            for operation in answers.operations:
                answers.own[operation.name] = await _ask(
                    client, mission, mission, operation, reports
                )
                if operation.of_mission:
                    answers.other[operation.name] = await _ask(
                        client, mission, other, operation, reports
                    )
    return answers


def _hire(database: Database, mission: SmallMission) -> None:
    """A member for every role that the small mission lacks, with a token; an area of station 001
    for the coordinator, the stage of voting for the core-team analyst."""
    engine = create_engine(database.admin_url.replace("postgresql:", "postgresql+psycopg:", 1))
    of = {"mission_id": mission.mission_id}
    with Session(engine) as session:
        area = Area(**of, code="N", name="North", level="region")
        session.add(area)
        session.flush()
        place = session.exec(
            select(Place).where(Place.mission_id == mission.mission_id, col(Place.code) == "001")
        ).one()
        place.area_id = area.id
        for role in set(ROLES) - {*mission.tokens}:
            bounds = {"coordinator": {"area_id": area.id}, "core_analyst": {"sections": ["voting"]}}
            member = Member(**of, handle=role, role=role, **bounds.get(role, {}))
            session.add(member)
            session.flush()
            session.add(credential(mission, role, Role(role), Purpose.BEARER, member.id))
        spare = Member(**of, handle="spare", role=Role.ANALYST)
        session.add(spare)
        mission.holders["spare"] = spare.id
        _send(session, mission, place)
        _conclude(session, mission)
        session.commit()
    engine.dispose()


def _send(session: Session, mission: SmallMission, place: Place) -> None:
    """A deployment in the coordinator's area, of nobody."""
    of = {"mission_id": mission.mission_id}
    polled = session.exec(select(Round).where(Round.mission_id == mission.mission_id)).one()
    people = select(Organisation).where(Organisation.mission_id == mission.mission_id)
    session.add(
        Deployment(
            **of,
            id=DEPLOYMENT,
            round_id=polled.id,
            kind="static",
            place_id=place.id,
            expected={},
            organisation_id=session.exec(people).one().id,
        )
    )


def _conclude(session: Session, mission: SmallMission) -> None:
    """A contest, and a statement that is still a draft."""
    of = {"mission_id": mission.mission_id}
    polled = session.exec(select(Round).where(Round.mission_id == mission.mission_id)).one()
    contest = Contest(
        **of,
        round_id=polled.id,
        code="president",
        name="President",
        denominator="valid",
        choices_per_ballot=1,
        thresholds=[],
    )
    snapshot = Snapshot(
        **of,
        round_id=polled.id,
        sequence=0,
        frozen_at=now(),
        sha256="0" * 64,
        numbers={"1": {"text": "1"}},
    )
    session.add_all([contest, snapshot])
    session.flush()
    session.add(
        Statement(
            **of,
            id=STATEMENT,
            round_id=polled.id,
            snapshot_id=snapshot.id,
            kind="preliminary",
            language="en",
            title="Draft",
            blocks=[],
            drafted_at=now(),
            drafted_by=STATEMENT,
        )
    )


async def _ask(
    client: httpx.AsyncClient,
    mission: SmallMission,
    of: SmallMission,
    operation: Operation,
    reports: dict[str, str],
) -> dict[str, int]:
    found = {}
    if of is mission:
        found["nobody"] = await _status(client, of, operation, reports, {})
    for role in reversed(ROLES):
        found[role] = await _status(client, of, operation, reports, mission.bearer(role))
    return found


def _known(operation: Operation, of: SmallMission, reports: dict[str, str]) -> dict[str, str]:
    """What is there to be named in addresses."""
    return {
        "slug": of.slug,
        "report_id": reports[of.slug],
        "name": "held" if "/queues/{name}" in operation.path else "voting",
        "version": "2",
        "contest": "president",
        "code": "box-not-sealed",
        "sha256": "0" * 64,
        "rest": "nothing",
        "number": "1",
        "pseudonym": "O-2",
        "statement_id": str(STATEMENT),
        "deployment_id": str(DEPLOYMENT),
        "queue": "held",
    }


async def _status(
    client: httpx.AsyncClient,
    of: SmallMission,
    operation: Operation,
    reports: dict[str, str],
    headers: dict[str, str],
) -> int:
    parts = _known(operation, of, reports)
    unknown = {each: str(uuid4()) for each in _parts(operation.path) if each not in parts}
    if "/accounts/members/{id}" in operation.path:
        unknown["id"] = str(of.holders.get("spare", STATEMENT))
    if operation.path.startswith("/missions/{slug}/statements/"):
        unknown["id"] = str(STATEMENT)
    if operation.path.startswith("/missions/{slug}/reports/"):
        unknown["id"] = reports[of.slug]
    if operation.path.startswith("/missions/{slug}/deployments/"):
        unknown["id"] = str(DEPLOYMENT)
    body = _body(of, operation)
    if operation.path.endswith("/events"):
        headers = headers | {"Last-Event-ID": "x"}  # no number: no stream begins
    asked = (
        {"checklist": "voting"}
        if operation.path.endswith(("reports.csv", "reports.xlsx", "reports.parquet"))
        else None
    )
    path = operation.path.format(**parts, **unknown)
    answer = await client.request(operation.method, path, params=asked, json=body, headers=headers)
    return answer.status_code


def _body(of: SmallMission, operation: Operation) -> Any:
    """What is sent: with it nothing is ended or taken over, so that it is there for the next
    role."""
    if operation.path.endswith(("/deployments/{deployment_id}/end", "/{report_id}/decision")):
        return {**operation.body, "reason": ""}
    if operation.path.endswith("/snapshot/acceptance"):
        return {"sections": []}
    if operation.path.endswith("/reports") and operation.method == "POST":
        return of.report(observer=...)
    return operation.body


def _parts(path: str) -> list[str]:
    return [each.partition("}")[0] for each in path.split("{")[1:]]
