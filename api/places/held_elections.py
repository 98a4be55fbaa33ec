"""What a mission's electorate votes on: elections, their rounds, contests and contestants."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from schemas.election import Contest, Contestant, Election, Round


@dataclass(frozen=True)
class VotedOn:
    """All of a mission's, by code; contestants by their positions."""

    elections: list[Election]
    rounds: list[Round]
    contests: list[Contest]
    contestants: list[Contestant]


async def what_is_voted_on(session: AsyncSession, mission_id: UUID) -> VotedOn:
    """What a mission has of each."""

    async def every(noun: Any, order: Any) -> list[Any]:
        query = select(noun).where(noun.mission_id == mission_id).order_by(col(order))
        return list((await session.execute(query)).scalars())

    return VotedOn(
        await every(Election, Election.code),
        await every(Round, Round.code),
        await every(Contest, Contest.code),
        await every(Contestant, Contestant.position),
    )
