"""The desk's queues: what waits for a person, the whole set of items of each defined once.

A queue is a query: nothing is put in or taken out, an item that is done is no longer found. Danger
comes first, then what waits the longest.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from fastapi import Request
from sqlalchemy import ColumnElement, and_, exists, func, not_, or_
from sqlmodel import col, select

from api.auth.principal import Principal
from api.database.sessions import mission_session
from api.figures.ask import figure
from api.figures.edition import Edition
from api.figures.incident_events import is_undecided
from api.figures.reports import among, joined
from api.problems import CONFLICT, NOT_FOUND, Problem
from api.review.holds import Hold, give_up_hold, holds_now, take_hold
from api.review.quality_flags import screen_newest
from api.review.queue_items import Desk, Item, Order, Why, count_reports, report_item, report_items
from api.review.queues_of_teams import ConflictQueue, OverdueQueue
from api.review.tasks import unread_reports
from schemas.checklist import VOTES
from schemas.desk import SecondTyping
from schemas.published import Rules
from schemas.report import COUNTED, Attachment, Report, ReportStatus
from schemas.rights import Right
from schemas.words import N_

GONE = N_("This is not in the queue any more.")
CORRECTS_DECIDED: ColumnElement[bool] = or_(
    col(Report.reasons).contains([{"field": "replaces", "code": "decided"}]),
    col(Report.reasons).contains([{"field": "visit", "code": "decided"}]),
)
"""A later version of what a person has decided on: the desk says which one counts."""


@dataclass(frozen=True)
class ReportQueue:
    """A queue of reports: those that fulfil a condition, or an ``other`` one. ``why`` adds
    reasons that are stored nowhere, by report."""

    condition: Callable[[Desk], ColumnElement[bool]]
    why: Callable[[Desk], Awaitable[Mapping[str, tuple[Why, ...]]]] | None = None
    other: Callable[[Desk], Awaitable[ColumnElement[bool]]] | None = None

    async def count(self, desk: Desk) -> tuple[int, datetime | None]:
        """How many there are, and since when the oldest waits."""
        condition, _ = await self._with_reasons(desk)
        return await count_reports(desk.session, desk.who, condition)

    async def page(self, desk: Desk, after: Order | None, limit: int) -> list[Item]:
        """At most so many behind one."""
        condition, why = await self._with_reasons(desk)
        found = await report_items(desk.session, desk.who, condition, after, limit)
        return [_because(each, why) for each in found]

    async def one(self, desk: Desk, item: str) -> Item | None:
        """The item of this id; None where it is not in the queue."""
        report = _uuid(item)
        if report is None:
            return None
        condition, why = await self._with_reasons(desk)
        found = await report_item(desk.session, desk.who, condition, report)
        return found and _because(found, why)

    async def _with_reasons(
        self, desk: Desk
    ) -> tuple[ColumnElement[bool], Mapping[str, tuple[Why, ...]]]:
        condition = self.condition(desk)
        if self.other is not None:
            condition = or_(condition, await self.other(desk))
        if self.why is None:
            return condition, {}
        why = await self.why(desk)
        also = among(col(Report.id), joined(map(UUID, why)))
        received = col(Report.status) == ReportStatus.RECEIVED
        return or_(condition, and_(received, also)), why


def _because(item: Item, why: Mapping[str, tuple[Why, ...]]) -> Item:
    return replace(item, reasons=(*item.reasons, *why.get(item.id, ())))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@figure
def quality_reasons(edition: Edition) -> dict[str, tuple[Why, ...]]:
    """The quality flags of the newest reports as reasons, by report."""
    return {
        report: tuple({"code": each.code, "field": "quality", "message": ""} for each in flags)
        for report, flags in screen_newest(edition).by_report.items()
    }


async def _quality(desk: Desk) -> Mapping[str, tuple[Why, ...]]:
    found: Mapping[str, tuple[Why, ...]] = await desk.ask(quality_reasons)
    return found


class EmptyQueue:
    """A queue of a channel that is not there: it holds nothing."""

    async def count(self, desk: Desk) -> tuple[int, datetime | None]:
        """None."""
        return 0, None

    async def page(self, desk: Desk, after: Order | None, limit: int) -> list[Item]:
        """None."""
        return []

    async def one(self, desk: Desk, item: str) -> Item | None:
        """None."""
        return None


def _held(desk: Desk) -> ColumnElement[bool]:
    return and_(col(Report.status) == ReportStatus.HELD, not_(CORRECTS_DECIDED))


def _corrections(desk: Desk) -> ColumnElement[bool]:
    return and_(col(Report.status) == ReportStatus.HELD, CORRECTS_DECIDED)


def _flagged(desk: Desk) -> ColumnElement[bool]:
    """Reports in which a check did not hold."""
    return col(Report.status) == ReportStatus.FLAGGED


async def _answered(desk: Desk) -> ColumnElement[bool]:
    """Reports whose observer has answered the desk: by their ids, as a subquery beside another
    condition is asked of every report."""
    found = await unread_reports(desk.session, desk.who.mission_id)
    return and_(col(Report.status).in_(COUNTED), among(col(Report.id), joined(found)))


def _incidents(desk: Desk) -> ColumnElement[bool]:
    """Incidents of which nobody has said what is true of them."""
    return is_undecided()


def _typing(desk: Desk) -> ColumnElement[bool]:
    """Protocols that count and whose photograph is here, until somebody has typed the same from
    it, or corrected what was typed differently."""
    definition = col(Rules.definition)
    protocols = select(Rules.id).where(
        col(Rules.mission_id) == desk.who.mission_id,
        or_(
            definition.contains({"policy": {"per": "contest"}}),
            definition.contains({"questions": [{"name": VOTES}]}),
        ),
    )
    photographed = exists().where(
        col(Attachment.mission_id) == col(Report.mission_id),
        col(Attachment.report_id) == col(Report.id),
        col(Attachment.arrived_at).is_not(None),
    )
    settled = exists().where(
        col(SecondTyping.mission_id) == col(Report.mission_id),
        col(SecondTyping.report_id) == col(Report.id),
        or_(
            func.jsonb_array_length(col(SecondTyping.differs)) == 0,
            col(SecondTyping.number) < col(Report.version),
        ),
    )
    return and_(
        col(Report.status).in_(COUNTED),
        col(Report.rules_id).in_(protocols),
        photographed,
        not_(settled),
    )


def _opened(desk: Desk) -> ColumnElement[bool]:
    """Reports that are opened from their page: all but those that another one replaced."""
    return col(Report.status) != ReportStatus.SUPERSEDED


class Queue(Protocol):
    """What is asked of a queue."""

    async def count(self, desk: Desk) -> tuple[int, datetime | None]: ...
    async def page(self, desk: Desk, after: Order | None, limit: int) -> list[Item]: ...
    async def one(self, desk: Desk, item: str) -> Item | None: ...


BY_NAME: dict[str, Queue] = {
    "held": ReportQueue(_held),
    "conflicts": ConflictQueue(),
    "flagged": ReportQueue(_flagged, _quality, _answered),
    "corrections": ReportQueue(_corrections),
    "overdue": OverdueQueue(),
    "incidents": ReportQueue(_incidents),
    "typing": ReportQueue(_typing),
    "sms": EmptyQueue(),
}
"""Every queue, in the order in which they are shown. Nothing stands in ``sms`` until that channel
exists."""

REPORTS = "reports"
"""What is opened from the page of a report and stands in no queue."""
OPENED = ReportQueue(_opened)


def queue_of(report: Report) -> str:
    """Where at the desk a report is opened; empty where nothing can be done about it."""
    if report.status == ReportStatus.SUPERSEDED:
        return ""
    if report.status == ReportStatus.FLAGGED:
        return "flagged"
    if report.status != ReportStatus.HELD:
        return REPORTS
    decided = {("replaces", "decided"), ("visit", "decided")}
    reasons = {(each["field"], each["code"]) for each in report.reasons}
    return "corrections" if reasons & decided else "held"


@dataclass(frozen=True)
class Summary:
    """A queue in a line: how many items, since when the oldest waits, and who has some open."""

    name: str
    count: int
    oldest: datetime | None
    held: tuple[Hold, ...]


@asynccontextmanager
async def desk_of(request: Request, who: Principal) -> AsyncIterator[Desk]:
    """The desk, for whoever decides on reports: to others it is not there (404)."""
    who.must(Right.DECIDE_REPORTS)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        yield Desk(request, who, session)


async def summaries(desk: Desk) -> list[Summary]:
    """All queues."""
    counted = {name: await queue.count(desk) for name, queue in BY_NAME.items()}
    held = (await holds_now(desk.session, desk.who.mission_id)).values()
    return [
        Summary(name, many, oldest, tuple(each for each in held if each.queue == name))
        for name, (many, oldest) in counted.items()
    ]


async def items_of(
    desk: Desk, name: str, after: Order | None, limit: int
) -> list[tuple[Item, Hold | None]]:
    """At most so many items of a queue from behind one, each with who has it open. Problem: 404
    where there is no such queue."""
    found = await queue_named(name).page(desk, after, limit)
    held = await holds_now(desk.session, desk.who.mission_id, [each.id for each in found])
    return [(each, held.get(each.id)) for each in found]


def queue_named(name: str) -> Queue:
    """The queue of this name. Problem: 404 where there is none."""
    if name not in BY_NAME:
        raise Problem(NOT_FOUND)
    return BY_NAME[name]


def queue_or_reports(name: str) -> Queue:
    """The queue of this name, or the reports that are opened from their pages. Problem: 404."""
    return OPENED if name == REPORTS else queue_named(name)


async def open_item(request: Request, who: Principal, name: str, item: str) -> Hold:
    """Hold an item of a queue for ten minutes. Problems: 409 where somebody else has it open, or
    where it is not in the queue."""
    async with desk_of(request, who) as desk:
        if await queue_named(name).one(desk, item) is None:
            raise Problem(CONFLICT, GONE, "item")
    return await take_hold(request, who, name, item)


async def leave_item(request: Request, who: Principal, name: str, item: str) -> None:
    """Let go of an item. Problem: 409 where nobody, or somebody else, has it open."""
    who.must(Right.DECIDE_REPORTS)
    queue_named(name)
    await give_up_hold(request, who, item)
