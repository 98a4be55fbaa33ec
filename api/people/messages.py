"""Messages to many observers, and calls for safety, with what became of each at every observer.

A message has come to an observer when their phone fetched it, and is seen when the phone showed
it. A call for safety is answered; a call for help raises an alarm.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import insert, text
from sqlmodel import Session, col, select, update

from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.auth.visible import visible_observers
from api.people.message_rolls import LISTED, same_message
from api.problems import CONFLICT, Problem
from schemas.audit import Alarm
from schemas.columns import now
from schemas.credential import Role
from schemas.desk import Message, MessageDelivery, MessageKind, SafetyAnswer
from schemas.mission import Kind, Organisation
from schemas.observer import WITHOUT_ACCOUNT, Function, Observer, ObserverState
from schemas.place import Area
from schemas.problems import Refusal
from schemas.rights import Right
from schemas.words import N_

LONGEST = 2000
HELP = "safety_help"
"""The kind and the detail of the alarm that a call for help raises."""
CLOSED = N_("This message is closed already.")
NEEDS_NO_ANSWER = N_("Only a call for safety is answered.")
State = Literal["deployed", "not_reported", "reported"]


class Audience(BaseModel):
    """To whom: observers sent to an area or to what lies in it, of a kind of organisation, with a
    role, of whom a report has come or not, or these by pseudonym. Nothing named: to all."""

    model_config = ConfigDict(extra="forbid")

    area: str | None = Field(default=None, max_length=200)
    kind: Kind | None = None
    role: Function | None = None
    state: State | None = None
    observers: list[str] | None = Field(default=None, min_length=1, max_length=1000)


class MessageIn(BaseModel):
    """A message, or a call for safety, and to whom."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["message", "safety"] = "message"
    text: str = Field(default="", max_length=LONGEST)
    to: Audience = Audience()


class SafetyAnswerIn(BaseModel):
    """What an observer answers to a call for safety, with words if there are any; ``at`` is when
    it was given on the phone."""

    model_config = ConfigDict(extra="forbid")

    answer: SafetyAnswer
    note: str = Field(default="", max_length=LONGEST)
    at: AwareDatetime | None = None


SENT_TO = text("""
WITH RECURSIVE nearest AS (
  SELECT id FROM round WHERE mission_id = :m
  ORDER BY polling_days ->> -1 < to_char(now() AT TIME ZONE zone, 'YYYY-MM-DD'),
    abs((polling_days ->> 0)::date - current_date), code LIMIT 1),
within AS (
  SELECT id FROM area WHERE mission_id = :m AND id = CAST(:area AS uuid)
  UNION SELECT a.id FROM area a JOIN within w ON w.id = a.parent_id WHERE a.mission_id = :m),
sent AS (
  SELECT d.id FROM deployment d
  LEFT JOIN place p ON p.mission_id = d.mission_id AND p.id = d.place_id
  WHERE d.mission_id = :m AND d.state = 'planned' AND d.round_id IN (SELECT id FROM nearest)
    AND (CAST(:area AS uuid) IS NULL
      OR coalesce(d.area_id, p.area_id) IN (SELECT id FROM within))),
came AS (
  SELECT DISTINCT x.deployment_id AS id FROM sent s
  JOIN deployed_observer x ON x.mission_id = :m AND x.deployment_id = s.id
  WHERE EXISTS (SELECT FROM report r WHERE r.mission_id = :m AND r.observer_id = x.observer_id
    AND r.round_id IN (SELECT id FROM nearest)))
SELECT DISTINCT x.observer_id FROM sent s
JOIN deployed_observer x ON x.mission_id = :m AND x.deployment_id = s.id AND x.left_at IS NULL
WHERE CAST(:reported AS boolean) IS NULL
  OR CAST(:reported AS boolean) = (s.id IN (SELECT id FROM came))""")
"""Who is of a team that is sent somewhere in the round nearest to now: anywhere, or to an area and
what lies in it; any, or teams of which a report has come or none has."""
REPORTED = {"deployed": None, "not_reported": False, "reported": True}


