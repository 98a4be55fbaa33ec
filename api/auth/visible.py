"""Authorisation of reads: every query of reports and figures starts from the principal.

The mission is named by hand here; row-level security is the second wall behind it. A right that
a role lacks is answered as if the thing were not there.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, false, func, or_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import defer
from sqlmodel import col, select

from api.auth.principal import Principal
from api.problems import NOT_FOUND, Problem
from schemas.audit import Alarm
from schemas.credential import Role
from schemas.deployment import DeployedObserver, Deployment
from schemas.desk import DeskAct, IncidentEvent
from schemas.observer import Observer
from schemas.place import Area, Place, PlaceKind
from schemas.published import Checklist, ChecklistVersion, FormFile, Rules, RulesState
from schemas.report import Report, Submission
from schemas.rights import Right
from schemas.statement import Finding, Statement, StatementState

INCIDENT = "incident"
NAMED = "member:"
COUNTING = frozenset({"counting", "tabulation"})
"""The stages of which a quick count speaks."""


def refuse_before_publication(who: Principal) -> None:
    """Before the mission has spoken aggregates are its own (coc:8); partners read those that were
    shared with them (:mod:`api.sharing`), never these."""
    who.must(Right.SEE_AGGREGATES)


def refuse_quick_count(who: Principal) -> None:
    """A quick count is for whoever sees aggregates and, where bounded, works on the count."""
    who.must(Right.SEE_AGGREGATES)
    if who.sections and not COUNTING & set(who.sections):
        raise Problem(NOT_FOUND)


def sees_reports(who: Principal) -> bool:
    """Whether a role sees any report as it stands: all, its area's, its own, or what it sent. A
    partner sees none: it reads those that were shared (:mod:`api.sharing`)."""
    outside = {Role.OBSERVER, Role.IMPORT}
    return who.may(Right.SEE_REPORTS) or who.role in outside


def scope(who: Principal) -> str:
    """What bounds a principal's sight, for the tag of an answer."""
    return "-".join(map(str, (who.role, who.area_id or "", *who.sections)))


def visible_reports(who: Principal, *, though_restricted: bool = False) -> Select[Any]:
    """The desk sees all, a coordinator its area's, a core-team analyst its sections', an observer
    their own, an import key what it sent. Restricted incidents are seen by those alone whom they
    are restricted to, unless they are only counted (``though_restricted``).

    A security officer sees incidents alone. A partner sees what was placed; what of it is shown
    is less (:func:`api.figures.reports.shown`). To others there are none: a 404 :class:`Problem`.
    """
    if not (sees_reports(who) or who.may(Right.SEE_INCIDENTS)):
        raise Problem(NOT_FOUND)
    query: Select[Any] = select(Report).where(Report.mission_id == who.mission_id)
    if who.may(Right.SEE_INCIDENTS):
        query = _bounded(who, query)
        if though_restricted or who.may(Right.SEE_RESTRICTED):
            return query
        return query.where(col(Report.id).not_in(restricted_from(who)))
    if who.role == Role.IMPORT:
        return query.where(_sent_by(who))
    return query.where(or_(col(Report.observer_id) == who.holder_id, _sent_by(who)))


def _bounded(who: Principal, query: Select[Any]) -> Select[Any]:
    """Of reports those in the principal's area and sections; incidents alone for whoever sees no
    other reports. One that has no place yet belongs to the area that its observer is deployed in.
    """
    if not who.may(Right.SEE_REPORTS):
        query = query.where(col(Report.checklist) == INCIDENT)
    if who.area_id is not None:
        nowhere = col(Report.place_id).is_(None) & col(Report.observer_id).in_(_own_observers(who))
        query = query.where(or_(col(Report.place_id).in_(_own_places(who)), nowhere))
    if who.sections:
        stage = col(Rules.definition)["stage"].astext
        own = select(Rules.id).where(Rules.mission_id == who.mission_id, stage.in_(who.sections))
        query = query.where(col(Report.rules_id).in_(own))
    return query


def restricted_from(who: Principal) -> Select[Any]:
    """The ids of the incidents that are restricted to others than this role and this member; not
    of those that this member was made the owner of, or that were escalated to them."""
    latest = restrictions(who.mission_id)
    handed: Any = select(IncidentEvent.report_id).where(
        IncidentEvent.mission_id == who.mission_id,
        IncidentEvent.whom_id == who.holder_id,
        ~is_undone(),
    )
    return select(latest.c.report_id).where(
        ~latest.c.visible_to.has_key(str(who.role)),
        ~latest.c.visible_to.has_key(named(who.holder_id)),
        latest.c.report_id.not_in(handed),
    )


def named(member: UUID) -> str:
    """How a restriction names one member, beside the roles that it names."""
    return f"{NAMED}{member}"


def restrictions(mission_id: UUID) -> Subquery:
    """The incidents that are restricted, each with the roles and members that see it."""
    said: Any = (IncidentEvent.report_id, IncidentEvent.visible_to)
    newest = (
        select(*said)
        .ext(distinct_on(col(IncidentEvent.report_id)))
        .where(
            IncidentEvent.mission_id == mission_id,
            IncidentEvent.kind == "visibility",
            ~is_undone(),
        )
        .order_by(col(IncidentEvent.report_id), col(IncidentEvent.sequence).desc())
    ).subquery()
    many = func.jsonb_array_length(newest.c.visible_to) > 0
    return select(newest.c.report_id, newest.c.visible_to).where(many).subquery()


