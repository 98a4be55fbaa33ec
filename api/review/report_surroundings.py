"""What is around a report: its place and how far from it the phone was, the other teams that were
there, and what each later version changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from analytics.quality.flags import distance_m
from api.auth.principal import Principal
from api.auth.visible import visible_reports
from schemas.audit import AuditEntry
from schemas.mission import Member
from schemas.observer import Observer
from schemas.place import Place
from schemas.report import Report, ReportStatus, ReportVersion, Submission

OF_THE_SENDING = frozenset({"id", "replaces", "reason", "device"})
"""Members of the envelope that are of one sending, and say nothing of the report."""
MAX_TEAMS = 10
"""So many reports of other teams are shown beside one."""


@dataclass(frozen=True)
class OtherTeam:
    """A report of the same checklist and contest from the same place, of another visit."""

    id: UUID
    observer: str | None
    status: str
    arrived_at: datetime | None
    departed_at: datetime | None


@dataclass(frozen=True)
class Change:
    """One answer, or one member of the envelope (``of_answers`` is False), that a version
    changed."""

    name: str
    before: Any
    after: Any
    of_answers: bool


@dataclass(frozen=True)
class LaterVersion:
    """A version after the first: who wrote it, when, why, and what it changed."""

    number: int
    at: datetime | None
    author: str | None
    reason: str | None
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Surroundings:
    """All of it; ``place`` is None of a report that has none yet."""

    place: Place | None
    distance_m: int | None
    channel: str | None
    teams: tuple[OtherTeam, ...]
    versions: tuple[LaterVersion, ...]


async def surroundings_of(
    session: AsyncSession, who: Principal, report: Report, position: Any
) -> Surroundings:
    """What is around a report that ``who`` sees; ``position`` is the one it came with."""
    place = await _place(session, report)
    sent = select(Submission.channel).where(
        Submission.mission_id == who.mission_id,
        Submission.report_id == report.id,
        Submission.sha256 == report.sha256,
    )
    return Surroundings(
        place,
        _distance(place, position),
        (await session.execute(sent)).scalar_one_or_none(),
        await _teams(session, who, report),
        await _versions(session, who, report),
    )


async def _place(session: AsyncSession, report: Report) -> Place | None:
    if report.place_id is None:
        return None
    return await session.get(Place, (report.mission_id, report.place_id))


def _distance(place: Place | None, position: Any) -> int | None:
    """How far from the place the phone was, where both are known."""
    if place is None or place.latitude is None or place.longitude is None:
        return None
    given = position if isinstance(position, Mapping) else {}
    lat, lon = given.get("lat"), given.get("lon")
    if not all(isinstance(each, int | float) and not isinstance(each, bool) for each in (lat, lon)):
        return None
    return round(distance_m(float(lat or 0), float(lon or 0), place.latitude, place.longitude))


async def _teams(session: AsyncSession, who: Principal, report: Report) -> tuple[OtherTeam, ...]:
    if report.place_id is None:
        return ()
    there = visible_reports(who).where(
        col(Report.place_id) == report.place_id,
        col(Report.checklist) == report.checklist,
        col(Report.round_id) == report.round_id,
        col(Report.contest_id).is_not_distinct_from(report.contest_id),
        col(Report.visit_id).is_distinct_from(report.visit_id),
        col(Report.id) != report.id,
        col(Report.status) != ReportStatus.SUPERSEDED,
    )
    newest = there.order_by(col(Report.sequence).desc()).limit(MAX_TEAMS)
    found = list((await session.execute(newest)).scalars())
    names = select(Observer.id, Observer.pseudonym).where(
        Observer.mission_id == who.mission_id,
        col(Observer.id).in_({each.observer_id for each in found if each.observer_id}),
    )
    known = {row[0]: row[1] for row in (await session.execute(names)).all()} if found else {}
    return tuple(
        OtherTeam(
            each.id,
            known.get(each.observer_id) if each.observer_id else None,
            each.status,
            each.arrived_at,
            each.departed_at,
        )
        for each in found
    )


async def _versions(
    session: AsyncSession, who: Principal, report: Report
) -> tuple[LaterVersion, ...]:
    if report.version < 2:
        return ()
    query = (
        select(ReportVersion)
        .where(ReportVersion.mission_id == who.mission_id, ReportVersion.report_id == report.id)
        .order_by(col(ReportVersion.number))
    )
    versions = list((await session.execute(query)).scalars())
    names = await _authors(session, who, versions)
    times = await _times(session, who, versions)
    return tuple(
        LaterVersion(
            after.number,
            times.get(after.sequence),
            names.get(after.author_id),
            after.reason,
            (
                *_changed(before.answers, after.answers, of_answers=True),
                *_changed(before.envelope, after.envelope, of_answers=False),
            ),
        )
        for before, after in pairwise(versions)
    )


def _changed(
    before: Mapping[str, Any], after: Mapping[str, Any], *, of_answers: bool
) -> list[Change]:
    return [
        Change(name, before.get(name), after.get(name), of_answers)
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name) and (of_answers or name not in OF_THE_SENDING)
    ]


async def _authors(
    session: AsyncSession, who: Principal, versions: Sequence[ReportVersion]
) -> dict[UUID, str]:
    ids = {each.author_id for each in versions}
    found: dict[UUID, str] = {}
    for noun, name in ((Observer, Observer.pseudonym), (Member, Member.handle)):
        query = select(noun.id, name).where(
            noun.mission_id == who.mission_id, col(noun.id).in_(ids)
        )
        found |= {row[0]: row[1] for row in (await session.execute(query)).all()}
    return found


async def _times(
    session: AsyncSession, who: Principal, versions: Sequence[ReportVersion]
) -> dict[int, datetime]:
    """When versions were written: a phone's when its bytes came, a person's by the audit log. Both
    have the reading of the clock under which the version stands."""
    sequences = [each.sequence for each in versions]
    acts = (
        select(AuditEntry.sequence, func.min(AuditEntry.at))
        .where(AuditEntry.mission_id == who.mission_id, col(AuditEntry.sequence).in_(sequences))
        .group_by(col(AuditEntry.sequence))
    )
    came = select(Submission.sequence, Submission.received_at).where(
        Submission.mission_id == who.mission_id, col(Submission.sequence).in_(sequences)
    )
    rows = [row for each in (acts, came) for row in (await session.execute(each)).all()]
    return {row[0]: row[1] for row in rows}
