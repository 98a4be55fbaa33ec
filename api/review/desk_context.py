"""What the desk shows beside an item: the visit's other reports, the team, the station, what was
done before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_
from sqlmodel import col, select

from api.auth.visible import visible_deployments, visible_reports
from api.review.queue_items import Desk
from api.review.superseding import report_named
from api.review.undo import UNDO_SECONDS
from schemas.audit import AuditEntry
from schemas.columns import now
from schemas.deployment import Call, DeployedObserver, Deployment, Visit
from schemas.desk import DeskAct
from schemas.mission import Member, Organisation
from schemas.observer import Observer
from schemas.place import Area, Place
from schemas.report import Report, ReportStatus, ReportVersion
from schemas.rights import Right

MAX_BESIDE = 30
MAX_DONE = 30


@dataclass(frozen=True)
class BesideReport:
    """Another report of the visit, or of the observer where the report has no visit."""

    id: UUID
    checklist: str
    at: datetime
    status: str
    station: str
    own: bool


@dataclass(frozen=True)
class Team:
    """Who observed: pseudonym, organisation, deployment, where they are planned, and when the last
    report of them came."""

    observer: str
    organisation: str
    kind: str
    deployment: UUID | None
    deployed: str
    planned: tuple[str, ...]
    heard: datetime | None


@dataclass(frozen=True)
class StationBeside:
    """The station that an item is of."""

    code: str
    name: str
    area: str
    registered_voters: int | None


@dataclass(frozen=True)
class Done:
    """Something that was done to an item: an act of the audit log, a receipt, a call; by whom
    (nobody's name where it was done by itself), when, and in which words."""

    at: datetime
    act: str
    by: str | None
    note: str


async def reports_beside(desk: Desk, report: Report) -> list[BesideReport]:
    """The reports of the same visit, in the order of the day; of an observer's reports the newest,
    where it is of no visit."""
    if report.visit_id is not None:
        same = col(Report.visit_id) == report.visit_id
    elif report.observer_id is not None:
        same = col(Report.observer_id) == report.observer_id
    else:
        return []
    place = and_(
        col(Place.mission_id) == col(Report.mission_id), col(Place.id) == col(Report.place_id)
    )
    query = (
        visible_reports(desk.who)
        .where(same)
        .outerjoin(Place, place)
        .add_columns(col(Place.code))
        .order_by(col(Report.sequence).desc())
        .limit(MAX_BESIDE)
    )
    rows = (await desk.session.execute(query)).all()
    found = [
        BesideReport(
            each.id,
            each.checklist,
            each.arrived_at or each.received_at,
            each.status,
            code or "",
            each.id == report.id,
        )
        for each, code in rows
    ]
    return sorted(found, key=lambda each: each.at)


async def corrected_by(desk: Desk, report: Report) -> tuple[UUID, Mapping[str, Any]] | None:
    """The report that a held one would correct or replace, with its newest answers; None where it
    waits for none."""
    if report.status != ReportStatus.HELD:
        return None
    query = visible_reports(desk.who).where(col(Report.id) != report.id)
    if report.replaces_id is not None:
        named = await report_named(desk.session, desk.who, report.replaces_id)
        query = query.where(col(Report.id) == named)
    elif any(each["field"] == "visit" and each["code"] == "decided" for each in report.reasons):
        query = query.where(
            col(Report.visit_id) == report.visit_id,
            col(Report.checklist) == report.checklist,
            col(Report.contest_id).is_not_distinct_from(report.contest_id),
            col(Report.status) == ReportStatus.VERIFIED,
        )
    else:
        return None
    found = (await desk.session.execute(query.limit(1))).scalar_one_or_none()
    if found is None:
        return None
    key = desk.who.mission_id, found.id, found.version
    version = await desk.session.get(ReportVersion, key)
    return None if version is None else (found.id, version.answers)


async def team_of(desk: Desk, report: Report) -> Team | None:
    """Who sent a report; None where that is not known."""
    if report.observer_id is None:
        return None
    of = desk.who.mission_id
    observer = await desk.session.get(Observer, (of, report.observer_id))
    if observer is None:
        return None
    visit = None
    if report.visit_id is not None:
        visit = await desk.session.get(Visit, (of, report.visit_id))
    plans = await _plans(desk, report)
    own = visit.deployment_id if visit else None
    chosen = next((each for each, _ in plans if each.id == own), plans[0][0] if plans else None)
    return await _team(desk, observer, chosen, [code for _, code in plans if code])


async def _plans(desk: Desk, report: Report) -> list[tuple[Deployment, str | None]]:
    """The deployments of an observer that stand, each with the code of its place."""
    if not desk.who.may(Right.SEE_PEOPLE):
        return []
    member = and_(
        col(DeployedObserver.mission_id) == col(Deployment.mission_id),
        col(DeployedObserver.deployment_id) == col(Deployment.id),
    )
    place = and_(
        col(Place.mission_id) == col(Deployment.mission_id),
        col(Place.id) == col(Deployment.place_id),
    )
    query = (
        visible_deployments(desk.who)
        .join(DeployedObserver, member)
        .outerjoin(Place, place)
        .where(
            col(DeployedObserver.observer_id) == report.observer_id,
            col(DeployedObserver.left_at).is_(None),
        )
        .add_columns(col(Place.code))
        .order_by(col(Deployment.id).desc())
        .limit(10)
    )
    return [(each, code) for each, code in (await desk.session.execute(query)).all()]


async def deployment_team(desk: Desk, deployment: UUID) -> Team | None:
    """The team of a deployment that may be seen, by who is of it now."""
    of = desk.who.mission_id
    query = visible_deployments(desk.who).where(col(Deployment.id) == deployment)
    found = (await desk.session.execute(query)).scalar_one_or_none()
    if found is None:
        return None
    members = (
        select(Observer)
        .join(
            DeployedObserver,
            and_(
                col(DeployedObserver.mission_id) == col(Observer.mission_id),
                col(DeployedObserver.observer_id) == col(Observer.id),
            ),
        )
        .where(
            Observer.mission_id == of,
            col(DeployedObserver.deployment_id) == deployment,
            col(DeployedObserver.left_at).is_(None),
        )
        .order_by(col(Observer.pseudonym))
    )
    people: Sequence[Observer] = (await desk.session.execute(members)).scalars().all()
    if not people:
        return None
    place = found.place_id and await desk.session.get(Place, (of, found.place_id))
    return await _team(desk, people[0], found, [place.code] if place else [], people)


async def _team(
    desk: Desk,
    observer: Observer,
    deployment: Deployment | None,
    planned: Sequence[str],
    people: Sequence[Observer] = (),
) -> Team:
    of = desk.who.mission_id
    organisation = await desk.session.get(Organisation, (of, observer.organisation_id))
    heard = (
        select(Report.received_at)
        .where(Report.mission_id == of, Report.observer_id == observer.id)
        .order_by(col(Report.sequence).desc())
        .limit(1)
    )
    return Team(
        ", ".join(each.pseudonym for each in people or (observer,)),
        organisation.name if organisation else "",
        organisation.kind if organisation else "",
        deployment.id if deployment else None,
        deployment.kind if deployment else "",
        tuple(planned),
        (await desk.session.execute(heard)).scalar_one_or_none(),
    )


async def station_beside(desk: Desk, code: str | None) -> StationBeside | None:
    """The station of this code, with the area that it lies in."""
    if code is None:
        return None
    area = and_(col(Area.mission_id) == col(Place.mission_id), col(Area.id) == col(Place.area_id))
    query: Any = (
        select(Place, Area.name)
        .outerjoin(Area, area)
        .where(Place.mission_id == desk.who.mission_id, Place.code == code)
        .limit(1)
    )
    row = (await desk.session.execute(query)).first()
    if row is None:
        return None
    place, name = row
    return StationBeside(place.code, place.name, name or "", place.registered_voters)


async def what_was_done(desk: Desk, subject: str, deployment: UUID | None = None) -> list[Done]:
    """What was done to an item and by whom, the newest first: acts, its receipt, calls to the
    team."""
    done = [*await _acts(desk, subject), *await _received(desk, subject)]
    if deployment is not None:
        done += await _calls(desk, deployment)
    return sorted(done, key=lambda each: each.at, reverse=True)[:MAX_DONE]


async def last_decided(desk: Desk, subject: str) -> Done | None:
    """Who did something to an item last: for whoever comes too late."""
    acts = await _acts(desk, subject)
    return next((each for each in acts if each.by and not each.act.startswith("desk.")), None)


@dataclass(frozen=True)
class Undoable:
    """An act of one's own that can be taken back for so many seconds more."""

    act: UUID
    kind: str
    subject: str
    seconds: int


async def undoable(desk: Desk, act: UUID) -> Undoable | None:
    """An act that may still be taken back by whoever did it. Its subject is the item of the desk:
    of a correction that was taken over the correction, not the report that it joined."""
    found = await desk.session.get(DeskAct, (desk.who.mission_id, act))
    if found is None or found.member_id != desk.who.holder_id or found.undone_at is not None:
        return None
    left = UNDO_SECONDS - int((now() - found.at).total_seconds())
    item = str(found.before.get("correction", found.subject))
    return Undoable(found.id, found.kind, item, left) if left > 0 else None


async def _acts(desk: Desk, subject: str) -> list[Done]:
    columns: Any = (AuditEntry.at, AuditEntry.act, Member.handle, AuditEntry.note)
    query: Any = (
        select(*columns)
        .select_from(AuditEntry)
        .outerjoin(Member, _member(AuditEntry, AuditEntry.actor_id))
        .where(
            col(AuditEntry.mission_id) == desk.who.mission_id, col(AuditEntry.subject) == subject
        )
        .order_by(col(AuditEntry.sequence).desc())
        .limit(MAX_DONE)
    )
    return [
        Done(at, act, by, note) for at, act, by, note in (await desk.session.execute(query)).all()
    ]


async def _received(desk: Desk, subject: str) -> list[Done]:
    """When the report came in, if it is one."""
    try:
        key = desk.who.mission_id, UUID(subject)
    except ValueError:
        return []
    row = await desk.session.get(Report, key)
    return [] if row is None else [Done(row.received_at, "received", None, "")]


async def _calls(desk: Desk, deployment: UUID) -> list[Done]:
    columns: Any = (Call.called_at, Call.outcome, Member.handle, Call.note)
    query: Any = (
        select(*columns)
        .select_from(Call)
        .outerjoin(Member, _member(Call, Call.called_by))
        .where(col(Call.mission_id) == desk.who.mission_id, col(Call.deployment_id) == deployment)
        .order_by(col(Call.called_at).desc())
        .limit(MAX_DONE)
    )
    rows = (await desk.session.execute(query)).all()
    return [Done(at, f"call.{outcome}", by, note) for at, outcome, by, note in rows]


def _member(table: Any, actor: Any) -> Any:
    """The member who did it, by the columns of a table."""
    return and_(col(Member.mission_id) == col(table.mission_id), col(Member.id) == col(actor))
