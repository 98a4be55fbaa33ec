"""The call list as a queue: teams whose reports are overdue and whom nobody is to call later."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import exists, func, not_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from analytics.observation.dispositions import Plan
from analytics.observation.ids import micro, moment_of, positions
from analytics.observation.plan_dispositions import LateTeams
from api.deployments.calls import CallState
from api.figures.ask import figure
from api.figures.coverage import disposed
from api.figures.edition import Edition
from api.review.queue_items import Item, Order
from schemas.deployment import Call, Whom


@dataclass(frozen=True)
class Overdue:
    """How many teams are to be called, since when the first is overdue, and some of them."""

    count: int
    oldest: datetime | None
    items: tuple[Item, ...]


@figure
def overdue_teams(
    edition: Edition, later: frozenset[str], after: Order | None, limit: int
) -> Overdue:
    """Teams to call now: of sampled stations first, then who is overdue the longest. ``later`` are
    the deployments whose next call is still to come. Nobody is called about a station that
    was refused, closed or unsafe."""
    late = _late(edition).but(later)
    rest = late if after is None else late.after(int(after[0]), int(after[1]), str(after[2]))
    oldest = moment_of(int(late.overdue.min())) if len(late) else None
    plans = disposed(edition).late_plans(rest.deployment[:limit])
    return Overdue(len(late), oldest, tuple(_team(edition, each) for each in plans))


@figure
def overdue_team(edition: Edition, deployment: str) -> Item | None:
    """One team, where it is to be called."""
    late = _late(edition)
    own = np.intersect1d(late.deployment, positions(late.names, [deployment]))
    return next((_team(edition, each) for each in disposed(edition).late_plans(own)), None)


def _late(edition: Edition) -> LateTeams:
    """Every team to call."""

    def make() -> LateTeams:
        return disposed(edition).late_teams(edition.reference.sampled)

    return edition.cached("teams to call", make)


def _team(edition: Edition, plans: list[Plan]) -> Item:
    reference, first = edition.reference, plans[0]
    since = min(each.overdue for each in plans if each.overdue is not None)
    place = reference.places[first.place] if first.place is not None else None
    sampled = any(each.place in reference.sampled for each in plans)
    return Item(
        id=first.deployment,
        noun="deployment",
        at=since,
        order=(int(not sampled), int(micro(since)), first.deployment),
        reasons=tuple(
            {"code": "overdue", "field": each.checklist, "message": ""} for each in plans
        ),
        station=place.code if place else None,
        name=place.name if place else "",
        place="" if place or first.area < 0 else reference.areas[first.area].name,
        checklist=first.checklist,
        more={
            "sampled": sampled,
            "leader": first.observer,
            "calls": _calls(reference.calls.get(first.deployment)),
        },
    )


def _calls(state: CallState | None) -> dict[str, Any]:
    """How many calls there were, how the last one ended, and whom to call next."""
    if state is None:
        return {"attempts": 0, "last": None, "last_at": None, "whom": Whom.OBSERVER}
    return {
        "attempts": state.attempts,
        "last": state.outcome,
        "last_at": state.at,
        "whom": state.whom,
    }


async def called_later(session: AsyncSession, mission_id: UUID) -> frozenset[str]:
    """The deployments whose last call says when to call again, and that time has not come."""
    later = aliased(Call)
    superseded = exists().where(
        col(later.mission_id) == col(Call.mission_id),
        col(later.deployment_id) == col(Call.deployment_id),
        col(later.called_at) > col(Call.called_at),
    )
    query = select(Call.deployment_id).where(
        Call.mission_id == mission_id, col(Call.next_at) > func.now(), not_(superseded)
    )
    return frozenset(str(each) for each in (await session.execute(query)).scalars())


async def next_call(session: AsyncSession, mission_id: UUID) -> datetime | None:
    """When the next call is due that somebody has noted; None where none is."""
    due = select(func.min(Call.next_at)).where(
        Call.mission_id == mission_id, col(Call.next_at) > func.now()
    )
    return (await session.execute(due)).scalar_one()
