"""Events of incidents: what people decide and note on each, who owns it, who may see it.

An incident is one report, or several that people linked. Verifying or refuting it decides on its
report in the same transaction, and a decision on the report moves the incident: there is one state.
Events are only added; taking an act back within its time leaves them listed, and uncounted.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session
from sqlmodel import col, select

from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.auth.visible import named, visible_reports
from api.figures.incident_cases import Incident
from api.figures.incident_events import CHECKLIST, DECIDED, EVIDENCE, Evidence
from api.figures.incident_rows import case_of
from api.intake.settling import settle_blocking
from api.problems import CONFLICT, INVALID, Problem
from api.review.acts import record_act
from api.review.decide import Decided, decide
from api.review.holds import must_not_be_held_by_another
from api.review.incident_state import write_event
from schemas.credential import Role
from schemas.desk import DeskAct, IncidentState
from schemas.mission import Member
from schemas.problems import Refusal
from schemas.report import Report
from schemas.rights import Right, may
from schemas.words import N_

KIND = "incident.event"
NOTHING_SAID = N_("Say what happens: a state, a note, an owner, a link, and so on.")
SAME_STATE = N_("It is in this state already.")
SAME_OWNER = N_("They own it already.")
LINKED = N_("These reports are linked already.")
NOT_LINKED = N_("These reports are not linked, and were said not to be the same event.")
ITSELF = N_("A report is not linked to itself.")
NO_SUCH_REPORT = N_("There is no such report.")
NO_SUCH_MEMBER = N_("There is no member of this name who sees incidents.")
SAME_EVIDENCE = N_("The evidence is of this grade already.")
ONLY_LOWER = N_("The grade follows from the sources: a person may only lower it.")
NO_DANGER = N_("Nobody is in danger here, as far as was reported.")
SAME_ROLES = N_("It is visible to these already.")
SEES_NONE = N_("This role sees no incidents.")
OWN_ROLE = N_("Name your own role, or yourself, too: you would not see it any more.")
DECIDES_NOT = N_("Whoever decides on reports says what is true of it. Escalate it to one of them.")
CHANGED_SINCE = N_("Its report was decided on since. Take that back first.")
LONGEST = 2000
MOST_NAMED = 50
REASONED = frozenset(IncidentState) - {IncidentState.REPORTED, IncidentState.BEING_VERIFIED}
"""States that are a decision: they need a reason."""
ON_REPORT: Mapping[IncidentState, Decided] = {
    IncidentState.VERIFIED: "verified",
    IncidentState.REFUTED: "quarantined",
}
"""What a decision on an incident makes of its report."""


class IncidentEventIn(BaseModel):
    """What happens to an incident: at least one of its members beside the reason.

    ``owner`` and ``escalated_to`` are handles of members, ``link`` and ``unlink`` ids of other
    reports, ``visible_to`` roles, ``visible_to_members`` handles of members: none of either lifts a
    restriction.
    """

    model_config = ConfigDict(extra="forbid")

    state: IncidentState | None = None
    note: str | None = Field(default=None, min_length=1, max_length=LONGEST)
    owner: str | None = Field(default=None, min_length=1, max_length=200)
    escalated_to: str | None = Field(default=None, min_length=1, max_length=200)
    link: UUID | None = None
    unlink: UUID | None = None
    evidence: Evidence | None = None
    danger_over: Literal[True] | None = None
    visible_to: list[Role] | None = Field(default=None, max_length=len(Role))
    visible_to_members: list[str] | None = Field(default=None, max_length=MOST_NAMED)
    reason: str = Field(default="", max_length=LONGEST)

    @property
    def says_something(self) -> bool:
        """Whether anything is to happen."""
        return bool(self.model_dump(exclude={"reason"}, exclude_none=True))


class Handled(NamedTuple):
    """What was done: the act, which can be taken back, and the report that the incident is of."""

    act: UUID
    incident: UUID


def incident_act(
    who: Principal,
    report: UUID,
    given: IncidentEventIn,
    same: Mapping[UUID, bool] | None = None,
) -> Callable[[Work], Handled]:
    """What is to be written to do what is asked to an incident that somebody sees; it gives
    the act. ``same`` says of other reports whether they are of this event: they are linked, or said
    not to be, in the same act. Problems: 404, 422 naming the field, 409 where it stands so
    already."""
    who.must(Right.HANDLE_INCIDENTS)
    return lambda work: handle(work, who, report, given, same)


def handle(
    work: Work,
    who: Principal,
    report: UUID,
    given: IncidentEventIn,
    same: Mapping[UUID, bool] | None = None,
) -> Handled:
    """:func:`incident_act` in a unit of work."""
    if not given.says_something:
        raise Problem(INVALID, NOTHING_SAID, "state")
    for field in ("reason", "note"):
        if "\0" in (getattr(given, field) or ""):
            raise Refusal("a NUL cannot be kept.", field)
    incident = seen_incident(work.session, who, report)
    must_not_be_held_by_another(work, who, incident.report)
    found = work.session.get_one(Report, (work.mission_id, incident.report))
    before = {"status": found.status}
    step = Step(work, who, incident, given)
    for other, is_same in (same or {}).items():
        named = {"link": other} if is_same else {"unlink": other}
        linking = Step(work, who, incident, IncidentEventIn(**named))
        (_link if is_same else _unlink)(linking)
        step.others += linking.others
    for say in STEPS:
        say(step)
    work.session.refresh(found)
    found.changed = work.clock
    work.session.add(found)
    after = {"after": found.status, "others": [str(each) for each in step.others]}
    return Handled(record_act(work, KIND, found.id, before | after), found.id)


def seen_incident(session: Session, who: Principal, report: UUID) -> Incident:
    """The incident that a report is of, where somebody may see it. LookupError otherwise."""
    found = case_of(lambda query: session.execute(query).all(), who.mission_id, report)
    if found is None or not is_visible(session, who, found.report):
        raise LookupError(str(report))
    return found


def is_visible(
    session: Session, who: Principal, report: UUID, *, though_restricted: bool = False
) -> bool:
    """Whether somebody may see a report; or might, if it were not restricted."""
    every = visible_reports(who, though_restricted=though_restricted)
    query = every.where(col(Report.id) == report).with_only_columns(col(Report.id))
    return session.execute(query).first() is not None


class Step:
    """One act on one incident, as its events are written."""

    def __init__(
        self, work: Work, who: Principal, incident: Incident, given: IncidentEventIn
    ) -> None:
        self.work, self.who, self.incident, self.given = work, who, incident, given
        self.others: list[UUID] = []
        """Other reports that the act wrote events of."""

    @property
    def reason(self) -> str:
        """Why, as it was said."""
        return self.given.reason.strip()

    def must_give_reason(self) -> None:
        """Raises :class:`Refusal` without a reason."""
        if not self.reason:
            raise Refusal("say why.", "reason")

    def write(self, kind: str, *, of: UUID | None = None, **said: Any) -> None:
        """Write an event of this incident, or of another report; the audit log has that it was
        done, and a digest of why."""
        report = of or self.incident.report
        text = said.pop("text", self.reason)
        write_event(self.work, report, kind, text=text, **said)
        self.work.log(f"incident.{kind}", report, text)
        if report != self.incident.report:
            self.others.append(report)

    def member(self, field: str, handle: str) -> Member:
        """A member who sees incidents, by handle. Problem 422 naming the field."""
        query = select(Member).where(
            Member.mission_id == self.work.mission_id,
            Member.handle == handle,
            col(Member.ended_at).is_(None),
        )
        found = self.work.session.exec(query).one_or_none()
        if found is None or not sees_incidents(Role(found.role)):
            raise Problem(INVALID, NO_SUCH_MEMBER, field)
        return found


def sees_incidents(role: Role) -> bool:
    """Whether a role sees any incident."""
    return may(role, Right.SEE_INCIDENTS)


def _owner(step: Step) -> None:
    if step.given.owner is None:
        return
    member = step.member("owner", step.given.owner)
    if member.id == step.incident.handling.owner_id:
        raise Problem(CONFLICT, SAME_OWNER, "owner")
    step.write("owner", whom_id=member.id)


def _escalation(step: Step) -> None:
    if step.given.escalated_to is not None:
        member = step.member("escalated_to", step.given.escalated_to)
        step.write("escalated", whom_id=member.id)


def _link(step: Step) -> None:
    """Link the incident that the other report is of; who may see one sees no less of the other."""
    if step.given.link is None:
        return
    if step.given.link == step.incident.report:
        raise Problem(CONFLICT, ITSELF, "link")
    if step.given.link in step.incident.linked:
        raise Problem(CONFLICT, LINKED, "link")
    if not is_visible(step.work.session, step.who, step.given.link):
        raise Problem(INVALID, NO_SUCH_REPORT, "link")
    other = case_of(
        lambda query: step.work.session.execute(query).all(), step.work.mission_id, step.given.link
    )
    linked = other.report if other else step.given.link
    step.write("link", linked_id=linked)
    roles = step.incident.handling.visible_to
    if other is not None and other.handling.visible_to != roles:
        narrower = _narrower(roles, other.handling.visible_to)
        for each in (step.incident, other):
            if each.handling.visible_to != narrower:
                step.write("visibility", of=each.report, visible_to=list(narrower), text="")


def _narrower(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """The roles and members that see both; of an incident that is not restricted everybody does."""
    if not one or not other:
        return one or other
    return tuple(each for each in one if each in other) or (Role.LEAD.value,)


def _unlink(step: Step) -> None:
    other = step.given.unlink
    if other is None:
        return
    if other == step.incident.report:
        raise Problem(CONFLICT, ITSELF, "unlink")
    if not is_visible(step.work.session, step.who, other):
        raise Problem(INVALID, NO_SUCH_REPORT, "unlink")
    said = {each.linked for each in step.incident.events if each.kind == "unlink"}
    if other not in step.incident.linked and other in said:
        raise Problem(CONFLICT, NOT_LINKED, "unlink")
    step.write("unlink", linked_id=other)


def _evidence(step: Step) -> None:
    grade, incident = step.given.evidence, step.incident
    if grade is None:
        return
    step.must_give_reason()
    if grade == incident.evidence:
        raise Problem(CONFLICT, SAME_EVIDENCE, "evidence")
    if EVIDENCE.index(grade) < EVIDENCE.index(incident.derived or incident.evidence):
        raise Problem(INVALID, ONLY_LOWER, "evidence")
    step.write("evidence", evidence=grade)


def _danger_over(step: Step) -> None:
    if step.given.danger_over is None:
        return
    if not step.incident.in_danger:
        raise Problem(CONFLICT, NO_DANGER, "danger_over")
    step.write("danger_over")


def _visibility(step: Step) -> None:
    """Restrict it to these roles and members; what is not said of the two stays as it is."""
    given, said, who = step.given, step.incident.handling, step.who
    if given.visible_to is None and given.visible_to_members is None:
        return
    allowed = _allowed(step)
    if allowed == sorted(said.visible_to):
        raise Problem(CONFLICT, SAME_ROLES, "visible_to")
    own = {str(who.role), named(who.holder_id)} & {*allowed}
    if allowed and not (own or who.may(Right.SEE_RESTRICTED) or who.holder_id == said.owner_id):
        raise Problem(INVALID, OWN_ROLE, "visible_to")
    for each in (step.incident.report, *step.incident.linked):
        if each == step.incident.report or _is_incident(step, each):
            step.write("visibility", of=each, visible_to=allowed)


def _allowed(step: Step) -> list[str]:
    """The roles and members that are to see it, as restrictions name them. Problem 422 for one
    that sees no incident."""
    given, held = step.given, step.incident.handling.visible_to
    roles = [each for each in held if each in set(Role)]
    people = [each for each in held if each not in set(Role)]
    if given.visible_to is not None:
        roles = [each.value for each in given.visible_to]
    if given.visible_to_members is not None:
        handles = given.visible_to_members
        people = [named(step.member("visible_to_members", each).id) for each in handles]
    if any(not sees_incidents(Role(each)) for each in roles):
        raise Problem(INVALID, SEES_NONE, "visible_to")
    return sorted({*roles, *people})


def _is_incident(step: Step, report: UUID) -> bool:
    found = step.work.session.get(Report, (step.work.mission_id, report))
    return found is not None and found.checklist == CHECKLIST


def _state(step: Step) -> None:
    """Say the state; one that is a decision decides on the report too."""
    to = step.given.state
    if to is None:
        return
    if to == step.incident.state:
        raise Problem(CONFLICT, SAME_STATE, "state")
    is_decided = step.incident.status in DECIDED
    if (to in REASONED or is_decided) and not step.who.may(Right.DECIDE_REPORTS):
        raise Problem(INVALID, DECIDES_NOT, "state")
    if to in REASONED:
        step.must_give_reason()
    step.write("state", state=to)
    if to in ON_REPORT or is_decided:
        status: Decided = ON_REPORT.get(to, "received")
        visible = visible_reports(step.who)
        decide(step.work, step.incident.report, status, step.reason, visible)


def _note(step: Step) -> None:
    if step.given.note is not None:
        step.write("note", text=step.given.note.strip())


STEPS: tuple[Callable[[Step], None], ...] = (
    _owner,
    _escalation,
    _link,
    _unlink,
    _evidence,
    _danger_over,
    _visibility,
    _state,
    _note,
)
"""What is done for each member that was given, in this order."""


def undo_incident(work: Work, act: DeskAct) -> dict[str, Any]:
    """Take an act on an incident back: its events count no more, and its report has the status
    that it had. A 409 :class:`Problem` where that was decided on since."""
    found = work.session.get_one(Report, (work.mission_id, UUID(act.subject)))
    if found.status != act.before["after"]:
        raise Problem(CONFLICT, CHANGED_SINCE, "act")
    others = [UUID(each) for each in act.before["others"]]
    for each in (found.id, *others):
        report = work.session.get_one(Report, (work.mission_id, each))
        report.changed = work.clock
        work.session.add(report)
    if found.status != act.before["status"]:
        found.status = act.before["status"]
        work.session.flush()
        settle_blocking(work.session, work.mission_id, [found.visit_id], work.clock)
    return {"incident": found.id, "status": found.status}
