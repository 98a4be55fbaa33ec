"""Messages as members read them: how far each has come, and the roll of its observers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, text
from sqlmodel import Session, col, select

from api.auth.principal import Principal
from api.auth.visible import visible_observers
from api.problems import NOT_FOUND, Problem
from schemas.credential import Role
from schemas.desk import Message, MessageDelivery, MessageKind, SafetyAnswer
from schemas.mission import Member
from schemas.observer import Observer
from schemas.rights import Right

LISTED = 200


@dataclass(frozen=True)
class SentMessage:
    """A message with who sent it, and how many observers it has reached how far."""

    message: Message
    by: str
    sent: int
    fetched: int
    seen: int
    safe: int
    help: int

    @property
    def unanswered(self) -> int:
        """Of how many there is no answer; of what asks none, 0."""
        asked = self.message.kind == MessageKind.SAFETY
        return self.sent - self.safe - self.help if asked else 0

    def as_sent(self) -> dict[str, Any]:
        """For the API."""
        message = self.message
        return {
            "id": message.id,
            "kind": message.kind,
            "text": message.text,
            "to": message.audience,
            "by": self.by,
            "sent_at": message.sent_at,
            "closed_at": message.closed_at,
            "sent": self.sent,
            "fetched": self.fetched,
            "seen": self.seen,
            "not_seen": self.sent - self.seen,
            "safe": self.safe,
            "help": self.help,
            "unanswered": self.unanswered,
        }


def same_message() -> ColumnElement[bool]:
    """Holds for a message and what became of it at an observer."""
    return (col(MessageDelivery.mission_id) == col(Message.mission_id)) & (
        col(MessageDelivery.message_id) == col(Message.id)
    )


def messages_sent(
    session: Session, who: Principal, behind: UUID | None = None, most: int = LISTED
) -> list[SentMessage]:
    """Messages with a delivery to somebody that ``who`` may see, newest first, counted over these.
    Problem: 404 for whoever sees no people."""
    query = _counted(who).order_by(col(Message.id).desc()).limit(most)
    if behind is not None:
        query = query.where(col(Message.id) < behind)
    return [SentMessage(*row) for row in session.execute(query).all()]


def message_sent(session: Session, who: Principal, message_id: UUID) -> SentMessage:
    """One of them. Raises LookupError."""
    row = session.execute(_counted(who).where(col(Message.id) == message_id)).first()
    if row is None:
        raise LookupError(str(message_id))
    return SentMessage(*row)


def _counted(who: Principal) -> Select[Any]:
    def at(answer: SafetyAnswer) -> ColumnElement[int]:
        return func.count().filter(col(MessageDelivery.answer) == answer)

    sender = (col(Member.mission_id) == col(Message.mission_id)) & (
        col(Member.id) == col(Message.sent_by)
    )
    columns: list[Any] = [
        Message,
        func.coalesce(func.max(Member.handle), ""),
        func.count(),
        func.count(col(MessageDelivery.fetched_at)),
        func.count(col(MessageDelivery.seen_at)),
        at(SafetyAnswer.SAFE),
        at(SafetyAnswer.HELP),
    ]
    query: Select[Any] = (
        select(*columns)
        .join(MessageDelivery, same_message())
        .outerjoin(Member, sender)
        .where(col(Message.mission_id) == who.mission_id)
        .group_by(col(Message.mission_id), col(Message.id))
    )
    if who.area_id is not None:
        query = query.where(col(MessageDelivery.observer_id).in_(_seen_by(who)))
    else:
        who.must(Right.SEE_PEOPLE)
    return query


def _seen_by(who: Principal) -> Select[Any]:
    return visible_observers(who).with_only_columns(col(Observer.id))


@dataclass(frozen=True)
class RollEntry:
    """A message at one observer: fetched, shown, answered; where they are sent, the coordinator of
    that area, and their last report."""

    pseudonym: str
    observer_id: UUID
    fetched_at: datetime | None
    seen_at: datetime | None
    answer: str | None
    answered_at: datetime | None
    note: str
    station: str | None
    area: str | None
    coordinators: tuple[str, ...]
    last_report_at: datetime | None
    deployment: UUID | None

    def as_sent(self) -> dict[str, Any]:
        """For the API."""
        return {name: value for name, value in vars(self).items() if name != "observer_id"}


ROLL = text("""
WITH RECURSIVE above AS (
  SELECT id AS area_id, id AS top FROM area WHERE mission_id = :m
  UNION SELECT w.area_id, a.parent_id FROM above w JOIN area a ON a.id = w.top
  WHERE a.mission_id = :m AND a.parent_id IS NOT NULL),
coordinated AS (
  SELECT w.area_id, array_agg(b.handle ORDER BY b.handle) AS handles FROM above w
  JOIN member b ON b.mission_id = :m AND b.area_id = w.top AND b.role = 'coordinator'
    AND b.ended_at IS NULL GROUP BY 1)
SELECT o.pseudonym, o.id, v.fetched_at, v.seen_at, v.answer, v.answered_at, v.note,
  s.station, s.area, coalesce(c.handles, '{}'), l.at, s.deployment
FROM message_delivery v
JOIN observer o ON o.mission_id = v.mission_id AND o.id = v.observer_id
LEFT JOIN LATERAL (
  SELECT d.id AS deployment, p.code AS station, a.name AS area, a.id AS area_id
  FROM deployed_observer x
  JOIN deployment d ON d.mission_id = x.mission_id AND d.id = x.deployment_id
  JOIN round r ON r.mission_id = d.mission_id AND r.id = d.round_id
  LEFT JOIN place p ON p.mission_id = d.mission_id AND p.id = d.place_id
  LEFT JOIN area a ON a.mission_id = d.mission_id AND a.id = coalesce(d.area_id, p.area_id)
  WHERE x.mission_id = v.mission_id AND x.observer_id = v.observer_id AND x.left_at IS NULL
    AND d.state = 'planned'
  ORDER BY abs((r.polling_days ->> 0)::date - current_date), d.id DESC LIMIT 1) s ON true
LEFT JOIN coordinated c ON c.area_id = s.area_id
LEFT JOIN LATERAL (
  SELECT max(received_at) AS at FROM report r
  WHERE r.mission_id = v.mission_id AND r.observer_id = v.observer_id) l ON true
WHERE v.mission_id = :m AND v.message_id = :message
ORDER BY v.answer IS DISTINCT FROM 'help', v.answer IS NOT NULL, v.seen_at IS NOT NULL,
  v.fetched_at IS NOT NULL, l.at NULLS FIRST, o.pseudonym""")
"""Who asks for help first, then of whom nothing was heard, the longest silent first."""


def roll_of(session: Session, who: Principal, message_id: UUID) -> list[RollEntry]:
    """What became of a message at each observer that ``who`` may see: who asks for help first,
    then who has not answered."""
    seen = set(session.execute(_seen_by(who)).scalars())
    rows = session.execute(ROLL, {"m": who.mission_id, "message": message_id}).all()
    found = (_entry(*row) for row in rows)
    return [each for each in found if each.observer_id in seen]


def _entry(*row: Any) -> RollEntry:
    return RollEntry(*(*row[:9], tuple(row[9]), *row[10:]))


def refuse_partners(who: Principal) -> None:
    """Messages are for observers and for whoever sees people; to others they are not there."""
    if who.role != Role.OBSERVER and not who.may(Right.SEE_PEOPLE):
        raise Problem(NOT_FOUND)
