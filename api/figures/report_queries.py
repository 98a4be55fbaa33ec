"""Which reports are meant: queries over those that somebody may see."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, select

from api.auth.principal import Principal
from api.auth.visible import visible_reports
from api.figures.ids import among
from schemas.observer import Observer, ObserverState
from schemas.place import Place, PlaceKind
from schemas.report import Report, Submission


def one_report(who: Principal, report_id: UUID) -> Select[Any]:
    """The report of this id."""
    return visible_reports(who).where(col(Report.id) == report_id)


def oldest_first(query: Select[Any], after: int | None = None) -> Select[Any]:
    """In the order in which they were received, from behind a reading of the clock."""
    if after is not None:
        query = query.where(col(Report.sequence) > after)
    return query.order_by(col(Report.sequence))


def newest_first(query: Select[Any], before: int | None = None) -> Select[Any]:
    """The newest first, from before a reading of the clock."""
    if before is not None:
        query = query.where(col(Report.sequence) < before)
    return query.order_by(col(Report.sequence).desc())


def of_these(query: Select[Any], ids: bytes) -> Select[Any]:
    """Those of these ids of sixteen bytes."""
    return query.where(among(col(Report.id), ids))


def matching(
    who: Principal,
    *,
    status: str | None = None,
    checklist: str | None = None,
    place: str | None = None,
    kind: PlaceKind | None = None,
    of_suspended: bool = False,
) -> Select[Any]:
    """Those of a status, a checklist, a place by its code (of this kind), of suspended observers;
    whatever is not said is any."""
    query = visible_reports(who)
    if status is not None:
        query = query.where(col(Report.status) == status)
    if checklist is not None:
        query = query.where(col(Report.checklist) == checklist)
    if of_suspended:
        suspended = select(Observer.id).where(
            Observer.mission_id == who.mission_id, Observer.state == ObserverState.SUSPENDED
        )
        query = query.where(col(Report.observer_id).in_(suspended))
    if place is not None:
        here = select(Place.id).where(Place.mission_id == who.mission_id, Place.code == place)
        if kind is not None:
            here = here.where(Place.kind == kind)
        query = query.where(col(Report.place_id).in_(here))
    return query


async def raw_of(session: AsyncSession, who: Principal, report_id: UUID) -> bytes | None:
    """The bytes that a report's receipt names; None where ``who`` sees no such report."""
    seen = one_report(who, report_id).with_only_columns(col(Report.sha256))
    query = select(Submission.raw).where(
        Submission.mission_id == who.mission_id,
        Submission.report_id == report_id,
        col(Submission.sha256).in_(seen),
    )
    return (await session.execute(query)).scalar_one_or_none()


async def count_of(session: AsyncSession, condition: Any) -> int:
    """How many reports fulfil a condition."""
    query = select(func.count()).select_from(Report).where(condition)
    return int((await session.execute(query)).scalar_one())
