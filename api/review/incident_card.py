"""The card of an incident: all that is known of it, and what was done about it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from sqlmodel import col, func, select

from api.audit.signing import Signer
from api.auth.principal import Principal
from api.auth.visible import visible_reports
from api.figures.incident_cases import Incident
from api.figures.incident_rows import case_of
from api.figures.incidents import handling_out
from api.figures.reports import read_reports
from api.problems import NOT_FOUND, Problem
from api.review.incident_events import is_visible
from schemas.columns import now
from schemas.credential import Role
from schemas.deployment import Visit
from schemas.mission import Member
from schemas.place import Area, Place
from schemas.report import COUNTED, Report
from schemas.rights import Right, may
from schemas.words import N_

MAY_BE_SAME = 6
"""So many reports that may be of the same event are shown."""
RESTRICTED = N_("1 incident in {area}, restricted.")
RESTRICTED_SOMEWHERE = N_("1 incident, restricted.")


async def incident_card(
    session: AsyncSession, who: Principal, signer: Signer, report: UUID
) -> dict[str, Any]:
    """The incident that a report is of, as JSON. Problem: 404; of one that is restricted to others
    it says no more than its area."""
    who.must(Right.SEE_INCIDENTS)
    incident = await session.run_sync(lambda plain: _incident(plain, who, report))
    named = [incident.report, *incident.linked]
    shown = visible_reports(who).where(col(Report.id).in_(named))
    reports = {row.id: said for row, said in await read_reports(session, who, signer, shown)}
    own = reports[incident.report]
    similar = await _may_be_same(session, who, signer, incident)
    place, area = await _place_of(session, incident)
    return {
        "report": incident.report,
        "station": place.code if place else None,
        "station_name": place.name if place else None,
        "area": {"code": area.code, "name": area.name} if area else None,
        "checklist": own["checklist"],
        "observer": own.get("observer"),
        "answers": own["answers"],
        "codes": own["codes"],
        "receipt": own["receipt"],
        **handling_out(incident, now()),
        "irregularities": _irregular(reports.values()),
        "deployment": await _deployment(session, incident),
        "first_answer_at": incident.handling.first_at,
        "state_at": incident.handling.state_at,
        "state_by": incident.handling.state_by,
        "sources": [_source(own, reports[each]) for each in named if each in reports],
        "may_be_same": [_source(own, each) for each in similar],
    }


def _incident(session: Session, who: Principal, report: UUID) -> Incident:
    """The incident that a report is of. Problem: 404."""
    found = case_of(lambda query: session.execute(query).all(), who.mission_id, report)
    if found is None:
        raise Problem(NOT_FOUND)
    if is_visible(session, who, found.report):
        return found
    if not is_visible(session, who, found.report, though_restricted=True):
        raise Problem(NOT_FOUND)
    area = session.execute(
        select(Area.name)
        .join(Place, (col(Place.mission_id) == col(Area.mission_id)) & (Place.area_id == Area.id))
        .where(Place.mission_id == who.mission_id, Place.id == found.place)
    ).scalar()
    more = {"area": area, "restricted": True}
    raise Problem(
        NOT_FOUND, RESTRICTED.format(area=area) if area else RESTRICTED_SOMEWHERE, more=more
    )


async def _place_of(session: AsyncSession, incident: Incident) -> tuple[Place | None, Area | None]:
    if incident.place is None:
        return None, None
    place = (
        await session.execute(select(Place).where(Place.id == incident.place))
    ).scalar_one_or_none()
    if place is None or place.area_id is None:
        return place, None
    area = await session.execute(select(Area).where(Area.id == place.area_id))
    return place, area.scalar_one_or_none()


def _irregular(reports: Iterable[dict[str, Any]]) -> list[str]:
    """The codes of what reports say was irregular, each once."""
    return list(
        dict.fromkeys(
            code["indicator"]
            for said in reports
            for code in said["codes"]
            if code["status"].startswith("irregular")
        )
    )


async def _deployment(session: AsyncSession, incident: Incident) -> UUID | None:
    """The deployment of the team that sent the first report: whom to call."""
    visit = select(Report.visit_id).where(Report.id == incident.report).scalar_subquery()
    found = await session.execute(select(Visit.deployment_id).where(col(Visit.id) == visit))
    return found.scalar_one_or_none()


async def handlers(session: AsyncSession, who: Principal) -> list[tuple[str, str]]:
    """The members who see incidents, by handle, each with the role: who may own one, or be told."""
    seeing = [role.value for role in Role if may(role, Right.SEE_INCIDENTS)]
    query = (
        select(Member.handle, Member.role)
        .where(
            Member.mission_id == who.mission_id,
            col(Member.ended_at).is_(None),
            col(Member.role).in_(seeing),
        )
        .order_by(col(Member.handle))
    )
    return [(handle, role) for handle, role in (await session.execute(query)).all()]


async def own_handle(session: AsyncSession, who: Principal) -> str:
    """What a member is called."""
    query = select(Member.handle).where(
        Member.mission_id == who.mission_id, Member.id == who.holder_id
    )
    return (await session.execute(query)).scalar_one_or_none() or ""


def of_other_teams(card: Mapping[str, Any]) -> list[UUID]:
    """Incidents that other teams reported from the same place, of which nobody has said whether
    they are the same event as the one of a card. Whoever verifies it says so first."""
    return [
        each["report"]
        for each in card["may_be_same"]
        if each["checklist"] == "incident" and each["bears"] == "other_team"
    ]


async def _may_be_same(
    session: AsyncSession, who: Principal, signer: Signer, incident: Incident
) -> Sequence[dict[str, Any]]:
    """Reports that may be of the same event: incidents from the same place, and what the same visit
    sent besides; not those that somebody linked, or said to be another event. Nearest first."""
    if incident.place is None:
        return ()
    visit = select(Report.visit_id).where(
        Report.mission_id == who.mission_id, Report.id == incident.report
    )
    apart = {each.linked for each in incident.events if each.kind == "unlink" and not each.undone}
    aside = {incident.report, *incident.linked} | {each for each in apart if each}
    at = func.coalesce(col(Report.arrived_at), col(Report.received_at))
    distance = func.abs(func.extract("epoch", at - incident.at))
    query = (
        visible_reports(who)
        .where(
            col(Report.place_id) == incident.place,
            col(Report.status).in_(COUNTED),
            col(Report.id).not_in(aside),
            or_(
                col(Report.checklist) == "incident",
                col(Report.visit_id) == visit.scalar_subquery(),
            ),
        )
        .order_by(distance, col(Report.id))
        .limit(MAY_BE_SAME)
    )
    return [said for _, said in await read_reports(session, who, signer, query)]


def _source(own: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """How a report bears on the incident: it is the first, of the same team, or of another."""
    bears = "first" if said["id"] == own["id"] else "same_team"
    if said.get("observer") != own.get("observer"):
        bears = "other_team"
    return {
        "report": said["id"],
        "checklist": said["checklist"],
        "observer": said.get("observer"),
        "at": datetime.fromisoformat(said["received_at"]),
        "status": said["status"],
        "nature": said["answers"].get("nature") if said["checklist"] == "incident" else None,
        "source": said["answers"].get("source") if said["checklist"] == "incident" else None,
        "irregularities": _irregular([said]),
        "photos": len(said["photos"]),
        "bears": bears,
    }
