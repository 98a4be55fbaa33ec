"""A mission for the journeys: three stations, one observer who is expected at one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import col, select

from api.audit.sealed_work import office
from api.checklists.form_files import Files
from api.checklists.publishing import NONE, publish_checklist
from api.imports.deployments import import_deployments
from api.imports.observers import import_observers
from api.imports.papers import import_accreditations
from api.imports.stations import import_stations
from api.imports.table import read_table
from api.missions.create import MissionFile, create_mission, issue_secret
from api.settings import Settings
from schemas.credential import Purpose, Role
from schemas.mission import Member
from schemas.observer import Observer

SLUG = "vastria"
STATIONS = b"""code,name,area_code,area_name,registered_voters
0471,School 3,01,Keshal,812
0472,School 7,01,Keshal,640
0473,Town hall,02,Dorrin,1204
"""
OBSERVERS = b"""pseudonym,organisation,pledged,declared
S-2041,civic,yes,yes
"""
ACCREDITED = b"pseudonym,state,number,issuer\nS-2041,issued,VAS-0031,Commission\n"
DEPLOYMENTS = b"""station,observers,expect voting,expect counting
0471,S-2041,1,1
"""


@dataclass(frozen=True)
class JourneyMission:
    """What a journey needs: tokens of people, and codes for the observer's phone."""

    slug: str
    tokens: dict[str, str]
    codes: list[str]
    sign_in: str


def found(
    settings: Settings,
    *,
    workbook: bytes | None = None,
    contests: Sequence[Any] = (),
    deployments: bytes = DEPLOYMENTS,
    files: Files = NONE,
    observers: bytes = OBSERVERS,
    stations: bytes = STATIONS,
    polling_day: date | None = None,
) -> JourneyMission:
    """Found it in the running installation, as its people would by command; with a checklist of
    its own and its ``files``, if a ``workbook`` is given. The codes are the first observer's. The
    ``polling_day`` is today, if none is given."""
    day = polling_day or datetime.now(UTC).date()
    plan = MissionFile.model_validate(
        {
            "mission": {
                "slug": SLUG,
                "title": "Vastria, first round",
                "country": "Vastria",
                "demonstration": True,
                "checklists": ["voting", "counting", "incident", "access_denied"],
            },
            "organisations": [{"code": "civic", "name": "Civic Count", "kind": "domestic"}],
            "election": {"code": "e", "name": "Election"},
            "rounds": [{"code": "first", "name": "First round", "polling_days": [day]}],
            "contests": contests,
        }
    )
    with office(settings) as at:
        made = create_mission(at, plan)
        with at.work(made.mission_id) as work:
            import_stations(work, read_table(stations))
            import_observers(work, read_table(observers))
            work.session.flush()
            import_accreditations(work, read_table(ACCREDITED))
            if workbook:
                publish_checklist(work, workbook, files=files)
            import_deployments(work, read_table(deployments))
            first = select(Observer).order_by(col(Observer.pseudonym)).limit(1)
            observer = work.session.exec(first).one()
            codes = [
                issue_secret(
                    work.session, made.mission_id, Role.OBSERVER, Purpose.ENROLMENT, observer.id
                )
                for _ in range(2)
            ]
            lead = work.session.exec(select(Member).where(Member.role == Role.LEAD)).one()
            link = issue_secret(work.session, made.mission_id, Role.LEAD, Purpose.SIGN_IN, lead.id)
    return JourneyMission(SLUG, dict(made.tokens), codes, f"/sign-in/{link}")
