"""Founding a mission from its file: who runs it, what is voted on, which checklists it uses."""

import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from sqlalchemy import text
from sqlmodel import Session

from api.audit import audit_entry
from api.database.work import ENTER, Office
from api.identity import token_hash
from api.publishing import library_workbook, publish_checklist
from schemas.columns import new_id, now
from schemas.credential import Credential, Purpose, Role
from schemas.election import Contest, Contestant, Denominator, Election, Round
from schemas.mission import Kind, Member, Mission, MissionClock, MissionSlug, Organisation, Scope

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
ISSUED = (Role.LEAD, Role.DATA_MANAGER, Role.IMPORT)


class MissionFileProblem(Exception):
    """A mission's file that cannot be used; the message names the field."""


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Mission(_Shape):
    slug: str
    title: str
    country: str
    kind: Kind = Kind.DOMESTIC
    scope: Scope = Scope.FULL
    languages: list[str] = ["en"]
    zone: str = "UTC"
    response_threshold: float = Field(default=0.8, gt=0, le=1)
    checklists: list[str] = ["voting", "counting"]
    demonstration: bool = False

    @field_validator("slug")
    @classmethod
    def _slug(cls, value: str) -> str:
        if not SLUG.fullmatch(value):
            raise ValueError("small letters, digits and hyphens, at most 63")
        return value

    @field_validator("zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        return _known_zone(value)


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("a time zone such as Africa/Bamako") from None
    return value


class _Organisation(_Shape):
    code: str
    name: str
    kind: Kind


class _Election(_Shape):
    code: str
    name: str


class _Round(_Shape):
    code: str
    name: str
    polling_days: list[date] = Field(min_length=1)
    opens: time = time(8)
    closes: time = time(20)
    zone: str | None = None

    @field_validator("zone")
    @classmethod
    def _zone(cls, value: str | None) -> str | None:
        return None if value is None else _known_zone(value)


class _Contestant(_Shape):
    code: str
    name: str


class _Threshold(_Shape):
    name: str
    share: float = Field(gt=0, lt=1)


class _Contest(_Shape):
    round: str
    code: str
    name: str
    denominator: Denominator = Denominator.VALID
    choices_per_ballot: int = Field(default=1, ge=1)
    thresholds: list[_Threshold] = []
    contestants: list[_Contestant] = Field(min_length=1)


class MissionFile(_Shape):
    """A mission as its file says it."""

    mission: _Mission
    organisations: list[_Organisation] = []
    election: _Election
    rounds: list[_Round] = Field(min_length=1)
    contests: list[_Contest] = []


@dataclass(frozen=True)
class Founded:
    """A mission just founded, and the tokens of its first people, shown this once."""

    slug: str
    mission_id: UUID
    tokens: Mapping[str, str] = field(repr=False)


def read_mission_file(data: bytes) -> MissionFile:
    """Read a mission's TOML. Raises :class:`MissionFileProblem` naming the field."""
    try:
        return MissionFile.model_validate(tomllib.loads(data.decode("utf-8")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MissionFileProblem(f"It is not TOML: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise MissionFileProblem(f"{where}: {first['msg']}.") from error


def found_mission(office: Office, plan: MissionFile) -> Founded:
    """Write a mission with its election, rounds, contests, checklists and first people.

    Raises :class:`MissionFileProblem` where the name is taken or a contest names no round.
    """
    mission_id = new_id()
    with Session(office.engine, expire_on_commit=False) as session:
        taken = session.execute(
            text("SELECT find_mission(:slug)"), {"slug": plan.mission.slug}
        ).scalar()
        if taken is not None:
            raise MissionFileProblem(f"mission.slug: {plan.mission.slug} is taken.")
        session.execute(text(ENTER), {"mission": str(mission_id)})
        _write_mission(session, mission_id, plan.mission)
        _write_election(session, mission_id, plan)
        tokens = issue_tokens(session, mission_id, ISSUED)
        for name in plan.mission.checklists:
            publish_checklist(session, mission_id, library_workbook(name), sequence=1)
        entry = audit_entry(mission_id, 1, "mission.found", plan.mission.slug,
                            plan.model_dump_json().encode())  # fmt: skip
        session.add(entry)
        session.commit()
    return Founded(plan.mission.slug, mission_id, tokens)


def _write_mission(session: Session, mission_id: UUID, plan: _Mission) -> None:
    session.add(MissionSlug(slug=plan.slug, mission_id=mission_id))
    session.add(Mission(
        mission_id=mission_id, slug=plan.slug, title=plan.title, country=plan.country,
        kind=plan.kind, scope=plan.scope, languages=plan.languages, zone=plan.zone,
        response_threshold=plan.response_threshold, demonstration=plan.demonstration,
        created_at=now(),
    ))  # fmt: skip
    session.flush()
    session.add(MissionClock(mission_id=mission_id, seq=1))
    session.flush()


def _write_election(session: Session, mission_id: UUID, plan: MissionFile) -> None:
    for each in plan.organisations:
        session.add(Organisation(mission_id=mission_id, **each.model_dump()))
    election = Election(mission_id=mission_id, **plan.election.model_dump())
    session.add(election)
    session.flush()
    rounds: dict[str, UUID] = {}
    for round_ in plan.rounds:
        made = Round(
            mission_id=mission_id, election_id=election.id, code=round_.code, name=round_.name,
            polling_days=[day.isoformat() for day in sorted(round_.polling_days)],
            opens=round_.opens, closes=round_.closes, zone=round_.zone or plan.mission.zone,
        )  # fmt: skip
        session.add(made)
        rounds[round_.code] = made.id
    session.flush()
    for contest in plan.contests:
        _write_contest(session, mission_id, contest, rounds)


def _write_contest(
    session: Session, mission_id: UUID, plan: _Contest, rounds: Mapping[str, UUID]
) -> None:
    if plan.round not in rounds:
        raise MissionFileProblem(f"contests.{plan.code}.round: there is no round {plan.round}.")
    contest = Contest(
        mission_id=mission_id, round_id=rounds[plan.round], code=plan.code, name=plan.name,
        denominator=plan.denominator, choices_per_ballot=plan.choices_per_ballot,
        thresholds=[each.model_dump() for each in plan.thresholds],
    )  # fmt: skip
    session.add(contest)
    session.flush()
    for position, each in enumerate(plan.contestants, 1):
        session.add(Contestant(
            mission_id=mission_id, contest_id=contest.id, code=each.code, name=each.name,
            position=position,
        ))  # fmt: skip
    session.flush()


def issue_tokens(session: Session, mission_id: UUID, roles: tuple[Role, ...]) -> dict[str, str]:
    """A member and a bearer token for each role."""
    tokens = {}
    for role in roles:
        member = Member(mission_id=mission_id, handle=f"{role.value}-{secrets.token_hex(3)}",
                        role=role)  # fmt: skip
        session.add(member)
        tokens[role.value] = issue_secret(session, mission_id, role, Purpose.BEARER, member.id)
    session.flush()
    return tokens


def issue_secret(
    session: Session, mission_id: UUID, role: Role, purpose: Purpose, holder: UUID
) -> str:
    """A credential in the running transaction; its secret is known only to the caller."""
    token = secrets.token_urlsafe(32)
    values: dict[str, Any] = {
        "token_hash": token_hash(token), "mission_id": mission_id, "role": role.value,
        "purpose": purpose.value, "holder_id": holder, "created_at": now(),
    }  # fmt: skip
    session.execute(Credential.__table__.insert().inline(), values)  # type: ignore[attr-defined]
    return token
