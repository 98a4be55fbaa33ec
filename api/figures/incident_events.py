"""Events of incidents: what was decided and noted on each, folded into where it stands.

Events are only added. One whose act was taken back within its time is listed, and counts no more.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from api.auth.visible import NAMED, is_undone, named
from schemas.desk import IncidentEvent, IncidentState
from schemas.mission import Member
from schemas.report import Report, ReportStatus, ReportVersion

Evidence = Literal["several_sources", "documented", "observed", "reported"]
EVIDENCE: tuple[Evidence, ...] = get_args(Evidence)
"""Strongest first: two teams or more, a photograph that arrived, seen by the observer, reported
to the observer."""
CHECKLIST = "incident"
"""The checklist of the library on which observers send incidents."""
UNDECIDED = frozenset({IncidentState.REPORTED, IncidentState.BEING_VERIFIED})
"""What somebody has yet to decide on."""
DECIDED = {
    ReportStatus.VERIFIED: IncidentState.VERIFIED,
    ReportStatus.QUARANTINED: IncidentState.REFUTED,
}
"""An incident is verified where its report is, and refuted where its report is excluded."""
Rows = Callable[[Select[Any]], Sequence[Any]]
"""Reads the rows of a query."""


@dataclass(frozen=True)
class Event:
    """One step: ``by`` and ``whom`` are members' handles, ``members`` those of the members that a
    restriction names beside roles. ``undone``: its act was taken back."""

    id: UUID
    report: UUID
    sequence: int
    at: datetime
    by: str | None
    by_id: UUID | None
    kind: str
    state: str | None = None
    whom: str | None = None
    whom_id: UUID | None = None
    linked: UUID | None = None
    evidence: Evidence | None = None
    visible_to: tuple[str, ...] | None = None
    members: tuple[str, ...] = ()
    text: str = ""
    undone: bool = False


@dataclass(frozen=True)
class Escalation:
    """To whom an incident was escalated, and when; ``answered_at`` is what they did first since."""

    to: str
    to_id: UUID
    at: datetime
    by: str | None
    answered_at: datetime | None = None


@dataclass(frozen=True)
class Handling:
    """What the events of one report say: the state that was said last, who owns it, and so on."""

    state: IncidentState = IncidentState.REPORTED
    state_at: datetime | None = None
    state_by: str | None = None
    owner: str | None = None
    owner_id: UUID | None = None
    escalation: Escalation | None = None
    lowered: Evidence | None = None
    danger_over_at: datetime | None = None
    visible_to: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    """The handles of the members that it is restricted to, beside roles."""
    first_at: datetime | None = None
    """When a person first did something about it."""


NOTHING_DONE = Handling()


def state_of(status: ReportStatus, said: IncidentState) -> IncidentState:
    """Where an incident stands: its report's status decides whether it is verified or refuted,
    the events the rest, so that the two cannot differ."""
    if status in DECIDED:
        return DECIDED[status]
    return IncidentState.REPORTED if said in DECIDED.values() else said


def handled(events: Iterable[Event]) -> Handling:
    """The events of one report, in their order, folded."""
    said: dict[str, Any] = {}
    for each in events:
        if each.undone:
            continue
        if each.by_id is not None:
            said.setdefault("first_at", each.at)
        said |= _said(each)
        escalation = said.get("escalation")
        if escalation and not escalation.answered_at and each.by_id == escalation.to_id:
            said["escalation"] = _answered(escalation, each)
    return Handling(**said)


def _said(event: Event) -> dict[str, Any]:
    """What one event sets."""
    match event.kind:
        case "state" if event.state:
            state = IncidentState(event.state)
            return {"state": state, "state_at": event.at, "state_by": event.by}
        case "owner":
            return {"owner": event.whom, "owner_id": event.whom_id}
        case "escalated" if event.whom_id:
            to = Escalation(event.whom or "", event.whom_id, event.at, event.by)
            return {"escalation": to}
        case "evidence":
            return {"lowered": event.evidence}
        case "danger_over":
            return {"danger_over_at": event.at}
        case "visibility":
            return {"visible_to": event.visible_to or (), "members": event.members}
    return {}


def _answered(escalation: Escalation, event: Event) -> Escalation:
    if event.kind == "escalated":
        return escalation
    return Escalation(escalation.to, escalation.to_id, escalation.at, escalation.by, event.at)


@dataclass
class Links:
    """Which reports people said to be of one incident, and which not: a forest, one tree an
    incident, under the report that the others were linked to."""

    parent: dict[UUID, UUID] = field(default_factory=dict)
    apart: set[frozenset[UUID]] = field(default_factory=set)

    def root(self, report: UUID) -> UUID:
        """The report that stands for the incident of this one."""
        while report in self.parent:
            report = self.parent[report]
        return report

    def are_apart(self, one: UUID, other: UUID) -> bool:
        """Whether somebody said that these are not the same event."""
        return frozenset({one, other}) in self.apart

    def members(self) -> Mapping[UUID, Sequence[UUID]]:
        """The linked reports of each incident, by the report that stands for it."""
        found: dict[UUID, list[UUID]] = {}
        for each in self.parent:
            found.setdefault(self.root(each), []).append(each)
        return found


def linked(events: Iterable[Event]) -> Links:
    """What links and unlinks say, in the order in which they were made."""
    found = Links()
    made = [each for each in events if each.linked is not None and not each.undone]
    for each in sorted(made, key=lambda event: (event.sequence, event.id)):
        if each.linked is None:
            continue
        here, there = found.root(each.report), found.root(each.linked)
        if each.kind == "link":
            found.apart.discard(frozenset({here, there}))
            if here != there:
                found.parent[there] = here
        else:
            if here == there:
                found.parent.pop(each.linked, None)
            found.apart.add(frozenset({here, each.linked}))
    return found


def read_events(
    rows: Rows,
    mission_id: UUID,
    reports: Collection[UUID] | None,
    kinds: Collection[str] | None = None,
) -> list[Event]:
    """The events of some reports (None: of all) and of some kinds, in their order."""
    actor, whom = aliased(Member), aliased(Member)
    columns: Any = (
        *IncidentEvent.__table__.columns,  # type: ignore[attr-defined]
        col(actor.handle).label("by"),
        col(whom.handle).label("whom"),
        is_undone().label("undone"),
    )
    query: Select[Any] = (
        select(IncidentEvent)
        .with_only_columns(*columns)
        .outerjoin(actor, _is(actor, IncidentEvent.member_id))
        .outerjoin(whom, _is(whom, IncidentEvent.whom_id))
        .where(col(IncidentEvent.mission_id) == mission_id)
        .order_by(col(IncidentEvent.sequence), col(IncidentEvent.id))
    )
    if reports is not None:
        query = query.where(col(IncidentEvent.report_id).in_(reports))
    if kinds is not None:
        query = query.where(col(IncidentEvent.kind).in_(kinds))
    found = rows(query)
    handles = _handles(rows, mission_id, found)
    return [_event(row, handles) for row in found]


def _handles(rows: Rows, mission_id: UUID, found: Sequence[Any]) -> dict[str, str]:
    """What the members are called that restrictions name, by how these name them."""
    members = {
        UUID(each.removeprefix(NAMED))
        for row in found
        for each in row.visible_to or ()
        if each.startswith(NAMED)
    }
    if not members:
        return {}
    query: Any = select(Member.id, Member.handle).where(
        Member.mission_id == mission_id, col(Member.id).in_(members)
    )
    return {named(identity): handle for identity, handle in rows(query)}


def _is(member: Any, identity: Any) -> ColumnElement[bool]:
    held: ColumnElement[bool] = (col(member.mission_id) == col(IncidentEvent.mission_id)) & (
        col(member.id) == col(identity)
    )
    return held


def _event(row: Any, handles: Mapping[str, str]) -> Event:
    visible = None if row.visible_to is None else tuple(row.visible_to)
    members = tuple(sorted(handles[each] for each in visible or () if each in handles))
    return Event(
        id=row.id,
        report=row.report_id,
        sequence=row.sequence,
        at=row.at,
        by=row.by,
        by_id=row.member_id,
        kind=row.kind,
        state=row.state,
        whom=row.whom,
        whom_id=row.whom_id,
        linked=row.linked_id,
        evidence=row.evidence,
        visible_to=visible,
        members=members,
        text=row.text,
        undone=row.undone,
    )


def roles_of(visible_to: Iterable[str]) -> list[str]:
    """The roles of a restriction, without the members that it names."""
    return [each for each in visible_to if not each.startswith(NAMED)]


def event_out(event: Event) -> dict[str, Any]:
    """An event as JSON; what it does not say is left out."""
    said = {
        "state": event.state,
        "owner": event.whom if event.kind == "owner" else None,
        "escalated_to": event.whom if event.kind == "escalated" else None,
        "linked": event.linked,
        "evidence": event.evidence,
        "visible_to": None if event.visible_to is None else roles_of(event.visible_to),
        "visible_to_members": list(event.members) or None,
        "text": event.text or None,
        "undone": event.undone or None,
    }
    about = {"id": event.id, "at": event.at, "by": event.by, "kind": event.kind}
    return about | {name: value for name, value in said.items() if value is not None}


def is_undecided() -> ColumnElement[bool]:
    """Holds for reports of incidents that await a decision: nobody has verified or refuted them,
    said that it cannot be determined, or linked them to another one."""
    undetermined = _newest(IncidentEvent.report_id, "state").where(
        col(IncidentEvent.state) == IncidentState.UNDETERMINED
    )
    elsewhere = _newest(IncidentEvent.linked_id, "link", "unlink").where(
        col(IncidentEvent.kind) == "link"
    )
    return and_(
        col(Report.checklist) == CHECKLIST,
        col(Report.status).not_in([*DECIDED, ReportStatus.SUPERSEDED]),
        tuple_(col(Report.mission_id), col(Report.id)).not_in(undetermined),
        tuple_(col(Report.mission_id), col(Report.id)).not_in(elsewhere),
    )


def _newest(of: Any, *kinds: str) -> Any:
    """The reports of events of some kinds, by their newest one."""
    newer = aliased(IncidentEvent)
    later = tuple_(col(newer.sequence), col(newer.id)) > tuple_(
        col(IncidentEvent.sequence), col(IncidentEvent.id)
    )
    overtaken = (
        select(newer.id)
        .where(
            col(newer.mission_id) == col(IncidentEvent.mission_id),
            getattr(newer, of.key) == of,
            col(newer.kind).in_(kinds),
            later,
            ~is_undone(newer),
        )
        .exists()
    )
    return select(col(IncidentEvent.mission_id), col(of)).where(
        col(IncidentEvent.kind).in_(kinds), ~is_undone(), ~overtaken
    )


def is_in_danger() -> ColumnElement[bool]:
    """Holds for reports of incidents with somebody in danger, until a person says that it is
    over."""
    version = aliased(ReportVersion)
    said = select(version.report_id).where(
        col(version.mission_id) == col(Report.mission_id),
        col(version.report_id) == col(Report.id),
        col(version.number) == col(Report.version),
        col(version.answers)["danger"].astext == "yes",
    )
    over = select(IncidentEvent.id).where(
        col(IncidentEvent.mission_id) == col(Report.mission_id),
        col(IncidentEvent.report_id) == col(Report.id),
        col(IncidentEvent.kind) == "danger_over",
        ~is_undone(),
    )
    return and_(
        col(Report.checklist) == CHECKLIST,
        said.correlate(Report).exists(),
        ~over.correlate(Report).exists(),
    )
