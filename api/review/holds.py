"""Holds: who has an item of the desk's queues open, for ten minutes.

An item is a report, a conflict or a deployment, by its id. It is held once, in whatever queues it
stands, and ends by itself when its time is over. Every act on an item calls
:func:`must_not_be_held_by_another` first, in its own transaction: the mission's clock is taken by
then, so of two people who act at once one waits for the other.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy import Select, delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session, col, select

from api.audit.unit_of_work import Work, act_on
from api.auth.principal import Principal
from api.problems import CONFLICT, MISSION_CLOSED, Problem
from schemas.columns import now
from schemas.desk import DeskHold
from schemas.mission import Member
from schemas.words import N_

HELD_FOR = timedelta(minutes=10)
HELD_BY = N_("{by} has this open until {until}.")
NOT_HELD = N_("You do not have this open.")


@contextmanager
def _unless_closed() -> Iterator[None]:
    """In a mission that is closed nobody has anything open, and pages are read all the same."""
    try:
        yield
    except Problem as problem:
        if problem.kind is not MISSION_CLOSED:
            raise


@dataclass(frozen=True)
class Hold:
    """An item that somebody has open: in which queue it was opened, by whom (a handle) and until
    when."""

    item: str
    queue: str
    by: str
    until: datetime
    member_id: UUID

    def as_json(self) -> dict[str, str]:
        """As the API shows it."""
        return {"item": self.item, "by": self.by, "until": self.until.isoformat()}


class HeldByAnother(Problem):
    """409: somebody else has the item open."""

    def __init__(self, hold: Hold) -> None:
        until = f"{hold.until:%H:%M} UTC"
        said = HELD_BY.format(by=hold.by, until=until)
        more = {"held_by": hold.by, "held_until": hold.until.isoformat()}
        super().__init__(CONFLICT, said, "item", more=more)
        self.hold = hold


def must_not_be_held_by_another(work: Work, who: Principal | None, item: object) -> None:
    """For every act on an item of the desk, first thing in its unit of work: Problem 409 naming
    whoever else has it open. ``item`` is the id of the report, the deployment, or the conflict;
    without ``who`` it is the member who writes."""
    hold = _current(work.session, work.mission_id, str(item))
    holder = work.actor if who is None else who.holder_id
    if hold is not None and hold.member_id != holder:
        raise HeldByAnother(hold)


async def take_hold(request: Request, who: Principal, queue: str, item: str) -> Hold:
    """Hold an item for ten minutes, or for ten minutes more. Problem 409 naming who holds it."""
    return await act_on(request, who, lambda work: hold_item(work, who, queue, item))


async def give_up_hold(request: Request, who: Principal, item: str) -> None:
    """Let go of an item. Problem 409 where somebody else holds it, or nobody does."""
    await act_on(request, who, lambda work: release_item(work, who, item))


def hold_item(work: Work, who: Principal, queue: str, item: str) -> Hold:
    """:func:`take_hold` in a unit of work."""
    must_not_be_held_by_another(work, who, item)
    renewed = _current(work.session, work.mission_id, item) is not None
    until = now() + HELD_FOR
    _forget_old(work)
    held = work.session.get(DeskHold, (work.mission_id, item))
    if held is None:
        held = DeskHold(
            mission_id=work.mission_id,
            item=item,
            queue=queue,
            member_id=who.holder_id,
            until=until,
        )
    held.queue, held.until = queue, until
    work.session.add(held)
    if not renewed:
        work.log("desk.hold", item, queue)
    work.session.flush()
    found = _current(work.session, work.mission_id, item)
    assert found is not None
    return found


async def hold_for_reading(request: Request, who: Principal, queue: str, item: str) -> Hold | None:
    """Hold an item that is opened on a page, and let go of what was open there before: a page shows
    one. The hold, of whoever has it; None in a mission that is closed."""

    def write(work: Work) -> Hold:
        others = select(DeskHold).where(
            DeskHold.mission_id == work.mission_id,
            DeskHold.member_id == who.holder_id,
            DeskHold.item != item,
        )
        for each in work.session.exec(others).all():
            work.session.delete(each)
        try:
            return hold_item(work, who, queue, item)
        except HeldByAnother as held:
            return held.hold

    with _unless_closed():
        return await act_on(request, who, write)
    return None


async def leave_for_later(request: Request, who: Principal, item: str) -> None:
    """Let go of an item, if one has it open."""

    def write(work: Work) -> None:
        held = work.session.get(DeskHold, (work.mission_id, item))
        if held is not None and held.member_id == who.holder_id:
            work.session.delete(held)
            work.log("desk.release", item)

    await act_on(request, who, write)


async def leave_all(request: Request, who: Principal) -> None:
    """Let go of what was open before a page that shows no item."""

    def write(work: Work) -> None:
        own = (col(DeskHold.mission_id) == work.mission_id) & (
            col(DeskHold.member_id) == who.holder_id
        )
        work.session.execute(delete(DeskHold).where(own))

    with _unless_closed():
        await act_on(request, who, write)


def release_item(work: Work, who: Principal, item: str) -> None:
    """:func:`give_up_hold` in a unit of work."""
    must_not_be_held_by_another(work, who, item)
    held = work.session.get(DeskHold, (work.mission_id, item))
    if held is None or held.until <= now():
        raise Problem(CONFLICT, NOT_HELD, "item")
    work.session.delete(held)
    work.log("desk.release", item)


async def holds_now(
    session: AsyncSession, mission_id: UUID, items: Collection[str] | None = None
) -> dict[str, Hold]:
    """Who holds what, by item: of these, or of all."""
    query = _holds(mission_id)
    if items is not None:
        query = query.where(col(DeskHold.item).in_(items))
    return {row[0]: Hold(*row) for row in (await session.execute(query)).all()}


def _current(session: Session, mission_id: UUID, item: str) -> Hold | None:
    row = session.execute(_holds(mission_id).where(col(DeskHold.item) == item)).first()
    return None if row is None else Hold(*row)


def _holds(mission_id: UUID) -> Select[Any]:
    """The holds that are not over."""
    member = (col(Member.mission_id) == col(DeskHold.mission_id)) & (
        col(Member.id) == col(DeskHold.member_id)
    )
    columns: Any = (DeskHold.item, DeskHold.queue, Member.handle, DeskHold.until, Member.id)
    query: Select[Any] = select(*columns).select_from(DeskHold).join(Member, member)
    return query.where(col(DeskHold.mission_id) == mission_id, col(DeskHold.until) > now())


def _forget_old(work: Work) -> None:
    """Take away what is over: the table holds what people have open, and no history."""
    over = (col(DeskHold.mission_id) == work.mission_id) & (col(DeskHold.until) <= now())
    work.session.execute(delete(DeskHold).where(over))
