"""Founding a mission from its file: who runs it, what is voted on, which checklists it uses."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session, select

from api.audit.sealed_work import CommandContext
from api.audit.unit_of_work import Work
from api.auth.principal import token_hash
from api.checklists.publishing import library_workbook, publish_checklist
from api.database.blocking import enter
from api.figures.mission_facts import MissionFacts, once
from api.missions.mission_file import MissionFile, MissionFileProblem, MissionPlan
from api.people.pledges import PaperSignatures, add_observer
from api.people.texts import load_text
from api.places.voting import add_contest, add_election, add_round, by_language
from schemas.columns import new_id, now
from schemas.credential import Credential, Purpose, Role
from schemas.mission import (
    Funding,
    Member,
    Mission,
    MissionClock,
    MissionSlug,
    MissionStandard,
    Organisation,
)
from schemas.place import Area

ISSUED = (Role.LEAD, Role.DATA_MANAGER, Role.IMPORT)


@dataclass(frozen=True)
class CreatedMission:
    """A mission just founded, and the tokens of its first people, shown this once."""

    slug: str
    mission_id: UUID
    tokens: Mapping[str, str] = field(repr=False)


def create_mission(office: CommandContext, plan: MissionFile) -> CreatedMission:
    """Write a mission with its election, rounds, contests, checklists and first people.

    Raises :class:`MissionFileProblem` where the name is taken.
    """
    mission_id = new_id()
    with Session(office.engine, expire_on_commit=False) as session:
        find = text("SELECT find_mission(:slug)")
        if session.execute(find, {"slug": plan.mission.slug}).scalar() is not None:
            raise _taken(plan)
        enter(session, mission_id)
        _write_mission(session, mission_id, plan)
        work = Work(session, mission_id, clock=1)
        _write_election(session, mission_id, plan)
        tokens = issue_tokens(session, mission_id, ISSUED)
        _write_registers(session, mission_id, plan)
        for name in plan.mission.checklists:
            publish_checklist(work, library_workbook(name))
        work.log("mission.found", plan.mission.slug, plan.model_dump_json())
        session.commit()
    return CreatedMission(plan.mission.slug, mission_id, tokens)


def _taken(plan: MissionFile) -> MissionFileProblem:
    return MissionFileProblem(f"mission.slug: {plan.mission.slug!r} is taken.")


def _write_mission(session: Session, mission_id: UUID, file: MissionFile) -> None:
    plan: MissionPlan = file.mission
    session.add(MissionSlug(slug=plan.slug, mission_id=mission_id))
    try:
        session.flush()
    except IntegrityError as error:
        raise _taken(file) from error
    session.add(
        Mission(
            mission_id=mission_id,
            slug=plan.slug,
            title=plan.title,
            titles=by_language(plan.titles),
            country=plan.country,
            country_names=by_language(plan.country_names),
            kind=plan.kind,
            scope=plan.scope,
            languages=plan.languages,
            zone=plan.zone,
            response_threshold=plan.response_threshold,
            demonstration=plan.demonstration,
            created_at=now(),
            arrangement=plan.arrangement or "",
            state=plan.state,
            phases=plan.phases,
            gates=list(plan.gates),
            embargo_until=plan.embargo_until,
            legal_pack=[each.model_dump(exclude_none=True) for each in plan.legal_pack],
            shares_frame=plan.shares_frame,
            phones_passphrase=plan.phones_passphrase,
            retention_days={str(name): days for name, days in plan.retention_days.items()},
            station_noun=plan.station_noun,
        )
    )
    session.flush()
    session.add(MissionClock(mission_id=mission_id, seq=1))
    session.flush()
    _write_people(session, mission_id, file)


def _write_people(session: Session, mission_id: UUID, plan: MissionFile) -> None:
    organisations: dict[str, UUID] = {}
    for each in plan.organisations:
        organisation = Organisation(
            mission_id=mission_id,
            **each.model_dump(exclude={"names"}),
            names=by_language(each.names),
        )
        session.add(organisation)
        organisations[each.code] = organisation.id
    session.flush()
    for code in plan.codes:
        load_text(
            session,
            mission_id,
            code.instrument,
            code.language,
            code.title,
            code.text,
            summary=code.summary,
        )
    paper = PaperSignatures.of(session, mission_id)
    signed = [
        each
        for person in plan.observers
        for each in add_observer(
            session,
            paper,
            organisations[person.organisation],
            person.pseudonym,
            person.languages,
            pledged=person.pledged,
            declared=person.declared,
        )
    ]
    session.flush()
    session.add_all(signed)


def _write_registers(session: Session, mission_id: UUID, plan: MissionFile) -> None:
    """Who pays, which national standards, which texts of a code; written by the first lead."""
    lead = session.exec(select(Member.id).where(Member.role == Role.LEAD)).one()
    by: dict[str, Any] = {"mission_id": mission_id, "recorded_by": lead, "recorded_at": now()}
    for fund in plan.funding:
        session.add(Funding(**by, **fund.model_dump()))
    for standard in plan.standards:
        session.add(MissionStandard(**by, **standard.model_dump()))


def _write_election(session: Session, mission_id: UUID, plan: MissionFile) -> None:
    """The election with its rounds and contests. The areas that these name are written by their
    codes; the file of areas gives them names and what they lie in."""
    election = add_election(session, mission_id, plan.election)
    rounds = {
        each.code: add_round(session, mission_id, election.id, each, plan.mission.zone).id
        for each in plan.rounds
    }
    for code in dict.fromkeys(each for contest in plan.contests for each in contest.areas):
        session.add(Area(mission_id=mission_id, code=code, name=code, level="district"))
    session.flush()
    for contest in plan.contests:
        add_contest(session, mission_id, rounds[contest.round], contest)


def issue_tokens(session: Session, mission_id: UUID, roles: tuple[Role, ...]) -> dict[str, str]:
    """A member and a bearer token for each role."""
    tokens = {}
    taken = set(session.exec(select(Member.handle).where(Member.mission_id == mission_id)))
    for role in roles:
        words = role.value.replace("_", " ")
        handle = next(name for n in count(1) if (name := f"{words} {n}") not in taken)
        taken.add(handle)
        member = Member(mission_id=mission_id, handle=handle, role=role)
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
        "token_hash": token_hash(token),
        "mission_id": mission_id,
        "role": role.value,
        "purpose": purpose.value,
        "holder_id": holder,
        "created_at": now(),
    }
    session.execute(Credential.__table__.insert().inline(), values)  # type: ignore[attr-defined]
    return token


SETTING = text("""
SELECT (SELECT count(*) FROM place WHERE mission_id = :m AND kind = 'station') AS stations,
  (SELECT count(*) FROM deployment WHERE mission_id = :m AND state = 'planned') AS deployments""")
"""Hundreds of thousands of rows, that only a change of the reference data changes."""
COUNTS = text("""
SELECT (SELECT count(*) FROM area WHERE mission_id = :m) AS areas,
  (SELECT count(*) FROM round WHERE mission_id = :m) AS rounds,
  (SELECT count(*) FROM contest WHERE mission_id = :m) AS contests,
  (SELECT count(*) FROM rules WHERE mission_id = :m AND state = 'published') AS checklists,
  (SELECT count(*) FROM observer WHERE mission_id = :m AND state <> 'left') AS observers,
  (SELECT count(*) FROM code_text WHERE mission_id = :m) AS codes,
  (SELECT count(*) FROM sample WHERE mission_id = :m) AS samples,
  (SELECT count(*) FROM phone WHERE mission_id = :m AND revoked_at IS NULL) AS phones,
  (SELECT count(*) FROM phone WHERE mission_id = :m AND rehearsed_at IS NOT NULL) AS rehearsed""")


async def set_up(session: AsyncSession, facts: MissionFacts) -> dict[str, int]:
    """So many of each, by name."""
    setting = await once(facts, "set up", partial(_counted, session, facts, SETTING), session)
    return setting | await _counted(session, facts, COUNTS)


async def _counted(session: AsyncSession, facts: MissionFacts, query: TextClause) -> dict[str, int]:
    row = (await session.execute(query, {"m": facts.mission.mission_id})).mappings().one()
    return {name: int(value) for name, value in row.items()}
