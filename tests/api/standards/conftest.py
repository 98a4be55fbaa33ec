"""A mission of both kinds of observers with the library's checklists, founded from its file."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlmodel import Session, select

from api.app import create_app
from api.audit.sealed_work import office
from api.imports.stations import import_stations
from api.imports.table import read_table
from api.missions.create import MissionFile, create_mission, issue_secret
from api.settings import Settings
from schemas.columns import now
from schemas.credential import Purpose, Role
from schemas.observer import Observer
from tests.api.conftest import awake
from tests.conftest import Database

SLUG = "walked"
TODAY = f"{now():%Y-%m-%d}"
STATIONS = b"code,name,area_code,area_name\nS1,School,north,North\nS2,Hall,north,North\n"
FILE: dict[str, Any] = {
    "mission": {
        "slug": SLUG,
        "title": "Vastria",
        "country": "Vastria",
        "checklists": ["voting", "incident", "access_denied", "complaint"],
    },
    "organisations": [
        {"code": "watch", "name": "Citizens' Watch", "kind": "domestic"},
        {"code": "abroad", "name": "Meridian", "kind": "international"},
    ],
    "observers": [
        {"pseudonym": "W-1", "organisation": "watch", "pledged": True, "declared": True},
        {"pseudonym": "W-2", "organisation": "watch", "pledged": True},
        {"pseudonym": "M-1", "organisation": "abroad", "pledged": True, "declared": True},
    ],
    "election": {"code": "e", "name": "Election"},
    "rounds": [{"code": "first", "name": "First round", "polling_days": [TODAY]}],
    "codes": [
        {"instrument": "coc", "language": "en", "title": "Code", "text": "Stay impartial."},
        {"instrument": "gndem", "language": "en", "title": "Pledge", "text": "Take no side."},
    ],
    "standards": [
        {"code": "law:45", "instrument": "Election law", "says": {"en": "The count is open."}},
    ],
}


@dataclass
class Walked:
    """The mission, and what its people send and read."""

    client: httpx.AsyncClient
    settings: Settings
    tokens: dict[str, str] = field(default_factory=dict)

    def bearer(self, persona: str) -> dict[str, str]:
        """The header of somebody's token: a role, or an observer by pseudonym."""
        return {"Authorization": f"Bearer {self.tokens[persona]}"}

    async def get(self, path: str, persona: str = "lead") -> httpx.Response:
        """Read something of the mission."""
        return await self.client.get(self._at(path), headers=self.bearer(persona))

    async def post(self, path: str, body: Any, persona: str = "lead") -> httpx.Response:
        """Write something in the mission."""
        return await self.client.post(self._at(path), json=body, headers=self.bearer(persona))

    async def send(
        self, persona: str, checklist: str, answers: Mapping[str, Any], **members: Any
    ) -> dict[str, Any]:
        """An observer's report; what was answered to it."""
        report = {
            "id": str(uuid4()),
            "checklist": checklist,
            "observer": persona,
            "station": "S1",
            "arrived_at": now().isoformat(),
            "answers": dict(answers),
        } | members
        (item,) = (await self.post("reports", report, persona)).json()["items"]
        return dict(item)

    def _at(self, path: str) -> str:
        return path if path.startswith("/") else f"/api/v1/missions/{SLUG}/{path}"


def people_of(session: Session) -> dict[str, Observer]:
    """Observers by pseudonym."""
    return {each.pseudonym: each for each in session.exec(select(Observer))}


@pytest.fixture
async def walked(
    database: Database, settings: Settings, serving: Settings
) -> AsyncIterator[Walked]:
    """The mission, served."""
    with office(settings) as at:
        made = create_mission(at, MissionFile.model_validate(FILE))
        with at.work(made.mission_id) as work:
            import_stations(work, read_table(STATIONS))
            tokens = dict(made.tokens) | {
                name: issue_secret(
                    work.session, made.mission_id, Role.OBSERVER, Purpose.BEARER, each.id
                )
                for name, each in people_of(work.session).items()
            }
    app: Any = create_app(serving)
    async with awake(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://indelible") as client:
            yield Walked(client, settings, tokens)