def is_undone(event: Any = IncidentEvent) -> ColumnElement[bool]:
    """Whether the act that an event was written by was taken back: both have one reading of the
    clock."""
    return (
        select(DeskAct.id)
        .where(
            col(DeskAct.mission_id) == col(event.mission_id),
            col(DeskAct.sequence) == col(event.sequence),
            col(DeskAct.undone_at).is_not(None),
        )
        .exists()
    )


def own_areas(who: Principal) -> Select[Any]:
    """The ids of the areas that a coordinator answers for: one, and all that lie in it."""
    top = select(Area.id).where(Area.mission_id == who.mission_id, Area.id == who.area_id)
    within = top.cte(recursive=True)
    below = select(Area.id).where(
        Area.mission_id == who.mission_id, col(Area.parent_id) == within.c.id
    )
    return select(within.union(below).c.id)


def _own_places(who: Principal) -> Select[Any]:
    return select(Place.id).where(
        Place.mission_id == who.mission_id, col(Place.area_id).in_(own_areas(who))
    )


def _own_deployments(who: Principal) -> ColumnElement[bool]:
    return or_(
        col(Deployment.area_id).in_(own_areas(who)), col(Deployment.place_id).in_(_own_places(who))
    )


def _own_observers(who: Principal) -> Select[Any]:
    return (
        select(DeployedObserver.observer_id)
        .join(
            Deployment,
            (col(Deployment.mission_id) == col(DeployedObserver.mission_id))
            & (col(Deployment.id) == col(DeployedObserver.deployment_id)),
        )
        .where(DeployedObserver.mission_id == who.mission_id, _own_deployments(who))
    )


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
    """Whoever looks after people sees all, a coordinator its area's, an observer their own."""
    query = select(Deployment).where(Deployment.mission_id == who.mission_id)
    if who.role == Role.OBSERVER:
        own = select(DeployedObserver.deployment_id).where(
            DeployedObserver.mission_id == who.mission_id,
            DeployedObserver.observer_id == who.holder_id,
        )
        return query.where(col(Deployment.id).in_(own))
    who.must(Right.SEE_PEOPLE)
    return query if who.area_id is None else query.where(_own_deployments(who))


def visible_observers(who: Principal) -> Select[Any]:
    """Pseudonyms, for whoever looks after people; a coordinator sees those sent to its area."""
    who.must(Right.SEE_PEOPLE)
    query = select(Observer).where(Observer.mission_id == who.mission_id)
    return query if who.area_id is None else query.where(col(Observer.id).in_(_own_observers(who)))


def visible_alarms(who: Principal) -> Select[Any]:
    """Alarms that nobody has settled; a coordinator is told of the observers sent to its area."""
    who.must(Right.SEE_PEOPLE)
    query = select(Alarm).where(Alarm.mission_id == who.mission_id, col(Alarm.settled_at).is_(None))
    if who.area_id is None:
        return query
    own = visible_observers(who).with_only_columns(col(Observer.pseudonym))
    return query.where(col(Alarm.subject).in_(own))


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


def visible_form_files(who: Principal, name: str, version: str) -> Select[Any]:
    """The files of one version's form: everyone's once it is published, until then its keepers'."""
    query = (
        select(FormFile)
        .join(
            ChecklistVersion,
            (col(ChecklistVersion.mission_id) == col(FormFile.mission_id))
            & (col(ChecklistVersion.id) == col(FormFile.version_id)),
        )
        .join(
            Checklist,
            (col(Checklist.mission_id) == col(ChecklistVersion.mission_id))
            & (col(Checklist.id) == col(ChecklistVersion.checklist_id)),
        )
        .where(
            FormFile.mission_id == who.mission_id,
            Checklist.name == name,
            ChecklistVersion.version == version,
        )
        .order_by(col(FormFile.name))
    )
    return query if who.may(Right.KEEP_CHECKLISTS) else query.where(_is_published())


def _is_published() -> ColumnElement[bool]:
    rules = (
        (col(Rules.mission_id) == col(ChecklistVersion.mission_id))
        & (col(Rules.version_id) == col(ChecklistVersion.id))
        & (col(Rules.state) == RulesState.PUBLISHED)
    )
    return select(Rules.id).where(rules).exists()


def visible_statements(who: Principal, *, whole: bool = False) -> Select[Any]:
    """Drafts are the core team's; everyone else sees what was released, without embargo. Their
    text, which may be long, comes only with the ``whole``."""
    query = select(Statement).where(Statement.mission_id == who.mission_id)
    if not whole:
        for text in (Statement.blocks, Statement.published, Statement.proposed):
            query = query.options(defer(text, raiseload=True))  # type: ignore[arg-type]
    return query if who.may(Right.SEE_DRAFTS) else query.where(_is_out())


def _is_out() -> ColumnElement[bool]:
    embargo = col(Statement.embargo_until)
    return (col(Statement.state) == StatementState.RELEASED) & (
        embargo.is_(None) | (embargo <= func.now())
    )


def visible_findings(who: Principal) -> Select[Any]:
    """Findings are the core team's, a bounded analyst's those of its sections, until a statement
    that holds them is released."""
    query = select(Finding).where(Finding.mission_id == who.mission_id)
    released = select(Statement.snapshot_id).where(
        Statement.mission_id == who.mission_id, _is_out()
    )
    out = col(Finding.snapshot_id).in_(released)
    if not who.may(Right.SEE_DRAFTS):
        return query.where(out)
    own = col(Finding.stage).in_(who.sections) if who.sections else ~false()
    return query.where(own | out)
