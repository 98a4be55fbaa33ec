"""What waits in a queue of the desk: one item, and reports of a queue read from the database."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import Request
from sqlalchemy import ColumnElement, Select, case, func, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.auth.principal import Principal
from api.auth.visible import visible_reports
from api.database.sessions import release_connection
from api.figures.ask import question
from api.figures.incident_events import is_in_danger
from api.figures.reports import among, joined
from api.review.holds import Hold
from api.review.tasks import beside_items
from schemas.codes import Status, severity_of, status_of
from schemas.election import Contest
from schemas.observer import Observer
from schemas.place import Place
from schemas.report import Judgement, Report, ReportVersion

Noun = Literal["report", "conflict", "deployment"]
Order = tuple[int, int, str]
"""What is sorted by: whether it can wait (0: danger), since when, and its id."""
Why = dict[str, str]
"""Why it waits: ``code``, ``field``, ``message``."""
ANSWERED: Why = {"code": "answered", "field": "question", "message": ""}
"""The observer has answered a question of the desk, and nobody has read it."""
IRREGULAR = frozenset({Status.IRREGULAR, Status.IRREGULAR_TOLD})
CURRENT = (
    (col(ReportVersion.mission_id) == col(Report.mission_id))
    & (col(ReportVersion.report_id) == col(Report.id))
    & (col(ReportVersion.number) == col(Report.version))
)
"""The newest version of a report."""
JUDGED = (
    (col(Judgement.mission_id) == col(Report.mission_id))
    & (col(Judgement.report_id) == col(Report.id))
    & (col(Judgement.number) == col(Report.version))
    & (col(Judgement.rules_id) == col(Report.rules_id))
)
"""What the newest version says under the rules of now."""


@dataclass(frozen=True)
class Item:
    """One item of a queue: a report, a conflict or a deployment, by its id.

    ``station`` and ``name`` are of the place where it was put, ``place`` is what was sent where it
    could not be put anywhere; ``at`` is since when it waits.
    """

    id: str
    noun: Noun
    at: datetime
    order: Order
    reasons: tuple[Why, ...] = ()
    station: str | None = None
    name: str = ""
    place: str = ""
    observer: str | None = None
    checklist: str | None = None
    contest: str | None = None
    severity: int = 0
    danger: bool = False
    status: str | None = None
    number: int | None = None
    questions: tuple[Mapping[str, Any], ...] = ()
    """What the observer is asked about it, and answers that nobody has read."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """What only one queue has."""

    def as_json(self, hold: Hold | None) -> dict[str, Any]:
        """As the API shows it, with who has it open."""
        return {
            "id": self.id,
            self.noun: self.id,
            "reasons": list(self.reasons),
            "held_by": hold.by if hold else None,
            "held_until": hold.until if hold else None,
            "at": self.at,
            "station": None if self.station is None else {"code": self.station, "name": self.name},
            "place": self.place or None,
            "observer": self.observer,
            "checklist": self.checklist,
            "contest": self.contest,
            "severity": self.severity,
            "danger": self.danger,
            "status": self.status,
            "number": self.number,
            "questions": list(self.questions),
            **self.more,
        }


@dataclass(frozen=True)
class Desk:
    """Somebody who works at the desk, what they may see, and a session to read it in."""

    request: Request
    who: Principal
    session: AsyncSession

    async def ask(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """One figure of the mission, in the round nearest to now; no connection is kept meanwhile.
        Problem: 503 where there are none just now."""
        await release_connection(self.session)
        figures = self.request.app.state.figures
        found = await figures.answer(self.who.mission_id, [question(function, *arguments)])
        return found.values[0]


CAN_WAIT = case((is_in_danger(), 0), else_=1)


async def count_reports(
    session: AsyncSession, who: Principal, condition: ColumnElement[bool]
) -> tuple[int, datetime | None]:
    """How many reports of those that somebody may see fulfil a condition, and since when the oldest
    of them waits."""
    counted = func.count(), func.min(Report.received_at)
    query = visible_reports(who).where(condition).with_only_columns(*counted)
    many, oldest = (await session.execute(query)).one()
    return int(many), oldest


async def report_items(
    session: AsyncSession,
    who: Principal,
    condition: ColumnElement[bool],
    after: Order | None,
    limit: int,
) -> list[Item]:
    """At most so many reports that fulfil a condition, from behind one: danger first, then the
    oldest."""
    query = visible_reports(who).where(condition)
    if after is not None:
        query = query.where(tuple_(CAN_WAIT, col(Report.sequence)) > tuple_(*after[:2]))
    query = query.order_by(CAN_WAIT, col(Report.sequence)).limit(limit)
    return await _items(session, who, query)


async def report_item(
    session: AsyncSession, who: Principal, condition: ColumnElement[bool], report: UUID
) -> Item | None:
    """The report of this id, where it fulfils a condition."""
    query = visible_reports(who).where(condition, col(Report.id) == report)
    found = await _items(session, who, query)
    return found[0] if found else None


async def _items(session: AsyncSession, who: Principal, query: Select[Any]) -> list[Item]:
    columns: Any = (ReportVersion.envelope, Judgement.codes, Judgement.flags)
    wide = query.outerjoin(ReportVersion, CURRENT).outerjoin(Judgement, JUDGED)
    rows = (await session.execute(wide.add_columns(*columns, CAN_WAIT))).all()
    reports: list[Report] = [row[0] for row in rows]
    of = who.mission_id
    names = _Names(
        await _named(session, of, Place, {each.place_id for each in reports}),
        await _named(session, of, Observer, {each.observer_id for each in reports}),
        await _named(session, of, Contest, {each.contest_id for each in reports}),
    )
    asked = await beside_items(session, of, [each.id for each in reports])
    found = (
        _item(report, envelope or {}, codes or b"", flags or [], int(can_wait), names)
        for report, envelope, codes, flags, can_wait in rows
    )
    return [_asked(each, asked.get(UUID(each.id), ())) for each in found]


def _asked(item: Item, questions: Sequence[Mapping[str, Any]]) -> Item:
    """The item with what its observer is asked; an answer is a reason to look at it."""
    answered = any(each["answered_at"] for each in questions)
    reasons = (*item.reasons, ANSWERED) if answered else item.reasons
    return replace(item, reasons=reasons, questions=tuple(questions))


@dataclass(frozen=True)
class _Names:
    """What reports refer to, by id."""

    places: Mapping[UUID | None, Place]
    observers: Mapping[UUID | None, Observer]
    contests: Mapping[UUID | None, Contest]


async def _named(
    session: AsyncSession, mission_id: UUID, table: Any, ids: Collection[UUID | None]
) -> dict[UUID | None, Any]:
    known = joined([each for each in ids if each])
    if not known:
        return {}
    query = select(table).where(table.mission_id == mission_id, among(table.id, known))
    return {each.id: each for each in (await session.execute(query)).scalars()}


def _item(
    report: Report,
    envelope: Mapping[str, Any],
    codes: bytes,
    flags: Sequence[Mapping[str, Any]],
    can_wait: int,
    names: _Names,
) -> Item:
    place, contest = names.places.get(report.place_id), names.contests.get(report.contest_id)
    observer = names.observers.get(report.observer_id)
    said = [severity_of(code) for code in codes if status_of(code) in IRREGULAR]
    return Item(
        id=str(report.id),
        noun="report",
        at=report.received_at,
        order=(can_wait, report.sequence, str(report.id)),
        reasons=(*report.reasons, *map(_check, flags)),
        station=place.code if place else None,
        name=place.name if place else "",
        place="" if place else _sent(envelope),
        observer=observer.pseudonym if observer else _text(envelope.get("observer")) or None,
        checklist=report.checklist,
        contest=contest.code if contest else None,
        severity=max(map(int, said), default=0),
        danger=not can_wait,
        status=report.status,
        number=report.version,
    )


def _check(flag: Mapping[str, Any]) -> Why:
    """A check that did not hold, as a reason."""
    return {"code": str(flag.get("name", "")), "field": "check", "message": ""}


def _sent(envelope: Mapping[str, Any]) -> str:
    """Where a report that is nowhere yet says that it is from, as it was sent."""
    place = envelope.get("place")
    if isinstance(place, dict):
        return _text(place.get("code")) or _text(place.get("text"))
    return _text(envelope.get("station"))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
