"""Who may see what: every query of the reading side starts from the principal.

The mission is named by hand here; row-level security is the second wall behind it.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_
from sqlmodel import col, select

from api.identity import Principal
from api.problems import NOT_FOUND, Problem
from schemas.credential import Role
from schemas.deployment import DeployedObserver, Deployment
from schemas.observer import Observer
from schemas.place import Place, PlaceKind
from schemas.published import Checklist, ChecklistVersion
from schemas.report import Report, ReportStatus, Submission
from schemas.statement import Finding, Statement, StatementState

DESK = frozenset({Role.LEAD, Role.DATA_MANAGER})
"""Who works on the mission's own desk and sees everything in it."""


def refuse_before_publication(who: Principal) -> None:
    """Observers see no aggregate before the mission has spoken (coc:8): there is none for them."""
    if who.role in (Role.OBSERVER, Role.IMPORT):
        raise Problem(NOT_FOUND)


def refuse_outside_the_desk(who: Principal) -> None:
    """What only leads and data managers see is not there for others."""
    if who.role not in DESK:
        raise Problem(NOT_FOUND)


def visible_reports(who: Principal) -> Select[Any]:
    """The desk sees all, an observer their own, an import key what it sent.

    A partner sees what was placed; what of it is shown is less
    (:func:`api.reading.reports.shown`).
    """
    query = select(Report).where(Report.mission_id == who.mission_id)
    if who.role in DESK:
        return query
    if who.role == Role.PARTNER:
        return query.where(Report.status != ReportStatus.HELD)
    if who.role == Role.IMPORT:
        return query.where(_sent_by(who))
    return query.where(or_(col(Report.observer_id) == who.holder_id, _sent_by(who)))


def _sent_by(who: Principal) -> ColumnElement[bool]:
    """Who sent the first bytes under an id; other bytes under it give no sight of it."""
    return (
        select(Submission.report_id)
        .where(
            Submission.mission_id == who.mission_id,
            col(Submission.report_id) == col(Report.id),
            col(Submission.contested).is_(False),
            Submission.holder_id == who.holder_id,
        )
        .exists()
    )


def visible_stations(who: Principal) -> Select[Any]:
    """Everyone in a mission may know its stations."""
    return select(Place).where(Place.mission_id == who.mission_id, Place.kind == PlaceKind.STATION)


def visible_deployments(who: Principal) -> Select[Any]:
    """The desk sees all, an observer those they are sent on."""
    query = select(Deployment).where(Deployment.mission_id == who.mission_id)
    if who.role in DESK:
        return query
    if who.role != Role.OBSERVER:
        raise Problem(NOT_FOUND)
    own = select(DeployedObserver.deployment_id).where(
        DeployedObserver.mission_id == who.mission_id,
        DeployedObserver.observer_id == who.holder_id,
    )
    return query.where(col(Deployment.id).in_(own))


def visible_observers(who: Principal) -> Select[Any]:
    """Pseudonyms are the desk's."""
    refuse_outside_the_desk(who)
    return select(Observer).where(Observer.mission_id == who.mission_id)


def visible_checklists(who: Principal) -> Select[Any, Any]:
    """Everyone in a mission may see what it asks."""
    return (
        select(Checklist, ChecklistVersion)
        .join(
            ChecklistVersion,
            (col(ChecklistVersion.mission_id) == col(Checklist.mission_id))
            & (col(ChecklistVersion.checklist_id) == col(Checklist.id)),
        )
        .where(Checklist.mission_id == who.mission_id)
    )


def visible_statements(who: Principal) -> Select[Any]:
    """The desk sees drafts; everyone else what was released and is no longer under embargo."""
    query = select(Statement).where(Statement.mission_id == who.mission_id)
    return query if who.role in DESK else query.where(_is_out())


def _is_out() -> ColumnElement[bool]:
    embargo = col(Statement.embargo_until)
    return (col(Statement.state) == StatementState.RELEASED) & (
        embargo.is_(None) | (embargo <= func.now())
    )


def visible_findings(who: Principal) -> Select[Any]:
    """Findings are the desk's until a statement that holds them is released."""
    query = select(Finding).where(Finding.mission_id == who.mission_id)
    if who.role in DESK:
        return query
    released = select(Statement.snapshot_id).where(
        Statement.mission_id == who.mission_id, _is_out()
    )
    return query.where(col(Finding.snapshot_id).in_(released))