def send_message(work: Work, who: Principal, given: MessageIn) -> tuple[Message, int]:
    """Send a message to those observers of the audience that ``who`` may see; and to how many.

    Raises :class:`Refusal` naming the field; also where nobody fits.
    """
    kind, said = MessageKind(given.kind), given.text.strip()
    who.must(Right.CLOSE_AREAS if kind == MessageKind.SAFETY else Right.KEEP_DEPLOYMENTS)
    if "\0" in said:
        raise Refusal("a NUL cannot be kept.", "text")
    if not said and kind != MessageKind.SAFETY:
        raise Refusal("write what you want to say.", "text")
    chosen = _audience(work.session, who, given.to)
    if not chosen:
        raise Refusal("nobody fits: no observer would get this message.", "to")
    audience = given.to.model_dump(mode="json", exclude_none=True)
    return _send(work, kind, said, audience, chosen), len(chosen)


def tell_of_closed_area(
    work: Work, area: UUID, reason: str, begins_on: date, ends_on: date | None
) -> int:
    """Tell the teams that are sent to an area, or to what lies in it, that it is closed; how many
    observers are told. Nothing is sent where there are none, or where it is open again."""
    if ends_on is not None and ends_on < now().date():
        return 0
    given = {"m": work.mission_id, "area": area, "reported": None}
    chosen = [row[0] for row in work.session.execute(SENT_TO, given)]
    if chosen:
        closed = work.session.get_one(Area, (work.mission_id, area))
        about = {"area": closed.code, "area_name": closed.name, "begins_on": f"{begins_on}"}
        about |= {"ends_on": f"{ends_on}"} if ends_on else {}
        _send(work, MessageKind.AREA_CLOSED, reason, about, chosen)
    return len(chosen)


def _send(
    work: Work, kind: MessageKind, said: str, audience: dict[str, Any], to: Collection[UUID]
) -> Message:
    if work.actor is None:
        raise Refusal("A message is sent by a named person.")
    message = Message(
        mission_id=work.mission_id,
        kind=kind,
        text=said,
        audience=audience,
        sent_by=work.actor,
        sent_at=now(),
    )
    work.session.add(message)
    work.session.flush()
    rows = [
        {"mission_id": work.mission_id, "message_id": message.id, "observer_id": each, "note": ""}
        for each in to
    ]
    work.session.execute(insert(MessageDelivery), rows)
    work.log("message.send", message.id, f"{kind} {said}")
    return message


def _audience(session: Session, who: Principal, to: Audience) -> list[UUID]:
    """Who gets a message. Raises :class:`Refusal` naming what is not known."""
    query = visible_observers(who).where(
        col(Observer.state) == ObserverState.ACTIVE, col(Observer.function).not_in(WITHOUT_ACCOUNT)
    )
    if to.kind is not None:
        of_kind = select(Organisation.id).where(
            Organisation.mission_id == who.mission_id, Organisation.kind == to.kind
        )
        query = query.where(col(Observer.organisation_id).in_(of_kind))
    if to.role is not None:
        query = query.where(col(Observer.function) == to.role)
    if to.observers is not None:
        query = query.where(col(Observer.pseudonym).in_(to.observers))
    found = list(session.execute(query).scalars())
    if to.observers is not None:
        strange = sorted({*to.observers} - {each.pseudonym for each in found})
        if strange:
            raise Refusal(f"you have no active observer {strange[0]!r}.", "to.observers")
    chosen = {each.id for each in found}
    if to.area is not None or to.state is not None:
        sent = {
            "m": who.mission_id,
            "area": _area(session, who, to.area),
            "reported": REPORTED.get(to.state or ""),
        }
        chosen &= {row[0] for row in session.execute(SENT_TO, sent)}
    return sorted(chosen)


def _area(session: Session, who: Principal, code: str | None) -> UUID | None:
    if code is None:
        return None
    query = select(Area.id).where(Area.mission_id == who.mission_id, Area.code == code)
    found = session.exec(query).first() if "\0" not in code else None
    if found is None:
        raise Refusal(f"the mission knows no area {code[:40]!r}.", "to.area")
    return found


