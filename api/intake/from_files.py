"""Intake without a server: the same steps, for commands in a process of their own."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from uuid import UUID

from sqlmodel import select

from api.audit.sealed_work import CommandContext
from api.audit.signing import Signer
from api.auth.principal import Principal
from api.database.sessions import make_pool
from api.intake.accept import Arrival, Intake, json_arrival
from api.intake.group_commit import GroupCommit
from api.intake.photo_store import PhotoStore
from api.intake.reference_cache import Registers
from api.problems import Problem
from mobile_forms.judgement import Judge
from schemas.credential import Purpose, Role
from schemas.mission import Member

NDJSON = "application/x-ndjson"
CHANNEL = "file"


@asynccontextmanager
async def importing(office: CommandContext) -> AsyncIterator[Intake]:
    """Intake on the running database, for as long as it is used."""
    url = office.database.app_url
    committer = GroupCommit(url, PhotoStore(office.settings.media).size)
    async with make_pool(url) as pool:
        await committer.start()
        signer = Signer.from_secret(office.settings.secret)
        try:
            yield Intake(Registers(pool, Judge), committer, signer)
        finally:
            await committer.stop()


def principal_of(office: CommandContext, slug: str) -> Principal:
    """The command line acts as the mission's import member, made where there is none."""
    mission_id = office.mission(slug)
    with office.reading(mission_id) as session:
        member = session.exec(select(Member).where(Member.role == Role.IMPORT)).first()
    return Principal(
        mission_id,
        slug,
        Role.IMPORT,
        member.id if member else _add_member(office, mission_id),
        None,
        Purpose.BEARER,
    )


def _add_member(office: CommandContext, mission_id: UUID) -> UUID:
    with office.work(mission_id, though_closed=True) as work:
        member = Member(mission_id=mission_id, handle="command line", role=Role.IMPORT)
        work.session.add(member)
        work.session.flush()
        return member.id


def arrivals_of(lines: Iterable[bytes]) -> list[Arrival | Problem]:
    """Reports of an outbox, one a line; what is none comes as its problem."""
    return [_arrival(line) for line in lines if line.strip()]


def _arrival(line: bytes) -> Arrival | Problem:
    try:
        return json_arrival(line, CHANNEL, NDJSON)
    except Problem as problem:
        return problem.alone()
