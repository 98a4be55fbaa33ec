"""The desk: acts on what came in, who works on what, questions and messages to observers."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from schemas.columns import clock_reading, document, key, mission_key, moment, refers


class DeskAct(SQLModel, table=True):
    """An act of the desk that can be taken back for a short time.

    ``subject`` is what it was done to: a report's id, a conflict, a deployment. ``before`` is what
    taking it back needs; it holds ids, statuses and numbers of versions, never answers.
    """

    __tablename__ = "desk_act"

    mission_id: UUID = mission_key()
    id: UUID = key()
    sequence: int = clock_reading()
    at: datetime = moment()
    member_id: UUID
    kind: str
    subject: str
    before: dict[str, Any] = document()
    undone_at: datetime | None = moment(nullable=True)


class DeskHold(SQLModel, table=True):
    """Who has an item of a queue open, and until when. One item is held once, whatever queues it
    stands in."""

    __tablename__ = "desk_hold"

    mission_id: UUID = mission_key()
    item: str = Field(primary_key=True)
    queue: str
    member_id: UUID
    until: datetime = moment()


class VerifiedAnswer(SQLModel, table=True):
    """One answer that a named person verified, of the version ``number`` of a report."""

    __tablename__ = "verified_answer"
    __table_args__ = (refers("report_id", "report"),)

    mission_id: UUID = mission_key()
    report_id: UUID = Field(primary_key=True)
    question: str = Field(primary_key=True)
    number: int
    member_id: UUID
    at: datetime = moment()
    reason: str = ""


class ConflictResolution(SQLModel, table=True):
    """What a named person decided where the answers of two teams contradict each other.

    ``conflict`` is ``checklist~contest~station``; ``answers`` names for each question the report
    whose answer stays, or ``both``; ``reasons`` says why, by question. ``digest`` is of the answers
    in conflict as they were read: others are another conflict.
    """

    __tablename__ = "conflict_resolution"
    __table_args__ = (Index("conflict_resolution_by_conflict", "mission_id", "conflict"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    round_id: UUID
    conflict: str
    digest: str
    answers: dict[str, Any] = document()
    reasons: dict[str, Any] = document()
    member_id: UUID
    at: datetime = moment()


class SecondTyping(SQLModel, table=True):
    """The figures of a protocol, typed a second time by another person from its photograph.

    ``number`` is the version that it was held against, ``differs`` the questions whose figures
    were not equal.
    """

    __tablename__ = "second_typing"
    __table_args__ = (
        refers("report_id", "report"),
        Index("second_typing_by_report", "mission_id", "report_id"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    report_id: UUID
    number: int
    answers: dict[str, Any] = document()
    differs: list[str] = document()
    member_id: UUID
    at: datetime = moment()
    reason: str = ""


class QuestionAnswer(StrEnum):
    """What an observer answers to a question of the desk."""

    RIGHT = "right"
    CORRECTED = "corrected"
    NOTE = "note"


class ObserverQuestion(SQLModel, table=True):
    """What the desk asks an observer about a report, and what was answered.

    ``question`` names the question of the checklist, where one is meant. ``answer_id`` is made by
    the phone: an answer that is sent again is the same answer.
    """

    __tablename__ = "observer_question"
    __table_args__ = (
        refers("report_id", "report"),
        refers("observer_id", "observer"),
        Index("observer_question_by_report", "mission_id", "report_id"),
        Index("observer_question_by_observer", "mission_id", "observer_id"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    report_id: UUID
    observer_id: UUID
    question: str | None = None
    text: str
    asked_by: UUID
    asked_at: datetime = moment()
    seen_at: datetime | None = moment(nullable=True)
    answer: str | None = None
    answer_text: str = ""
    answer_id: UUID | None = None
    answered_at: datetime | None = moment(nullable=True)
    closed_at: datetime | None = moment(nullable=True)
    closed_by: UUID | None = None


class MessageKind(StrEnum):
    """A message is read; a call for safety is answered; of an area that was closed its teams are
    told when it is closed, in words that the app has."""

    MESSAGE = "message"
    SAFETY = "safety"
    AREA_CLOSED = "area_closed"


class SafetyAnswer(StrEnum):
    """What an observer answers to a call for safety."""

    SAFE = "safe"
    HELP = "help"


class Message(SQLModel, table=True):
    """A message to many observers. ``audience`` says to whom: area, kind, state."""

    __tablename__ = "message"

    mission_id: UUID = mission_key()
    id: UUID = key()
    kind: str = MessageKind.MESSAGE
    text: str
    audience: dict[str, Any] = document()
    sent_by: UUID
    sent_at: datetime = moment()
    closed_at: datetime | None = moment(nullable=True)


class MessageDelivery(SQLModel, table=True):
    """A message at one observer: fetched by the phone, shown on it, answered.

    ``answer`` is ``safe`` or ``help``, to a call for safety.
    """

    __tablename__ = "message_delivery"
    __table_args__ = (
        refers("message_id", "message"),
        refers("observer_id", "observer"),
        Index("message_delivery_by_observer", "mission_id", "observer_id"),
    )

    mission_id: UUID = mission_key()
    message_id: UUID = key()
    observer_id: UUID = key()
    fetched_at: datetime | None = moment(nullable=True)
    seen_at: datetime | None = moment(nullable=True)
    answered_at: datetime | None = moment(nullable=True)
    answer: str | None = None
    note: str = ""


class IncidentState(StrEnum):
    """Where the mission stands with an incident. Figures and statements count verified ones."""

    REPORTED = "reported"
    BEING_VERIFIED = "being_verified"
    VERIFIED = "verified"
    REFUTED = "refuted"
    UNDETERMINED = "undetermined"


class IncidentEvent(SQLModel, table=True):
    """One step in the handling of an incident; ``report_id`` is the report it came with.

    ``kind`` says which of the others is filled: ``state``, ``owner`` and ``escalated`` (a member),
    ``link`` and ``unlink`` (another report), ``evidence`` (a grade), ``visibility`` (roles, and
    members as ``member:`` and the id),
    ``danger_over``, ``note`` (the text alone).
    """

    __tablename__ = "incident_event"
    __table_args__ = (
        refers("report_id", "report"),
        refers("linked_id", "report"),
        Index("incident_event_by_report", "mission_id", "report_id", "sequence"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    report_id: UUID
    sequence: int = clock_reading()
    at: datetime = moment()
    member_id: UUID | None = None
    kind: str
    state: str | None = None
    whom_id: UUID | None = None
    linked_id: UUID | None = None
    evidence: str | None = None
    visible_to: list[str] | None = document(nullable=True)
    text: str = ""
