"""Releasing a quick count: frozen by one person, released by another, when the law allows."""

import hashlib
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.audit.unit_of_work import writing
from api.auth.principal import Principal
from api.figures.ask import Figures, ask
from api.problems import CONFLICT, NOT_FOUND, Problem
from api.results.quick_counts import whole_count
from schemas.columns import now
from schemas.election import Contest, Round
from schemas.mission import Mission
from schemas.results import QuickCountRelease
from schemas.rights import Right


async def find_contest(session: AsyncSession, who: Principal, round_id: UUID, code: str) -> Contest:
    """A contest of a round. Problem: 404."""
    query = select(Contest).where(
        Contest.mission_id == who.mission_id, Contest.round_id == round_id, Contest.code == code
    )
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise Problem(NOT_FOUND)
    return found


async def propose_release(
    session: AsyncSession,
    figures: Figures,
    who: Principal,
    contest: Contest,
    round_code: str | None = None,
) -> QuickCountRelease:
    """Freeze a quick count that may speak, of a round (None: the nearest), while the mission's
    clock is held: it is of all that was committed before. Problems: 409 below the response
    threshold; 404 where none of this contest is counted."""
    who.must(Right.WRITE_STATEMENTS)
    async with writing(session, who) as work:
        count = partial(ask, figures, who.mission_id, whole_count, contest.code)
        numbers: dict[str, Any] | None = await count(round_code=round_code, at_least=work.clock - 1)
        if numbers is None:
            raise Problem(NOT_FOUND)
        if not numbers["may_speak"]:
            raise Problem(CONFLICT, numbers["withheld"], "may_speak")
        written = orjson.dumps(numbers, option=orjson.OPT_SORT_KEYS, default=str)
        made = QuickCountRelease(
            mission_id=who.mission_id,
            contest_id=contest.id,
            sequence=work.clock,
            numbers=orjson.loads(written),
            sha256=hashlib.sha256(written).hexdigest(),
            proposed_by=who.holder_id,
            proposed_at=now(),
        )
        session.add(made)
        work.log("quick_count.propose", contest.code, written)
    return made


async def release(
    session: AsyncSession, who: Principal, contest: Contest, release_id: UUID
) -> QuickCountRelease:
    """Release what another person froze. Problems: 404 unknown; 409 by the same person, twice,
    or before the hour that the law sets."""
    who.must(Right.DIRECT)
    async with writing(session, who) as work:
        found = await session.get(QuickCountRelease, (who.mission_id, release_id))
        if found is None or found.contest_id != contest.id:
            raise Problem(NOT_FOUND)
        if found.proposed_by == who.holder_id:
            raise Problem(CONFLICT, "Another person than the one who froze it must release it.")
        if found.released_at is not None:
            raise Problem(CONFLICT, "It is released already.")
        _refuse_embargo(await session.get_one(Mission, who.mission_id), now())
        found.released_by, found.released_at = who.holder_id, now()
        session.add(found)
        work.log("quick_count.release", contest.code, found.sha256)
    return found


def _refuse_embargo(mission: Mission, at: datetime) -> None:
    if mission.embargo_until is not None and at < mission.embargo_until:
        until = mission.embargo_until.isoformat(timespec="minutes")
        raise Problem(CONFLICT, f"The law forbids results before {until}.", "embargo_until")


async def releases_of(
    session: AsyncSession, who: Principal, contest_code: str
) -> list[tuple[QuickCountRelease, str]]:
    """The releases of a contest that somebody may see, newest first, with their round's code:
    whoever may not see drafts sees what was released."""
    query = (
        select(QuickCountRelease, Round.code)
        .join(
            Contest,
            (col(Contest.mission_id) == col(QuickCountRelease.mission_id))
            & (col(Contest.id) == col(QuickCountRelease.contest_id)),
        )
        .join(
            Round,
            (col(Round.mission_id) == col(Contest.mission_id))
            & (col(Round.id) == col(Contest.round_id)),
        )
        .where(QuickCountRelease.mission_id == who.mission_id, Contest.code == contest_code)
        .order_by(col(QuickCountRelease.sequence).desc())
    )
    if not who.may(Right.SEE_DRAFTS):
        query = query.where(col(QuickCountRelease.released_at).is_not(None))
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]
