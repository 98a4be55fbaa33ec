"""Observers: known everywhere by a pseudonym, bound by a pledge, sent by a deployment."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from schemas.columns import content, document, key, mission_key, moment, refers


class Function(StrEnum):
    """What a person does in the mission. The last three sign too but have no account."""

    SHORT_TERM = "short_term"
    LONG_TERM = "long_term"
    CORE_TEAM = "core_team"
    INTERPRETER = "interpreter"
    DRIVER = "driver"
    NATIONAL_STAFF = "national_staff"


WITHOUT_ACCOUNT = frozenset({Function.INTERPRETER, Function.DRIVER, Function.NATIONAL_STAFF})


class ObserverState(StrEnum):
    """A suspension marks reports for review and deletes nothing (coc:11)."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    LEFT = "left"


class Means(StrEnum):
    """How something was signed."""

    PHONE = "phone"
    PAPER = "paper"


class Decision(StrEnum):
    """What a reviewer decided of a declaration."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class AccreditationState(StrEnum):
    """Where an accreditation stands; it is the State's duty, its lack silences nobody."""

    APPLIED = "applied"
    ISSUED = "issued"
    REFUSED = "refused"


WOMEN = frozenset({"f", "female", "woman", "femme", "mujer", "mulher", "امرأة"})
"""How a woman's gender is written, whatever the language of the file."""


class Observer(SQLModel, table=True):
    """One observer. Who stands behind the pseudonym is not in this table."""

    __tablename__ = "observer"
    __table_args__ = (
        UniqueConstraint("mission_id", "pseudonym"),
        refers("organisation_id", "organisation"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    organisation_id: UUID
    pseudonym: str
    languages: list[str] = document()
    function: str = Function.SHORT_TERM
    state: str = ObserverState.ACTIVE
    state_reason: str = ""
    state_since: datetime | None = moment(nullable=True)
    citizenships: list[str] = document(empty=list)
    expertise: list[str] = document(empty=list)
    gender: str | None = None
    identified_at: datetime | None = moment(nullable=True)
    identified_by: UUID | None = None


class Pledge(SQLModel, table=True):
    """An observer's pledge to a code of conduct: which text, in which language, when (dop:21)."""

    __tablename__ = "pledge"
    __table_args__ = (refers("observer_id", "observer"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    observer_id: UUID
    instrument: str
    text_sha256: str
    language: str
    means: str
    signed_at: datetime = moment()
    witness: str = ""
    scan_sha256: str = ""
    recorded_by: UUID | None = None


class CodeText(SQLModel, table=True):
    """The text of a code that observers pledge to, in one language; the newest one is in force.

    ``sha256`` is that of the text in UTF-8. A ``summary`` is marked as such.
    """

    __tablename__ = "code_text"
    __table_args__ = (UniqueConstraint("mission_id", "instrument", "language", "sha256"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    instrument: str
    language: str
    title: str
    body: str
    sha256: str
    summary: bool = False
    in_force_since: datetime = moment()


class InterestDeclaration(SQLModel, table=True):
    """What an observer declared of conflicts of interest, and what a named person decided.

    ``answers`` maps each question (:data:`INTEREST_QUESTIONS`) to words; an empty one is nothing
    to declare. The newest declaration of an observer counts.
    """

    __tablename__ = "interest_declaration"
    __table_args__ = (
        refers("observer_id", "observer"),
        Index("interest_declaration_by_observer", "mission_id", "observer_id"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    observer_id: UUID
    answers: dict[str, str] = document()
    means: str
    language: str = ""
    declared_at: datetime = moment()
    decision: str = Decision.PENDING
    decided_by: UUID | None = None
    decided_at: datetime | None = moment(nullable=True)
    reason: str = ""


INTEREST_QUESTIONS = ("benefit", "ties", "sponsored", "excluded")
"""Economic benefit from contestants; close family ties or dependence; earlier observation
sponsored by an interested party; earlier exclusion. The appearance suffices."""


class Briefing(SQLModel, table=True):
    """That somebody was briefed: on the law, on security, on the method (dop:21)."""

    __tablename__ = "briefing"
    __table_args__ = (refers("observer_id", "observer"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    observer_id: UUID
    subject: str
    held_at: datetime = moment()
    recorded_by: UUID | None = None


class Accreditation(SQLModel, table=True):
    """An observer's accreditation by the authority, or its refusal (dop:12g)."""

    __tablename__ = "accreditation"
    __table_args__ = (
        UniqueConstraint("mission_id", "observer_id"),
        refers("observer_id", "observer"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    observer_id: UUID
    state: str
    number: str = ""
    issuer: str = ""
    applied_on: date | None = None
    decided_on: date | None = None
    reason: str = ""


class Phone(SQLModel, table=True):
    """A phone that an observer enrolled, and its rehearsal before the day.

    ``token_hash`` is that of its credential, so that a lost phone can be shut out. A phone that is
    to be wiped does so at its next contact; ``left_at`` is when a phone said that all data of the
    mission are gone from it, ``lost`` what of it had not been received, counted by kind.
    """

    __tablename__ = "phone"
    __table_args__ = (
        refers("observer_id", "observer"),
        Index("phone_by_observer", "mission_id", "observer_id"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    observer_id: UUID
    token_hash: bytes = content()
    means: str
    enrolled_at: datetime = moment()
    rehearsed_at: datetime | None = moment(nullable=True)
    revoked_at: datetime | None = moment(nullable=True)
    wipe_asked_at: datetime | None = moment(nullable=True)
    left_at: datetime | None = moment(nullable=True)
    lost: dict[str, int] = document(empty=dict)


class Identity(SQLModel, table=True):
    """The person behind an observer's or a member's pseudonym, until ``delete_on``."""

    __tablename__ = "identity"

    mission_id: UUID = mission_key()
    holder_id: UUID = Field(primary_key=True)
    name: str
    telephone: str = ""
    email: str = ""
    document: str = ""
    emergency_contact: str = ""
    coordinator: str = ""
    coordinator_telephone: str = ""
    deputy: str = ""
    deputy_telephone: str = ""
    delete_on: date | None = None
    recorded_at: datetime = moment()


class ConductCase(SQLModel, table=True):
    """A possible breach of the code by one of the mission's own (coc:11)."""

    __tablename__ = "conduct_case"
    __table_args__ = (refers("observer_id", "observer"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    observer_id: UUID
    standard: str
    account: str
    outcome: str = ""
    opened_by: UUID
    opened_at: datetime = moment()
    closed_at: datetime | None = moment(nullable=True)


class Reprisal(SQLModel, table=True):
    """Pressure on observers, citizen groups or people who spoke with them (dop:12i)."""

    __tablename__ = "reprisal"
    __table_args__ = (refers("area_id", "area"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    area_id: UUID | None = None
    affected: str
    account: str
    source: str = "observed"
    verified: bool = False
    happened_at: datetime | None = moment(nullable=True)
    recorded_by: UUID
    recorded_at: datetime = moment()
