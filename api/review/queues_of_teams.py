"""Queues whose items are no reports: conflicts between teams, and the call list."""

import time
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from analytics.observation.ids import micro
from api.people.listing import pseudonyms_of
from api.review.conflicts import Conflict, conflict_named, conflicts
from api.review.overdue import called_later, overdue_team, overdue_teams
from api.review.queue_items import Desk, Item, Order
from schemas.audit import AuditEntry

MISSIONS = 16
QUICK_SECONDS = 0.02
PAUSES = 10
"""So many times as long as it took to find them the conflicts of a mission stand, while nobody acts
in it; not at all where it was quick."""
GRAVEST = 3


class OverdueQueue:
    """The call list: see :mod:`api.review.overdue`."""

    async def count(self, desk: Desk) -> tuple[int, datetime | None]:
        """As :meth:`api.review.queues.ReportQueue.count`."""
        later = await called_later(desk.session, desk.who.mission_id)
        found = await desk.ask(overdue_teams, later, None, 0)
        return found.count, found.oldest

    async def page(self, desk: Desk, after: Order | None, limit: int) -> list[Item]:
        """As :meth:`api.review.queues.ReportQueue.page`."""
        later = await called_later(desk.session, desk.who.mission_id)
        found = await desk.ask(overdue_teams, later, after, limit)
        return await _named(desk, found.items)

    async def one(self, desk: Desk, item: str) -> Item | None:
        """As :meth:`api.review.queues.ReportQueue.one`."""
        later = await called_later(desk.session, desk.who.mission_id)
        found = None if item in later else await desk.ask(overdue_team, item)
        return None if found is None else next(iter(await _named(desk, (found,))), None)


async def _named(desk: Desk, teams: tuple[Item, ...]) -> list[Item]:
    """Teams by the pseudonym of who leads them, of those that may be seen."""
    ids = [UUID(each.more["leader"]) for each in teams]
    names = await pseudonyms_of(desk.session, desk.who, ids)
    return [
        replace(each, observer=names[leader], more=_without_leader(each))
        for each, leader in zip(teams, ids, strict=True)
        if leader in names
    ]


def _without_leader(item: Item) -> dict[str, Any]:
    return {name: value for name, value in item.more.items() if name != "leader"}


_kept: dict[UUID, tuple[float, int, tuple[Item, ...]]] = {}
"""By mission the conflicts that were found last: until when they stand, and after which entry of
the audit log."""


class ConflictQueue:
    """Answers of two teams that contradict each other: see :mod:`api.review.conflicts`."""

    async def count(self, desk: Desk) -> tuple[int, datetime | None]:
        """As :meth:`api.review.queues.ReportQueue.count`."""
        found = await _conflicts(desk, though_acted=True)
        return len(found), min((each.at for each in found), default=None)

    async def page(self, desk: Desk, after: Order | None, limit: int) -> list[Item]:
        """As :meth:`api.review.queues.ReportQueue.page`; the most severe first."""
        rest = [each for each in await _conflicts(desk) if after is None or each.order > after]
        return rest[:limit]

    async def one(self, desk: Desk, item: str) -> Item | None:
        """As :meth:`api.review.queues.ReportQueue.one`."""
        try:
            found = await conflict_named(desk.session, desk.who, item)
        except LookupError:
            return None
        return _conflict(found) if found.open else None


async def _conflicts(desk: Desk, *, though_acted: bool = False) -> tuple[Item, ...]:
    """Finding them reads every report of a checklist on which teams must agree: they are kept for a
    moment, until somebody acts; for a count ``though_acted``."""
    mission = desk.who.mission_id
    until, after, found = _kept.get(mission, (0.0, -1, ()))
    if time.monotonic() <= until and though_acted:
        return found
    acted = await _last_act(desk)
    if acted != after or time.monotonic() > until:
        began = time.monotonic()
        found = tuple(sorted(map(_conflict, await conflicts(desk.session, desk.who)), key=_order))
        took = time.monotonic() - began
        _kept.pop(mission, None)
        until = time.monotonic() + (took * PAUSES if took > QUICK_SECONDS else 0)
        _kept[mission] = until, acted, found
        for oldest in list(_kept)[:-MISSIONS]:
            del _kept[oldest]
    return found


async def _last_act(desk: Desk) -> int:
    """The event number of the last act of anybody, but for opening an item and leaving it."""
    query = (
        select(AuditEntry.sequence)
        .where(
            AuditEntry.mission_id == desk.who.mission_id,
            col(AuditEntry.act).not_in(("desk.hold", "desk.release")),
        )
        .order_by(col(AuditEntry.sequence).desc())
        .limit(1)
    )
    return (await desk.session.execute(query)).scalar_one_or_none() or 0


def _order(item: Item) -> Order:
    return item.order


def _conflict(each: Conflict) -> Item:
    reasons = ({"code": "differs", "field": one.name, "message": ""} for one in each.open)
    return Item(
        id=each.id,
        noun="conflict",
        at=each.since,
        order=(GRAVEST - min(each.severity, GRAVEST), int(micro(each.since)), each.id),
        reasons=tuple(reasons),
        station=each.station,
        name=each.place,
        checklist=each.checklist,
        contest=each.contest,
        severity=each.severity,
        more={"reports": [str(one.id) for one in each.reports]},
    )