def close_message(work: Work, who: Principal, message_id: UUID) -> Message:
    """Close a message: phones show it no more, and nobody's answer is waited for. Raises
    LookupError; problem: 409 where it is closed already."""
    found = work.session.get(Message, (work.mission_id, message_id))
    if found is None:
        raise LookupError(str(message_id))
    who.must(Right.CLOSE_AREAS if found.kind != MessageKind.MESSAGE else Right.KEEP_DEPLOYMENTS)
    if found.closed_at is not None:
        raise Problem(CONFLICT, CLOSED, "message")
    found.closed_at = now()
    work.session.add(found)
    work.log("message.close", found.id)
    work.session.flush()
    return found


def reopen_message(work: Work, message_id: UUID) -> Message:
    """Take it back that a message was closed. Raises LookupError."""
    found = work.session.get(Message, (work.mission_id, message_id))
    if found is None:
        raise LookupError(str(message_id))
    found.closed_at = None
    work.session.add(found)
    work.log("message.reopen", found.id)
    work.session.flush()
    return found


def messages_to(session: Session, who: Principal) -> list[tuple[Message, MessageDelivery]]:
    """The messages to an observer that are not closed, newest first."""
    query = (
        select(Message, MessageDelivery)
        .join(MessageDelivery, same_message())
        .where(
            Message.mission_id == who.mission_id,
            MessageDelivery.observer_id == who.holder_id,
            col(Message.closed_at).is_(None),
        )
        .order_by(col(Message.sent_at).desc())
        .limit(LISTED)
    )
    return [(message, own) for message, own in session.exec(query)]


def note_fetched(work: Work, who: Principal) -> None:
    """Note that the messages to an observer have come to their phone."""
    work.session.execute(
        update(MessageDelivery)
        .where(
            col(MessageDelivery.mission_id) == who.mission_id,
            col(MessageDelivery.observer_id) == who.holder_id,
            col(MessageDelivery.fetched_at).is_(None),
        )
        .values(fetched_at=now())
    )


def note_shown(work: Work, who: Principal, message_id: UUID) -> bool:
    """Note that a message was shown to the observer; whether that is new. Raises LookupError."""
    _, own = _own(work.session, who, message_id)
    if own.seen_at is not None:
        return False
    own.seen_at = now()
    own.fetched_at = own.fetched_at or own.seen_at
    work.session.add(own)
    work.session.flush()
    return True


def answer_safety(
    work: Work, who: Principal, message_id: UUID, given: SafetyAnswerIn
) -> tuple[MessageDelivery, bool]:
    """An observer says that they are safe, or need help; and whether that is new. The answer given
    last on the phone stands. Raises LookupError; problem: 409 of what asks no answer."""
    message, own = _own(work.session, who, message_id)
    if message.kind != MessageKind.SAFETY:
        raise Problem(CONFLICT, NEEDS_NO_ANSWER, "message")
    note, present = given.note.strip().replace("\0", ""), now()
    at = given.at if given.at and message.sent_at <= given.at <= present else present
    if (own.answer, own.note) == (given.answer, note) or _is_older(own, given, at):
        return own, False
    own.answer, own.note, own.answered_at = given.answer, note, at
    own.fetched_at, own.seen_at = own.fetched_at or at, own.seen_at or at
    work.session.add(own)
    work.log("message.answer", message.id, f"{who.pseudonym} {given.answer} {note}")
    if given.answer == SafetyAnswer.HELP:
        alarm = Alarm(
            mission_id=work.mission_id,
            kind=HELP,
            subject=who.pseudonym or "",
            detail=HELP,
            raised_at=present,
        )
        work.session.add(alarm)
        work.log("alarm.raise", alarm.id)
    work.session.flush()
    return own, True


def _is_older(own: MessageDelivery, given: SafetyAnswerIn, at: datetime) -> bool:
    """Whether an answer was given before the one that stands, and only came later."""
    return given.at is not None and own.answered_at is not None and at < own.answered_at


def _own(session: Session, who: Principal, message_id: UUID) -> tuple[Message, MessageDelivery]:
    own = None
    if who.role == Role.OBSERVER:
        own = session.get(MessageDelivery, (who.mission_id, message_id, who.holder_id))
    if own is None:
        raise LookupError(str(message_id))
    return session.get_one(Message, (who.mission_id, message_id)), own
