"""The mission, who runs it, and the clock by which everything in it is ordered."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from schemas.columns import document, key, mission_key, moment, new_id, refers


class Kind(StrEnum):
    """Who observes: citizens of the country, or people from outside it."""

    DOMESTIC = "domestic"
    INTERNATIONAL = "international"


BOUND_BY = {Kind.DOMESTIC: "gndem", Kind.INTERNATIONAL: "coc"}
"""The instrument whose code observers of a kind pledge to: of 2012, of 2005."""


class Scope(StrEnum):
    """How much a mission looks at; anything but full is said in every statement (dop:5)."""

    FULL = "full"
    LIMITED = "limited"
    SPECIALISED = "specialised"
    EXPERT = "expert"


class MissionState(StrEnum):
    """Where a mission stands; exploratory and withdrawn ones conclude nothing (dop:11)."""

    EXPLORATORY = "exploratory"
    ACTIVE = "active"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class Arrangement(StrEnum):
    """What sort of body observes."""

    INTERGOVERNMENTAL = "intergovernmental"
    INTERNATIONAL_NGO = "international_ngo"
    CITIZEN = "citizen"


class Gate(StrEnum):
    """What may be asked of an observer before a report counts, beside declaration and pledge."""

    IDENTITY = "identity"
    BRIEFING = "briefing"
    ACCREDITATION = "accreditation"


class Endorsement(StrEnum):
    """How an organisation stands to the instrument it observes under (dop:24)."""

    ENDORSER = "endorser"
    AD_HOC = "ad_hoc"
    NOT_ENDORSING = "not_endorsing"


class MissionSlug(SQLModel, table=True):
    """The name of a mission in addresses. Global: holds no answer and no person."""

    __tablename__ = "mission_slug"

    slug: str = Field(primary_key=True)
    mission_id: UUID = Field(unique=True)


FORGET_HOURS = 72
"""So long answers stay on a phone after their receipt, where nobody chose otherwise."""


class Mission(SQLModel, table=True):
    """One observation mission.

    ``arrangement`` says what sort of body observes (:class:`Arrangement`). ``phases`` are the
    parts of the process that are watched; ``gates`` the checks that hold a report back beside the
    two that always do (:class:`Gate`). ``legal_pack`` lists ``{"title", "reference", "url"}``;
    before ``embargo_until`` the law forbids that results are said. ``retention_days`` maps a class
    of data to the days it is kept after the mission is closed; ``closed_from`` is the state that
    it goes back to where the closing is undone. ``station_noun`` maps a language to what the
    polling station is called in it (:mod:`schemas.station_noun`). ``appearance`` is what documents
    show: ``accent`` (``#RRGGBB``), ``logo`` (``media``, ``content`` in base64, ``text`` by
    language). ``phones_forget_hours`` is when phones forget what was sent, None where nobody
    chose it; ``phones_passphrase`` whether phones keep what they hold under a passphrase.
    ``titles`` and ``country_names`` are its title and the country's name in other
    languages, by code.
    """

    __tablename__ = "mission"

    mission_id: UUID = Field(default_factory=new_id, primary_key=True)
    slug: str
    title: str
    country: str
    kind: str
    scope: str = Scope.FULL
    state: str = MissionState.ACTIVE
    languages: list[str] = document()
    zone: str = "UTC"
    response_threshold: float = 0.8
    demonstration: bool = False
    created_at: datetime = moment()
    phases: list[str] = document(empty=list)
    gates: list[str] = document(empty=list)
    legal_pack: list[dict[str, Any]] = document(empty=list)
    embargo_until: datetime | None = moment(nullable=True)
    arrangement: str = ""
    withdrawal_reason: str = ""
    shares_frame: bool = False
    retention_days: dict[str, Any] = document(empty=dict)
    closed_at: datetime | None = moment(nullable=True)
    closed_from: str = ""
    station_noun: dict[str, str] = document(empty=dict)
    appearance: dict[str, Any] = document(empty=dict)
    phones_forget_hours: int | None = None
    titles: dict[str, str] = document(empty=dict)
    country_names: dict[str, str] = document(empty=dict)
    phones_passphrase: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})

    def title_in(self, language: str) -> str:
        """Its title in a language, as it was given where it has none in it."""
        return self.titles.get(language) or self.title

    @property
    def forget_hours(self) -> int:
        """So many hours after their receipt the answers of sent reports leave the phones."""
        return self.phones_forget_hours or FORGET_HOURS


class MissionClock(SQLModel, table=True):
    """The one row that every writing transaction takes first."""

    __tablename__ = "mission_clock"

    mission_id: UUID = mission_key()
    seq: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))


class Organisation(SQLModel, table=True):
    """An organisation that sends observers, bound to one version of a code at a time.

    ``instrument`` is the catalogue's code of what its observers pledge to: ``coc`` or ``gndem``;
    ``names`` is its name in other languages, by code.
    """

    __tablename__ = "organisation"
    __table_args__ = (UniqueConstraint("mission_id", "code"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    code: str
    name: str
    kind: str
    instrument: str = ""
    endorsement: str = Endorsement.NOT_ENDORSING
    endorsed_on: date | None = None
    names: dict[str, str] = document(empty=dict)


class Funding(SQLModel, table=True):
    """Who pays for the mission: a public register (dop:6). ``amount`` is in ``currency``."""

    __tablename__ = "funding"
    __table_args__ = (refers("organisation_id", "organisation"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    organisation_id: UUID | None = None
    funder: str
    purpose: str = ""
    amount: float | None = None
    currency: str = ""
    begins_on: date | None = None
    ends_on: date | None = None
    recorded_by: UUID
    recorded_at: datetime = moment()


class Departure(SQLModel, table=True):
    """Where the mission departs from a principle, explained in public (dop:22)."""

    __tablename__ = "departure"

    mission_id: UUID = mission_key()
    id: UUID = key()
    standard: str
    explanation: str
    recorded_by: UUID
    recorded_at: datetime = moment()


class MissionStandard(SQLModel, table=True):
    """A standard that the mission adds: an article of national law, of a regional charter.

    ``says`` maps a language to our paraphrase.
    """

    __tablename__ = "mission_standard"
    __table_args__ = (UniqueConstraint("mission_id", "code"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    code: str
    instrument: str
    says: dict[str, str] = document()
    recorded_by: UUID
    recorded_at: datetime = moment()


class Member(SQLModel, table=True):
    """A person of the mission who is not an observer: a lead, a data manager, a partner.

    Known by a handle such as ``DM-2``; names are kept elsewhere. A coordinator sees ``area_id``,
    a core-team analyst ``sections``.
    """

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("mission_id", "handle"),
        refers("organisation_id", "organisation"),
        refers("area_id", "area"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    handle: str
    role: str
    organisation_id: UUID | None = None
    area_id: UUID | None = None
    sections: list[str] = document(empty=list)
    ended_at: datetime | None = moment(nullable=True)
