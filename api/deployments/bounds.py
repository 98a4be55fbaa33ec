"""What of a round's plan somebody may see: everything, or their areas and observers."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.auth.principal import Principal
from api.auth.visible import own_areas, visible_observers
from api.deployments.planner import PlannerScope
from schemas.election import Round
from schemas.observer import Observer


@dataclass(frozen=True)
class Plan:
    """A planner's view: the rounds by code and name, the one that is planned, and what of it may
    be seen."""

    rounds: tuple[tuple[str, str], ...]
    round_code: str
    scope: PlannerScope


async def bounded_plan(session: AsyncSession, who: Principal, round_code: str) -> Plan | None:
    """The plan of a round, bounded as ``who`` is; None where there is no such round."""
    of = col(Round.mission_id) == who.mission_id
    query = select(Round).where(of).order_by(col(Round.code))
    rounds = {each.code: each for each in (await session.execute(query)).scalars()}
    chosen = rounds.get(round_code)
    if chosen is None:
        return None
    areas = own = None
    if who.area_id is not None:
        areas = list((await session.execute(own_areas(who))).scalars())
        people = visible_observers(who).with_only_columns(col(Observer.id))
        own = list((await session.execute(people)).scalars())
    named = tuple((each.code, each.name) for each in rounds.values())
    return Plan(named, round_code, PlannerScope(who.mission_id, chosen.id, areas, own))
